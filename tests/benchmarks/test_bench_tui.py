"""How fast the screen is, each figure beside a named peer's in the same run. Prints; never fails on wall time.

The first paint is honest only with compiled bytecode: unset PYTHONDONTWRITEBYTECODE.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Region
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Markdown, Static

from studykit.study.sessions.session import Request
from studykit.study.sync import sync
from studykit.study.vault import open_vault
from studykit.tui.app import StudyApp
from studykit.tui.calculation import Calculation
from studykit.tui.widgets.calc_block import CalcBlock
from studykit.tui.widgets.prose import Prose

pytestmark = pytest.mark.benchmark
PART = """## 第 {n} 节：流水线的气泡

**气泡**是空闲时间：`1F1B` 与 GPipe 的*比例*都是 $\\frac{{P-1}}{{M+P-1}}$，而 ideal 约定除以有效时间。参见[别处](a.md)。

- **启动阶段**：后面的级在等第一个 micro-batch 到达
  - 嵌套的一条，with some English words in it
- [x] **排空阶段**：前面的级在等反向

| 约定 | 定义 | P=8，M=16 |
|:--|:--|--:|
| total | 空闲 / 总时间 | 30.4% |
| ideal | 空闲 / 有效时间 | 43.75% |

```python
def bubble(stages: int, microbatches: int) -> float:
    return (stages - 1) / (microbatches + stages - 1)  # 第 {n} 个
```

> 先说约定，再说数字。

"""


def text_of(size: int) -> str:
    """Markdown of about `size` bytes, with everything a study note has."""
    parts = [PART.format(n=n) for n in range(size // len(PART.encode()) + 1)]
    return "".join(parts)


class Stage(App[None]):
    """One text in a scrolling body; knows when it last painted."""

    CSS_PATH = os.path.join(os.path.dirname(sys.modules[StudyApp.__module__].__file__ or ""), "theme.tcss")

    def __init__(self, content: Widget) -> None:
        super().__init__()
        self.content = content
        self.painted = 0.0

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield self.content

    def _display(self, *arguments: Any) -> None:
        super()._display(*arguments)
        self.painted = time.perf_counter()


async def opened(content: Prose | Markdown, text: str) -> float:
    """Milliseconds from the text to the last paint it causes; a Prose is laid out to its end as well."""
    app = Stage(content)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause()
        begun = time.perf_counter()
        if isinstance(content, Prose):
            content.update(text)
            content.finish_layout()
        else:
            await content.update(text)
        await pilot.pause()
        return (app.painted - begun) * 1000


@pytest.mark.parametrize("size", [9_000, 43_000])
async def test_opening_a_note(size: int) -> None:
    text = text_of(size)
    await opened(Prose(), text_of(2_000))  # both load their parser and colours before the clock runs
    await opened(Markdown(), text_of(2_000))
    ours = statistics.median([await opened(Prose(), text) for _ in range(5)])
    stock = statistics.median([await opened(Markdown(), text) for _ in range(3)])
    kilobytes = len(text.encode()) / 1000
    print(f"\n{kilobytes:.0f} KB note: Prose {ours:.0f} ms, textual Markdown {stock:.0f} ms, {ours / stock:.2f}x")


EMPTY = """
import sys, time
from textual.app import App
class Timed(App):
    def on_ready(self):
        print(time.monotonic(), file=sys.__stdout__, flush=True)
        self.exit()
Timed().run(headless=True)
"""
STUDY = """
import sys, time
from studykit.study.vault import open_vault
from studykit.study.sessions.session import Request
from studykit.tui.app import StudyApp
class Timed(StudyApp):
    def on_ready(self):
        print(time.monotonic(), file=sys.__stdout__, flush=True)
        self.exit()
