"""`studykit restore`: what a backup has and the log lacks, put back."""

from dataclasses import asdict

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.locale import _


@click.command()
@click.argument("file", type=click.Path())
@click.option("--settings", is_flag=True, help="Take the backup's settings in the place of those that are there.")
@json_option
@vault_option
def restore(file: str, settings: bool, as_json: bool, vault_dir: str | None) -> None:
    """Put back what the archive FILE has and the log lacks, and sync.

    Nothing that is there is overwritten: the log is what both say together. Reviews made after the backup stay, and a
    review that was taken back since stays taken back.

    \b
    Example:
      studykit restore ~/studykit-log.tar.gz
    """
    from studykit.locale import ngettext
    from studykit.study.logs.log_upkeep import restore as put_back
    from studykit.study.sync import sync

    vault = the_vault(vault_dir)
    done = put_back(vault, file, settings=settings)
    sync(the_vault(vault.root))
    if as_json:
        print_json(asdict(done))
        return
    put = ngettext("{n} event put back", "{n} events put back", done.lines).format(n=done.lines)
    there = ngettext("{n} was there", "{n} were there", done.known).format(n=done.known)
    whole = ngettext("{n} file came back whole", "{n} files came back whole", done.files).format(n=done.files)
    click.echo(_("{put}, {there}; {whole}").format(put=put, there=there, whole=whole))
    outcomes = {
        "same": _("stands as it is in the backup"),
        "kept": _("differs and was left alone (--settings takes the backup's)"),
        "restored": _("was put back"),
        "replaced": _("was replaced; the old one is in a backup of its own"),
    }
    for name, outcome in done.settings.items():
        remark(f"{name} {outcomes[outcome]}")
