"""`studykit outline`: how an outline is covered by notes, and how well it is known."""

from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option

if TYPE_CHECKING:
    from studykit.study.outlines.outline import Coverage


@click.command()
@click.argument("file", metavar="[FILE]", required=False)
@json_option
@vault_option
def outline(file: str | None, as_json: bool, vault_dir: str | None) -> None:
    """Show how much of an outline has notes, how well its chapters are known, and which links are broken.

    An outline is a Markdown file that lists topics under headings and links to notes. FILE is its path, or the name
    of one in a folder `outlines` in the vault or beside it; without FILE those are listed.
    `studykit review --outline FILE` studies its notes in its order.

    \b
    Examples:
      studykit outline
      studykit outline outlines/推理优化.md
      studykit outline 推理优化 --json | jq '.chapters[].mastery'
    """
    from studykit.locale import ngettext
    from studykit.study.outlines.outline import cover, list_outlines

    vault = the_vault(vault_dir)
    if file is None:
        names = list_outlines(vault)
        coverages = [cover(vault, name) for name in names]
        if as_json:
            print_json([coverage.as_json() for coverage in coverages])
            return
        for coverage in coverages:
            click.echo(_line(coverage))
        remark(ngettext("{n} outline", "{n} outlines", len(names)).format(n=len(names)))
        return
    coverage = cover(vault, file)
    if as_json:
        print_json(coverage.as_json())
    else:
        _show(coverage)


def _line(coverage: "Coverage") -> str:
    from studykit.locale import _

    told = _("{file}: topics {topics}, with a note {notes} ({share}), mastery {mastery}, due cards {due}")
    share = f"{coverage.with_note / coverage.topics:.0%}" if coverage.topics else "–"
    return told.format(
        file=coverage.file,
        topics=coverage.topics,
        notes=coverage.with_note,
        share=share,
        mastery=_percent(coverage.mastery),
        due=coverage.due,
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _show(coverage: "Coverage") -> None:
    from studykit.locale import _

    click.echo(_line(coverage))
    for part in coverage.parts:
        if part.topics:
            indent = "  " * max(part.level, 1)
            title = part.title or _("(above the first heading)")
            told = _("{notes}/{topics}  mastery {mastery}  due {due}").format(
                notes=part.with_note, topics=part.topics, mastery=_percent(part.mastery), due=part.due
            )
            click.echo(f"{indent}{told}  {title}")
    _list(coverage, "missing", _("Topics without a note:"))
    _list(coverage, "named", _("Topics with a note that they do not link to:"))
    _list(coverage, "broken", _("Broken links:"))
    if coverage.outside:
        click.echo(_("Notes that name this outline and are not in it:"))
        for path in coverage.outside:
            click.echo(f"  {path}")


def _list(coverage: "Coverage", state: str, heading: str) -> None:
    from studykit.locale import _

    listed = [each for each in coverage.covered if each.state == state]
    if listed:
        click.echo(heading)
    for each in listed:
        shown = each.topic.link.address if each.topic.link else each.topic.title
        note = each.path or each.nearest
        hint = "  " + (f"→ {note}" if each.path else _("(nearest: {name})").format(name=note)) if note else ""
        click.echo(f"  {coverage.file}:{each.topic.line}: {shown}{hint}")
