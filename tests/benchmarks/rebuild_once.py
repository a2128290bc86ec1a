"""One rebuild of a store from a log, in a process of its own as a person has it: `rebuild_once LOG CARDS STORE`.

CARDS is a file with an id a line, of the cards that the store knows before. Prints the seconds by the clock for reading
the log, folding it and writing the schedules, and those that processors worked, as JSON.
"""

import json
import os
import sys
import time
from operator import sub
from pathlib import Path

from studykit.spacing.scheduler import scheduler
from studykit.store import history
from studykit.store.database import made_anew
from studykit.store.log import Log
from studykit.store.rebuild import replace_events


def worked() -> float:
    """Processor seconds of this process and of those it started."""
    return sum(os.times()[:4])


def rebuild(log: Log, cards: list[str], file: str) -> list[float]:
    """Every review and the schedule of every card into a new store that knows the cards."""
    with made_anew(file) as store:
        with store.write():
            store.connection.executemany(
                "INSERT INTO cards(id, base, rule, kind, deck, file, line, prompt, answer, active)"
                " VALUES (?, '', 'lead', 'recall', '', 'a.md', 1, 'What?', 'That.', 1)",
                [(card,) for card in cards],
            )
        before, times = worked(), [time.perf_counter()]
        with store.write():
            whole = history.new_events(store, log).whole
            assert whole is not None
            times.append(time.perf_counter())
            histories = replace_events(store, whole, scheduler("fsrs"), {})
            times.append(time.perf_counter())
            history.write_histories(store, histories)
    times.append(time.perf_counter())
    return [*map(sub, times[1:], times), worked() - before]


if __name__ == "__main__":
    root, known, place = sys.argv[1:]
    print(json.dumps(rebuild(Log(root, "laptop-1a2b"), Path(known).read_text(encoding="utf-8").split(), place)))
