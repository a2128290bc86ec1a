"""`studykit today`: the notes to review today, as a list to tick."""

import click

from studykit.cli.options import (
    FilterCommand,
    NewFile,
    filter_argument,
    json_option,
    print_json,
    remark,
    the_vault,
    vault_option,
)


@click.command(cls=FilterCommand)
@filter_argument
@click.option("--markdown", "file", type=NewFile(), metavar="FILE",
              help="Write the list to FILE, with boxes to tick.")  # fmt: skip
@click.option("--force", is_flag=True, help="Replace FILE whatever it holds.")
@json_option
@vault_option
def today(words: tuple[str, ...], file: str | None, force: bool, as_json: bool, vault_dir: str | None) -> None:
    """List the notes whose cards a session would ask today: due and new cards, file, title.

    For reviewing outside the terminal: write the list with --markdown, tick `- [x]` what you have reviewed, and let
    `studykit sync --checked FILE` take each ticked note's due cards as Good, once.

    \b
    Examples:
      studykit today
      studykit today deck:推理 --markdown ~/notes/reviewsToday.md
    """
    from studykit.locale import _, ngettext
    from studykit.study.sessions.today import break_line, notes_today, write_list

    vault = the_vault(vault_dir)
    found = notes_today(vault, " ".join(words))
    if file is not None:
        write_list(vault, file, found, force=force)
    if as_json:
        print_json([note.as_json() for note in found])
    elif file is None:
        from studykit.pipeline.draw.cells import padded

        for note in found:
            when = padded(note.since or _("new"), 10)
            click.echo(f"{note.due:4} {note.new:4}  {when}  {note.path}  {note.title}")
    if away := break_line(vault):
        remark(away)
    count = ngettext("{n} note to review today", "{n} notes to review today", len(found)).format(n=len(found))
    remark(_("{count}, written to {file}").format(count=count, file=file) if file is not None else count)
