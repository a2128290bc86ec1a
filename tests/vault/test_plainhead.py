"""What is read as plain is what the YAML reader makes of it, to the type of each value."""

from pathlib import Path

import frontmatter
from hypothesis import example, given
from hypothesis import strategies as st

from studykit.vault.frontmatter import locate
from studykit.vault.plainhead import read_plain

_VALUES = st.one_of(
    st.sampled_from([
        "", " ", "0", "12", "007", "0x1f", "1e3", "1_000", "-1", "+1", "12:30:45", "0.5", "1.", ".5", "1.5e3", "0.50",
        "2026-01-01", "2026-13-01", "2026-1-1", "2026-01-01 10:00", "'2026-01-01'", '"a\\tb"', "'it''s'", '"x" y', "'x",
        "true", "Yes", "NO", "null", "Null", "~", "[]", "[a, b]", "[a,b]", "[a, ]", "[ a, b ]", "[, a]", "[[a]]", "{}",
        "['a, b', c]", "[2026-01-01, 3]", "a b", "a: b", "a:b", "a #b", "a#b", "# c", "- a", "-", "流水线/气泡", "a ",
        "&a b", "*a", "!!str 1", "|", ">", "@x", "`x`", "%x", "=", "<<", "Infinity", ".inf", "y", "Off", "é", "a\tb",
        "a\u2028b", "a/b-c_d.e+f", "C++", "a?", "a (b) \\ c", "a；b、c：d", "a|b", "a - b", "a ---", "NaN",
    ]),
    st.text(alphabet="ab01 .:-_'\"[],#{}/+流\t", max_size=8),
)  # fmt: skip
_LINES = st.one_of(
    st.builds("{}:{}{}".format, st.sampled_from(["a", "tags", "b-c", "on", "_x", "1", "键", "<<"]),
              st.sampled_from([" ", "", "  "]), _VALUES),
    st.builds("{}- {}".format, st.sampled_from(["", "  ", " ", "\t"]), _VALUES),
    _VALUES,
)  # fmt: skip


def by_reader(inner: str) -> object:
    try:
        return frontmatter.parse(f"---\n{inner}---\n")[0]
    except Exception as error:
        return error


@given(st.lists(_LINES, min_size=1, max_size=5).map(lambda lines: "".join(f"{line}\n" for line in lines)))
@example("tags:\n- a\n  - b\n")
@example("tags: a\n- b\n")
@example("a:\nb: 1\n")
@example("a: 1\na: 2\n")
@example("tags:\n  - a\nb:\n- 0.50\n")
def test_what_is_plain_is_read_as_yaml(inner: str) -> None:
    plain = read_plain(inner)
    assert plain is None or repr(plain) == repr(by_reader(inner))


def test_the_notes_of_a_real_vault_are_plain(vault_dir: Path) -> None:
    heads = [text[block.start : block.end] for path in sorted((vault_dir / "notes").rglob("*.md"))
             if (block := locate(text := path.read_text(encoding="utf-8")))]  # fmt: skip
    read = [(plain, by_reader(inner)) for inner in heads if (plain := read_plain(inner)) is not None]
    assert all(repr(plain) == repr(known) for plain, known in read)
    assert len(read) > 0.8 * len(heads)
