"""`studykit due`: the full command behind the fast path of `prompt.py`."""

import click

from studykit.cli.options import json_option, the_vault, vault_option
from studykit.cli.prompt import DEFAULT_PROMPT, render


@click.command()
@json_option
@click.option(
    "--prompt",
    "template",
    is_flag=False,
    flag_value=DEFAULT_PROMPT,
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
    from datetime import datetime

    from studykit.store import due as queries
    from studykit.store.database import open_store

    vault = the_vault(vault_dir)
    store = open_store(vault.store_file)
    today = vault.day(datetime.now()).isoformat()
    room = vault.settings.schedule.new_per_day - queries.introduced_on(store.connection, today)
    counted = queries.due_by_deck(store.connection, today), queries.new_by_deck(store.connection, today, room)
    form = "json" if as_json else "prompt" if template is not None else "table"
    click.echo(render(form, template or DEFAULT_PROMPT, *counted, today), nl=False)
