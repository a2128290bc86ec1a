"""What a learner reads goes through gettext: no bare English on the way to the screen.

The check reads the code. It looks at what is given to calls and attributes that show text, at runs of text with a
style, and at everything that looks like a sentence, wherever it stands.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import studykit

PACKAGE = Path(studykit.__file__).parent
STUDY = (
    "check",
    "session",
    "wording",
    "choices",
    "numeric",
    "vault",
    "doctor",
    "report",
    "filter",
    "write_back",
    "bundled",
    "optimise",
    "import_settings",
    "stats",
    "stats_cards",
    "stats_words",
)
READ_BY_LEARNERS = sorted(
    [
        *(PACKAGE / "tui").rglob("*.py"),
        *(next((PACKAGE / "study").rglob(f"{name}.py")) for name in STUDY),
        *(PACKAGE / "cli" / f"{name}.py" for name in ("plain", "home", "stats_text")),
        PACKAGE / "exchange" / "report.py",
    ]
)
LOOKS_UP = {"_", "N_", "ngettext"}
SHOWS = {
    *("echo", "remark", "print", "_say", "prompt", "_read", "confirm", "notify", "Static", "Label", "Button", "Text"),
    *("wrap", "update", "append", "StudyError", "VaultError", "StoreError", "NotFoundError", "FilterError"),
}
"""Calls whose positional texts reach a learner; of a run `(text, style)` the text does."""
SHOWS_SOME = {"key": slice(2, 4), "Finding": slice(2, None), "Problem": slice(2, None)}
"""Calls of which these arguments do: the others are names for the program."""
HINTS = {"Hints", "_hint"}
"""Calls that take `(key, words)`; a key's name is the one printed on it."""
NAMED = {"placeholder", "title", "message", "hint", "tooltip", "border_title", "border_subtitle", "sub_title"}
"""Arguments and attributes that are shown."""
STYLES = {"dim", "strong", "bad", "good", "good strong", "warning", "warning strong", "title", "value", "h1", "h2"}
WORD = re.compile(r"[A-Za-z]{2,}")
SENTENCE = re.compile(r"[A-Za-z]+[,;:]? [A-Za-z]+[,;:]? [A-Za-z]+|[A-Za-z]{2,} [a-z]+[.!?…]")
SQL = re.compile(r"^\s*(SELECT .* FROM |(SELECT|AND|WHERE|INSERT|UPDATE) .*(=| IN \())", re.DOTALL)
"""The only sentences that stay: they are for the store."""


