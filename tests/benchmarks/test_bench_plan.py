"""The simulation of days ahead against fsrs-rs's simulator, and a whole plan of 2,000 cards."""

import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import fsrs_rs_python
import pytest

from studykit.store import events
from studykit.store.log import Log
from studykit.study.planning.plan import Question, make_plan
from studykit.study.sessions.actions import keep, opened
from studykit.study.sync import sync
from studykit.study.vault import open_vault
from tests.spacing import field_simulator as field


def best(work: Callable[[], object], runs: int = 5) -> float:
    """The quickest of several runs, in seconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


@pytest.mark.benchmark
def test_simulation_against_fsrs_rs() -> None:
    config = fsrs_rs_python.default_simulator_config()
    config.deck_size, config.learn_span = field.CARDS, field.SPAN
    config.learn_limit, config.review_limit = field.NEW, field.REVIEWS
    memory = field.FieldOutcomes()
    order = field.orders(memory)["low difficulty"]
    ours = best(lambda: field.course(memory, order, 1))
    theirs = best(lambda: fsrs_rs_python.simulate(fsrs_rs_python.DEFAULT_PARAMETERS, field.RETENTION, config, 1))
    print(f"\n1,000 cards, 100 days: {ours * 1e3:.0f} ms = {ours / theirs:.1f}x of fsrs-rs ({theirs * 1e3:.0f} ms)")


@pytest.mark.benchmark
def test_a_plan_of_2000_cards_against_one_of_500(tmp_path: Path) -> None:
    """Half of the cards overdue, half of them new."""
    times = {}
    for count in (500, 2000):
        root = tmp_path / str(count)
        root.mkdir()
        for number in range(count):
            (root / f"{number}.md").write_text(f"# What is {number}?\n\n## Answer\n\nThe **number** {number}.\n")
        vault = open_vault(str(root))
        sync(vault)
        now, today = datetime.now(), date.today()
        with opened(vault) as store:
            query = "SELECT id FROM cards ORDER BY id LIMIT ?"
            rows = store.connection.execute(query, (count // 2,)).fetchall()
            made: list[events.Event] = [
                events.Import(
                    **vault.stamp(now), card=card, last=str(today - timedelta(days=40)), interval=5 + n % 20, reps=3
                )
                for n, (card,) in enumerate(rows)
            ]
            keep(vault, store, Log(vault.log_folder, vault.device), made)
        times[count] = best(lambda vault=vault: make_plan(vault, Question(minutes=20)), 3)  # type: ignore[misc]
    print(
        f"\nplan: 2,000 cards {times[2000]:.1f} s = {times[2000] / times[500]:.1f}x of 500 cards ({times[500]:.1f} s)"
    )
