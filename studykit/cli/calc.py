"""`studykit calc`: the calculators on the command line, each with the options it declares."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.options import can_show_screens, json_option, print_json, remark
from studykit.errors import NotFoundError
from studykit.locale import _

if TYPE_CHECKING:
    from studykit.calculators.declare import Calculator, Input, Output, Result, Slip


class _Calculators(click.Group):
    """One subcommand for each calculator, made from its declaration when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        from studykit.calculators.registry import names

        return names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        from studykit.calculators.registry import get

        return command_of(get(cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Calculators"):
            formatter.write_dl(_overview())


@click.group(cls=_Calculators, invoke_without_command=True)
@click.option("--list", "as_list", is_flag=True, help="List the calculators.")
@json_option
@click.pass_context
def calc(context: click.Context, as_list: bool, as_json: bool) -> None:
    """Ask the pipeline model a question; without a name, on a screen.

    \b
    Examples:
      studykit calc bubble --schedule 1f1b --stages 8 --microbatches 16
      studykit calc kv-cache --model llama-2-70b --sequence 4096 --json
      studykit calc bubble --explain
    """
    if context.invoked_subcommand is not None:
        return
    if as_list or as_json or not can_show_screens():
        _print_list(as_json)
        return
    from studykit.tui.calculator_app import run_calculators

    context.exit(run_calculators())


def command_of(calculator: "Calculator") -> click.Command:
    """The command of one calculator: an option for each input."""
    options: list[click.Parameter] = [
        *(_option(each) for each in calculator.inputs),
        click.Option(
            ["--explain", "explained"], is_flag=True, help="Say what it asks for, its formulas and its slips."
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="Print the data as JSON."),
    ]
    example = f"\b\nExample:\n  studykit calc {calculator.example}" if calculator.example else ""
    return click.Command(
        calculator.name,
        params=options,
        callback=lambda **given: _answer(calculator, given),
        help="\n\n".join(part for part in (calculator.title + ".", calculator.about, example) if part),
        short_help=calculator.title,
    )


def _option(each: "Input") -> click.Option:
    from studykit.calculators.figures import plain
    from studykit.calculators.inputs import allowed_values

    default = "" if each.default is None or callable(each.default) else f"; default {plain(each.default)}"
    unit = f" {each.unit}" if each.unit else ""
    return click.Option(
        [f"--{each.name.replace('_', '-')}", each.name],
        metavar=each.symbol if each.kind != "choice" else "NAME",
        help=f"{each.meaning}: {allowed_values(each)}{unit}{default}.",
    )


def _answer(calculator: "Calculator", given: Mapping[str, Any]) -> int:
    from studykit.calculators.declare import parse_inputs
    from studykit.calculators.steps import reference

    words = {name: value for name, value in given.items() if name not in ("explained", "as_json") and value is not None}
    if given["explained"]:
        print_json(described(calculator)) if given["as_json"] else click.echo(reference(calculator))
        return 0
    if not words and not given["as_json"] and can_show_screens():
        from studykit.tui.calculator_app import run_calculators

        return run_calculators(calculator.name)
    result = calculator.compute(parse_inputs(calculator, words))
    if given["as_json"]:
        print_json(as_data(calculator, result))
    else:
        _print_figures(calculator, result)
    return 0


def _print_figures(calculator: "Calculator", result: "Result") -> None:
    from studykit.calculators.figures import shown
    from studykit.pipeline.draw.cells import padded

    for output in calculator.outputs:
        if output.name in result.values:
            figure = shown(result.values[output.name], output.unit, percent=output.percent)
            click.echo(f"{output.name + ':':<18} {padded(figure, 22)} {output.describe()}".rstrip())
    click.echo()
    for line in calculator.steps(result.inputs):
        click.echo(f"  {line}")


def as_data(calculator: "Calculator", result: "Result") -> dict[str, Any]:
    """What `--json` prints: figures as numbers, exact where they are fractions, and the steps."""
    from studykit.calculators.figures import exact

    given = {name: value for name, value in result.inputs.items() if value is not None}
    return {
        "calculator": calculator.name,
        "inputs": {name: _as_json(value) for name, value in given.items()},
        "values": {name: _as_json(value) for name, value in result.values.items()},
        "exact": {name: exact(value) for name, value in result.values.items()},
        "units": {each.name: each.unit for each in calculator.outputs if each.name in result.values},
        "steps": calculator.steps(result.inputs),
    }


def _as_json(value: Any) -> Any:
    """A whole number stays whole; a fraction becomes the nearest float."""
    if isinstance(value, tuple | list):
        return [_as_json(each) for each in value]
    if isinstance(value, int | str) or value is None:
        return value
    return int(value) if value == int(value) else float(value)


def described(calculator: "Calculator") -> dict[str, Any]:
    """The declaration as data. Formulas that depend on the inputs are those of the calculator's own example."""
    from studykit.calculators.declare import both
    from studykit.calculators.inputs import allowed_values
    from studykit.calculators.steps import example_inputs

    given = example_inputs(calculator)

    def formula(each: "Output | Slip") -> str:
        return each.formula_for(given) if given or isinstance(each.formula, str) else ""

    return {
        "calculator": calculator.name,
        "title": calculator.describe(),
        "inputs": [
            {"name": each.name, "symbol": each.symbol, "meaning": each.describe(), "unit": each.unit, "kind": each.kind,
             "allowed": allowed_values(each), "required": each.default is None and not each.optional}
            for each in calculator.inputs
        ],
        "outputs": [
            {"name": each.name, "symbol": each.symbol, "meaning": each.describe(), "unit": each.unit,
             "percent": each.percent, "convention": each.convention, "formula": formula(each)}
            for each in calculator.outputs
        ],
        "slips": [
            {"output": each.output, "formula": formula(each), "explain": each.describe()} for each in calculator.slips
        ],
        "about": both(calculator.about, calculator.about_zh),
        "source": calculator.source,
        "example": calculator.example,
    }  # fmt: skip


def _overview() -> list[tuple[str, str]]:
    """Names and titles; a foreign calculator that does not load is left to `_print_list` to report."""
    from studykit.calculators.registry import get, names

    found = []
    for name in names():
        try:
            found.append((name, get(name).describe()))
        except NotFoundError:
            continue
    return found


def _print_list(as_json: bool) -> None:
    from studykit.calculators.registry import broken, get

    if as_json:
        print_json([described(get(name)) for name, _title in _overview()])
    else:
        for name, title in _overview():
            click.echo(f"{name:<24} {title}")
    for name, why in broken().items():
        remark(_("{name} could not be loaded: {why}").format(name=name, why=why))
