"""Related notes: what is found, that a change is taken in alone, and that writing touches what it must."""

import random
from pathlib import Path

import pytest

from studykit.errors import NotFoundError
from studykit.store import related as kept
from studykit.store.related_terms import Vector
from studykit.study.browsing.related import Related, related_notes
from studykit.study.sync import sync
from studykit.vault.links import links_in, paths_meant
from tests.study.conftest import Notes

TAIL = "\n## 相关笔记\n<!-- 自动生成 -->\n\n暂无相关笔记\n"
TOPICS = {
    "推理/流水线 气泡.md": "流水线并行中的气泡让阶段空等，micro-batch 越多气泡占比越小",
    "推理/气泡（怎么算）.md": "气泡占比由流水线阶段数和 micro-batch 数决定，阶段空等的时间除以总时间",
    "C++/C#和100%.md": "虚函数表在构造函数里填好，动态多态靠它分派",
    "C++/虚函数 [表].md": "动态多态靠虚函数表分派，析构函数也要是虚函数",
    "LC/反转链表.md": "反转链表用三个指针逐个改指向，链表头变成链表尾",
}


@pytest.fixture
def five(notes: Notes) -> Notes:
    for name, text in TOPICS.items():
        notes.write(name, Path(name).stem, text + TAIL)
    return notes


def _best(found: Related) -> dict[str, str]:
    return {path: likes[0].path for path, likes in found.notes.items() if likes}


def test_notes_on_one_matter_find_each_other(five: Notes) -> None:
    assert _best(related_notes(five.vault)) == {
        "推理/流水线 气泡.md": "推理/气泡（怎么算）.md",
        "推理/气泡（怎么算）.md": "推理/流水线 气泡.md",
        "C++/C#和100%.md": "C++/虚函数 [表].md",
        "C++/虚函数 [表].md": "C++/C#和100%.md",
    }


def test_written_links_resolve_and_a_second_time_writes_nothing(five: Notes) -> None:
    first = related_notes(five.vault, write=True)
    assert sorted(first.written) == sorted(set(TOPICS) - {"LC/反转链表.md"})
    for path in first.written:
        text = (five.root / path).read_text(encoding="utf-8")
        link = next(link for line in text.splitlines() if "相似度" in line for link in links_in(line))
        assert (five.root / paths_meant(link.address, str(Path(path).parent))[0]).is_file()
    assert related_notes(five.vault, write=True).written == []


def test_a_section_is_made_only_when_told(three: Notes) -> None:
    before = {place: place.read_bytes() for place in three.root.rglob("*.md")}
    assert len(related_notes(three.vault, write=True).without_section) == 3
    assert before == {place: place.read_bytes() for place in three.root.rglob("*.md")}
    related_notes(three.vault, ["gpu/stage.md"], write=True, add=True)
    for place, data in before.items():
        assert place.read_bytes().startswith(data)
    assert (three.root / "gpu/stage.md").read_text(encoding="utf-8").count("<!-- generated -->") == 1


def test_a_name_a_title_and_a_near_miss(five: Notes) -> None:
    assert list(related_notes(five.vault, ["反转链表"]).notes) == ["LC/反转链表.md"]
    with pytest.raises(NotFoundError) as raised:
        related_notes(five.vault, ["反转链条"])
    assert "LC/反转链表.md" in raised.value.hint


def test_taking_in_one_change_at_a_time_comes_to_the_same_as_all_at_once(notes: Notes) -> None:
    """The relations after many edits, moves and deletions are those of a store made anew."""
    pick = random.Random(3)
    words = [chr(0x4E00 + n) + chr(0x5E00 + n) for n in range(60)]

    def text() -> str:
        start = pick.randrange(40)
        return "，".join(pick.choices(words[start : start + 20], k=60))

    names = [f"n{n}.md" for n in range(30)]
    for name in names:
        notes.write(name, name, text())
    related_notes(notes.vault)
    for _round in range(8):
        for name in pick.sample(names, 3):
            place = notes.root / name
            if place.exists() and pick.random() < 0.3:
                place.unlink()
            else:
                notes.write(name, name, text())
        grown = related_notes(notes.vault)
    sync(notes.vault, rebuild=True)
    anew = related_notes(notes.vault)
    assert grown.notes.keys() == anew.notes.keys()
    for path, likes in anew.notes.items():
        old = {like.path: like.similarity for like in grown.notes[path]}
        for like in likes[:1]:
            assert old.get(like.path, like.similarity) == pytest.approx(like.similarity, abs=0.06)


def test_only_what_changed_is_read_again(five: Notes, monkeypatch: pytest.MonkeyPatch) -> None:
    related_notes(five.vault)
    taken: list[str] = []
    put = kept.Relations.put

    def watched(self: kept.Relations, path: str, digest: str, vector: Vector) -> None:
        taken.append(path)
        put(self, path, digest, vector)

    monkeypatch.setattr(kept.Relations, "put", watched)
    five.write("LC/反转链表.md", "反转链表", "换成别的内容")
    related_notes(five.vault)
    assert taken == ["LC/反转链表.md"]


def test_against_the_links_that_stand_in_the_sample(vault_copy: Path) -> None:
    """Where a note lists a related note that exists, that one is found as well, mostly among the best five."""
    from studykit.study.vault import open_vault

    stands: dict[str, list[str]] = {}
    for place in (vault_copy / "notes").rglob("*.md"):
        listed = [
            address
            for line in place.read_text(encoding="utf-8").splitlines()
            if "相似度" in line
            for address in (link.address for link in links_in(line))
            if (vault_copy / address).is_file() and (vault_copy / address) != place
        ]
        stands[place.relative_to(vault_copy).as_posix()] = listed
    found = related_notes(open_vault(str(vault_copy)))
    pairs = [(path, other) for path, listed in stands.items() for other in listed if path in found.notes]
    met = [pair for pair in pairs if pair[1] in {like.path for like in found.notes[pair[0]]}]
    assert len(pairs) > 20
    assert len(met) >= 0.85 * len(pairs), sorted(set(pairs) - set(met))
