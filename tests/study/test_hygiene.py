"""What is found wrong with notes, what is not, and keys put into them when told."""

from datetime import date
from pathlib import Path

import pytest

from studykit.errors import NotFoundError, SettingsError
from studykit.study.browsing.note_list import init_keys, list_notes, set_keys
from studykit.study.checking.hygiene import contradictions, find_problems
from studykit.study.vault import open_vault
from studykit.vault.frontmatter import Frontmatter, read_frontmatter
from tests.study.conftest import FRONT, Notes

LONG = "A pipeline waits for its neighbours at both ends, which is what people call a bubble. " * 6


@pytest.fixture
def messy(notes: Notes) -> Notes:
    """A fault of each kind, and what looks like one and is none."""
    notes.write("a/field.md", "What is a field?", "Grass grows on it, and cows. " * 5, "---\nreview_count: many\n---\n")
    notes.write("a/dates.md", "What is a date?", "Dates are " + "days of months, and these of years. " * 5,
                "---\ncreated: 2026-05-02\nlast_reviewed: 2026-05-01\nreview_count: 1\n---\n")  # fmt: skip
    notes.write("a/tag.md", "What is a tag?", "Words about words. " * 9, "---\ntags:\n- a\n- a/tag.md\n---\n")
    notes.write("a/one.md", "What is a bubble?", LONG)
    notes.write("b/two.md", "What is a  Bubble?", LONG.replace("people", "most people"))
    notes.write("b/links (1).md", "What is a link?",
                "See [x](../a/onee.md), [fine](../a/one.md#part), [w](https://a.b/c.md), `[c](d.md)`, [&](int a), "
                "[pic](p%20q.png), [[1, 2]] and [[gone]].")  # fmt: skip
    (notes.root / "b" / "p q.png").write_bytes(b"")
    notes.write("b/empty.md", "", "")
    (notes.root / "b" / "empty.md").write_text(
        FRONT + "# Empty\n\n## 相关笔记\n<!-- 自动生成 -->\n\n暂无相关笔记\n", encoding="utf-8"
    )
    return notes


def test_one_of_each_kind(messy: Notes) -> None:
    found = find_problems(messy.vault)
    assert [(each.file, each.line, each.kind) for each in found] == [
        ("a/dates.md", 3, "dates"),
        ("a/field.md", 2, "field"),
        ("a/one.md", 10, "title"),
        ("a/tag.md", 4, "tag"),
        ("b/empty.md", 10, "empty"),
        ("b/links (1).md", 14, "link"),
        ("b/two.md", 1, "copy"),
        ("b/two.md", 10, "title"),
    ]
    assert "a/one.md" in next(each.message for each in found if each.kind == "link")
    assert next(each for each in found if each.kind == "copy").others == ("a/one.md",)


def test_names_in_double_brackets_count_where_they_are_used(messy: Notes) -> None:
    messy.write("b/wiki.md", "What is a wiki?", "It has [[one]], [[two]] and [[tag|shown]], and many words more.")
    dead = [each.message for each in find_problems(messy.vault) if each.kind == "link"]
    assert any("gone" in message for message in dead)


def test_only_the_named(messy: Notes) -> None:
    assert {each.file for each in find_problems(messy.vault, ["a/tag.md", "two"])} == {"a/tag.md", "b/two.md"}


def test_nothing_is_written(messy: Notes) -> None:
    before = {place: place.read_bytes() for place in messy.root.rglob("*.md")}
    find_problems(messy.vault)
    assert before == {place: place.read_bytes() for place in messy.root.rglob("*.md")}


@pytest.mark.parametrize(
    ("front", "keys"),
    [
        (Frontmatter(created=date(2026, 5, 1), last_reviewed=date(2026, 5, 2), review_count=1), []),
        (Frontmatter(created=date(2026, 5, 1), next_review=date(2026, 5, 1)), []),
        (Frontmatter(created=date(2027, 5, 1)), ["created"]),
        (Frontmatter(last_reviewed=date(2027, 5, 1), review_count=1), ["last_reviewed"]),
        (Frontmatter(last_reviewed=date(2026, 5, 2), next_review=date(2026, 5, 1), review_count=1), ["next_review"]),
        (Frontmatter(review_count=2, keys=frozenset({"last_reviewed"})), ["review_count"]),
        (Frontmatter(last_reviewed=date(2026, 5, 2), keys=frozenset({"review_count"})), ["review_count"]),
        (Frontmatter(mastery=0.5, keys=frozenset({"review_count"})), ["mastery_level"]),
    ],
)
def test_dates_that_contradict_each_other(front: Frontmatter, keys: list[str]) -> None:
    assert [key for key, _message in contradictions(front, date(2026, 11, 23))] == keys


def test_keys_are_added_to_the_named_notes_only(three: Notes) -> None:
    bare = three.root / "new (1) #.md"
    bare.write_text("# What is new?\n\nEverything that nobody has seen before, as a rule.\n", encoding="utf-8")
    others = {place: place.read_bytes() for place in three.root.rglob("*.md") if place != bare}
    done = init_keys(three.vault, [str(bare)], ["difficulty=hard"])
    assert (done.notes, done.problems) == (["new (1) #.md"], [])
    front = read_frontmatter(bare.read_text(encoding="utf-8"), "").frontmatter
    assert front.keys == {"last_reviewed", "next_review", "review_count", "difficulty", "mastery_level"}
    assert front.label == "hard"
    assert others == {place: place.read_bytes() for place in others}
    assert init_keys(three.vault, ["new (1) #.md"], []).same == ["new (1) #.md"]


def test_new_keys_say_what_the_log_knows(three: Notes) -> None:
    place = three.root / "gpu" / "bubble.md"
    place.write_text(place.read_text(encoding="utf-8").replace(FRONT, ""), encoding="utf-8")
    session = three.open(filter="file:bubble")
    session.grade(3, 1000)
    session.finish()
    init_keys(three.vault, ["gpu/bubble.md"])
    front = read_frontmatter(place.read_text(encoding="utf-8"), "").frontmatter
    assert (front.review_count, front.last_reviewed) == (1, date(2026, 11, 23))


def test_setting_a_label(three: Notes) -> None:
    assert set_keys(three.vault, ["gpu/stage.md"], ["difficulty=hard"]).notes == ["gpu/stage.md"]
    assert {row["file"]: row["difficulty"] for row in list_notes(three.vault)} == {
        "gpu/bubble.md": "medium", "gpu/stage.md": "hard", "net/ring.md": "medium",
    }  # fmt: skip
    with pytest.raises(SettingsError, match="colour"):
        set_keys(three.vault, ["gpu/stage.md"], ["colour=red"])
    with pytest.raises(NotFoundError):
        set_keys(three.vault, ["gpu/stages"], ["difficulty=hard"])


def test_the_sample_vault(vault_copy: Path) -> None:
    """Every note there has its own path among its tags; four say that they were reviewed and count no review."""
    found = find_problems(open_vault(str(vault_copy)))
    tagged = {each.file for each in found if each.kind == "tag"}
    written = {
        place.relative_to(vault_copy).as_posix()
        for place in (vault_copy / "notes").rglob("*.md")
        if f"/{place.name}\n" in place.read_text(encoding="utf-8").split("\n---", 1)[0] + "\n"
    }
    assert tagged >= written > set()
    assert sum(each.kind == "dates" for each in found) == 4
    assert not [each for each in found if each.kind in ("unread", "copy")]
