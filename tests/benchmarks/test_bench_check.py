"""Checking notes against parsing the same notes, in the same run: `vault.note.parse_note`, which reads blocks only, and
markdown-it-py's full parse with the parser that rules and screen share."""

import time
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from studykit.claims.checker import examine
from studykit.vault.note import parse_note

SIZE = 10_000_000


def notes_of(vault_dir: Path) -> list[tuple[str, bytes]]:
    """Ten megabytes of notes: the sample vault's, again and again, each copy with another beginning."""
    files = [(path.name, path.read_bytes()) for path in sorted((vault_dir / "notes").rglob("*.md"))]
    total, copies = 0, 0
    found: list[tuple[str, bytes]] = []
    while total < SIZE:
        copies += 1
        for name, data in files:
            found.append((name, data + f"\n第 {copies} 份。\n".encode()))
            total += len(data)
    return found


def times(sources: list[tuple[str, bytes]]) -> tuple[float, float, int]:
    """Seconds of parsing and of checking, note by note, and the numbers judged."""
    parsing = checking = 0.0
    numbers = 0
    for name, data in sources:
        began = time.perf_counter()
        note = parse_note(name, data)
        parsed = time.perf_counter()
        numbers += examine(note, compare=True).checked
        parsing += parsed - began
        checking += time.perf_counter() - parsed
    return parsing, checking, numbers


def full_parsing(sources: list[tuple[str, bytes]]) -> float:
    """Seconds of markdown-it-py's full parse."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    began = time.perf_counter()
    for _, data in sources:
        parser.parse(data.decode())
    return time.perf_counter() - began


@pytest.mark.benchmark
def test_ten_megabytes_of_the_sample_vault(vault_dir: Path) -> None:
    sources = notes_of(vault_dir)
    times(sources[:141])
    runs = [times(sources) for _ in range(3)]
    parsing, checking = min(run[0] for run in runs), min(run[1] for run in runs)
    print(
        f"\n{sum(len(data) for _, data in sources) / 1e6:.1f} MB in {len(sources)} notes, {runs[0][2]} numbers judged:"
        f" parsing {parsing:.2f} s, checking {checking:.2f} s = {checking / parsing:.2f}x of parse_note,"
        f" {checking / full_parsing(sources):.2f}x of markdown-it-py"
    )


@pytest.mark.benchmark
def test_the_bundled_notes_which_are_dense_with_numbers() -> None:
    folder = Path(__file__).resolve().parents[2] / "notes"
    sources = [(path.name, path.read_bytes()) for path in sorted(folder.rglob("*.md"))]
    times(sources)
    parsing, checking, numbers = times(sources)
    size = sum(len(data) for _, data in sources) / 1e6
    print(f"\nbundled notes: {numbers} judged in {size:.2f} MB, checking {checking / parsing:.2f}x of parse_note")
