"""The Chinese messages: all there, all in use, and the compiled file says what the written one says."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import studykit
from studykit import locale

PACKAGE = Path(studykit.__file__).parent
MESSAGES = PACKAGE / "locale" / "zh_CN" / "LC_MESSAGES"
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}
LOOKED_UP_ELSEWHERE = {"each.description", "each.tooltip", "_SIGNS[name]", "message"}
"""What `_` is given that is no literal: bindings, whose texts are marked with `N_` where they are written."""

Id = str | tuple[str, ...]


@pytest.fixture(scope="module")
def in_the_code() -> set[Id]:
    """Every message of the package as Babel finds it; a pair where the message has a plural."""
    return {found[2] for found in extract_from_dir(str(PACKAGE), keywords=KEYWORDS)}


def written_catalog() -> Catalog:
    """The catalogue as people edit it."""
    with (MESSAGES / "studykit.po").open("rb") as file:
        return read_po(file, locale="zh_CN", abort_invalid=True)


@pytest.fixture(scope="module")
def written() -> Catalog:
    return written_catalog()


@pytest.fixture(autouse=True)
def _language_as_it_was() -> Iterator[None]:
    yield
    locale.set_language("auto")


def entries(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def ids(message: Message) -> tuple[str, ...]:
    """The English of a message: one text, or the two for one and for many."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def texts(message: Message) -> list[str]:
    """What a message is translated to, a text a plural form (Chinese has one)."""
    return [message.string or ""] if isinstance(message.string, str | None) else list(message.string)


def put_in(text: str) -> set[str]:
    """The names of what `format` puts into a text; `{{` is a brace that stays."""
    return set(re.findall(r"(?<!\{)(?:\{\{)*\{(\w+)\}", text))


def test_every_message_is_translated(in_the_code: set[Id], written: Catalog) -> None:
    done = {message.id for message in entries(written) if all(text.strip() for text in texts(message))}
    assert in_the_code - done == set()


def test_nothing_is_unsure(written: Catalog) -> None:
    assert [message.id for message in entries(written) if message.fuzzy] == []
    assert not written.fuzzy


def test_nothing_is_left_over(in_the_code: set[Id], written: Catalog) -> None:
    assert {message.id for message in entries(written)} - in_the_code == set()
    assert written.obsolete == {}


def test_placeholders_are_the_same(written: Catalog) -> None:
    for message in entries(written):
        for text in texts(message):
            assert put_in(text) == set.union(*map(put_in, ids(message))), message.id


def test_babel_finds_no_fault(written: Catalog) -> None:
    """What `pybabel compile` would refuse."""
    assert [
        (message.id, list(message.check(written))) for message in entries(written) if any(message.check(written))
    ] == []


def test_edges_are_the_same(written: Catalog) -> None:
    """Spaces and line ends around a message belong to the sentence it is put into."""
    for message in entries(written):
        first = ids(message)[0]
        for text in texts(message):
            assert first[: len(first) - len(first.lstrip())] == text[: len(text) - len(text.lstrip())], message.id
            assert first[len(first.rstrip()) :] == text[len(text.rstrip()) :], message.id


def test_the_compiled_file_says_the_same(written: Catalog) -> None:
    with (MESSAGES / "studykit.mo").open("rb") as file:
        compiled = read_mo(file)
    pairs = [{ids(each): texts(each) for each in entries(catalog)} for catalog in (written, compiled)]
    assert pairs[0] == pairs[1]


def test_both_languages(written: Catalog) -> None:
    for message in entries(written):
        for language in locale.LANGUAGES:
            locale.set_language(language)
            chinese = texts(message)[0]
            english = ids(message)
            if len(english) == 1:
                assert locale._(english[0]) == (chinese if language == "zh_CN" else english[0])
            else:
                one, many = english
                found = tuple(locale.ngettext(one, many, count) for count in (1, 2))
                assert found == ((chinese, chinese) if language == "zh_CN" else english)


@pytest.mark.parametrize(("value", "language"), [("zh_CN", "zh_CN"), ("zh_CN.UTF-8", "zh_CN"), ("en_GB", "en")])
def test_the_environment_chooses(monkeypatch: pytest.MonkeyPatch, value: str, language: str) -> None:
    monkeypatch.setenv("LANGUAGE", value)
    locale.set_language("auto")
    assert locale.language() == language
    assert (locale._("due") == "due") is (language == "en")


def _literals() -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.parent.name == "locale":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "N_", "ngettext")
            ):
                yield path, node


def test_every_call_can_be_found(in_the_code: set[Id]) -> None:
    """A message in an f-string, or put together before it is looked up, is one that Babel cannot find."""
    known = {each for found in in_the_code for each in ([found] if isinstance(found, str) else found)}
    for path, call in _literals():
        first = call.args[0]
        place = f"{path.relative_to(PACKAGE)}:{call.lineno}"
        if isinstance(first, ast.Constant):
            assert first.value in known, place
        else:
            assert ast.unparse(first) in LOOKED_UP_ELSEWHERE, place
