"""A sync against what reading the same notes costs at the least: frontmatter and one full parse."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import frontmatter
import pytest
from markdown_it import MarkdownIt

from studykit import places
from studykit.study.sync import sync
from studykit.study.vault import open_vault


def best(work: Callable[[], object], before: Callable[[], object] = lambda: None, runs: int = 5) -> float:
    """The quickest of several runs, in seconds; `before` is not timed."""
    times = []
    for _ in range(runs):
        before()
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


@pytest.mark.benchmark
def test_first_sync_against_plain_reading(vault_copy: Path) -> None:
    vault = open_vault(str(vault_copy))
    files = [path for path in vault_copy.rglob("*.md") if "{{" not in path.read_text(encoding="utf-8")[:200]]
    parser = MarkdownIt("commonmark").enable("table")

    def plainly() -> None:
        for path in files:
            parser.parse(frontmatter.loads(path.read_text(encoding="utf-8")).content)

    def forget() -> None:
        shutil.rmtree(os.path.join(places.data_folder(), "stores"), ignore_errors=True)
        shutil.rmtree(vault_copy / ".studykit", ignore_errors=True)

    sync(vault)
    plain, first = best(plainly), best(lambda: sync(vault), forget)
    again = best(lambda: sync(vault))
    print(
        f"\n{len(files)} notes: first sync {first * 1e3:.0f} ms = {first / plain:.2f}x of plain reading"
        f" ({plain * 1e3:.0f} ms); no-op sync {again * 1e3:.1f} ms"
    )
