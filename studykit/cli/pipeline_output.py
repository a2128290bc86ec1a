"""What `studykit pipeline` reads and prints: times in, figures, drawings and JSON out."""

import json
import os
import shutil
import sys
from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from studykit.errors import NotFoundError, StudyError
from studykit.locale import _, listed
from studykit.pipeline import SCHEDULES, InfeasibleSchedule, Plan, UnknownSchedule, closed_form, simulate
from studykit.pipeline.draw import CHINESE, ENGLISH, Words, figures, svg, timeline
from studykit.pipeline.draw.cells import cells, padded

if TYPE_CHECKING:
    from studykit.pipeline.draw.text import Line, Run

Number = float | Fraction
MOST = 1 << 17
"""Micro-batches times stages times chunks that are simulated: a few seconds' work. The closed forms go further."""


class Size(NamedTuple):
    """What a person asked for, as `simulate` takes it."""

    stages: int
    microbatches: int
    chunks: int
    forward: Number | tuple[Number, ...]
    backward_input: Number | tuple[Number, ...]
    backward_weight: Number | tuple[Number, ...]
    p2p: Number


def times(name: str, text: str) -> Number | tuple[Number, ...]:
    """One time, or several with commas between, one a rank."""
    found = tuple(one_time(name, part) for part in text.split(","))
    return found[0] if len(found) == 1 else found


def one_time(name: str, text: str) -> Number:
    """A number, or a fraction such as 1/3."""
    try:
        return Fraction(text) if "/" in text else float(text)
    except (ValueError, ZeroDivisionError):
        raise StudyError(
            _("--{name} {text!r} is no time").format(name=name, text=text),
            _("Give a number (1.5), a fraction (1/3), or one a rank (1,1,2)."),
        ) from None


def plans(names: Sequence[str], size: Size) -> list[Plan]:
    """A plan for each schedule; those named after the first take the chunks only if they can."""
    freely = size._replace(chunks=1)
    others = (_plan(name, size if _takes(name, size.chunks) else freely) for name in names[1:])
    return [_plan(names[0], size), *others]


def _takes(name: str, chunks: int) -> bool:
    from studykit.pipeline.names import find

    try:
        return find(name).chunks.allowed(chunks)
    except UnknownSchedule:
        return True


def _plan(name: str, size: Size) -> Plan:
    asked = size.stages * size.microbatches * size.chunks
    if asked > MOST and size.stages > 0:
        raise StudyError(
            _("{count} micro-batches in all stages are too many to simulate; {most} are the most.").format(
                count=asked, most=MOST
            ),
            _("Take fewer, or ask the closed form: `studykit calc bubble --help`."),
        )
    try:
        return simulate(name, **size._asdict())
    except UnknownSchedule as error:
        raise _unknown(error) from None
    except InfeasibleSchedule as error:
        raise StudyError(
            _sentence(error), _("`studykit pipeline {schedule} --explain` says why.").format(schedule=error.schedule)
        ) from None


def _unknown(error: UnknownSchedule) -> NotFoundError:
    """The model says it in English alone."""
    if error.nearest:
        text = _("no schedule is called {name!r}; did you mean {names}?").format(
            name=error.name, names=_(" or ").join(error.nearest)
        )
    else:
        text = _("no schedule is called {name!r}; known are {names}.").format(name=error.name, names=listed(SCHEDULES))
    return NotFoundError(text, _("`studykit pipeline` lists them all."))


def _sentence(error: Exception) -> str:
    return str(error) + ("" if str(error).endswith("?") else ".")


def terminal_width() -> int:
    """The terminal's, or 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def listing(columns: int) -> str:
    """Every schedule with what it is."""
    wide = max(map(len, SCHEDULES))
    rows = (f"{name:<{wide}}  {schedule.summary}" for name, schedule in SCHEDULES.items())
    return "\n".join("\n".join(wrap(row, columns, subsequent_indent=" " * (wide + 2))) for row in rows)


def explanation(name: str | None, columns: int) -> str:
    """The page that teaches one schedule; without a name, every formula with its condition."""
    from studykit.pipeline.explain import explain, index

    if name is None:
        return index(columns)
    try:
        return explain(name, columns)
    except UnknownSchedule as error:
        raise _unknown(error) from None


def words() -> Words:
    """The labels in the learner's language."""
    from studykit.locale import language

    return CHINESE if language().startswith("zh") else ENGLISH


