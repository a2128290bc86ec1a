"""No number in the bundled notes is wrong, and none stands unchecked."""

import re
from fractions import Fraction as Fr
from itertools import pairwise

import pytest

from tests.notes.bundled import BundledNote, every_note, every_topic, in_both, note
from tests.notes.bundled_figures import (
    COUNTS,
    FACTS,
    GIVEN,
    chunked_prefill,
    least_microbatches,
    percent,
    total,
    zb_h1,
)

FIGURE = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\$?\s*(\\?%|ms|TB/s|GB|GiB|MiB|KiB)?(?![\w.]*\d)")


def _figures(text: str) -> set[str]:
    """Every number with a unit, and every decimal without one."""
    found = ((number, unit.lstrip("\\")) for number, unit in FIGURE.findall(text))
    return {number + unit for number, unit in found if unit or "." in number}


def _rounds_to(stated: str, exact: Fr | int) -> bool:
    digits = len(stated.partition(".")[2])
    return abs(Fr(stated) - exact) <= Fr(1, 2 * 10**digits)


@pytest.mark.parametrize(("topic", "figure"), [(topic, figure) for topic in FACTS for figure in FACTS[topic]])
def test_every_figure_is_what_the_model_says(topic: int, figure: str) -> None:
    assert _rounds_to(re.sub(r"[^\d.]+$", "", figure), FACTS[topic][figure])


@every_note
def test_no_figure_stands_unchecked(language: str, topic: int) -> None:
    prose = re.sub(r"`[^`]*`|^- \S.*(?:19|20)\d\d$", "", note(language, topic).prose, flags=re.M)
    known = set(FACTS[topic]) | GIVEN.get(topic, set())
    assert _figures(prose) - known == set()
    if language == "en":
        assert set(FACTS[topic]) - _figures(prose) == set(), "the golden table lists what no note says"


def _value(expression: str) -> Fr | None:
    """The exact value of a purely numeric piece of TeX, or None where letters are left."""
    text = expression.replace("\\times", "*").replace("\\%", "/100").replace("\\left", "").replace("\\right", "")
    text = re.sub(r"\\lceil|\\rceil", "", text) if "lceil" not in text else "?"
    if not re.fullmatch(r"[\d.+\-*/() ]+", text) or not re.search(r"\d", text):
        return None
    return Fr(eval(re.sub(r"\d+(?:\.\d+)?", r"Fr('\g<0>')", text), {"Fr": Fr}))


@every_note
def test_equations_hold(language: str, topic: int) -> None:
    for formula in note(language, topic).formulas():
        values = [(part.strip(), value) for part in formula.split("=") if (value := _value(part)) is not None]
        for (_, left), (part, right) in pairwise(values):
            literal = re.fullmatch(r"(\d+(?:\.\d+)?)(\\%)?", part)
            exact = 100 * left if literal and literal[2] else left
            assert _rounds_to(literal[1], exact) if literal else left == right, formula


# ---------------------------------------------------------------- tables, timelines and stated calculations


def _numbers(row: list[str]) -> list[str]:
    return [re.sub(r"[^\d.]", "", cell) for cell in row]


def _table(here: BundledNote, columns: int, first: str) -> list[list[str]]:
    """The rows, as bare numbers, of the only table with so many columns whose header begins so."""
    (table,) = (rows for rows in here.tables() if len(rows[0]) == columns and rows[0][0] == first)
    return [_numbers(row) for row in table[1:]]


@in_both
def test_table_of_bubble_ratios(language: str) -> None:
    rows = _table(note(language, 7), 7, "P")
    assert [row[0] for row in rows] == ["2", "4", "8", "16"]
    for row in rows:
        for microbatches, cell in zip((4, 8, 16, 32, 64, 128), row[1:], strict=True):
            assert _rounds_to(cell, percent(total(int(row[0]), microbatches)))