def _name(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _texts(node: ast.AST, of_pair: int = 0) -> Iterator[ast.Constant]:
    """The texts an expression is made of, but for those looked up; of pairs, the part at `of_pair`."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and WORD.search(node.value):
            yield node
        return
    parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call):
        filled = isinstance(node.func, ast.Attribute) and node.func.attr in ("format", "join")
        parts = [node.func.value] if filled and isinstance(node.func, ast.Attribute) else []
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2:
        parts = [node.elts[of_pair]]
    elif not isinstance(node, ast.JoinedStr | ast.BinOp | ast.IfExp | ast.BoolOp | ast.Tuple | ast.List | ast.Starred):
        parts = []
    for part in parts:
        yield from _texts(part, of_pair)


def _shown(node: ast.AST) -> Iterator[ast.Constant]:
    """The bare texts that `node` itself shows."""
    if isinstance(node, ast.Call):
        name = _name(node)
        if name in SHOWS or name in SHOWS_SOME or name in HINTS:
            for argument in node.args[SHOWS_SOME.get(name, slice(None))]:
                yield from _texts(argument, 1 if name in HINTS else 0)
        for each in node.keywords:
            if each.arg in NAMED:
                yield from _texts(each.value)
    elif isinstance(node, ast.Assign) and any(getattr(target, "attr", "") in NAMED for target in node.targets):
        yield from _texts(node.value)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and getattr(node.elts[1], "value", "") in STYLES:
        yield from _texts(node.elts[0])


def _passed_over(tree: ast.AST) -> set[int]:
    """Docstrings, and what is looked up."""
    over: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            over.add(id(node.value))
        elif _name(node) in LOOKS_UP:
            over.update(id(each) for each in ast.walk(node))
    return over


def bare_texts(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of English that a learner would read untranslated."""
    tree = ast.parse(source)
    over = _passed_over(tree)
    found: dict[tuple[int, int], str] = {}
    for node in ast.walk(tree):
        shown = list(_shown(node))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SENTENCE.search(node.value):
            shown.append(node)
        for each in shown:
            if id(each) not in over and isinstance(each.value, str) and not SQL.search(each.value):
                found[each.lineno, each.col_offset] = each.value
    return ((line, text) for (line, _column), text in sorted(found.items()))


@pytest.mark.parametrize(
    "source",
    [
        'click.echo("Done")',
        'click.echo(f"{n} cards")',
        'click.echo("Done: " + what)',
        'click.echo("{n} cards".format(n=3))',
        'self.notify("Undone" if done else _("Nothing"))',
        'raise StudyError(_("It failed."), "Try again")',
        'box.placeholder = "number"',
        'Input(placeholder="number")',
        'yield Static("Question")',
        'Hints([("q", "back")])',
        'line.append(("idle", "dim"))',
        'return [("Not right", "bad")]',
        'key("q", "leave", "Leave", N_("End it"), "study.leave")',
        'Finding("wrong", "vault", f"{file} is damaged")',
        'Problem(path, 1, "unreadable")',
        'words = "Every grade is already saved"',
    ],
)
def test_bare_english_is_seen(source: str) -> None:
    assert list(bare_texts(source))


@pytest.mark.parametrize(
    "source",
    [
        'click.echo(_("Done"))',
        'click.echo(_("{n} cards").format(n=3))',
        'click.echo("  1  " + _("notes"))',
        'self.query_one("#status", StatusLine)',
        'Hints([("Tab", _("back"))])',
        'line.append((_("idle"), "dim"))',
        'key("q,escape", "leave", N_("Leave"), N_("End it"), "study.leave")',
        'def leave():\n    """End the session; every grade is already saved."""',
        'store.execute("SELECT count(*) FROM cards WHERE active = 1")',
    ],
)
def test_what_is_looked_up_or_no_text_passes(source: str) -> None:
    assert list(bare_texts(source)) == []


@pytest.mark.parametrize("path", READ_BY_LEARNERS, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_bare_reaches_a_learner(path: Path) -> None:
    assert list(bare_texts(path.read_text(encoding="utf-8"))) == []


NOT_WORDS = re.compile(r"^(?:\{\}|[\s:/()=^\"']|pip install .*|chmod 600|name = .*)*$")
"""What may stand in an error as it is: values, punctuation, and what is typed into a shell or a file."""
FOR_PROGRAMMERS = {"ValueError", "TypeError", "KeyError", "AttributeError", "RuntimeError"}
LIKE_THE_HELP = {"UsageError"}
"""The command line's own grammar is English, as `--help` and click's other complaints are."""


def bare_errors(source: str) -> Iterator[tuple[int, str]]:
    """(line, text) of every error or problem that is made with words of its own."""
    for node in ast.walk(ast.parse(source)):
        name = _name(node)
        if (
            isinstance(node, ast.Call)
            and name.endswith(("Error", "Problem"))
            and name not in FOR_PROGRAMMERS | LIKE_THE_HELP
        ):
            for argument in (*node.args, *(each.value for each in node.keywords)):
                if isinstance(argument, ast.JoinedStr):
                    parts = (part.value if isinstance(part, ast.Constant) else "{}" for part in argument.values)
                    text = "".join(map(str, parts))
                elif isinstance(argument, ast.Constant) and isinstance(argument.value, str) and " " in argument.value:
                    text = argument.value
                else:
                    continue
                if not NOT_WORDS.match(text):
                    yield node.lineno, text


def test_an_error_with_bare_words_is_seen() -> None:
    assert list(bare_errors('raise StoreError(f"{file} cannot be opened")'))
    assert list(bare_errors('problems.append(Problem(path, 1, "this is no note"))'))
    assert not list(bare_errors('raise StoreError(f"{file}: {error}", _("Mend it."))'))


def test_no_error_is_made_of_bare_words() -> None:
    files = sorted(PACKAGE.rglob("*.py"))
    assert len(files) > 100
    found = {str(path.relative_to(PACKAGE)): list(bare_errors(path.read_text(encoding="utf-8"))) for path in files}
    assert {path: bare for path, bare in found.items() if bare} == {}


def test_every_key_is_explained_in_chinese() -> None:
    from studykit.locale import set_language
    from studykit.tui.keys import explained
    from studykit.tui.screens.help import groups

    set_language("zh_CN")
    try:
        words = [word for name, bindings in groups() for row in explained(bindings) for word in (name, *row[1:])]
    finally:
        set_language("auto")
    assert words
    assert [word for word in words if not re.search("[\u4e00-\u9fff]", word)] == []
