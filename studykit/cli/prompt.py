"""`studykit due` at the speed of a shell prompt: the standard sqlite3, and nothing else that costs.

Whatever is unusual (`--help`, a bad option, a store that is missing or of another version) is left to the
command in `due.py`, which has words for it. Both print through `render`.
"""

import os
import sys
import time

PROMPTS = {"en": "{due} due", "zh_CN": "{due} 到期"}
"""What `--prompt` says where no form is given."""
COMMAS = {"en": ", ", "zh_CN": "，"}
HEADS = {"en": ("due", "new", "deck", "all"), "zh_CN": ("到期", "新卡", "牌组", "合计")}
"""The words of the table, here and not in the catalogue: to load gettext would take as long as all the rest."""


def answer_at_once(words: list[str]) -> bool:
    """Print the answer to `studykit due WORDS` if that is simple; False leaves it to the full command."""
    form, template, vault = "table", "", ""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--json":
            form = "json"
        elif word == "--prompt":
            form = "prompt"
            if rest and not rest[0].startswith("-"):
                template = rest.pop(0)
        elif word == "--vault" and rest:
            vault = rest.pop(0)
        else:
            return False
    counted = _count(vault)
    if counted is None:
        return False
    due, new, day, said, language = counted
    if said is None and (form != "prompt" or "{new}" in template):
        return False  # a pile deserves a word, and may leave no room for new cards: the full command has to find out
    sys.stdout.write(render(form, template, due, new, day, language))
    if form == "table" and said:
        sys.stdout.flush()
        sys.stderr.write(said + "\n")
    return True


def _count(vault: str) -> "tuple[dict[str, int], dict[str, int], str, str | None, str] | None":
    """(due by deck, new by deck, day, a word on them, language) from the store, or None where it cannot be read."""
    from studykit import places

    named = vault or os.environ.get("STUDYKIT_VAULT") or places.current_vault()
    if not named or not os.path.isdir(named):
        return None
    file = places.store_file(named)
    if not os.path.exists(file):
        return None
    import sqlite3

    from studykit.store import due
    from studykit.store.version import VERSION

    try:
        connection = sqlite3.connect(file)
        connection.execute("PRAGMA query_only = 1")
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            return None
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        if meta.get("settings") != places.settings_mark(named):
            return None  # a setting may have changed since: the full command reads them
        if meta.get("uneven_days") or connection.execute("SELECT 1 FROM events WHERE type = 'pause'").fetchone():
            return None  # days that are not like others are reckoned with there too
        today = local_today(int(meta.get("rollover_hour", "4")))
        room = int(meta.get("new_per_day", "20")) - due.introduced_on(connection, today)
        waiting = due.due_by_deck(connection, today)
        pile, language = sum(waiting.values()), _language(meta.get("language", "auto"))
        if pile < due.FEW:
            return waiting, due.new_by_deck(connection, today, room), today, "", language
        word, new = due.kept_count(meta, due.kept_about(today, pile, room)) or (None, {})
        return waiting, new, today, word, language
    except (sqlite3.Error, ValueError):
        return None


def _language(chosen: str) -> str:
    """The language in use, as `locale.language` tells it after `chosen` (a test holds them equal)."""
    if chosen != "auto":
        return chosen
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    return "zh_CN" if next(filter(None, map(os.environ.get, names)), "").lower().startswith("zh") else "en"


def local_today(rollover_hour: int) -> str:
    """The local study day now, ISO; the same as `spacing.day.local_day` (a test holds them equal)."""
    now = time.localtime()
    if now.tm_hour >= rollover_hour:
        return time.strftime("%Y-%m-%d", now)
    # Noon of yesterday: subtracting a day's seconds from noon cannot fall into a clock change.
    noon = time.mktime((now.tm_year, now.tm_mon, now.tm_mday - 1, 12, 0, 0, 0, 0, -1))
    return time.strftime("%Y-%m-%d", time.localtime(noon))


def render(form: str, template: str, due: dict[str, int], new: dict[str, int], day: str, language: str = "en") -> str:
    """The counts as `json`, as a `prompt` (nothing at all when nothing is due), or as a `table` by deck."""
    total, fresh = sum(due.values()), sum(new.values())
    if form == "json":
        import json

        decks = {deck: {"due": due.get(deck, 0), "new": new.get(deck, 0)} for deck in sorted({*due, *new})}
        answer = {"due": total, "new": fresh, "by_deck": decks, "day": day}
        return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
    if form == "prompt":
        template = template or PROMPTS[language]
        filled = template.replace("{due}", str(total)).replace("{new}", str(fresh)).replace("{day}", day)
        return filled + "\n" if total or (fresh and "{new}" in template) else ""
    lines = [f"{due.get(deck, 0):6} {new.get(deck, 0):6}  {deck or '.'}\n" for deck in sorted({*due, *new})]
    waiting, unseen, deck, whole = HEADS[language]
    wide = 6 if language == "en" else 4  # Chinese characters take two cells
    last = f"{total:6} {fresh:6}  {whole}{COMMAS[language]}{day}\n"
    return "".join([f"{waiting:>{wide}} {unseen:>{wide}}  {deck}\n", *lines, last])
