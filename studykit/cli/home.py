"""`studykit` alone: the first run's choice, and from then on sync and study."""

import os
from typing import TYPE_CHECKING

import click

from studykit import places
from studykit.cli.options import at_a_terminal, can_show_screens, remark
from studykit.errors import VaultError
from studykit.locale import _, ngettext, set_language
from studykit.settings import load
from studykit.study.vault import Vault, open_vault

if TYPE_CHECKING:
    from studykit.study.sessions.session import Request


def study_now(vault_dir: str | None, *, bundled: bool = False, plain: bool = False) -> int:
    """What the bare command does; returns the exit code."""
    from studykit.study.sessions.session import Request
    from studykit.study.setting_up.bundled import place_bundled

    set_language(load().settings.language)
    if bundled:
        vault_dir = place_bundled()
    elif vault_dir is None and places.current_vault() is None and "STUDYKIT_VAULT" not in os.environ:
        vault_dir = _first_choice()
    vault = open_vault(vault_dir)
    if places.current_vault() is None:
        places.remember_vault(vault.root)
    return study(vault, Request(), plain=plain or not can_show_screens())


def study(vault: Vault, request: "Request", *, plain: bool) -> int:
    """Sync the vault, then ask what is due on the study screen or line by line."""
    from studykit.cli.progress import Progress
    from studykit.study.sync import sync

    report = sync(vault, progress=Progress())
    if report.problems:
        found = ngettext(
            "{n} problem in the notes; `studykit sync` lists it.",
            "{n} problems in the notes; `studykit sync` lists them.",
            len(report.problems),
        )
        remark(found.format(n=len(report.problems)))
    if plain:
        from studykit.cli.plain import study_plainly

        return study_plainly(vault, request)
    from studykit.tui.app import run_study

    return run_study(vault, request)


def _first_choice() -> str:
    """Ask what to study the first time. Off a terminal there is nobody to ask: the error says what to do."""
    from studykit.study.setting_up.bundled import place_bundled

    if not at_a_terminal():
        raise VaultError(
            _("No notes folder is known yet."), _("Name one: `studykit init DIR`, or `studykit sync DIR`.")
        )
    click.echo(_("Welcome to studykit. What would you like to study?"))
    click.echo("  1  " + _("the notes that come with it: GPU pipeline parallelism, 12 topics"))
    click.echo("  2  " + _("a folder of my own Markdown notes"))
    while (choice := _typed(_("Your choice"), "1")) not in ("1", "2"):
        click.echo(_("Type 1 or 2."))
    return place_bundled() if choice == "1" else _folder()


def _folder() -> str:
    """A folder that is there; `~` is the home folder, as in a shell."""
    while not os.path.isdir(place := os.path.expanduser(_typed(_("The folder")).strip("'\""))):
        click.echo(_("{folder} is not there.").format(folder=place))
    return place


def _typed(prompt: str, default: str | None = None) -> str:
    """A line from the person, full-width digits as an input method gives them too."""
    return str(click.prompt(prompt, default=default)).strip().translate(str.maketrans("１２", "12"))
