"""Cards whose notes are gone: each way out, through a further sync and through a store made anew."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine

from studykit.errors import NotFoundError
from studykit.store import events
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import open_store
from studykit.study.browsing.orphans import forget, list_orphans, restore
from studykit.study.sessions.actions import set_suspended, undo_last
from studykit.study.sync import sync
from tests.study.conftest import FRONT, Notes


@pytest.fixture
def lost(three: Notes, monkeypatch: pytest.MonkeyPatch) -> Iterator[Notes]:
    """Three notes, each reviewed on two days; then `stage.md` is deleted. The computer's clock goes along."""
    monkeypatch.setattr(events, "_latest", events._latest)  # ids of that time are none for the tests to come
    for _ in range(2):
        session = three.open()
        while session.question is not None:
            session.grade(3, 1000)
        session.finish()
        three.pass_days(5)
    (three.root / "gpu" / "stage.md").unlink()
    with time_machine.travel(three.now.astimezone()):
        sync(three.vault)
        yield three


def cards(notes: Notes) -> dict[str, CardRow]:
    """Active cards by file name."""
    store = open_store(notes.vault.store_file)
    found = {Path(card.file).stem: card for card in select_cards(store, "active = 1")}
    store.close()
    return found


def state(notes: Notes) -> list[CardRow]:
    store = open_store(notes.vault.store_file)
    found = select_cards(store, "active = 1", (), "ORDER BY id")
    store.close()
    return found


def again(notes: Notes) -> None:
    """One more sync."""
    sync(notes.vault)


def anew(notes: Notes) -> None:
    """The store made anew."""
    sync(notes.vault, rebuild=True)


either_way = pytest.mark.parametrize("later", [again, anew])
Later = Callable[[Notes], None]


def test_an_orphan_is_listed_with_what_is_known_of_it(lost: Notes) -> None:
    (orphan,) = list_orphans(lost.vault)
    assert orphan["prompt"] == "What is a stage?"
    assert (orphan["file"], orphan["reviews"], orphan["last"]) == ("gpu/stage.md", 2, "2026-11-28")
    assert not orphan["hidden"]


def test_a_store_made_anew_knows_an_orphan_by_the_log(lost: Notes) -> None:
    (before,) = list_orphans(lost.vault)
    anew(lost)
    (orphan,) = list_orphans(lost.vault)
    for known in ("id", "prompt", "file", "last", "reviews"):
        assert orphan[known] == before[known]


def test_the_card_most_like_it_is_named(lost: Notes) -> None:
    lost.write("gpu/other.md", "What is a warp?", "Thirty-two threads that step together.")
    lost.write("gpu/new.md", "Explain a pipeline stage", "A run of **layers** that one rank holds, more or less so.")
    (lost.root / "gpu" / "new.md").write_text(
        f"{FRONT}# Which layers does a rank hold in a pipeline?\n\n## Answer\n\nA run of layers, its stage.\n"
    )
    sync(lost.vault)
    (orphan,) = list_orphans(lost.vault)
    assert orphan["nearest"][0]["file"] == "gpu/new.md"
    assert all(0 < near["score"] < 0.6 for near in orphan["nearest"])


@either_way
@pytest.mark.parametrize("before", [again, anew])
def test_restored_history_belongs_to_the_other_card(lost: Notes, before: Later, later: Later) -> None:
    lost.write("gpu/heir.md", "Wozu dient eine Etappe?", "Sie **teilt** das Netz.")
    before(lost)
    (orphan,) = list_orphans(lost.vault)
    heir = cards(lost)["heir"]
    assert heir.due is None
    done = restore(lost.vault, orphan["id"][:6], heir.id[:6])
    assert (done["to"], done["reviews"]) == (heir.id, 2)
    kept = state(lost)
    assert cards(lost)["heir"].days == 2
    assert list_orphans(lost.vault, everything=True) == []
    later(lost)
    assert state(lost) == kept
    assert list_orphans(lost.vault, everything=True) == []


