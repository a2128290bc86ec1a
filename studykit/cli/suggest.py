"""`studykit suggest`: quiz blocks for what notes already claim; nothing is written without being told."""

from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, vault_option
from studykit.errors import ExitCode

if TYPE_CHECKING:
    from studykit.study.quizzes.suggest import Proposal


@click.command()
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path())
@click.option("--most", type=click.IntRange(1, 100), default=3, show_default=True, help="Blocks for one note at most.")
@click.option("--insert", is_flag=True, help="Write the blocks into the notes, after a question.")
@click.option("--yes", is_flag=True, help="With --insert: do not ask.")
@json_option
@vault_option
@click.pass_context
def suggest(
    context: click.Context, paths: tuple[str, ...], most: int, insert: bool, yes: bool, as_json: bool,
    vault_dir: str | None,
) -> None:  # fmt: skip
    """Propose quiz blocks for the numbers that notes claim, with other numbers to draw.

    PATH is a file or a folder; without one the known vault is read. A claim counts where a calculator and its inputs
    are known; what a note asks already is not proposed again. With --insert each block goes to the end of its claim's
    section, and nothing else in the note changes. The exit code is 1 if a block could not be inserted.

    \b
    Examples:
      studykit suggest notes/pipeline.md
      studykit suggest notes --most 1 --insert
    """
    from studykit.locale import _, ngettext
    from studykit.study.quizzes.suggest import suggest_blocks

    if yes and not insert:
        raise click.UsageError("--yes goes with --insert.", context)
    if as_json and insert and not yes:
        raise click.UsageError("--json leaves no room for a question: give --yes with --insert.", context)
    found = suggest_blocks(paths, vault_dir, most)
    if as_json:
        print_json([each.as_json() for each in found.proposals])
    _list(found.proposals, quiet=as_json)
    for problem in found.problems:
        remark(str(problem))
    count = len(found.proposals)
    blocks = ngettext("{count} quiz block proposed", "{count} quiz blocks proposed", count).format(count=count)
    remark(
        ngettext("{files} note, {blocks}.", "{files} notes, {blocks}.", found.files).format(
            files=found.files, blocks=blocks
        )
    )
    if insert and found.proposals and (yes or _agreed(found.proposals)):
        context.exit(_write(found.proposals))
    elif found.proposals and not insert:
        remark(_("Nothing was written; --insert writes them into the notes."))


def _list(proposals: "list[Proposal]", *, quiet: bool) -> None:
    """The proposals on stdout, what is the matter with their claims on stderr."""
    for each in proposals:
        if not quiet:
            click.echo(f"{each.file}:{each.line}")
            click.echo(f"{each.block}\n")
        if each.remark:
            remark(f"{each.file}:{each.line}: {each.remark}")


def _agreed(proposals: "list[Proposal]") -> bool:
    """The person's yes; no answer is a no."""
    from studykit.locale import _

    question = _("Insert {blocks} blocks into {notes} notes?").format(
        blocks=len(proposals), notes=len({each.path for each in proposals})
    )
    try:
        if click.confirm(question, err=True):
            return True
    except click.Abort as error:
        if isinstance(error.__context__, KeyboardInterrupt):
            raise
        click.echo(err=True)
    remark(_("Nothing was written."))
    return False


def _write(proposals: "list[Proposal]") -> int:
    from studykit.locale import _
    from studykit.study.quizzes.suggest_insert import insert_blocks

    done = insert_blocks(proposals)
    for problem in done.problems:
        remark(str(problem))
    remark(_("Inserted: {blocks} blocks into {notes} notes.").format(blocks=done.blocks, notes=done.notes))
    return int(ExitCode.FOUND if done.problems else ExitCode.OK)