def as_json(made: Sequence[Plan], size: Size, ops: bool) -> str:
    """One object for one plan, a list for several."""
    found = [_data(plan, size, ops) for plan in made]
    return json.dumps(found[0] if len(found) == 1 else found, ensure_ascii=False, indent=None if ops else 2)


def _data(plan: Plan, size: Size, ops: bool) -> dict[str, Any]:
    exact = isinstance(plan.makespan, Fraction)
    asked = size._replace(chunks=plan.chunks)._asdict()
    form = closed_form(plan.schedule, **asked)
    data: dict[str, Any] = {name: getattr(plan, name) for name in ("schedule", "stages", "microbatches", "chunks")}
    data |= {name: float(getattr(plan, name)) for name in ("makespan", "span", "work", "idle")}
    data["bubble"] = {name: float(plan.bubble(name)) for name in ("total", "ideal", "span")}
    data |= {name: [float(one) for one in getattr(plan, name)] for name in ("work_by_rank", "idle_by_rank")}
    data["peak_activations"] = [float(one) for one in plan.peak_activations]
    data["weight_versions"] = list(plan.weight_versions)
    data["closed_form"] = {"formula": form.formula, "condition": form.condition, "exact": bool(form)}
    if exact:
        data["fractions"] = {name: str(getattr(plan, name)) for name in ("makespan", "span", "work", "idle")}
    if ops:
        critical = set(plan.critical_path())
        data["ops"] = [_op(op._asdict(), op in critical) for op in plan.timeline]
    return data


def _op(fields: dict[str, Any], critical: bool) -> dict[str, Any]:
    known = {name: float(value) if isinstance(value, Fraction) else value for name, value in fields.items()}
    return {name: value for name, value in known.items() if value is not None} | {"critical": critical}


def write_svg(made: Sequence[Plan], file: str, theme: str) -> None:
    """The picture, whole or not at all: written beside its place, then renamed."""
    picture = svg(made, words=words(), theme=theme)
    if file == "-":
        click.echo(picture, nl=False)
        return
    part = f"{file}.part"
    try:
        with open(part, "w", encoding="utf-8") as out:
            out.write(picture)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, file)
    except OSError as error:
        raise StudyError(
            _("{file} cannot be written: {why}").format(file=file, why=error.strerror), _("Choose another --svg FILE.")
        ) from None


def show(made: Sequence[Plan], columns: int, *, colour: bool) -> None:
    """The timeline and a table of figures on standard output."""
    lines = timeline(made, columns, words=words())
    if colour and sys.stdout.isatty() and "NO_COLOR" not in os.environ:
        _coloured(lines)
    else:
        for line in lines:
            click.echo("".join(run.text for run in line).rstrip())
    click.echo()
    if len(made) == 1:
        click.echo(_heading(made[0]))
    rows = figures(made, words())
    wide = [max(cells(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(padded(text, room) for text, room in zip(row, wide, strict=True)).rstrip())


def _heading(plan: Plan) -> str:
    chunks = f", V = {plan.chunks}" if plan.chunks > 1 else ""
    return f"P = {plan.stages}, M = {plan.microbatches}{chunks}"


def _coloured(lines: Sequence["Line"]) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        text = Text(no_wrap=True, end="")
        for run in line:
            text.append(run.text, style=_style(run))
        console.print(text)


def _style(run: "Run") -> str:
    """A ground in the micro-batch's hue, in the kind's shade; the critical path is bold and underlined."""
    from studykit.pipeline.draw.palette import HUES, KINDS, shade

    if run.kind not in KINDS:
        return {"bubble": "dim", "path": "bold"}.get(run.kind, "")
    ground = shade("dark", run.kind, HUES[run.microbatch % len(HUES)])
    return f"{'bold underline ' if run.critical else ''}#f4f6f8 on {ground}"
