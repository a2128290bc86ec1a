"""Looking at cards without studying them: the data behind `cards` and `show`."""

from datetime import date, datetime
from typing import Any

from studykit.errors import StudyError
from studykit.locale import _
from studykit.store.cards import CardRow, find_card, select_cards
from studykit.store.database import Store, open_store
from studykit.store.words import ready_index
from studykit.study.filters.filter import read_filter
from studykit.study.sessions.numeric import draw_numbers, figure
from studykit.study.vault import Vault


def list_cards(vault: Vault, words: str) -> list[dict[str, Any]]:
    """Every card that the filter names, by file and line, as plain values; orphans only with `is:orphaned`."""
    store = open_store(vault.store_file)
    day = vault.day(datetime.now())
    try:
        cards = chosen_cards(store, words, day)
    finally:
        store.close()
    return [_plain(card, day.isoformat()) for card in cards]


def chosen_cards(store: Store, words: str, day: date) -> list[CardRow]:
    """The rows that the filter names on a local day, by file and line; orphans only with `is:orphaned`."""
    wanted = read_filter(words)
    if wanted.words:
        ready_index(store.connection)
    fits, bound = wanted.condition(day)
    where = fits if wanted.means_orphans else f"active = 1 AND {fits}"
    return select_cards(store, where, bound, "ORDER BY file, line, id")


def show_card(vault: Vault, name: str, draws: int = 0) -> dict[str, Any]:
    """One card whole; `draws` adds that many samples of a quiz card. Raises NotFoundError."""
    store = open_store(vault.store_file)
    card = find_card(store, name)
    store.close()
    if draws and card.rule != "quiz":
        raise StudyError(
            _("{card} is no quiz: there are no numbers to draw.").format(card=card.id[:8]),
            _("`studykit cards rule:quiz` lists those that have some."),
        )
    today = vault.day(datetime.now()).isoformat()
    shown = _plain(card, today) | {
        "title": card.title,
        "context": card.context,
        "tags": [tag for tag in card.tags.split("\n") if tag],
        "difficulty_label": card.label,
        "stability": card.stability,
        "difficulty": card.difficulty,
        "retrievability": _retrievability(vault, card),
        "last": card.last,
        "reps": card.reps,
        "lapses": card.lapses,
        "flagged": bool(card.flagged),
    }
    if draws:
        shown["samples"] = [_sample(card, repetition) for repetition in range(draws)]
    return shown


def _plain(card: CardRow, today: str) -> dict[str, Any]:
    return {
        "id": card.id,
        "rule": card.rule,
        "kind": card.kind,
        "deck": card.deck,
        "file": card.file,
        "line": card.line,
        "prompt": card.prompt,
        "answer": card.answer,
        "due": card.due,
        "state": card.state(today),
    }


def _retrievability(vault: Vault, card: CardRow) -> float | None:
    recall = card.recall
    if recall is None:
        return None
    return round(vault.scheduler().for_deck(card.deck).retrievability(recall, vault.day(datetime.now())), 4)


def _sample(card: CardRow, repetition: int) -> dict[str, Any]:
    ask = draw_numbers(card, repetition)
    values = ask.declared.compute(ask.inputs).values
    answers = [figure(ask.declared, name, values[name]) for name in ask.outputs]
    return {"question": ask.prompt, "inputs": {k: str(v) for k, v in ask.inputs.items()}, "answer": "; ".join(answers)}
