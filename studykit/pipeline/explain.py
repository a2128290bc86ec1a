"""A schedule taught in a page: what it does, a small timeline, its formula, its condition, its source."""

from textwrap import wrap

from studykit.pipeline.draw.text import plain, timeline
from studykit.pipeline.formulas import FORMULAS, PEAKS
from studykit.pipeline.names import find
from studykit.pipeline.schedules import SCHEDULES
from studykit.pipeline.schedules.schedule import Schedule
from studykit.pipeline.simulate import simulate

_SMALL = {"dualpipe": (4, 10), "dualpipev": (3, 8), "chimera": (4, 4), "naive": (4, 1), "zb-v": (4, 8), "zb-h2": (4, 8)}
_SYMBOLS = (
    "P ranks, M micro-batches, V chunks a rank; F, I, W a rank's time for forward, input gradient and weight gradient "
    "of one micro-batch, B = I + W, c a one-way transfer."
)


def explain(name: str, width: int = 80) -> str:
    """The page for one schedule, `width` cells wide. Raises `UnknownSchedule`.

    >>> print(explain("gpipe").splitlines()[0])
    GPipe: every forward, then every backward, then one update of the weights.
    """
    schedule = find(name)
    return "\n\n".join(
        [
            *_teaching(schedule, width),
            *_pictures(schedule, width),
            _formulas(schedule, width),
            "\n".join(wrap(_SYMBOLS, width)),
            _source(schedule, width),
        ]
    )


def index(width: int = 80) -> str:
    """Every step time and peak of activations, with its condition."""
    parts = [f"{name}\n{_formulas(schedule, width)}" for name, schedule in SCHEDULES.items()]
    return "\n\n".join([*parts, "\n".join(wrap(_SYMBOLS, width))])


def _teaching(schedule: Schedule, width: int) -> list[str]:
    title, _, body = schedule.explanation.strip().partition("\n\n")
    return ["\n".join(wrap(title, width)), "\n".join(wrap(" ".join(body.split()), width, break_long_words=False))]


def _pictures(schedule: Schedule, width: int) -> list[str]:
    """The schedule in a small case at F = I = W, under the one it improves on."""
    P, M = _SMALL.get(schedule.name, (4, 6))
    V = 2 if schedule.chunks.allowed(2) else 1
    if schedule.name in ("interleaved", "interleaved-zb", "looped-bfs"):
        M = 8
    plans = [simulate(schedule.name, stages=P, microbatches=M, chunks=V)]
    if schedule.trains and schedule.name not in ("1f1b", "pipedream", "pipedream-2bw"):
        plans.insert(0, simulate("1f1b", stages=P, microbatches=M))
    title = f"Drawn for P = {P}, M = {M}, F = I = W = 1" + (", 1f1b above for comparison:" if len(plans) > 1 else ":")
    figures = [_figure(plan.schedule, float(plan.idle), float(plan.bubble()), float(plan.span)) for plan in plans]
    return [f"{title}\n\n{plain(timeline(plans, width))}", "\n".join(figures)]


def _figure(name: str, idle: float, total: float, span: float) -> str:
    return f"{name}: a rank idles {idle:g}, {total:.1%} of the step; its longest span is {span:g}"


def _formulas(schedule: Schedule, width: int) -> str:
    formula, peak = FORMULAS.get(schedule.name), PEAKS.get(schedule.name)
    rows = [("Runs with", schedule.condition)]
    if schedule.chunks.rule and not schedule.chunks.allowed(1):
        rows.append(("Chunks", schedule.chunks.rule))
    if formula is None:
        rows.append(("Step time", "no closed form is known; it is simulated"))
    else:
        rows += [("Step time", formula.text), ("exact for", formula.condition)]
        if formula.span_text:
            rows.append(("Longest span", formula.span_text))
    if peak is not None:
        rows.append(("Activations", f"{peak.text} micro-batches on rank r"))
    return "\n".join(_row(name, text, width) for name, text in rows)


def _row(name: str, text: str, width: int) -> str:
    return "\n".join(wrap(f"{name:<14}{text}", width, subsequent_indent=" " * 14, break_long_words=False))


def _source(schedule: Schedule, width: int) -> str:
    rows = [_row("Source", schedule.introduced, width), *(" " * 14 + reference for reference in schedule.references)]
    if schedule.aliases:
        rows.append(_row("Also called", ", ".join(schedule.aliases), width))
    return "\n".join(rows)
