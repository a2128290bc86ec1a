"""A vault that is written for another program yields that program's cards; prose rests until it is woken."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from studykit.cli.init import init
from studykit.study.sync import sync
from studykit.study.syncing.report import SyncReport
from studykit.study.vault import open_vault

PROSE = "# How does a pipeline stall?\n\nA stage waits for the one before it, so that its bubble grows with depth.\n"
MARKED = "#flashcards\n\nCapital of Peru::Lima\n"


def written(root: Path, prose: int, marked: int, trace: str = "") -> None:
    for number in range(prose):
        (root / f"p{number}.md").write_text(f"{PROSE}\n{number} stages.\n", encoding="utf-8")
    for number in range(marked):
        (root / f"m{number}.md").write_text(MARKED.replace("Peru", f"Peru {number}"), encoding="utf-8")
    if trace:
        (root / trace).mkdir(parents=True)


def synced(root: Path) -> SyncReport:
    return sync(open_vault(str(root)))


def chosen(root: Path, prose: str) -> None:
    (root / ".studykit").mkdir(exist_ok=True)
    (root / ".studykit" / "config.toml").write_text(f'[rules]\nprose = "{prose}"\n', encoding="utf-8")


SPACED = ".obsidian/plugins/obsidian-spaced-repetition"


@pytest.mark.parametrize(
    ("prose", "marked", "trace", "rules"),
    [
        (3, 1, "", {"obsidian-sr"}),
        (30, 1, "", {"lead", "obsidian-sr"}),
        (30, 1, SPACED, {"obsidian-sr"}),
        (70, 2, "", {"lead", "obsidian-sr"}),
        (70, 3, "", {"obsidian-sr"}),
        (3, 0, SPACED, {"lead"}),
        (3, 0, "", {"lead"}),
    ],
)
def test_what_prose_makes(tmp_path: Path, prose: int, marked: int, trace: str, rules: set[str]) -> None:
    written(tmp_path, prose, marked, trace)
    report = synced(tmp_path)
    assert set(report.cards.by_rule) == rules
    assert report.prose_rests == ("lead" not in rules)
    assert report.notes.new == prose + marked


def test_it_falls_asleep_and_wakes_with_its_history(tmp_path: Path) -> None:
    written(tmp_path, 2, 0)
    studied = "---\nlast_reviewed: 2026-01-02\nreview_count: 2\n---\n" + PROSE
    (tmp_path / "studied.md").write_text(studied, encoding="utf-8")
    assert synced(tmp_path).cards.by_rule == {"lead": 3}
    (tmp_path / "m.md").write_text(MARKED, encoding="utf-8")
    asleep = synced(tmp_path)
    assert (asleep.cards.by_rule, asleep.cards.orphaned, asleep.prose_rests) == ({"obsidian-sr": 1}, 1, True)
    assert synced(tmp_path).cards.by_rule == {"obsidian-sr": 1}
    chosen(tmp_path, "on")
    awake = synced(tmp_path)
    assert (awake.cards.by_rule, awake.cards.orphaned) == ({"lead": 3, "obsidian-sr": 1}, 0)
    chosen(tmp_path, "auto")
    assert synced(tmp_path).cards.by_rule == {"obsidian-sr": 1}
    (tmp_path / "m.md").unlink()
    assert synced(tmp_path).cards.by_rule == {"lead": 3}


def test_a_schedule_that_the_program_left_is_enough(tmp_path: Path) -> None:
    written(tmp_path, 30, 0)
    (tmp_path / "m.md").write_text(f"{MARKED}<!--SR:!2024-05-01,10,250-->\n", encoding="utf-8")
    made = CliRunner().invoke(init, [str(tmp_path)])
    assert "Only those make cards" in made.output
    (tmp_path / ".studykit" / "config.toml").unlink()
    assert synced(tmp_path).cards.by_rule == {"obsidian-sr": 1}
    (tmp_path / "p0.md").write_text(f"{PROSE}\nChanged.\n", encoding="utf-8")
    assert synced(tmp_path).prose_rests


def test_reviews_that_a_note_counts_itself_are_no_programs(tmp_path: Path) -> None:
    written(tmp_path, 30, 0)
    counted = f"---\nlast_reviewed: 2026-01-02\nreview_count: 2\n---\n{MARKED}"
    (tmp_path / "m.md").write_text(counted, encoding="utf-8")
    assert not synced(tmp_path).prose_rests
    (tmp_path / "p0.md").write_text(f"{PROSE}\nChanged.\n", encoding="utf-8")
    assert not synced(tmp_path).prose_rests


def test_notes_with_review_keys_beside_flashcards_both_make_cards(tmp_path: Path) -> None:
    """A person who studies notes as wholes does not lose them to some flashcards, nor to many plain notes."""
    written(tmp_path, 10, 3, SPACED)
    for number in range(4):
        head = "---\ncreated: 2026-01-01\nnext_review: 2026-02-01\nreview_count: 0\n---\n"
        (tmp_path / f"whole{number}.md").write_text(head + PROSE, encoding="utf-8")
    assert synced(tmp_path).cards.by_rule == {"lead": 14, "obsidian-sr": 3}
    made = CliRunner().invoke(init, [str(tmp_path)])
    assert "Only those make cards" not in made.output
    assert 'prose = "on"' in (tmp_path / ".studykit" / "config.toml").read_text(encoding="utf-8")


def test_a_rebuild_decides_the_same(tmp_path: Path) -> None:
    written(tmp_path, 3, 1)
    synced(tmp_path)
    assert sync(open_vault(str(tmp_path)), rebuild=True).cards.by_rule == {"obsidian-sr": 1}


def test_a_note_that_is_reviewed_as_a_whole_keeps_its_card(tmp_path: Path) -> None:
    written(tmp_path, 2, 1, SPACED)
    head = "---\nsr-due: 2024-07-04\nsr-interval: 3\nsr-ease: 269\n---\n"
    (tmp_path / "whole.md").write_text(head + PROSE, encoding="utf-8")
    assert synced(tmp_path).cards.by_rule == {"lead": 1, "obsidian-sr": 1}


@pytest.mark.parametrize(("prose", "marked", "line"), [(3, 1, 'prose = "off"'), (3, 0, 'prose = "on"')])
def test_init_writes_down_what_it_found(tmp_path: Path, prose: int, marked: int, line: str) -> None:
    written(tmp_path, prose, marked)
    made = CliRunner().invoke(init, [str(tmp_path)])
    assert made.exit_code == 0
    assert line in (tmp_path / ".studykit" / "config.toml").read_text(encoding="utf-8")
    assert ("Only those make cards" in made.output) == (marked > 0)
    assert synced(tmp_path).prose_rests == (marked > 0)


def test_init_of_an_empty_folder_leaves_it_open(tmp_path: Path) -> None:
    CliRunner().invoke(init, [str(tmp_path)])
    assert "# prose = " in (tmp_path / ".studykit" / "config.toml").read_text(encoding="utf-8")
