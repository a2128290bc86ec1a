"""When notes are written: after a session and at a sync, at a sync alone, or never."""

from contextlib import closing

import pytest

from studykit.store.database import Store, open_store
from studykit.store.log import Log
from studykit.study.sync import sync
from studykit.study.syncing import write_back
from tests.store.log_cases import review
from tests.study.conftest import Notes


@pytest.mark.parametrize(("mode", "after_session", "after_sync"), [("session", 1, 2), ("sync", 0, 2), ("never", 0, 0)])
def test_each_mode_writes_when_it_says(three: Notes, mode: str, after_session: int, after_sync: int) -> None:
    (three.root / ".studykit").mkdir()
    (three.root / ".studykit" / "config.toml").write_text(f'[notes]\nwrite_back = "{mode}"\n')
    session = three.open(filter="file:bubble")
    assert session.question is not None
    session.grade(3, 1000)
    session.finish()

    def count() -> int:
        text = (three.root / "gpu" / "bubble.md").read_text()
        return int(text.split("review_count: ")[1].split("\n")[0])

    assert count() == after_session
    later = review("elsewhere", 400, 3, card=session.graded[0].card.id, device="phone")
    Log(three.vault.log_folder, "phone").append([later])
    report = sync(three.vault)
    assert count() == after_sync
    assert report.written_back == (after_sync > 0)
    (three.root / "gpu" / "ring.sync-conflict-20261128-101112-ABCDEF7.md").write_text(
        "# What?\n\n## Answer\n\nA copy.\n"
    )
    report = sync(three.vault)
    assert report.cards.new == 0
    assert "copy of gpu/ring.md" in report.problems[0].message


def reviewed(notes: Notes) -> str:
    """The id of a card that was graded, its note written and all of them looked at."""
    session = notes.open(filter="file:bubble")
    session.grade(3, 1000)
    session.finish()
    sync(notes.vault)
    return str(session.graded[0].card.id)


def test_reviewed_notes_are_looked_at_only_after_the_store_changed(
    three: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = reviewed(three)
    looked: list[object] = []
    real = write_back._reviewed

    def watched(store: Store, files: set[str] | None) -> object:
        looked.append(files)
        return real(store, files)

    monkeypatch.setattr(write_back, "_reviewed", watched)
    sync(three.vault)
    assert not looked
    Log(three.vault.log_folder, "phone").append([review("elsewhere", 400, 3, card=card, device="phone")])
    assert sync(three.vault).written_back == 1
    assert looked == [{"gpu/bubble.md"}]


def test_a_note_that_could_not_be_written_is_tried_again_though_nothing_changed(three: Notes) -> None:
    card = reviewed(three)
    place = three.root / "gpu" / "bubble.md"
    place.chmod(0o444)
    Log(three.vault.log_folder, "phone").append([review("elsewhere", 400, 3, card=card, device="phone")])
    assert "read-only" in sync(three.vault).problems[0].message
    assert "read-only" in sync(three.vault).problems[0].message
    place.chmod(0o644)
    assert sync(three.vault).written_back == 1
    assert "review_count: 2" in place.read_text()


def test_a_sync_that_looks_at_few_notes_leaves_none_to_be_written(three: Notes) -> None:
    card = reviewed(three)
    place = three.root / "gpu" / "bubble.md"
    place.write_text(place.read_text().replace("# What", "# So what"))
    assert sync(three.vault).cards.edited == 1
    # Another device does not know yet that the card has another id now.
    Log(three.vault.log_folder, "phone").append([review("elsewhere", 400, 3, card=card, device="phone")])
    three.write("gpu/more.md", "What is a link?", "A wire between ranks.")
    assert sync(three.vault).written_back == 1
    assert "review_count: 2" in place.read_text()
    with closing(open_store(three.vault.store_file)) as store:
        assert write_back.write_back(three.vault, store) == (0, [])
