"""`studykit backup`: a dated archive of the review log and the settings."""

from dataclasses import asdict

import click

from studykit.cli.options import NewFile, json_option, print_json, remark, the_vault, vault_option


@click.command()
@click.argument("file", required=False, metavar="[FILE]", type=NewFile())
@json_option
@vault_option
def backup(file: str | None, as_json: bool, vault_dir: str | None) -> None:
    """Write every device's review log and the settings into FILE (.tar.gz), or into a dated one in the data folder.

    Your notes are not in it: back them up as you do with other files. The store is not in it either, because it is
    made again from notes and log. Before an update changes the store's format, this happens by itself.

    \b
    Example:
      studykit backup ~/studykit-log.tar.gz
    """
    from studykit.locale import ngettext
    from studykit.study.logs.log_upkeep import back_up

    done = back_up(the_vault(vault_dir), file)
    if as_json:
        print_json(asdict(done))
        return
    click.echo(done.file)
    told = ngettext(
        "{n} log file and the settings, {size} kB", "{n} log files and the settings, {size} kB", done.log_files
    )
    remark(told.format(n=done.log_files, size=max(1, round(done.bytes / 1000))))
