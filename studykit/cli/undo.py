"""`studykit undo`: take back the last thing done on this device."""

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option


@click.command()
@json_option
@vault_option
def undo(as_json: bool, vault_dir: str | None) -> None:
    """Take back the last review, suspension, burial or flag made on this device; repeat to go further back.

    \b
    Example:
      studykit undo
    """
    from studykit.study.actions import undo_last

    undone = undo_last(the_vault(vault_dir))
    if as_json:
        print_json(undone)
    elif undone is None:
        remark("There is nothing to undo.")
    else:
        about = f" of {undone['card']} ({undone['prompt']})" if undone["card"] else ""
        click.echo(f"Undone: {undone['type']}{about}")
