"""Whatever a person did, the store made anew from notes and log is the store that grew with it."""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studykit import places
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import open_store
from studykit.store.reviews import Reviewed
from studykit.study.sessions.session import Session
from studykit.study.sync import sync
from tests.store.stored import stored, sums
from tests.study.conftest import Notes

TOPICS = ("bubble", "stage", "ring", "micro-batch", "warm-up", "flush")

Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["grade", "grade", "grade", "undo", "suspend", "bury", "flag", "wait", "ask", "answer", "move", "delete",
             "restore", "label", "sync"]
        ),
        st.integers(0, 11),
    ),
    max_size=25,
)  # fmt: skip


class Life:
    """A vault in which steps are taken; the folder is what a person would have."""

    def __init__(self, root: Path) -> None:
        self.notes = Notes(root)
        self.bin: list[tuple[Path, bytes]] = []
        for number, topic in enumerate(TOPICS):
            text = f"A {topic} is thing number **{number}** of pipelines, and nothing else is called so."
            self.notes.write(f"{topic}.md", f"What is a {topic} in a pipeline?", text)

    def files(self) -> list[Path]:
        return sorted(self.notes.root.rglob("*.md"))

    def in_session(self, act: Callable[[Session], object]) -> None:
        session = self.notes.open()
        if session.question is not None:
            act(session)
        session.finish()

    def take(self, what: str, number: int) -> None:
        """One step; `number` chooses among what there is."""
        files = self.files()
        file = files[number % len(files)] if files else None
        match what:
            case "grade":
                self.in_session(lambda session: session.grade(number % 4 + 1, number * 100))
            case "undo":
                self.in_session(lambda session: session.undo())
            case "suspend" | "bury" | "flag":
                self.in_session(lambda session: getattr(session, what)())
            case "wait":
                self.notes.pass_days(number)
            case "sync":
                sync(self.notes.vault)
            case "restore" if self.bin:
                place, data = self.bin.pop()
                place.parent.mkdir(exist_ok=True)
                place.write_bytes(data)
            case "delete" if file and len(files) > 1:  # an empty vault is an error of its own
                self.bin.append((file, file.read_bytes()))
                file.unlink()
            case "move" if file:
                target = self.notes.root / f"d{number}" / file.name
                target.parent.mkdir(exist_ok=True)
                file.rename(target)
            case "ask" if file:
                self._replace(file, "What is a", "Say once more, what is a" if number % 2 else "What exactly is a")
            case "answer" if file:
                self._replace(file, "nothing else", "hardly anything else")
            case "label" if file:
                self._replace(file, "difficulty: medium", "difficulty: hard")

    @staticmethod
    def _replace(file: Path, old: str, new: str) -> None:
        file.write_text(file.read_text().replace(old, new, 1))

    def held(self) -> tuple[list[CardRow], list[Reviewed], list[tuple[object, ...]]]:
        """The cards, every review, and the sums of the days."""
        with closing(open_store(self.notes.vault.store_file)) as store:
            return select_cards(store, "active = 1", (), "ORDER BY id"), stored(store), sums(store)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_rebuilt_store_is_the_same(monkeypatch: pytest.MonkeyPatch, steps: list[Step]) -> None:
    _compare(monkeypatch, steps)


@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_rebuilt_store_is_the_same_over_many_lives(monkeypatch: pytest.MonkeyPatch, steps: list[Step]) -> None:
    _compare(monkeypatch, steps)


def _compare(monkeypatch: pytest.MonkeyPatch, steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("STUDYKIT_HOME", f"{folder}/home")
        root = Path(folder, "notes")
        root.mkdir()
        life = Life(root)
        for what, number in steps:
            life.take(what, number)
        sync(life.notes.vault)
        grown = life.held()
        sync(life.notes.vault, rebuild=True)
        assert life.held() == grown
        shutil.rmtree(places.data_folder())
        sync(life.notes.vault)
        assert life.held() == grown
