"""The YAML of a quiz block, read safely and with its line numbers; every value stays the text it was written as."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from studykit.errors import StudyError
from studykit.locale import _

KEYS = ("ask", "calculator", "given", "where", "answer", "tolerance", "why")
LONGEST = 20_000


class QuizError(StudyError):
    """A mistake in a quiz block; `line` counts from 1, the block's first line."""

    def __init__(self, line: int, message: str, hint: str = "") -> None:
        super().__init__(_("line {line} of the quiz block: {message}").format(line=line, message=message), hint)
        self.line = line
        self.reason = message


class Found(NamedTuple):
    """A value (text, list of values or mapping) and the line it begins on."""

    value: Any
    line: int


class Block:
    """The entries of a block. `at` turns errors raised inside it into QuizErrors with the right line."""

    def __init__(self, entries: dict[str, Found]) -> None:
        self._entries = entries

    def text(self, key: str, default: str | None = None) -> str:
        """A text; QuizError if it is missing and there is no default, or if it is no text."""
        found = self._entries.get(key)
        if found is None or found.value == "":
            if default is None:
                raise QuizError(
                    1, _("“{key}” is missing.").format(key=key), _("A quiz block needs ask and calculator.")
                )
            return default
        if not isinstance(found.value, str):
            raise QuizError(found.line, _("“{key}” must be one text.").format(key=key))
        return found.value

    def texts(self, key: str) -> list[str]:
        """One text or a list of them; none if the key is missing."""
        found = self._entries.get(key)
        if found is None or found.value == "":
            return []
        values = found.value if isinstance(found.value, list) else [found.value]
        if not values or not all(isinstance(each, str) and each for each in values):
            raise QuizError(found.line, _("“{key}” must be a text or a list of texts.").format(key=key))
        return values

    def mapping(self, key: str) -> dict[str, Found]:
        found = self._entries.get(key)
        if found is None or found.value == "":
            return {}
        if not isinstance(found.value, dict):
            raise QuizError(found.line, _("“{key}” must be a mapping such as {{stages: [2, 4, 8]}}.").format(key=key))
        return found.value

    @contextmanager
    def at(self, key: str) -> Iterator[None]:
        """Errors inside are about the value of `key`."""
        found = self._entries.get(key)
        with self.at_line(found.line if found else 1):
            yield

    @contextmanager
    def at_line(self, line: int) -> Iterator[None]:
        try:
            yield
        except QuizError:
            raise
        except StudyError as error:
            raise QuizError(line, error.message, error.hint) from error


def read_block(text: str) -> Block:
    """The entries of a quiz block; unknown and repeated keys are refused."""
    if len(text) > LONGEST:
        raise QuizError(1, _("The block is longer than {limit} characters.").format(limit=LONGEST))
    root = _compose(text)
    found = _plain(root, set()) if root is not None else Found({}, 1)
    if not isinstance(found.value, dict):
        raise QuizError(found.line, _("The block must be “key: value” lines."))
    for key, entry in found.value.items():
        if key not in KEYS:
            hint = _("A quiz block has {keys}.").format(keys=", ".join(KEYS))
            raise QuizError(entry.line, _("“{key}” is no entry of a quiz block.").format(key=key), hint)
    return Block({key: _without_lines(entry, key == "given") for key, entry in found.value.items()})


def _compose(text: str) -> Any:
    import yaml

    try:
        return yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        why = getattr(error, "problem", None) or _("it cannot be read")
        message = _("This is no YAML: {why}.").format(why=why)
        hint = _("Put a text that holds “: ” or “{” in quotes.")
        raise QuizError(mark.line + 1 if mark else 1, message, hint) from error
    except (ValueError, RecursionError) as error:
        raise QuizError(1, _("This is no YAML: {why}.").format(why=error)) from error


def _plain(node: Any, seen: set[int]) -> Found:
    """A node as text, list or mapping. Scalars stay text: `1e9`, `yes` and `1:30` mean what they look like.

    A node that comes again is a YAML alias, by which a short text could stand for a billion values: refused.
    """
    line = node.start_mark.line + 1
    if id(node) in seen:
        raise QuizError(line, _("YAML aliases (*name) are not read here; write the value out."))
    seen.add(id(node))
    if node.id == "scalar":
        return Found(str(node.value).strip(), line)
    if node.id == "sequence":
        return Found([_plain(each, seen) for each in node.value], line)
    entries: dict[str, Found] = {}
    for key_node, value_node in node.value:
        key = _plain(key_node, seen)
        if not isinstance(key.value, str):
            raise QuizError(key.line, _("A key must be a word."))
        if key.value in entries:
            raise QuizError(key.line, _("“{key}” stands here twice.").format(key=key.value))
        value = _plain(value_node, seen)
        entries[key.value] = Found(value.value, key.line)
    return Found(entries, line)


def _without_lines(found: Found, keep_first: bool) -> Found:
    """The value with the lines inside it dropped, but for the entries of `given`, whose errors need them."""
    if isinstance(found.value, list):
        return Found([_without_lines(each, False).value for each in found.value], found.line)
    if isinstance(found.value, dict):
        inner = {key: _without_lines(each, False) for key, each in found.value.items()}
        return Found(inner if keep_first else {key: each.value for key, each in inner.items()}, found.line)
    return found
