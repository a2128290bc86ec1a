"""`studykit notes`: the notes in a list, what is wrong with them, and review keys put into them."""

from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.errors import ExitCode

if TYPE_CHECKING:
    from studykit.study.vault import Vault


@click.command()
@click.argument("names", metavar="[FILE]…", nargs=-1)
@click.option("--problems", is_flag=True, help="List what is wrong: fields, dates, tags, titles, copies, links.")
@click.option("--init", "init", is_flag=True, help="Add the review keys that each FILE lacks.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE",
              help="Set difficulty=easy|medium|hard or cards=true|false in each FILE.")  # fmt: skip
@json_option
@vault_option
@click.pass_context
def notes(
    context: click.Context,
    names: tuple[str, ...],
    problems: bool,
    init: bool,
    settings: tuple[str, ...],
    as_json: bool,
    vault_dir: str | None,
) -> None:
    """List the notes: cards, due ones, the next review, file and title. FILE is a path, a name or a title.

    With --problems the exit code is 1 if something is wrong. --init and --set write only into the notes that are
    named, only the lines of those keys, and a frontmatter where there is none.

    \b
    Examples:
      studykit notes
      studykit notes --problems
      studykit notes --init new/*.md --set difficulty=hard
    """
    vault = the_vault(vault_dir)
    if init or settings:
        if problems or not names:
            raise click.UsageError("--init and --set write into notes: name these, and nothing else.", context)
        context.exit(_write(vault, names, init, settings, as_json))
    if problems:
        context.exit(_problems(vault, names, as_json))
    from studykit.locale import _, ngettext
    from studykit.pipeline.draw.cells import padded
    from studykit.study.browsing.note_list import list_notes

    found = list_notes(vault, names)
    if as_json:
        print_json(found)
        return
    for note in found:
        when = padded(note["next"] or (_("new") if note["cards"] else "-"), 10)
        click.echo(f"{note['cards']:4} {note['due']:4}  {when}  {note['file']}  {' '.join(note['title'].split())}")
    remark(ngettext("{n} note", "{n} notes", len(found)).format(n=len(found)))


def _problems(vault: "Vault", names: tuple[str, ...], as_json: bool) -> int:
    from collections import Counter

    from studykit.cli.progress import Progress
    from studykit.locale import _
    from studykit.study.checking.hygiene import find_problems

    found = find_problems(vault, names, Progress())
    if as_json:
        print_json([each.as_json() for each in found])
    else:
        for each in found:
            click.echo(f"{each.file}:{each.line}: {each.kind}: {each.message}")
    counts = ", ".join(f"{kind} {count}" for kind, count in Counter(each.kind for each in found).most_common())
    remark(_("Problems: {n}").format(n=len(found)) + (f" ({counts})" if counts else ""))
    return ExitCode.FOUND if found else ExitCode.OK


def _write(vault: "Vault", names: tuple[str, ...], init: bool, settings: tuple[str, ...], as_json: bool) -> int:
    from studykit.locale import _
    from studykit.study.browsing.note_list import init_keys, set_keys

    done = init_keys(vault, names, settings) if init else set_keys(vault, names, settings)
    if as_json:
        print_json({"written": done.notes, "unchanged": done.same, "problems": [p._asdict() for p in done.problems]})
    else:
        for path in done.notes:
            click.echo(path)
    for problem in done.problems:
        remark(str(problem))
    remark(_("Notes written: {n}, as they were: {same}").format(n=len(done.notes), same=len(done.same)))
    return ExitCode.FOUND if done.problems else ExitCode.OK
