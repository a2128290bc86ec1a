"""`studykit due`: the full command behind the fast path of `prompt.py`."""

import click

from studykit.cli.options import json_option, remark, the_vault, vault_option
from studykit.cli.prompt import render


@click.command()
@json_option
@click.option(
    "--prompt",
    "template",
    is_flag=False,
    flag_value="",
    metavar="[FORMAT]",
    help="One line for a shell prompt, nothing when nothing is due; {due}, {new} and {day} are put in.",
)
@vault_option
def due(as_json: bool, template: str | None, vault_dir: str | None) -> None:
    """Count what is due today, by deck.

    Reads the store as the last sync or review left it and touches no note.

    \b
    Example:
      studykit due --prompt '{due} cards'
    """
    from studykit.locale import language
    from studykit.study.planning.counting import count_due

    counted = count_due(the_vault(vault_dir))
    form = "json" if as_json else "prompt" if template is not None else "table"
    click.echo(render(form, template or "", counted.due, counted.new, counted.day, language()), nl=False)
    if counted.word and form == "table":
        remark(counted.word)
