"""Packages for Anki, imported by Anki itself."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from anki.collection import Collection as AnkiCollection
from anki.collection import ImportAnkiPackageOptions, ImportAnkiPackageRequest

from studykit.exchange.anki import Collection, package
from studykit.exchange.anki_html import html
from studykit.store.events import Review, Suspend
from studykit.store.log import Log
from studykit.study.browsing.browse import list_cards
from studykit.study.browsing.export import export_cards
from studykit.study.sync import sync
from studykit.study.vault import Vault, open_vault
from tests.program import run

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc33"
    "0000000049454e44ae426082"
)
RING = r"""---
tags: [net/环, "两 词"]
---
# 环形 all-reduce 的时间？

## Answer

每步 $\frac{2(N-1)}{N}$ 份，`vector<int>` 与 {{双括号}}；见 [[流水线|那篇]] 与 [图](流水线.md)。

![环](pics/ring.png) ![[ring.png]]

$$
t < n
$$
"""


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    root = tmp_path / "笔记"
    (root / "gpu" / "pics").mkdir(parents=True)
    (root / "gpu" / "pics" / "ring.png").write_bytes(PICTURE)
    (root / "gpu" / "环.md").write_text(RING, encoding="utf-8")
    for name in ("a", "b", "c"):
        (root / f"{name}.md").write_text(f"# What is {name}?\n\n## Answer\n\nThe letter {name}.\n", encoding="utf-8")
    opened = open_vault(str(root))
    sync(opened)
    return opened


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[AnkiCollection]:
    collection = AnkiCollection(str(tmp_path / "collection.anki2"))
    yield collection
    collection.close()


def unheard(done: int, total: int) -> None:
    """Where nobody waits for progress."""


def no_picture(address: str) -> None:
    """Of a vault without pictures."""


def card_id(vault: Vault, front: str) -> str:
    return next(str(card["id"]) for card in list_cards(vault, "") if str(card["prompt"]).startswith(front))


def review(vault: Vault, front: str, grades: dict[int, int]) -> None:
    """Grades by how many days ago they were given."""
    now = datetime.now()
    for ago, grade in sorted(grades.items(), reverse=True):
        moment = now - timedelta(days=ago)
        told(vault, front, moment, grade)
    sync(vault)


def told(vault: Vault, front: str, moment: datetime, grade: int) -> None:
    stamp: dict[str, Any] = dict(vault.stamp(moment))
    Log(vault.log_folder, "laptop").append([Review(**stamp, card=card_id(vault, front), rating=grade, ms=4321)])


def bring(vault: Vault, anki: AnkiCollection, file: Path, later: int = 0) -> None:
    """Export everything, some seconds later, and let Anki import it with its schedule."""
    now = datetime.now() + timedelta(seconds=later)
    about = Collection(vault.root, now, vault.day(now), fsrs=True)
    file.write_bytes(package(export_cards(vault, "", now), about, unheard))
    options = ImportAnkiPackageOptions(with_scheduling=True)
    anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(file), options=options))


def found(anki: AnkiCollection, words: str) -> Any:
    (number,) = anki.find_cards(words)
    return anki.get_card(number)


def test_a_card_is_in_anki_as_it_is_here(vault: Vault, anki: AnkiCollection, tmp_path: Path) -> None:
    bring(vault, anki, tmp_path / "cards.apkg")
    assert sorted(name.name for name in anki.decks.all_names_and_ids()) == ["Default", "笔记", "笔记::gpu"]
    card = found(anki, "deck:笔记::gpu")
    note = card.note()
    assert note["Front"] == "<p>环形 all-reduce 的时间？</p>"
    assert note.tags == ["net::环", "两_词"]
    back = note["Back"]
    assert r"\(\frac{2(N-1)}{N}\)" in back
    assert r"\[t &lt; n\]" in back
    assert "<code>vector&lt;int&gt;</code> 与 {{双括号}}；见 那篇 与 图。" in back
    assert "gpu/环.md:" in note["Source"]
    assert "{{双括号}}" in card.answer(), "nothing in a note is taken for a field of the template"


def test_pictures_come_along(vault: Vault, anki: AnkiCollection, tmp_path: Path) -> None:
    bring(vault, anki, tmp_path / "cards.apkg")
    back = found(anki, "deck:笔记::gpu").note()["Back"]
    name = back.partition('<img src="')[2].partition('"')[0]
    assert (Path(anki.media.dir()) / name).read_bytes() == PICTURE
    assert name.endswith("ring.png")


def test_a_package_imported_again_renews_its_cards(vault: Vault, anki: AnkiCollection, tmp_path: Path) -> None:
    bring(vault, anki, tmp_path / "cards.apkg")
    before = sorted(anki.find_cards(""))
    note = Path(vault.root) / "a.md"
    note.write_text(note.read_text(encoding="utf-8").replace("The letter a.", "The first letter."), encoding="utf-8")
    sync(vault)
    bring(vault, anki, tmp_path / "again.apkg", later=2)
    assert sorted(anki.find_cards("")) == before
    assert "The first letter." in found(anki, '"What is a?"').note()["Back"]


def test_what_was_learnt_is_known_in_anki(vault: Vault, anki: AnkiCollection, tmp_path: Path) -> None:
    review(vault, "What is a", {40: 3, 37: 1, 36: 3, 20: 3})
    review(vault, "What is b", {2: 4})
    sync(vault)
    Log(vault.log_folder, "laptop").append(
        [Suspend(**vault.stamp(datetime.now()), card=card_id(vault, "What is b"), on=True)]
    )
    sync(vault)
    here = {card.prompt[8]: card for card in export_cards(vault, "What", datetime.now())}
    bring(vault, anki, tmp_path / "cards.apkg")
    today = vault.day(datetime.now())
    a, b, c = (found(anki, f'"What is {letter}?"') for letter in "abc")
    for card, letter in ((a, "a"), (b, "b")):
        mine = here[letter]
        assert mine.due is not None
        assert card.due - anki.sched.today == (datetime.fromisoformat(mine.due).date() - today).days
        assert (card.reps, card.lapses) == (mine.reps, mine.lapses)
        assert card.memory_state.stability == pytest.approx(mine.stability, abs=1e-3)
        assert card.memory_state.difficulty == pytest.approx(mine.difficulty, abs=1e-2)
    assert (a.reps, a.lapses) == (4, 1)
    assert (a.type, b.type, c.type) == (2, 2, 0)
    assert (a.queue, b.queue, c.queue) == (2, -1, 0)
    log = anki.db.all("SELECT ease, time, type FROM revlog WHERE cid = ? ORDER BY id", a.id) if anki.db else []
    assert log == [[3, 4321, 0], [1, 4321, 1], [3, 4321, 1], [3, 4321, 1]]


def test_anki_reckons_the_same_memory_from_the_reviews(vault: Vault, anki: AnkiCollection, tmp_path: Path) -> None:
    """Its own FSRS over the history that came along, with default parameters, ends where ours did."""
    review(vault, "What is a", {40: 3, 37: 3, 20: 3})
    mine = export_cards(vault, '"What is a"', datetime.now())[0]
    bring(vault, anki, tmp_path / "cards.apkg")
    anki.set_config("fsrs", True)
    state = anki.compute_memory_state(found(anki, '"What is a?"').id)
    assert state.stability == pytest.approx(mine.stability, rel=2e-3)
    assert state.difficulty == pytest.approx(mine.difficulty, rel=2e-3)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("a\nb", "<p>a<br>\nb</p>"),
        ("==要记== 与 [站](https://example.org/?a=1&b=2)", None),
        ("[[a#b]]", "<p>a &gt; b</p>"),
        ("`$x$` 与 `[[a]]`", "<p><code>$x$</code> 与 <code>[[a]]</code></p>"),
        ("![没有](nowhere.png)", "<p>没有</p>"),
        ("[*强* 调](x.md)", "<p><em>强</em> 调</p>"),
        ("$a<b$", r"<p>\(a&lt;b\)</p>"),
    ],
)
def test_markdown_as_html(markdown: str, shown: str | None) -> None:
    expected = '<p><mark>要记</mark> 与 <a href="https://example.org/?a=1&amp;b=2">站</a></p>'
    assert html(markdown, no_picture) == (shown or expected)


def test_a_picture_outside_the_vault_stays_there(vault: Vault, anki: AnkiCollection, tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PICTURE)
    note = Path(vault.root) / "a.md"
    note.write_text("# What is a?\n\n## Answer\n\nSee ![out](../secret.png).\n", encoding="utf-8")
    sync(vault)
    bring(vault, anki, tmp_path / "cards.apkg")
    assert "secret" not in " ".join(os.listdir(anki.media.dir()))
    assert found(anki, '"What is a?"').note()["Back"] == "<p>See out.</p>"


def test_the_command(vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "cards.apkg"
    done = run("export", str(file), "What", "--vault", vault.root)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == f"{file}: 3 cards\n"
    assert file.read_bytes()[:2] == b"PK"


def test_timestamps_are_told_apart(vault: Vault, anki: AnkiCollection, tmp_path: Path) -> None:
    moment = datetime.now() - timedelta(days=1)
    for front in ("What is a", "What is b"):
        told(vault, front, moment, 3)
    sync(vault)
    bring(vault, anki, tmp_path / "cards.apkg")
    assert anki.db is not None
    assert anki.db.scalar("SELECT count() FROM revlog") == 2
