"""`studykit cards`: every card that the notes make."""

import click

from studykit.cli.options import (
    COUNT,
    FilterCommand,
    filter_argument,
    json_option,
    print_json,
    remark,
    the_vault,
    vault_option,
)


@click.command(cls=FilterCommand)
@filter_argument
@click.option("--limit", type=COUNT, metavar="N", help="The first N of them only.")
@json_option
@vault_option
def cards(words: tuple[str, ...], limit: int | None, as_json: bool, vault_dir: str | None) -> None:
    """List cards, all or those that FILTER names.

    \b
    Examples:
      studykit cards 气泡 is:due
      studykit cards rule:quiz --json
      studykit cards '(is:leech or prop:retrievability<0.7) -tag:draft'
    """
    from studykit.locale import _, ngettext
    from studykit.pipeline.draw.cells import padded
    from studykit.study.browsing.browse import list_cards

    found = list_cards(the_vault(vault_dir), " ".join(words))
    shown = found[:limit]
    if as_json:
        print_json(shown)
        return
    for card in shown:
        when = padded(card["due"] or (_("new") if card["state"] == "new" else card["state"]), 10)
        front = str(card["prompt"]).replace("\n", " ")
        click.echo(f"{str(card['id'])[:8]}  {when}  {card['rule']:<16}  {card['file']}:{card['line']}  {front[:100]}")
    counted = ngettext("{n} card", "{n} cards", len(found)).format(n=len(found))
    remark(
        counted if len(shown) == len(found) else _("{cards}, the first {n} shown").format(cards=counted, n=len(shown))
    )
