"""A vault with one card of each kind, and the study application on it at a time the test holds."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from studykit.study.sessions.session import Request
from studykit.study.sync import sync
from studykit.study.vault import Vault, open_vault
from studykit.tui.app import StudyApp

NOW = datetime(2026, 11, 23, 20, 0)
FRONT = """---
created: '2026-10-19'
last_reviewed: null
next_review: '2026-10-19'
review_count: 0
difficulty: medium
mastery_level: 0.0
tags: []
---
"""
BUBBLE = """# 什么是流水线气泡？

## 面试标准答案

**气泡**是一个阶段等待邻居时的*空闲时间*：`1F1B` 与 GPipe 的比例都是 $\\frac{P-1}{M+P-1}$。

- **启动阶段**：后面的级在等第一个 micro-batch
- **排空阶段**：前面的级在等反向

| 约定 | 定义 | P=8，M=16 |
|:--|:--|--:|
| total | 空闲 / 总时间 | 30.4% |
| ideal | 空闲 / 有效时间 | 43.75% |

```python
def bubble(stages: int, microbatches: int) -> float:
    return (stages - 1) / (microbatches + stages - 1)  # 总时间约定
```

> 先说约定，再说数字。

## 试一试

- 改一改下面的数：

  ```calc
  bubble schedule=1f1b stages=4 microbatches=8
  ```
"""
QUIZ = """# 气泡率练习

```quiz
ask: 推理流水线有 {stages} 级、{microbatches} 个 micro-batch，气泡占总时间的比例是多少？
calculator: bubble
given: {schedule: forward, stages: [8], microbatches: [16], convention: total}
answer: ratio
why: 每一级都要等前面的级把第一个 micro-batch 算完。
```
"""
LIVE = """# What does a live calculator show?

## Answer

Change it here:

```calc
bubble schedule=gpipe stages=4 microbatches=8
```

and read on.
"""
Study = Callable[..., StudyApp]


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Three notes: prose, a quiz, a live calculator; their cards are asked in this order."""
    root = tmp_path / "notes"
    for name, text in (("1/气泡.md", BUBBLE), ("2/练习.md", QUIZ), ("3/live.md", LIVE)):
        place = root / name
        place.parent.mkdir(parents=True)
        place.write_text(FRONT + text, encoding="utf-8")
    return root


@pytest.fixture
def study(notes: Path) -> Study:
    """Syncs the notes and makes the application; `deck` and the like go to the request."""

    def make(**request: object) -> StudyApp:
        vault = the_vault(notes)
        sync(vault)
        return StudyApp(vault, Request(**request), clock=lambda: NOW)  # type: ignore[arg-type]

    return make


def the_vault(root: Path) -> Vault:
    return open_vault(str(root))


def logged(root: Path) -> list[dict[str, object]]:
    """Every event in the vault's log, oldest first."""
    import json

    return [
        json.loads(line)
        for file in sorted((root / ".studykit" / "log").rglob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
