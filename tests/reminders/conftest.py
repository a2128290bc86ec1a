"""A vault with two overdue notes, known to studykit, at nine in the morning."""

from datetime import datetime
from pathlib import Path

import pytest

from studykit import places
from studykit.study.sync import sync
from studykit.study.vault import Vault, open_vault

MORNING = datetime(2026, 11, 23, 9, 0)

OVERDUE = """---
created: '2026-10-01'
last_reviewed: '2026-11-0{day}'
next_review: '2026-11-1{day}'
review_count: 2
difficulty: medium
mastery_level: 0.3
tags: []
---
# {title}

## Answer

{title} has an answer with a **bold** word.
"""


@pytest.fixture
def overdue(tmp_path: Path) -> Vault:
    """`gpu/bubble.md` due on the 11th, `net/ring.md` on the 12th."""
    root = tmp_path / "notes"
    for day, name, title in ((1, "gpu/bubble.md", "What is a bubble?"), (2, "net/ring.md", "什么是 ring？")):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(OVERDUE.format(day=day, title=title), encoding="utf-8")
    places.remember_vault(str(root))
    vault = open_vault(str(root))
    sync(vault)
    return vault


def configure(vault: Vault, text: str) -> Vault:
    """The same vault with other settings."""
    place = Path(places.vault_config_file(vault.root))
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text, encoding="utf-8")
    return open_vault(vault.root)