@in_both
def test_table_of_least_microbatches(language: str) -> None:
    for row in _table(note(language, 7), 4, "P"):
        targets = (Fr(1, 5), Fr(1, 10), Fr(1, 20))
        assert [int(cell) for cell in row[1:]] == [least_microbatches(int(row[0]), target) for target in targets]


@in_both
def test_table_of_interleaving(language: str) -> None:
    for row in _table(note(language, 5), 5, "V"):
        chunks = int(row[0])
        exact = [16 + Fr(7, chunks), Fr(7, chunks), percent(total(8, 16, chunks)), 23 / (16 + Fr(7, chunks))]
        assert all(_rounds_to(cell, value) for cell, value in zip(row[1:], exact, strict=True))


@in_both
def test_table_of_depth(language: str) -> None:
    for row in _table(note(language, 8), 6, "P"):
        stages = int(row[0])
        run = (16 + stages - 1) * Fr(160, stages)
        exact = [Fr(160, stages), run, 2560 / run, 100 - percent(total(stages, 16)), percent(total(stages, 16))]
        assert all(_rounds_to(cell, value) for cell, value in zip(row[1:], exact, strict=True))


@in_both
def test_table_of_chunked_prefill(language: str) -> None:
    for row in _table(note(language, 11), 3, "C"):
        chunks = int(row[0])
        assert [Fr(row[1])] == [chunked_prefill(chunks, 0)]
        assert Fr(re.sub(r"^0+(?=\d)", "", row[2])) == chunked_prefill(chunks, 2)


@in_both
def test_table_of_decode_groups(language: str) -> None:
    for row in _table(note(language, 10), 4, "G"):
        groups = int(row[0])
        assert int(row[1]) == max(10 * groups, 40)
        assert Fr(row[2]) == percent(Fr(10 * groups, max(10 * groups, 40)))
        assert Fr(row[3] or 1) == Fr(40 * groups, max(10 * groups, 40))


@in_both
@pytest.mark.parametrize(("topic", "count"), [(topic, count) for topic in COUNTS for count in COUNTS[topic]])
def test_counts_follow_from_their_parts(language: str, topic: int, count: int) -> None:
    assert COUNTS[topic][count] == count
    assert re.search(rf"(?<![\d.]){count}(?![\d.]*\d)", note(language, topic).prose)


def _positions(row: str) -> dict[str, tuple[int, int]]:
    """Operation → (first cell, cell after its last) in one drawn rank."""
    cells = row.split("|")[1].split()
    return {name: (cells.index(name), len(cells) - cells[::-1].index(name)) for name in set(cells) - {"."}}


@pytest.mark.parametrize(("topic", "idle"), [(1, 3), (3, 9), (4, 9)])
@in_both
def test_drawn_timelines_obey_dependencies(language: str, topic: int, idle: int) -> None:
    (drawing,) = note(language, topic).fences("text")
    ranks = [_positions(row) for row in drawing.splitlines()]
    assert all(row.split("|")[1].split().count(".") == idle for row in drawing.splitlines())
    for earlier, later in pairwise(ranks):
        assert all(earlier[name][1] <= later[name][0] for name in earlier if name.isdigit())
        assert all(later[name][1] <= earlier[name][0] for name in earlier if name.isalpha())


def _stated_ratio(given: dict[str, str]) -> Fr:
    stages, microbatches = int(given["stages"]), int(given["microbatches"])
    ratio = zb_h1 if given["schedule"] == "zb-h1" else total
    share = ratio(stages, microbatches, *([int(given["chunks"])] if "chunks" in given else []))
    return share / (1 - share) if given["convention"] == "ideal" else share


@every_topic
def test_stated_calculations(topic: int) -> None:
    for line in note("zh", topic).fences("calc"):
        call, _, stated = line.strip().partition(" => ")
        name, *pairs = call.split()
        given = dict(pair.split("=") for pair in pairs)
        if name == "min-microbatches":
            assert int(stated) == least_microbatches(int(given["stages"]), Fr(given["target"]))
            continue
        assert name == "bubble"
        assert _rounds_to(stated.removesuffix("%"), percent(_stated_ratio(given)))
