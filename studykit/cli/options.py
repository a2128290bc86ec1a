"""Options that several commands share, and the ways they all print."""

import json
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from studykit.study.vault import Vault, open_vault

F = TypeVar("F", bound=Callable[..., Any])


def vault_option(command: F) -> F:
    """`--vault DIR`, on every command."""
    return click.option(
        "--vault", "vault_dir", metavar="DIR", help="The notes folder; without it the known one (or $STUDYKIT_VAULT)."
    )(command)


def json_option(command: F) -> F:
    """`--json`, on every command that has data."""
    return click.option("--json", "as_json", is_flag=True, help="Print the data as JSON.")(command)


def filter_argument(command: F) -> F:
    """`[FILTER]…`, the words of `studykit.study.filter`."""
    return click.argument("words", metavar="[FILTER]", nargs=-1)(command)


def the_vault(vault_dir: str | None) -> Vault:
    """The vault that a command works on."""
    return open_vault(vault_dir)


def print_json(value: Any) -> None:
    """Data for other programs, on stdout, readable by people too."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def remark(text: str) -> None:
    """A word for the person, on stderr, so that data on stdout stays clean."""
    click.echo(text, err=True)


def at_a_terminal() -> bool:
    """True when a person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()
