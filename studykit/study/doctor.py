"""What is wrong with settings, vault, log, store and terminal, and the remedy for each."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from studykit import places
from studykit.errors import StudyError
from studykit.locale import _, ngettext
from studykit.study.vault import Vault, open_vault


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `level` is `ok`, `note` (worth knowing) or `wrong`; `remedy` says what to do."""

    level: str
    about: str
    message: str
    remedy: str = ""


def examine(vault_dir: str | None) -> list[Finding]:
    """Look at everything; never raises for what it finds."""
    try:
        vault = open_vault(vault_dir)
    except StudyError as error:
        return [Finding("wrong", "vault", error.message, error.hint), *_terminal()]
    return [*_vault(vault), *_log(vault), *_store(vault), *_terminal()]


def _vault(vault: Vault) -> Iterator[Finding]:
    yield Finding("ok", "vault", vault.root)
    if not os.access(vault.root, os.W_OK):
        yield Finding(
            "wrong", "vault", _("{file} cannot be written, so no review can be kept.").format(file=vault.root),
            _("Change its permissions."),
        )  # fmt: skip
    changed = sorted({origin for origin in vault.origins.values() if origin != "default"})
    yield Finding("ok", "settings", _("from {places}").format(places=", ".join(changed) or _("the defaults")))


def _log(vault: Vault) -> Iterator[Finding]:
    from studykit.store.log import Log

    read = Log(vault.log_folder, vault.device).read_all()
    devices = {path.partition("/")[0] for path in read.offsets}
    events = ngettext("{n} event", "{n} events", len(read.events)).format(n=len(read.events))
    counted = ngettext("{events} from {n} device in {folder}", "{events} from {n} devices in {folder}", len(devices))
    shown = counted.format(events=events, n=len(devices), folder=vault.log_folder)
    yield Finding("ok", "log", shown)
    for oddity in read.oddities:
        yield Finding("note", "log", str(oddity), _("Nothing is lost by it; other lines are read."))


def _store(vault: Vault) -> Iterator[Finding]:
    rebuild = _("`studykit sync --rebuild` makes it anew from the notes and the log.")
    if not os.path.exists(vault.store_file):
        missing = _("{file} does not exist yet.").format(file=vault.store_file)
        yield Finding("note", "store", missing, _("`studykit sync` makes it."))
        return
    from studykit.spacing.state import LEECH
    from studykit.store import notes
    from studykit.store.database import open_store

    try:
        store = open_store(vault.store_file)
        verdict = store.connection.execute("PRAGMA quick_check").fetchone()[0]
    except (StudyError, sqlite3.DatabaseError) as error:
        remedy = error.hint if isinstance(error, StudyError) else ""  # a full disk is mended by room alone
        yield Finding("wrong", "store", str(error).partition("\n")[0], remedy or rebuild)
        return
    if verdict != "ok":
        damage = _("{file} is damaged: {why}").format(file=vault.store_file, why=verdict)
        yield Finding("wrong", "store", damage, rebuild)
    count = store.connection.execute
    cards = count("SELECT count(*) FROM cards WHERE active = 1").fetchone()[0]
    orphans = count("SELECT count(*) FROM cards WHERE active = 0").fetchone()[0]
    counted = ngettext("{n} card in {file}", "{n} cards in {file}", cards)
    yield Finding("ok", "store", counted.format(n=cards, file=vault.store_file))
    if orphans:
        told = ngettext("{n} card has a history but no note makes it any more.",
                        "{n} cards have a history but no note makes them any more.", orphans)  # fmt: skip
        yield Finding("note", "store", told.format(n=orphans), _("They are kept; `studykit orphans` lists them."))
    leeches = count("SELECT count(*) FROM cards WHERE active = 1 AND lapses >= ?", (LEECH,)).fetchone()[0]
    if leeches:
        told = ngettext(
            "{n} card was forgotten {times} times or more.", "{n} cards were forgotten {times} times or more.", leeches
        )
        yield Finding(
            "note", "store", told.format(n=leeches, times=LEECH),
            _("`studykit cards is:leech` lists them; split them in their notes, or reword them."),
        )  # fmt: skip
    for problem in notes.all_problems(store):
        yield Finding("note", "notes", str(problem), _("The note is studied all the same; mend it where you like."))
    store.close()


def _terminal() -> Iterator[Finding]:
    encoding = (sys.stdout.encoding or "").lower().replace("-", "")
    if encoding != "utf8":
        yield Finding(
            "wrong", "terminal",
            _("The terminal's encoding is {name}: Chinese text cannot be shown.").format(name=encoding or _("unknown")),
            _("Set LANG to a UTF-8 locale, for example C.UTF-8."),
        )  # fmt: skip
    size = shutil.get_terminal_size()
    if size.columns < 60 or size.lines < 20:
        yield Finding(
            "note", "terminal",
            _("The terminal is {size}; the study screen wants 60x20.").format(size=f"{size.columns}x{size.lines}"),
            _("Make it larger, or use `studykit review --plain`."),
        )  # fmt: skip
    term = os.environ.get("TERM", "")
    if term in ("", "dumb"):
        yield Finding("note", "terminal", _("TERM is {name}.").format(name=term or _("not set")),
                      _("Use `studykit review --plain` here."))  # fmt: skip
    unknown = _("unknown")
    yield Finding("ok", "terminal", f"{size.columns}x{size.lines}, {term or unknown}, {encoding or unknown}")
    device = _("{device}, data in {folder}").format(device=places.device(), folder=places.data_folder())
    yield Finding("ok", "device", device)