@either_way
def test_a_restored_note_is_a_card_of_its_own(lost: Notes, later: Later) -> None:
    lost.write("gpu/heir.md", "Wozu dient eine Etappe?", "Sie **teilt** das Netz.")
    again(lost)
    restore(lost.vault, list_orphans(lost.vault)[0]["id"], cards(lost)["heir"].id)
    lost.write("gpu/stage.md", "What is a stage?", "A run of **layers** that one rank holds.")
    again(lost)
    later(lost)
    assert (cards(lost)["heir"].reps, cards(lost)["stage"].reps) == (2, 0)


@either_way
def test_a_restore_can_be_undone(lost: Notes, later: Later) -> None:
    before = state(lost)
    orphan = list_orphans(lost.vault)[0]
    restore(lost.vault, orphan["id"], cards(lost)["ring"].id)
    assert cards(lost)["ring"].reps == 4
    undone = undo_last(lost.vault)
    assert undone is not None
    assert undone["type"] == "alias"
    later(lost)
    assert state(lost) == before
    assert [each["id"] for each in list_orphans(lost.vault)] == [orphan["id"]]


@either_way
def test_forgetting_hides_and_deletes_nothing(lost: Notes, later: Later) -> None:
    orphan = list_orphans(lost.vault)[0]
    forget(lost.vault, orphan["id"][:4])
    later(lost)
    assert list_orphans(lost.vault) == []
    assert [each["hidden"] for each in list_orphans(lost.vault, everything=True)] == [True]
    lost.write("gpu/stage.md", "What is a stage?", "A run of **layers** that one rank holds.")
    later(lost)
    assert cards(lost)["stage"].reps == 2


@either_way
def test_forgetting_can_be_undone(lost: Notes, later: Later) -> None:
    orphan = list_orphans(lost.vault)[0]
    before = state(lost)
    forget(lost.vault, orphan["id"])
    assert (undo_last(lost.vault) or {})["type"] == "forget"
    later(lost)
    assert [each["id"] for each in list_orphans(lost.vault)] == [orphan["id"]]
    assert state(lost) == before


def test_a_card_reviewed_after_it_was_forgotten_is_listed_when_it_is_lost_again(lost: Notes) -> None:
    orphan = list_orphans(lost.vault)[0]
    forget(lost.vault, orphan["id"])
    note = lost.write("gpu/stage.md", "What is a stage?", "A run of **layers** that one rank holds.")
    again(lost)
    lost.pass_days(400)
    with time_machine.travel(lost.now.astimezone()):
        session = lost.open()
        while session.question is not None:
            session.grade(3, 1000)
        session.finish()
        note.unlink()
        again(lost)
        assert [each["id"] for each in list_orphans(lost.vault)] == [orphan["id"]]


def test_an_alias_that_a_sync_made_is_nothing_to_undo(lost: Notes) -> None:
    lost.write("net/ring.md", "What is the ring all-reduce?", "A **reduce-scatter** followed by an all-gather.")
    again(lost)
    set_suspended(lost.vault, cards(lost)["bubble"].id, True)
    assert (undo_last(lost.vault) or {})["type"] == "suspend"
    assert (undo_last(lost.vault) or {})["type"] == "review"


@pytest.mark.parametrize("card", ["ffff0000", "", "abc"])
def test_only_orphans_are_restored_or_forgotten(lost: Notes, card: str) -> None:
    active = cards(lost)["ring"].id
    for name in (card, active):
        with pytest.raises(NotFoundError, match="no orphaned card"):
            restore(lost.vault, name, active)
        with pytest.raises(NotFoundError, match="no orphaned card"):
            forget(lost.vault, name)


def test_history_is_given_to_active_cards_only(lost: Notes) -> None:
    orphan = list_orphans(lost.vault)[0]["id"]
    with pytest.raises(NotFoundError, match="No note makes"):
        restore(lost.vault, orphan, orphan)
