"""Links as people write them, and written so that a Markdown parser reads the same path."""

from posixpath import join, normpath
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.vault.links import Link, Targets, address_of, is_local, label_of, links_in, paths_meant
from studykit.vault.markdown import parser, plain

ODD = "a b#%()[]<>?&:$\\`*|^\"'～（）【】？：C++中文　_.!"
names = st.text(st.sampled_from(ODD), min_size=1, max_size=12).filter(lambda text: text.strip(". ") == text)
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
folders = st.lists(names, max_size=3).map("/".join)


@given(path=paths, folder=folders)
def test_a_written_address_resolves_from_where_it_stands(path: str, folder: str) -> None:
    """Oracle: markdown-it-py's own reading of the link, percent-decoded and joined to the folder."""
    address = address_of(path, folder)
    tokens = parser().parseInline(f"- [label]({address}) - 31%")[0].children or []
    opened = next(token for token in tokens if token.type == "link_open")
    assert normpath(join("/", folder, unquote(str(opened.attrs["href"])))) == normpath("/" + path)
    link = next(iter(links_in(f"- [label]({address}) - 31%")))
    assert Targets([path], "/root").find(link, folder) == path


@given(title=st.text(st.sampled_from("ab[]()`*_$<>&!\\~ 中，"), max_size=20))
def test_a_label_reads_as_its_title(title: str) -> None:
    tokens = parser().parseInline(f"[{label_of(title)}](a.md)")[0].children or []
    assert tokens
    assert tokens[0].type == "link_open"
    shown = "".join(token.content for token in tokens)
    assert " ".join(shown.split()) == " ".join(plain(" ".join(title.split())).split())


@pytest.mark.parametrize(
    ("address", "folder", "meant"),
    [
        ("../notes/gpu/a%20b.md", "outlines", "notes/gpu/a b.md"),
        ("<../notes/gpu/a b.md>", "outlines", "notes/gpu/a b.md"),
        ("/notes/x.md#part", "deep/er", "notes/x.md"),
        ("C#基础.md", "n", "n/C#基础.md"),
        ("100%.md", "", "100%.md"),
        ("join()和+.md", "py", "py/join()和+.md"),
        ("..\\win\\a.md", "n", "win/a.md"),
    ],
)
def test_addresses_as_people_write_them(address: str, folder: str, meant: str) -> None:
    assert meant in paths_meant(address, folder)


def test_links_in_code_are_none() -> None:
    assert [link.address for link in links_in("`[a](b)` [c](d e.md) ``[x`](y)`` <!-- [n](o) -->")] == ["d e.md"]


def test_addresses_of_the_web_and_of_the_text_are_not_local() -> None:
    assert [is_local(each) for each in ("https://a.b/c.md", "mailto:x", "#part", "a.md", "<b c.md>", "")] == [
        False, False, False, True, True, False,
    ]  # fmt: skip


def test_names_in_double_brackets_are_found_anywhere() -> None:
    targets = Targets(["deep/er/Ring.md", "a/x.md", "b/x.md"], "/root")
    assert targets.find(Link("", "ring#part", 0, wiki=True), "") == "deep/er/Ring.md"
    assert targets.find(Link("", "b/x", 0, wiki=True), "") == "b/x.md"


def test_from_outside_of_the_vault() -> None:
    targets = Targets(["C++/x.md"], "/kb/notes")
    link = Link("", "../notes/C++/x.md", 0)
    assert targets.find(link, "../outlines") == "C++/x.md"
    assert targets.find_leniently(Link("", "notes/C++/x.md", 0), "..") == "C++/x.md"


@pytest.mark.parametrize(
    "line", ["[" * 200_000, "[a](" * 50_000, "[[" * 100_000, "`" * 100_001, "[a](" + "(" * 100_000]
)
def test_a_hostile_line_takes_linear_time(line: str) -> None:
    import time

    began = time.process_time()
    list(links_in(line))
    took = time.process_time() - began
    assert took < 20 * 0.05 or took < 20 * _baseline()


def _baseline() -> float:
    import time

    began = time.process_time()
    for start in range(4):
        list(links_in("[abc](def.md) " * 15_000 + str(start)))
    return time.process_time() - began
