"""`studykit export`: cards for other programs."""

import os
import sys
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from datetime import datetime

    from studykit.study.browsing.export import Exported
    from studykit.study.vault import Vault

FORMATS = ("json", "csv", "tsv", "apkg")


@click.command(cls=FilterCommand)
@click.argument("file", metavar="FILE", type=NewFile())
@filter_argument
@click.option("--format", "form", type=click.Choice(FORMATS), help="Instead of what FILE's name ends with.")
@json_option
@vault_option
def export(file: str, words: tuple[str, ...], form: str | None, as_json: bool, vault_dir: str | None) -> None:
    """Write cards, all or those that FILTER names, into FILE for another program.

    FILE ends with .json (everything, each card with its reviews), .csv or .tsv (a table), or .apkg (a package for
    Anki, with what is known of each card's memory); `-` is the standard output, with --format.

    \b
    Examples:
      studykit export cards.apkg
      studykit export hard.csv 'prop:lapses>3'
      studykit export - deck:cuda --format json | jq '.[].prompt'
    """
    from datetime import datetime

    from studykit import places
    from studykit.locale import _, ngettext
    from studykit.study.browsing.export import export_cards

    chosen = form or _by_name(file)
    vault = the_vault(vault_dir)
    now = datetime.now()
    cards = export_cards(vault, " ".join(words), now)
    data = _data(chosen, cards, vault, now)
    if file == "-":
        sys.stdout.buffer.write(data)
        return
    places.write_whole(os.path.abspath(file), data)
    if as_json:
        print_json({"file": file, "format": chosen, "cards": len(cards), "bytes": len(data)})
        return
    counted = ngettext("{n} card", "{n} cards", len(cards)).format(n=len(cards))
    remark(_("{file}: {cards}").format(file=file, cards=counted))


def _by_name(file: str) -> str:
    from studykit.errors import StudyError
    from studykit.locale import _, listed

    ending = os.path.splitext(file)[1].removeprefix(".").lower()
    if ending in FORMATS:
        return ending
    message = _("{file}: which format is it to be?") if ending == "" else _("{file}: no format ends like this.")
    hint = _("End the name with {endings}, or choose one with `--format`.")
    raise StudyError(message.format(file=file), hint.format(endings=listed(f".{each}" for each in FORMATS)))


def _data(form: str, cards: "list[Exported]", vault: "Vault", now: "datetime") -> bytes:
    if form == "json":
        from studykit.exchange.tables import as_json

        return as_json(cards)
    if form in ("csv", "tsv"):
        from studykit.exchange.tables import as_table

        return as_table(cards, "," if form == "csv" else "\t")
    from studykit.cli.progress import Progress
    from studykit.exchange.anki import Collection, package
    from studykit.locale import _

    bar, what = Progress(), _("writing cards")
    about = Collection(vault.root, now, vault.day(now), vault.settings.schedule.scheduler == "fsrs")
    return package(cards, about, lambda done, total: bar(done, total, what))
