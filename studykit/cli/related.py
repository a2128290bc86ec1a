"""`studykit related`: notes that are alike, and the section that lists them in each."""

from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.errors import ExitCode

if TYPE_CHECKING:
    from studykit.study.browsing.related import Like


@click.command()
@click.argument("notes", metavar="[NOTE]…", nargs=-1)
@click.option("--most", type=click.IntRange(min=1, max=50), default=5, show_default=True, metavar="N",
              help="At most N related notes for each.")  # fmt: skip
@click.option("--least", type=click.IntRange(min=20, max=100), default=30, show_default=True, metavar="PERCENT",
              help="Only notes at least that similar.")  # fmt: skip
@click.option("--write", is_flag=True, help="Renew the generated sections of the notes that have one.")
@click.option("--add", is_flag=True, help="The same, and give a section to those that have none.")
@json_option
@vault_option
def related(
    notes: tuple[str, ...], most: int, least: int, write: bool, add: bool, as_json: bool, vault_dir: str | None
) -> None:
    """List the notes that are most like each NOTE (a path, a name or a title), or like every note of the vault.

    Alike are notes that share telling words, pairs of Chinese characters and tags. --write renews the list between
    `## Related notes` with `<!-- generated -->` (or `## 相关笔记` with `<!-- 自动生成 -->`) and its end; lines of your
    own in that list stay, nothing else in the file is touched, and a figure that moved by 2 points or less is left.

    \b
    Examples:
      studykit related 流水线深度如何影响性能？
      studykit related notes/gpu/bubble.md --write --add
      studykit related --write
    """
    from studykit.cli.progress import Progress
    from studykit.locale import _, ngettext
    from studykit.study.browsing.related import related_notes

    found = related_notes(
        the_vault(vault_dir), notes, most=most, least=least / 100, write=write, add=add, progress=Progress()
    )
    if as_json:
        print_json(found.as_json())
    elif notes or not (write or add):
        _show(found.notes, named=len(notes) != 1)
    for problem in found.problems:
        remark(str(problem))
    if write or add:
        count = len(found.written)
        remark(ngettext("{n} note written.", "{n} notes written.", count).format(n=count))
        if left := len(found.without_section):
            message = ngettext(
                "{n} note has no such section; --add makes one.",
                "{n} notes have no such section; --add makes one.",
                left,
            )
            remark(message.format(n=left))
        if found.problems:
            raise click.exceptions.Exit(int(ExitCode.FOUND))
    elif notes and not any(found.notes.values()):
        remark(_("No note is that similar."))


def _show(found: dict[str, list["Like"]], *, named: bool) -> None:
    for path, likes in found.items():
        if named and likes:
            click.echo(path)
        for like in likes:
            tags = f"  [{', '.join(like.tags)}]" if like.tags else ""
            click.echo(f"{'  ' if named else ''}{like.percent:3}%  {like.path}  {' '.join(like.title.split())}{tags}")
