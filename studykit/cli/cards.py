"""`studykit cards`: every card that the notes make."""

import click

from studykit.cli.options import (
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
@json_option
@vault_option
def cards(words: tuple[str, ...], as_json: bool, vault_dir: str | None) -> None:
    """List cards, all or those that FILTER names.

    \b
    Examples:
      studykit cards 气泡 is:due
      studykit cards rule:quiz --json
      studykit cards '(is:leech or prop:retrievability<0.7) -tag:draft'
    """
    from studykit.locale import ngettext
    from studykit.study.browse import list_cards

    found = list_cards(the_vault(vault_dir), " ".join(words))
    if as_json:
        print_json(found)
        return
    for card in found:
        when = card["due"] or card["state"]
        front = str(card["prompt"]).replace("\n", " ")
        click.echo(
            f"{str(card['id'])[:8]}  {when:<10}  {card['rule']:<16}  {card['file']}:{card['line']}  {front[:100]}"
        )
    remark(ngettext("{n} card", "{n} cards", len(found)).format(n=len(found)))
