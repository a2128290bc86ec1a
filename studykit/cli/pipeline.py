"""`studykit pipeline`: time a schedule, draw it, compare it, explain it."""

import click

from studykit.cli.options import NewFile

TIME = "TIME[,TIME...]"


@click.command()
@click.argument("schedule", required=False)
@click.option("-P", "--stages", default=4, show_default=True, metavar="P", help="Pipeline ranks.")
@click.option("-M", "--microbatches", default=8, show_default=True, metavar="M", help="Micro-batches in a step.")
@click.option("-V", "--chunks", default=1, metavar="V", help="Model slices on a rank; 1 leaves it to the schedule.")
@click.option("--forward", default="1", show_default=True, metavar=TIME, help="Forward of a micro-batch on a rank.")
@click.option("--backward-input", default="1", show_default=True, metavar=TIME, help="Its input gradient.")
@click.option("--backward-weight", default="1", show_default=True, metavar=TIME, help="Its weight gradient.")
@click.option("--p2p", default="0", show_default=True, metavar="TIME", help="One-way transfer between two ranks.")
@click.option("--vs", "others", multiple=True, metavar="SCHEDULE", help="Compare with another one; may be repeated.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option("--ops", is_flag=True, help="With --json: every op too.")
@click.option(
    "--svg", "svg_file", type=NewFile(), metavar="FILE", help="Write the picture as SVG; - is standard output."
)
@click.option("--theme", type=click.Choice(("auto", "light", "dark")), default="auto", help="Colours of the SVG.")
@click.option("--ascii", "as_ascii", is_flag=True, help="Print the timeline without colour.")
@click.option("--width", type=click.IntRange(20), metavar="N", help="Width of the text; the terminal's if not given.")
@click.option("--explain", "explains", is_flag=True, help="Teach the schedule: how it works, drawn small, its formula.")
def pipeline(
    schedule: str | None,
    stages: int,
    microbatches: int,
    chunks: int,
    forward: str,
    backward_input: str,
    backward_weight: str,
    p2p: str,
    others: tuple[str, ...],
    as_json: bool,
    ops: bool,
    svg_file: str | None,
    theme: str,
    as_ascii: bool,
    width: int | None,
    explains: bool,
) -> None:
    """Time one step of a pipeline schedule, and draw it.

    Without SCHEDULE: list the schedules, or with --explain every formula and when it is exact.

    A time is a number or a fraction in any one unit; several of them, with commas between, are one a rank. Where one
    is a fraction, such as 1/3, everything is exact.

    \b
    Examples:
      studykit pipeline 1f1b --stages 8 --microbatches 32
      studykit pipeline zb-h1 --vs gpipe --svg compare.svg
      studykit pipeline interleaved -P 4 -M 8 -V 2 --p2p 0.1 --json
      studykit pipeline zb-h1 --explain
    """
    from studykit.cli import pipeline_output as output

    columns = width or output.terminal_width()
    if explains:
        click.echo(output.explanation(schedule, columns))
    elif schedule is None:
        click.echo(output.listing(columns))
    else:
        size = output.Size(
            stages,
            microbatches,
            chunks,
            output.times("forward", forward),
            output.times("backward-input", backward_input),
            output.times("backward-weight", backward_weight),
            output.one_time("p2p", p2p),
        )
        plans = output.plans((schedule, *others), size)
        if as_json:
            click.echo(output.as_json(plans, size, ops))
        if svg_file:
            output.write_svg(plans, svg_file, theme)
        if not (as_json or svg_file):
            output.show(plans, columns, colour=not as_ascii)
