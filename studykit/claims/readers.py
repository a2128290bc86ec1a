"""All that reads a note for claims, each with the words without which it finds nothing.

A new form of claim is a module with a `check`, and one line here. Most notes hold the words of few readers, so the
others are not asked. A reader of tables has its words in their headers, which need no digit, and looks for them itself.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from studykit.claims import (
    arithmetic_claims,
    attention,
    baselines,
    blocks,
    bubble_tables,
    cache_sizes,
    changes,
    columns,
    comment_results,
    conversions,
    counts,
    cuda,
    device_memory,
    following,
    format_rows,
    implied_bases,
    layouts,
    listed_factors,
    lost_shares,
    marked,
    matrix_rates,
    memory,
    multiples,
    outcomes,
    precisions,
    proportions,
    rows,
    sentences,
    shapes,
    shares,
    short_tables,
    slots,
    stated,
    targets,
    throughput,
    totals,
    training,
    workings,
    zero,
)
from studykit.claims.finding import Report
from studykit.claims.page import Page
from studykit.claims.surroundings import Surroundings


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
    Reader(arithmetic_claims.check),
    Reader(changes.check, ("%", "×", "倍", "％", "x")),
    Reader(blocks.check),
    Reader(attention.check, ("注意力矩阵", "ttention")),
    Reader(cache_sizes.check, ("KV",)),
    Reader(columns.check),
    Reader(baselines.check),
    Reader(outcomes.check),
    Reader(marked.check, ("%", "倍", "x", "×")),
    Reader(totals.check, ("总", "合计", "otal", "TOTAL")),
    Reader(conversions.check),
    Reader(precisions.check, ("FP", "INT", "int8", "fp16", "bit")),
    Reader(shares.check),
    Reader(cuda.check, ("dim3 ", "__shared__ ", "warp")),
    Reader(zero.check, ("ZeRO",)),
    Reader(shapes.check),
    Reader(throughput.check, ("吞吐", "hroughput", "生成速度", "FLOPS", "B/s", "Bps", "B/秒")),
    Reader(workings.check),
    Reader(counts.check),
    Reader(training.check, ("优化器", "梯度", "ptimizer", "ptimiser", "radient")),
    Reader(sentences.check),
    Reader(proportions.check, ("%", "倍", "x")),
    Reader(multiples.check),
    Reader(implied_bases.check),
    Reader(short_tables.check),
    Reader(listed_factors.check),
    Reader(matrix_rates.check),
    Reader(format_rows.check),
    Reader(comment_results.check),
    Reader(device_memory.check),
    Reader(lost_shares.check, ("效率", "利用率", "fficiency", "tilization")),
)
PIPELINE_READERS = (
    PipelineReader(stated.check, ("%",), bubbles=True),
    PipelineReader(bubble_tables.check, bubbles=True),
    PipelineReader(slots.check, bubbles=True),
    PipelineReader(targets.check, ("%",), bubbles=True),
    PipelineReader(layouts.check),
    PipelineReader(memory.check, ("GB", "GiB")),
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
