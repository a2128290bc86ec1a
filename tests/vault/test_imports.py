"""What reading notes loads: the parser and the YAML reader only when a note asks for them."""

import subprocess
import sys

import pytest

PARSER, YAML = "markdown_it", "yaml"
START = "import sys; from studykit.vault.note import parse_note; import studykit.vault.scan, studykit.vault.patch"


@pytest.mark.parametrize(
    ("then", "loaded"),
    [
        ("pass", set()),
        ("parse_note('a.md', b'# T' + bytes([10]) + b'text **bold**')", set()),
        ("parse_note('a.md', b'---\\nid: 1\\n---\\n- list')", set()),
        ("parse_note('a.md', b'---\\nid: {a: 1}\\n---\\n- list')", {YAML}),
        ("parse_note('a.md', b'- ```\\n  x\\n')", {PARSER}),
    ],
)
def test_nothing_is_loaded_before_it_is_needed(then: str, loaded: set[str]) -> None:
    heavy = {PARSER, YAML, "numpy", "click", "sqlite3"}
    script = f"{START}; {then}; print(*sorted({heavy!r} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    found = set(run.stdout.split())
    assert found == loaded
