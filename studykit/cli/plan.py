"""`studykit plan`: the days ahead, as text, chart, SVG or JSON."""

import click

from studykit.cli.options import (
    FilterCommand,
    NewFile,
    filter_argument,
    json_option,
    print_json,
    remark,
    the_vault,
    vault_option,
)
from studykit.locale import _


@click.command(cls=FilterCommand)
@filter_argument
@click.option("--minutes", type=click.IntRange(1, 1440), metavar="N", help="Minutes a day; without it as set.")
@click.option("--until", metavar="DATE", help="A day on which it must be known: 2026-12-20, 14d, 2w.")
@click.option("--retention", type=click.FloatRange(0.70, 0.99), metavar="R", help="Recall aimed at, 0.70 to 0.99.")
@click.option("--new", type=click.IntRange(0, 1_000_000), metavar="N", help="New cards a day; without it as set.")
@click.option("--outline", metavar="FILE", help="Only the notes of an outline (see `studykit outline`).")
@click.option("--days", type=click.IntRange(1, 1095), metavar="N", help="Days ahead; without it 90, or until DATE.")
@click.option("--svg", type=NewFile(), metavar="FILE", help="Write the charts as SVG to FILE.")
@json_option
@vault_option
def plan(
    words: tuple[str, ...],
    minutes: int | None,
    until: str | None,
    retention: float | None,
    new: int | None,
    days: int | None,
    outline: str | None,
    svg: str | None,
    as_json: bool,
    vault_dir: str | None,
) -> None:
    """Simulate the days ahead with your own cards, pace and memory.

    Reviews and minutes a day, what is known, what new cards cost, when a backlog is cleared, and what aiming at more or
    less recall would cost. With --until, the recall to expect on that day with and without today's session. A filter
    names the cards; without one, all.

    \b
    Examples:
      studykit plan --minutes 20
      studykit plan --until 2026-12-20 tag:gpu
      studykit plan --until 14d --outline outlines/推理优化.md
      studykit plan --new 5 --svg plan.svg
    """
    from datetime import datetime

    from studykit.study.days_named import day_ahead
    from studykit.study.planning.plan import Question, make_plan

    vault = the_vault(vault_dir)
    deadline = day_ahead(until, vault.day(datetime.now())) if until else None
    files = None
    if outline is not None:
        from studykit.study.outlines.outline import outline_notes

        files = outline_notes(vault, outline)
    asked = Question(minutes, deadline, retention, new, days, " ".join(words), files)
    made = make_plan(vault, asked, _progress)
    if svg:
        from studykit.places import write_whole
        from studykit.study.planning.plan_svg import plan_svg

        write_whole(svg, plan_svg(made).encode())
        remark(_("Charts written to {file}.").format(file=svg))
    if as_json:
        print_json(made.as_json())
        return
    from studykit.study.planning.plan_text import plan_text

    click.echo(plan_text(made))


def _progress(done: int, total: int) -> None:
    """A line on stderr that is overwritten, for a person only."""
    import sys

    if sys.stderr.isatty():
        click.echo(f"\rsimulating {done}/{total}" if done < total else "\r" + " " * 20 + "\r", err=True, nl=False)
