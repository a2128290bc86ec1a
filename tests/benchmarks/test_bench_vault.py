"""Reading a vault, against the libraries it stands on; every figure is a ratio within one run."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import frontmatter
import pytest
from markdown_it import MarkdownIt

from studykit.vault.markdown import parser
from studykit.vault.note import parse_note
from studykit.vault.outline import outline, parsed
from studykit.vault.scan import scan

pytestmark = pytest.mark.benchmark


def _best(work: Callable[[], object], rounds: int = 5) -> float:
    """Milliseconds of the fastest round."""
    times = []
    for _round in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1000


def _compare(what: str, own: float, peer: float, bar: float) -> None:
    print(f"\n{what}: {own:.1f} ms against {peer:.1f} ms, {own / peer:.3f}x (bar {bar}x)")
    if own / peer > bar:
        print("  missed this time: the machine is noisy, so a benchmark tells and never fails")


@pytest.fixture(scope="module")
def notes(vault_dir: Path) -> list[tuple[str, bytes]]:
    places = sorted((vault_dir / "notes").rglob("*.md"))
    return [(place.name, place.read_bytes()) for place in places]


def test_reading_against_frontmatter_and_a_full_parse(notes: list[tuple[str, bytes]]) -> None:
    stock = MarkdownIt()

    def peer() -> None:
        for _path, data in notes:
            text = data.decode()
            body = text if "{{DATE}}" in text else frontmatter.parse(text)[1]
            stock.parse(body)

    own = _best(lambda: [parse_note(path, data) for path, data in notes])
    _compare(f"{len(notes)} notes read, against python-frontmatter and markdown-it-py", own, _best(peer, 3), 0.3)


def test_outline_against_block_rules_alone(notes: list[tuple[str, bytes]]) -> None:
    bodies = [parse_note(path, data).body for path, data in notes]
    own, peer = _best(lambda: [*map(outline, bodies)]), _best(lambda: [*map(parsed, bodies)], 3)
    _compare("outline, against markdown-it-py's block rules", own, peer, 0.4)


def test_five_megabytes_against_a_full_parse(notes: list[tuple[str, bytes]]) -> None:
    joined = b"\n\n".join(data for path, data in notes)[:5_000_000]
    text = joined.decode("utf-8", "ignore")
    own = _best(lambda: parse_note("big.md", text.encode()), 3)
    _compare(
        f"one note of {len(joined) / 1e6:.1f} MB, against markdown-it-py",
        own,
        _best(lambda: parser().parse(text), 1),
        0.3,
    )


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """10,000 files in 100 folders, an hour old."""
    root = tmp_path_factory.mktemp("many")
    for folder in range(100):
        (root / f"文件夹{folder}").mkdir()
        for number in range(100):
            (root / f"文件夹{folder}" / f"笔记 {number}.md").write_text("# T\n", encoding="utf-8")
        os.utime(root / f"文件夹{folder}", (1_600_000_000, 1_600_000_000))
    return root


def test_a_scan_with_nothing_new_against_git_status(many: Path) -> None:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    for arguments in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *arguments], cwd=many, check=True, capture_output=True)
    first = scan(str(many), ["**/*.md"], [])
    own = _best(lambda: scan(str(many), ["**/*.md"], [], first.files, first.folders))
    peer = _best(lambda: subprocess.run(["git", "status", "--porcelain"], cwd=many, check=True, capture_output=True))
    _compare("10,000 files looked at again, against git status", own, peer, 1.5)


def test_a_first_scan_against_rglob_and_stat(many: Path) -> None:
    own = _best(lambda: scan(str(many), ["**/*.md"], []))
    peer = _best(lambda: [(place, place.stat()) for place in many.rglob("*.md")])
    _compare("10,000 files found, against pathlib's rglob and stat", own, peer, 0.6)
