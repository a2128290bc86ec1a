"""When notes are written: after a session and at a sync, at a sync alone, or never."""

import pytest

from studykit.store.log import Log
from studykit.study.sync import sync
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
