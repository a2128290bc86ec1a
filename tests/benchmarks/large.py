"""Vaults of any size for the benchmarks: small notes that differ, and long ones made of the sample vault's."""

import os
import re
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import NamedTuple

NOTES = int(os.environ.get("STUDYKIT_BENCH_NOTES", "3000"))
"""100,000 for the figures that are published; by default what takes a minute."""

SMALL = """---
created: '2026-01-01'
review_count: 0
tags: []
---
# 第 {n} 个问题是什么？

## 答案

这是第 {n} 个问题的回答，它说明了流水线里的一个事实。
"""

_ASKS = re.compile(r"^(#{1,6} .*?)([？?]?)$", re.MULTILINE)
_ANSWER = re.compile(r"答案|回答|描述|讲解|口述|代码|实现|[Aa]nswer")


def small_notes(root: Path, count: int) -> None:
    """`count` notes of one card, a hundred in a folder, an hour old so that their folders count as settled."""
    for number in range(count):
        folder = root / f"{number // 100:04}"
        if number % 100 == 0:
            folder.mkdir(parents=True)
        (folder / f"笔记 {number:06}.md").write_text(SMALL.format(n=number), encoding="utf-8")
    _age(root)


def long_notes(root: Path, source: Path, count: int) -> int:
    """`count` notes of 10 KB, those of `source` in turn, each heading made its own; how many bytes they are."""
    texts = [place.read_text(encoding="utf-8") for place in sorted(source.rglob("*.md"))]
    texts = [text for text in texts if "{{" not in text[:200]]
    size = 0
    for number in range(count):
        folder = root / f"{number // 100:04}"
        folder.mkdir(parents=True, exist_ok=True)
        data = _ASKS.sub(partial(_own, number), texts[number % len(texts)]).encode()
        (folder / f"{number:06}.md").write_bytes(data)
        size += len(data)
    _age(root)
    return size


def _own(number: int, heading: re.Match[str]) -> str:
    """A heading that no other copy has; one that marks an answer stays as it is."""
    return heading[0] if _ANSWER.search(heading[1]) else f"{heading[1]} 之{number}{heading[2]}"


def _age(root: Path) -> None:
    for folder in [root, *(place for place in root.rglob("*") if place.is_dir())]:
        os.utime(folder, (1_600_000_000, 1_600_000_000))


class Ran(NamedTuple):
    """What a process took: seconds on the clock, seconds of processors (its children's too), MB at its peak."""

    wall: float
    cpu: float
    peak: float


def run(*command: str, cwd: Path | None = None) -> Ran:
    """Run a command to its end. A process of its own waits for it, so that the peak is of this command alone."""
    code = (
        "import resource, subprocess, sys, time; t = time.perf_counter(); "
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True); w = time.perf_counter() - t; "
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(w, u.ru_utime + u.ru_stime, u.ru_maxrss)"
    )
    out = subprocess.check_output([sys.executable, "-c", code, *command], cwd=cwd, text=True)
    wall, cpu, peak = map(float, out.split())
    return Ran(wall, cpu, peak / (1 << 20 if sys.platform == "darwin" else 1 << 10))  # bytes there, KB elsewhere


def best(*command: str, cwd: Path | None = None, runs: int = 5) -> Ran:
    """The quickest of several runs, each figure by itself."""
    return Ran(*map(min, zip(*(run(*command, cwd=cwd) for _ in range(runs)), strict=True)))
