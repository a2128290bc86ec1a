"""`studykit search` over 10,000 notes, against reading every card with LIKE, and its index against the text."""

import random
import subprocess
import sysconfig
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from studykit import places
from studykit.store.cards import select_cards
from studykit.store.database import open_store
from studykit.store.words import fill_index, ready_index
from studykit.study.browsing.search import search_cards
from studykit.study.filters.filter import read_filter
from studykit.study.sync import sync
from studykit.study.vault import open_vault

CARDS = 10_000
WORDS = (
    "流水线", "并行", "训练", "推理", "显存", "气泡", "调度", "微批次", "张量", "通信", "带宽", "延迟", "吞吐", "激活",
    "重计算", "梯度", "优化器", "分片", "专家", "路由", "stage", "pipeline", "bubble", "memory", "schedule", "forward",
    "backward", "batch", "rank", "all-reduce", "kernel", "warp", "cache", "prefill", "decode",
)  # fmt: skip
QUERIES = ("气泡", "流水线并行", "线", "pipeline bubble", "显存 is:new -deck:d3", '"forward backward" or 重计算')


def best(work: Callable[[], object], runs: int = 7) -> float:
    """The quickest of several runs, in seconds."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


@pytest.fixture
def vault(tmp_path: Path) -> str:
    """10,000 notes of one card each, about 750 bytes of mixed Chinese and English."""
    root = tmp_path / "vault"
    root.mkdir()
    store = open_store(places.store_file(str(root)))
    ready_index(store.connection)
    pick = random.Random(7)
    known = _vocabulary(pick)
    with store.write():
        store.connection.executemany(
            "INSERT INTO cards(id, base, rule, kind, deck, file, line, title, prompt, answer, tags, active)"
            " VALUES (?, '', 'lead', 'recall', ?, ?, 1, ?, ?, ?, 'gpu', 1)",
            [
                (f"{n:016x}", f"d{n % 20}", f"d/{n}.md", title := _text(pick, known, 6), title, _text(pick, known, 120))
                for n in range(CARDS)
            ],
        )
    store.close()
    return str(root)


def _vocabulary(pick: random.Random) -> list[str]:
    """2,000 Chinese words of two and three characters, the named words spread evenly among them."""
    made = ["".join(chr(pick.randint(0x4E00, 0x53FF)) for _ in range(pick.choice((2, 2, 3)))) for _ in range(2000)]
    for place, word in enumerate(WORDS):
        made.insert(place * 60, word)
    return made


def _text(pick: random.Random, known: list[str], words: int) -> str:
    """Words, the first of the vocabulary far more often than the last, as in any language."""
    drawn = (known[int(len(known) * pick.random() ** 3)] for _ in range(words))
    return "".join(f"{word} " if word.isascii() else word for word in drawn)


@pytest.mark.benchmark
def test_search_against_a_plain_scan(vault: str) -> None:
    opened = open_vault(vault)
    store = open_store(opened.store_file)
    ready_index(store.connection)
    like = "active = 1 AND (title LIKE :w OR prompt LIKE :w OR answer LIKE :w) ORDER BY file LIMIT 20"

    def scan() -> object:
        return store.connection.execute(f"SELECT * FROM cards WHERE {like}", {"w": "%没有的词%"}).fetchall()

    plain = best(scan)
    print(f"\n{CARDS} notes, one plain LIKE scan {plain * 1e3:.1f} ms")
    for query in QUERIES:
        total = search_cards(opened, query).total
        ours = best(lambda query=query: search_cards(opened, query))  # type: ignore[misc]
        whole = best(lambda query=query: _run("search", query, "--vault", vault))  # type: ignore[misc]
        print(
            f"  {query:<28} {total:5} cards  {ours * 1e3:5.1f} ms = {ours / plain:.2f}x of the scan;"
            f" whole process {whole * 1e3:.0f} ms"
        )
    filled = best(lambda: fill_index(store.connection), 2)
    print(f"  the index is made in {filled:.2f} s")
    store.close()


def _run(*words: str) -> None:
    program = Path(sysconfig.get_path("scripts")) / "studykit"
    subprocess.run([str(program), *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


@pytest.mark.benchmark
def test_the_index_against_the_text(vault_copy: Path) -> None:
    opened = open_vault(str(vault_copy))
    sync(opened)
    store = open_store(opened.store_file)
    ready_index(store.connection)
    fill_index(store.connection)
    count = store.connection.execute
    text = count("SELECT sum(length(cast(title || prompt || answer || tags AS blob))) FROM cards").fetchone()[0]
    index = count("SELECT sum(length(block)) FROM card_words_data").fetchone()[0]
    print(f"\nthe index of the sample vault {index / 1e3:.0f} kB = {index / text:.2f}x of the cards' text")
    store.close()


@pytest.mark.benchmark
def test_a_filter_in_sql_against_reading_every_card(vault: str) -> None:
    store = open_store(places.store_file(vault))
    ready_index(store.connection)
    everything = best(lambda: select_cards(store, "active = 1"))
    sql, bound = read_filter("气泡 is:new deck:d3 prop:reps<1").condition(date(2026, 11, 23))
    ours = best(lambda: select_cards(store, sql, bound))
    print(f"\na filter {ours * 1e3:.2f} ms = {ours / everything:.3f}x of reading all cards ({everything * 1e3:.1f} ms)")
    store.close()
