"""A bubble ratio as the calculator works it out, and which convention a stated one follows."""

from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from studykit.claims.judging.agreement import Agreement, Tolerance, agree

CALCULATOR = "bubble"
TOTAL, IDEAL = "total", "ideal"
MOST_STAGES = 1024
"""More are no pipeline but some other number."""


class Size(NamedTuple):
    """Stages, micro-batches, and chunks a rank."""

    stages: int
    microbatches: int
    chunks: int = 1

    def inputs(self, convention: str = TOTAL) -> dict[str, object]:
        """The inputs as the calculator names them."""
        found: dict[str, object] = {"schedule": "interleaved" if self.chunks > 1 else "1f1b", "stages": self.stages,
                                    "microbatches": self.microbatches}  # fmt: skip
        if self.chunks > 1:
            found["chunks"] = self.chunks
        return {**found, "convention": convention}


def size(near: Mapping[str, int]) -> Size | None:
    """The size that stands near a claim, if it is one of a pipeline that can run."""
    stages, microbatches, chunks = near.get("P", 0), near.get("M", 0), near.get("V", 1)
    return (
        Size(stages, microbatches, chunks)
        if 2 <= stages <= MOST_STAGES and microbatches and 1 <= chunks <= 64
        else None
    )


@lru_cache(maxsize=4096)
def ratio(case: Size, convention: str = TOTAL) -> float:
    """The bubble ratio of 1F1B, GPipe and forward only (one chunk) or of interleaved 1F1B.

    Thousands of claims are judged in a run, so it is by the formula; the tests hold it against the calculator
    `bubble`, which times the schedule.

    >>> round(ratio(Size(64, 256)), 4), round(ratio(Size(8, 16, 2), IDEAL), 5)
    (0.1975, 0.21875)
    """
    work = case.microbatches * case.chunks
    slots = makespan(case)
    return (slots - work) / (slots if convention == TOTAL else work)


@lru_cache(maxsize=4096)
def makespan(case: Size) -> int:
    """The time of a step in slots, one of which is a micro-batch's work, or with chunks a chunk's, on a stage.

    >>> makespan(Size(8, 16)), makespan(Size(8, 16, 2))
    (23, 39)
    """
    from studykit.pipeline.formulas import FORMULAS
    from studykit.pipeline.formulas.numbers import Numbers

    stages, microbatches, chunks = case
    even = Numbers(stages, microbatches, chunks, chunks, 0, 0, 0, 0, 0, 0, even=True)
    return int(FORMULAS["interleaved" if chunks > 1 else "1f1b"].makespan(even))


@lru_cache(maxsize=256)
def least_microbatches(stages: int, most: Fraction, convention: str = TOTAL) -> int:
    """The least M of one chunk a rank whose bubble ratio is at most `most`; 0 where no M that is ever run is enough.

    >>> least_microbatches(8, Fraction(1, 10)), least_microbatches(8, Fraction(1, 10), IDEAL)
    (63, 70)
    """
    from studykit.pipeline.bubble_target import least

    def enough(microbatches: int) -> bool:
        span = makespan(Size(stages, microbatches))
        return Fraction(span - microbatches, span if convention == TOTAL else microbatches) <= most

    return least(enough)


class Verdict(NamedTuple):
    """How a stated ratio compares: `convention` is the one it follows, '' where it follows none."""

    agreement: Agreement
    convention: str
    exact: float


def compare(case: Size, stated: float, step: float, allowed: Tolerance, *, efficiency: bool = False) -> Verdict:
    """The verdict by the total convention first, then by the ideal one."""
    results: list[Verdict] = []
    for convention in (TOTAL, IDEAL):
        value = ratio(case, convention)
        exact = 1 - value if efficiency else value
        found = agree(exact, stated, step, allowed)
        if found is Agreement.RIGHT:
            return Verdict(found, convention, exact)
        results.append(Verdict(found, "", exact))
    return results[0]
