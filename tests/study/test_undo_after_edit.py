"""Undo of what was done to a card whose question was edited since: the card that it is now comes in front."""

import re

import pytest

from studykit.study.sync import sync
from tests.study.conftest import Notes


def edit(notes: Notes, word: str) -> None:
    place = notes.root / "gpu" / "bubble.md"
    text = re.sub(r"(?m)^# .*$", f"# {word}, what is a bubble?", place.read_text())
    place.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("what", ["grade", "suspend", "bury", "flag"])
@pytest.mark.parametrize("edits", [("In a pipeline",), ("In a pipeline", "In each pipeline")])
@pytest.mark.parametrize("where", ["in the session", "in the next session"])
def test_the_card_is_put_in_front_under_its_new_id(three: Notes, what: str, edits: tuple[str, ...], where: str) -> None:
    session = three.open(filter="file:bubble")
    assert session.question is not None
    old = session.question.card
    session.grade(3, 1000) if what == "grade" else getattr(session, what)()
    if where == "in the session":
        for word in edits:
            edit(three, word)
            session.reload()
    else:
        session.finish()
        for word in edits:
            edit(three, word)
            sync(three.vault)
        session = three.open(filter="file:ring")
    session.undo()
    assert session.question is not None
    assert session.question.card != old
    assert session.question.prompt.startswith(edits[-1])
    assert session.question.is_new
    assert not session.question.flagged
    session.finish()
