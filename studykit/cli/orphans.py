"""`studykit orphans`: cards that have a history and no note."""

from typing import Any

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.locale import _, ngettext


@click.group(invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Those taken off the list by `forget` as well.")
@json_option
@vault_option
@click.pass_context
def orphans(context: click.Context, everything: bool, as_json: bool, vault_dir: str | None) -> None:
    """List cards whose note no longer makes them, with the cards most like each.

    A card comes here when its question has gone and nothing like it was found; its history is kept. If the note
    returns, so does the card. If another card has taken its place, `restore` gives that card the history.

    \b
    Examples:
      studykit orphans
      studykit orphans restore 3f2a --to 91bc
      studykit orphans forget 3f2a
    """
    if context.invoked_subcommand is not None:
        context.obj = vault_dir
        return
    from studykit.study.browsing.orphans import list_orphans

    found = list_orphans(the_vault(vault_dir), everything=everything)
    if as_json:
        print_json(found)
        return
    for orphan in found:
        _show(orphan)
    remark(ngettext("{n} orphaned card", "{n} orphaned cards", len(found)).format(n=len(found)))


def _show(orphan: dict[str, Any]) -> None:
    place = f"{orphan['file']}:{orphan['line']}" if orphan["line"] else orphan["file"] or "?"
    front = _line(orphan["prompt"]) if orphan["prompt"] is not None else _("(its text is no longer known)")
    told = ngettext("last {day}, {n} review", "last {day}, {n} reviews", orphan["reviews"])
    history = told.format(day=orphan["last"] or _("never"), n=orphan["reviews"])
    click.echo(f"{orphan['id'][:8]}  {history}  {place}  {front}")
    for near in orphan["nearest"]:
        shown = f"{near['score']:.0%}"
        click.echo(f"    {shown:>4}  {near['id'][:8]}  {near['file']}:{near['line']}  {_line(near['prompt'])}")


def _line(text: str) -> str:
    return " ".join(text.split())[:80]


@orphans.command()
@click.argument("card")
@click.option("--to", required=True, metavar="CARD", help="The card that goes on with its history.")
@json_option
@vault_option
@click.pass_obj
def restore(parent: str | None, card: str, to: str, as_json: bool, vault_dir: str | None) -> None:
    """Give the history of the orphaned CARD to another; `studykit undo` takes that back.

    \b
    Example:
      studykit orphans restore 3f2a --to 91bc
    """
    from studykit.study.browsing.orphans import restore as give

    done = give(the_vault(vault_dir or parent), card, to)
    if as_json:
        print_json(done)
    else:
        told = ngettext(
            "Restored: {card} ({front}), {n} review, due {day}",
            "Restored: {card} ({front}), {n} reviews, due {day}",
            done["reviews"],
        )
        front, day = _line(done["prompt"]), done["due"] or _("never")
        click.echo(told.format(card=done["to"], front=front, n=done["reviews"], day=day))


@orphans.command()
@click.argument("card")
@json_option
@vault_option
@click.pass_obj
def forget(parent: str | None, card: str, as_json: bool, vault_dir: str | None) -> None:
    """Take CARD off the list. Nothing is deleted; `studykit undo` puts it back, and so does its note if it returns.

    \b
    Example:
      studykit orphans forget 3f2a
    """
    from studykit.study.browsing.orphans import forget as hide

    done = hide(the_vault(vault_dir or parent), card)
    if as_json:
        print_json(done)
    else:
        told = _("Off the list: {card} ({front}); its history is kept.")
        click.echo(told.format(card=done["card"], front=_line(done["prompt"] or "")))