Timed(open_vault(sys.argv[1]), Request()).run(headless=True)
"""


def vault_of(folder: Path, cards: int) -> Path:
    """A synced vault with one card a note, each answer about as long as a typical one."""
    for number in range(cards):
        place = folder / f"deck{number % 3}" / f"note{number}.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        answer = PART.format(n=number).replace("## ", "### ")
        place.write_text(f"# 第 {number} 问：流水线的气泡是什么\n\n## 标准答案\n\n{answer}\n", encoding="utf-8")
    sync(open_vault(str(folder)))
    return folder


def first_paint(code: str, *arguments: str) -> float:
    begun = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    ran = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment)
    return (float(ran.stdout.strip().split("\n")[-1]) - begun) * 1000


def test_first_paint(tmp_path: Path) -> None:
    vault = str(vault_of(tmp_path / "vault", 40))
    first_paint(EMPTY), first_paint(STUDY, vault)
    pairs = [(first_paint(STUDY, vault), first_paint(EMPTY)) for _ in range(9)]
    ours, empty = (statistics.median(each) for each in zip(*pairs, strict=True))
    print(f"\nfirst paint: study {ours:.0f} ms, empty Textual app {empty:.0f} ms, {ours / empty:.2f}x (aim 1.5x)")


class Plain(App[None]):
    """The peer: a stock Static of one text, shown and hidden by a key."""

    BINDINGS = [("space", "turn", "Turn")]  # noqa: RUF012

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.painted: list[float] = []

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static("a question")
            yield Static("", id="text", markup=False)

    def action_turn(self) -> None:
        shown = self.query_one("#text", Static)
        shown.update("" if shown.content else self.text)

    def _display(self, *arguments: Any) -> None:
        super()._display(*arguments)
        self.painted.append(time.perf_counter())


async def key_in_a_plain_app(text: str, size: tuple[int, int]) -> tuple[float, float]:
    """Median milliseconds from a key to the last paint of a stock Static of `text`, and of processor time."""
    app = Plain(text)
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.2)
        times, work = [], []
        for turn in range(20):
            begun = time.process_time()
            taken = (await latency(pilot, app.painted, "space"))[-1]
            if turn % 2 == 0:
                times.append(taken)
                work.append((time.process_time() - begun) * 1000)
    return statistics.median(times), statistics.median(work)


async def test_key_to_next_card(tmp_path: Path) -> None:
    app = StudyApp(open_vault(str(vault_of(tmp_path / "vault", 40))), Request(new=40))
    painted: list[float] = []
    display: Callable[..., None] = app._display

    def noted(*arguments: Any) -> None:
        display(*arguments)
        painted.append(time.perf_counter())

    app._display = noted  # type: ignore[assignment,method-assign]
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.pause(0.5)
        reveals, grades = [], []
        for _ in range(20):
            reveals.append((await latency(pilot, painted, "space"))[0])
            grades.append((await latency(pilot, painted, "3"))[0])
    answer, card = statistics.median(reveals), statistics.median(grades)
    plain, _work = await key_in_a_plain_app(PART, (100, 40))
    print(f"\nkey to answer {answer:.1f} ms, to next card {card:.1f} ms (aim 30 on a quiet machine)")
    print(f"a stock Static of the same text, plain: {plain:.1f} ms; the answer {answer / plain:.2f}x")


async def latency(pilot: Pilot[Any], painted: list[float], key: str) -> list[float]:
    """Milliseconds from a key to each paint it causes. The first has all there is to read; the scroll bar follows."""
    painted.clear()
    begun = time.perf_counter()
    await pilot.press(key)
    await pilot.pause()
    return [(paint - begun) * 1000 for paint in painted]


def recomputed_and_drawn(block: CalcBlock) -> float:
    """Milliseconds of a step from the new number to strips of every line, as a screen gets them."""
    begun = time.perf_counter()
    block.calculation.step(1)
    block.redraw()
    block.render_lines(Region(0, 0, block.size.width, block.size.height))
    return (time.perf_counter() - begun) * 1000


async def test_a_step_of_a_live_calculator() -> None:
    from studykit.calculators.registry import get

    block = CalcBlock(Calculation(get("bubble"), {"schedule": "1f1b", "stages": 16, "microbatches": 64}))
    app = Stage(block)
    async with app.run_test(size=(120, 60)) as pilot:
        await pilot.pause()
        block.focus()
        block.calculation.row = 2
        await pilot.pause()
        times, work = [], []
        for _ in range(15):
            begun, spent = time.perf_counter(), time.process_time()
            await pilot.press("right")
            await pilot.pause()
            times.append((app.painted - begun) * 1000)
            work.append((time.process_time() - spent) * 1000)
        lines = ["".join(text for text, _style in line) for line in block.drawn(block.content_size.width)]
        steps = sorted(recomputed_and_drawn(block) for _ in range(15))
    ours = statistics.median(times)
    plain, plain_work = await key_in_a_plain_app("\n".join(lines), (120, 60))
    print(f"\na step at P=16, M=64, recomputed and drawn: {steps[7]:.1f} ms (aim 16)")
    print(f"from the key to the paint, with Textual's clock of 60 a second: {ours:.1f} ms, processor {min(work):.1f}")
    print(f"a stock Static of the same lines, uncoloured: {plain:.1f} ms, {plain_work:.1f}; {ours / plain:.2f}x")
