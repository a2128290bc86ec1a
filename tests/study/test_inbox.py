"""Cards made on the calculator screen: kept in a note, once each, and asked like any other."""

from pathlib import Path

import pytest

from studykit import places
from studykit.errors import VaultError
from studykit.study.quizzes.inbox import INBOX, keep_block
from studykit.study.sync import sync
from tests.study.conftest import Notes

BLOCK = (
    "```quiz\nask: How long is the bubble?\ncalculator: bubble\n"
    "given: {schedule: 1f1b, stages: 8, microbatches: 16}\nanswer: time\n```\n"
)


def test_a_kept_block_is_a_card_at_the_next_sync_and_stands_once(notes: Notes) -> None:
    places.remember_vault(str(notes.root))
    path = Path(keep_block(BLOCK))
    assert path == notes.root.resolve() / INBOX
    assert keep_block(BLOCK) == str(path)
    other = BLOCK.replace("16", "32")
    keep_block(other)
    text = path.read_text()
    assert text.count(BLOCK) == text.count(other) == 1
    assert sync(notes.vault).as_json()["cards"]["by_rule"] == {"quiz": 2}


def test_what_stands_in_the_inbox_stays(notes: Notes) -> None:
    places.remember_vault(str(notes.root))
    (notes.root / INBOX).write_bytes(b"# Mine\r\n\r\nno newline at the end")
    path = Path(keep_block(BLOCK))
    assert path.read_bytes() == b"# Mine\r\n\r\nno newline at the end\n\n" + BLOCK.encode()


def test_without_a_vault_there_is_a_sentence() -> None:
    with pytest.raises(VaultError, match="No notes folder is known"):
        keep_block(BLOCK)
