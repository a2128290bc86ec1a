"""Which files are found, what is passed over, and that a second look costs little."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import VaultError
from studykit.vault.globs import Globs
from studykit.vault.scan import Scan, scan

ALL = ["**/*.md"]
LONG_AGO = 1_600_000_000


def _make(root: Path, *paths: str) -> None:
    for path in paths:
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(path, encoding="utf-8")


def _settle(root: Path) -> None:
    """Make all folders old enough to be trusted."""
    for place in [root, *root.rglob("*")]:
        if place.is_dir():
            os.utime(place, (LONG_AGO, LONG_AGO))


def _paths(found: Scan) -> list[str]:
    return sorted(found.files)


def test_notes_in_folders_and_what_is_passed_over(tmp_path: Path) -> None:
    _make(tmp_path, "a.md", "x/b.md", "x/y/c.md", "x/d.txt", ".git/e.md", ".obsidian/f.md", ".studykit/g.md", "x/.h.md")
    _make(tmp_path, ".trash/i.md", "推理/什么是气泡？.md", "a b/（全角）.md", "x.md/j.md")
    found = scan(str(tmp_path), ALL, [])
    assert _paths(found) == ["a b/（全角）.md", "a.md", "x.md/j.md", "x/b.md", "x/y/c.md", "推理/什么是气泡？.md"]
    assert found.problems == []
    for path, seen in found.files.items():
        status = (tmp_path / path).stat()
        assert seen == (path, status.st_mtime_ns, status.st_size)


def test_globs_include_and_exclude(tmp_path: Path) -> None:
    _make(tmp_path, "a.md", "drafts/b.md", "x/drafts/c.md", "x/d.md", "templates/t/e.md", "x/f.markdown")
    assert _paths(scan(str(tmp_path), ["**/*.md", "**/*.markdown"], ["drafts", "templates/**", "x/d.*"])) == [
        "a.md",
        "x/drafts/c.md",
        "x/f.markdown",
    ]
    assert _paths(scan(str(tmp_path), ["x/**/*.md"], ["**/drafts/**"])) == ["x/d.md"]
    assert _paths(scan(str(tmp_path), ["*.md"], [])) == ["a.md"]


def test_names_stay_as_they_are_on_disk(tmp_path: Path) -> None:
    composed, decomposed = unicodedata.normalize("NFC", "é.md"), unicodedata.normalize("NFD", "é.md")
    _make(tmp_path, f"nfd/{decomposed}", f"nfc/{composed}")
    assert _paths(scan(str(tmp_path), ALL, [])) == sorted([f"nfd/{decomposed}", f"nfc/{composed}"])
    assert _paths(scan(str(tmp_path), ALL, [f"*/{composed}"])) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    vault, outside = tmp_path / "vault", tmp_path / "outside"
    _make(vault, "a.md", "x/b.md")
    _make(outside, "secret.md", "more/c.md", "data.bin")
    (vault / "x" / "loop").symlink_to(vault)
    (vault / "self").symlink_to(vault / "self")
    (vault / "again.md").symlink_to(vault / "a.md")
    (vault / "broken.md").symlink_to(vault / "nowhere.md")
    (vault / "out").symlink_to(outside)
    (vault / "out.md").symlink_to(outside / "secret.md")
    (vault / "data.bin").symlink_to(outside / "data.bin")
    found = scan(str(vault), ALL, [])
    assert _paths(found) == ["a.md", "x/b.md"]
    assert sorted(problem.file for problem in found.problems) == ["out", "out.md"]
    assert all("link out of the vault" in problem.message for problem in found.problems)
    again = tmp_path / "link-to-vault"
    again.symlink_to(vault)
    assert _paths(scan(str(again), ALL, [])) == ["a.md", "x/b.md"]


def test_a_name_that_is_no_utf_8_is_a_problem(tmp_path: Path) -> None:
    _make(tmp_path, "a.md")
    try:
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system refuses such names")
    found = scan(str(tmp_path), ALL, [])
    assert _paths(found) == ["a.md"]
    assert [problem.message for problem in found.problems] == ["the file's name is not UTF-8; rename it to study it"]
    str(found.problems[0]).encode()


@pytest.mark.parametrize("name", ["nowhere", "file.md"])
def test_a_vault_that_is_no_folder(tmp_path: Path, name: str) -> None:
    _make(tmp_path, "file.md")
    with pytest.raises(VaultError, match="is no folder"):
        scan(str(tmp_path / name), ALL, [])


def test_what_is_known_in_an_unreadable_folder_is_not_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "a.md", "shut/b.md", "shut/in/c.md")
    first = scan(str(tmp_path), ALL, [])
    real = os.open

    def refuse(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied")
        return real(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", refuse)
    found = scan(str(tmp_path), ALL, [], first.files, first.folders)
    assert found.files == first.files
    assert [(problem.file, "Permission denied" in problem.message) for problem in found.problems] == [("shut", True)]
    assert _paths(scan(str(tmp_path), ALL, [])) == ["a.md"]


def test_what_stands_as_known_is_the_same_object(tmp_path: Path) -> None:
    _make(tmp_path, "a.md", "x/b.md", "x/c.md")
    first = scan(str(tmp_path), ALL, [])
    (tmp_path / "x" / "b.md").write_text("longer than before", encoding="utf-8")
    (tmp_path / "x" / "c.md").unlink()
    second = scan(str(tmp_path), ALL, [], first.files)
    assert _paths(second) == ["a.md", "x/b.md"]
    assert second.files["a.md"] is first.files["a.md"]
    assert second.files["x/b.md"] != first.files["x/b.md"]


def test_unchanged_folders_are_not_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _make(tmp_path, "a.md", "x/b.md", "x/y/c.md", "z/d.txt")
    _settle(tmp_path)
    first = scan(str(tmp_path), ALL, [])
    monkeypatch.setattr(os, "scandir", lambda place: pytest.fail(f"{place} was listed"))
    second = scan(str(tmp_path), ALL, [], first.files, first.folders)
    assert second.files == first.files
    assert second.folders == first.folders


def test_other_patterns_list_anew(tmp_path: Path) -> None:
    _make(tmp_path, "a.md", "x/b.txt")
    _settle(tmp_path)
    first = scan(str(tmp_path), ALL, [])
    assert _paths(scan(str(tmp_path), ["**/*.txt"], [], first.files, first.folders)) == ["x/b.txt"]
    assert _paths(scan(str(tmp_path), ALL, ["a.md"], first.files, first.folders)) == []


def test_a_folder_touched_just_now_is_listed_again(tmp_path: Path) -> None:
    _make(tmp_path, "x/a.md")
    first = scan(str(tmp_path), ALL, [])
    status = (tmp_path / "x").stat()
    _make(tmp_path, "x/b.md")
    os.utime(tmp_path / "x", ns=(status.st_mtime_ns, status.st_mtime_ns))
    assert _paths(scan(str(tmp_path), ALL, [], first.files, first.folders)) == ["x/a.md", "x/b.md"]


steps = st.lists(
    st.tuples(st.sampled_from(["write", "remove", "move"]), st.integers(0, 11), st.integers(0, 11)), max_size=8
)
places = ["a.md", "b.md", "x/a.md", "x/b.md", "x/y/a.md", "x/y/b.txt", "z/a.md", "z/.b.md", "k/l/m/a.md", "k/a.md", "k/l/b.md", "q.txt"]  # fmt: skip  # noqa: E501


@given(st.lists(steps, max_size=4))
def test_the_fast_way_finds_what_a_fresh_scan_finds(
    tmp_path_factory: pytest.TempPathFactory, rounds: list[list[tuple[str, int, int]]]
) -> None:
    root = tmp_path_factory.mktemp("vault")
    _make(root, "a.md", "x/y/a.md")
    _settle(root)
    known = scan(str(root), ALL, [])
    for todo in rounds:
        for what, one, other in todo:
            _do(root, what, places[one], places[other])
        fast, fresh = scan(str(root), ALL, [], known.files, known.folders), scan(str(root), ALL, [])
        assert fast.files == fresh.files
        known = fast


def _do(root: Path, what: str, one: str, other: str) -> None:
    if what == "write":
        _make(root, one)
    elif (root / one).exists():
        if what == "remove":
            (root / one).unlink()
        else:
            (root / other).parent.mkdir(parents=True, exist_ok=True)
            (root / one).rename(root / other)


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        ("**/*.md", ["a.md", "x/a.md", "x/y/a.md"], ["a.txt", "a.mdx"]),
        ("*.md", ["a.md"], ["x/a.md"]),
        ("x/**", ["x/a", "x/y/a"], ["y/a", "xx/a"]),
        ("**", ["a", "x/y"], []),
        ("x/*/a", ["x/y/a"], ["x/a", "x/y/z/a"]),
        ("x/**/a", ["x/a", "x/y/a", "x/y/z/a"], ["a"]),
        ("drafts", ["drafts", "drafts/a.md"], ["x/drafts", "drafts2"]),
        ("drafts/", ["drafts", "drafts/a.md"], ["x/drafts"]),
        ("./a.md", ["a.md"], ["xa.md"]),
        ("?.md", ["a.md", "题.md"], ["ab.md", "/.md"]),
        ("[ab].md", ["a.md", "b.md"], ["c.md"]),
        ("[!ab].md", ["c.md"], ["a.md"]),
        ("[a", ["[a"], ["a"]),
        ("{a,b*}.md", ["a.md", "bc.md"], ["c.md"]),
        ("a+(b).md", ["a+(b).md"], ["aab.md"]),
        ("a\\b", ["a\\b"], ["ab"]),
        ("[z-a].md", ["[z-a].md"], ["m.md"]),
        ("（全角）*", ["（全角）.md"], ["(全角).md"]),
    ],
)
def test_globs(pattern: str, fits: list[str], fits_not: list[str]) -> None:
    globs = Globs([pattern])
    assert [path for path in fits if not globs.match(path)] == []
    assert [path for path in fits_not if globs.match(path)] == []


@given(st.text(alphabet="*?[]{}!,/\\ab.-^(|", max_size=12), st.text(alphabet="ab/.", max_size=6))
def test_no_pattern_raises(pattern: str, path: str) -> None:
    globs = Globs([pattern])
    assert globs.match(path) in (True, False)
    assert globs.covers(path) in (True, False)
