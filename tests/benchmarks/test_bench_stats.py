"""Figures over a long history against reading its rows plainly with sqlite3."""

import os
import random
import sqlite3
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from studykit import places
from studykit.store.database import open_store
from studykit.store.reviews import reviews
from studykit.study.figures.calibration import calibration
from studykit.study.figures.stats import stats
from studykit.study.vault import Vault, open_vault
from tests.store.stored import Graded, put_histories

REVIEWS = int(os.environ.get("STUDYKIT_BENCH_REVIEWS", "200000"))
DAYS = 700
START = date(2024, 1, 1)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """Two years of reviews, 20 a card, as the fold leaves them."""
    root = tmp_path / "notes"
    root.mkdir()
    draw = random.Random(1)
    cards = [f"{draw.getrandbits(64):016x}" for _ in range(REVIEWS // 20)]
    a_day = REVIEWS // DAYS
    store = open_store(places.store_file(str(root)))
    with store.write() as connection:
        connection.executemany(
            "INSERT INTO cards(id, base, rule, kind, deck, file, line, prompt, answer, tags, active, due, last,"
            " stability, difficulty) VALUES (?, ?, 'lead', 'recall', ?, 'a.md', 1, 'front', 'back', ?, 1,"
            " '2026-01-05', '2025-12-01', ?, 5.0)",
            [(card, card, f"推理/{n % 20}", f"gpu/{n % 7}", draw.expovariate(1 / 40) + 0.1)
             for n, card in enumerate(cards)],
        )  # fmt: skip
        histories: dict[str, list[Graded]] = {}
        for number in range(a_day * DAYS):
            graded = (START + timedelta(days=number // a_day), draw.choice((1, 2, 3, 3, 3, 4)))
            histories.setdefault(draw.choice(cards), []).append((*graded, draw.expovariate(1 / 30) + 0.05))
        put_histories(store, histories)
        connection.execute("CREATE TABLE plain(day, at, rating, ms, card, elapsed, stability)")
        connection.executemany(
            "INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((review.day, review.at, review.rating, review.ms, *others) for review, *others in reviews(store)),
        )
    store.close()
    return open_vault(str(root))


@pytest.mark.benchmark
def test_figures_against_reading_the_rows(vault: Vault) -> None:
    now = datetime(2025, 12, 1, 20)
    began = time.process_time()
    found = stats(vault, now)
    ours = time.process_time() - began
    began = time.process_time()
    judged = calibration(vault)
    scored = time.process_time() - began
    began = time.process_time()
    with sqlite3.connect(vault.store_file) as connection:
        rows = connection.execute("SELECT * FROM plain").fetchall()
    theirs = time.process_time() - began
    connection.close()
    assert found.reviews == len(rows)
    assert judged is not None
    print(
        f"\n{len(rows):,} reviews: figures {ours:.2f} s, calibration {scored:.2f} s of one processor; reading the rows "
        f"with sqlite3 {theirs:.2f} s; figures / reading = {ours / theirs:.2f}, "
        f"calibration / reading = {scored / theirs:.2f}"
    )
