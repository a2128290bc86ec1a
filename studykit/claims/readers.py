"""All that reads a note for claims, each with the words without which it finds nothing.

A new form of claim is a module with a `check` in the package of its kind, and one line here. Most notes hold the words
of few readers, so the others are not asked. A reader of tables has its words in their headers, which need no digit, and
looks for them itself.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from studykit.claims.bubbles import bubble_tables, lost_shares, slots, stated, targets
from studykit.claims.code_blocks import calc_and_quiz, comments, cuda
from studykit.claims.equations import equation_lines, workings
from studykit.claims.finding import Report
from studykit.claims.laws import following, rows
from studykit.claims.lists import factors, marked, outcomes, rates
from studykit.claims.memory import (
    attention,
    caches,
    format_tables,
    formats,
    gpus,
    tensors,
    training,
    weights,
    zero,
)
from studykit.claims.reading.page import Page
from studykit.claims.reading.surroundings import Surroundings
from studykit.claims.sentences import (
    changes,
    conversions,
    counts,
    form_reader,
    layouts,
    multiples,
    proportions,
    shares,
)
from studykit.claims.tables import baselines, columns, implied_bases, matrix_rates, short_tables, totals


class Reader(NamedTuple):
    """`check` finds claims of one form. One of `words` stands in a line with a digit, or there are none of them; a
    reader without words is always asked."""

    check: Callable[[Page], Report]
    words: tuple[str, ...] = ()


class PipelineReader(NamedTuple):
    """A reader that also wants to know which pipeline a claim is of; with `bubbles`, only in a note about these."""

    check: Callable[[Page, Surroundings], Report]
    words: tuple[str, ...] = ()
    bubbles: bool = False


READERS = (
    Reader(equation_lines.check),
    Reader(changes.check, ("%", "×", "倍", "％", "x")),
    Reader(calc_and_quiz.check),
    Reader(attention.check, ("注意力矩阵", "ttention")),
    Reader(caches.check, ("KV",)),
    Reader(columns.check),
    Reader(baselines.check),
    Reader(outcomes.check),
    Reader(marked.check, ("%", "倍", "x", "×")),
    Reader(totals.check, ("总", "合计", "otal", "TOTAL")),
    Reader(conversions.check),
    Reader(formats.check, ("FP", "INT", "int8", "fp16", "bit")),
    Reader(shares.check),
    Reader(cuda.check, ("dim3 ", "__shared__ ", "warp")),
    Reader(zero.check, ("ZeRO",)),
    Reader(tensors.check),
    Reader(rates.check, ("吞吐", "hroughput", "生成速度", "FLOPS", "B/s", "Bps", "B/秒")),
    Reader(workings.check),
    Reader(counts.check),
    Reader(training.check, ("优化器", "梯度", "ptimizer", "ptimiser", "radient")),
    Reader(form_reader.check),
    Reader(proportions.check, ("%", "倍", "x")),
    Reader(multiples.check),
    Reader(implied_bases.check),
    Reader(short_tables.check),
    Reader(factors.check),
    Reader(matrix_rates.check),
    Reader(format_tables.check),
    Reader(comments.check),
    Reader(gpus.check),
    Reader(lost_shares.check, ("效率", "利用率", "fficiency", "tilization")),
)
PIPELINE_READERS = (
    PipelineReader(stated.check, ("%",), bubbles=True),
    PipelineReader(bubble_tables.check, bubbles=True),
    PipelineReader(slots.check, bubbles=True),
    PipelineReader(targets.check, ("%",), bubbles=True),
    PipelineReader(layouts.check),
    PipelineReader(weights.check, ("GB", "GiB")),
)
GENERAL_READERS = (Reader(following.check, following.WORDS), Reader(rows.check))
"""They judge by what follows from what, whatever the words; a line on which another reader found something is not
theirs."""


def asked(page: Page) -> Iterator[Report]:
    """What each reader finds that may find something, in the order above."""
    around = Surroundings(page)
    for check, words in READERS:
        if not words or page.has(*words):
            yield check(page)
    for closely, words, bubbles in PIPELINE_READERS:
        if (not bubbles or page.about_bubbles) and (not words or page.has(*words)):
            yield closely(page, around)


def asked_of_the_rest(page: Page) -> Iterator[Report]:
    """The same for the general readers."""
    return (check(page) for check, words in GENERAL_READERS if not words or page.has(*words))
