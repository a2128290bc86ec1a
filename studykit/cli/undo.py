"""`studykit undo`: take back the last thing done on this device."""

from typing import Any

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option


@click.command()
@json_option
@vault_option
def undo(as_json: bool, vault_dir: str | None) -> None:
    """Take back the last review, suspension, burial or flag made on this device; repeat to go further back.

    The ticks of a list (`studykit sync --checked`) were one action and are taken back together.

    \b
    Example:
      studykit undo
    """
    from studykit.locale import _
    from studykit.study.sessions.actions import undo_last

    undone = undo_last(the_vault(vault_dir))
    if as_json:
        print_json(undone)
    elif undone is None:
        remark(_("There is nothing to undo."))
    elif len(undone["events"]) > 1:
        click.echo(_("Undone: {n} reviews that were made together").format(n=len(undone["events"])))
    elif undone["card"]:
        told = _("Undone: {what}: {card} ({front})")
        click.echo(told.format(what=_what(undone), card=undone["card"], front=undone["prompt"]))
    else:
        click.echo(_("Undone: {what}").format(what=_what(undone)))


def _what(undone: dict[str, Any]) -> str:
    from studykit.locale import _

    began, ended = {
        "review": (_("review"), ""),
        "suspend": (_("suspension"), _("return from suspension")),
        "bury": (_("burial"), _("return from burial")),
        "flag": (_("flag set"), _("flag cleared")),
        "alias": (_("restored history"), ""),
        "forget": (_("card taken off the list of orphans"), ""),
        "pause": (_("break"), _("end of the break")),
    }[undone["type"]]
    return ended if undone["ended"] else began
