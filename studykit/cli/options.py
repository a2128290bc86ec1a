"""Options that several commands share, and the ways they all print."""

import json
import os
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from studykit.errors import StudyError
from studykit.study.vault import Vault, open_vault

F = TypeVar("F", bound=Callable[..., Any])

COUNT = click.IntRange(1, 1_000_000)
"""How many of something; beyond it lie numbers that no list and no database takes."""
DAYS = click.IntRange(1, 3650)


def vault_option(command: F) -> F:
    """`--vault DIR`, on every command."""
    return click.option(
        "--vault", "vault_dir", metavar="DIR", help="The notes folder; without it the known one (or $STUDYKIT_VAULT)."
    )(command)


def json_option(command: F) -> F:
    """`--json`, on every command that has data."""
    return click.option("--json", "as_json", is_flag=True, help="Print the data as JSON.")(command)


class NewFile(click.ParamType[str]):
    """A file to be written where its folder is there already: one that is made by a slip of the pen nobody finds."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """`value` with `~` as a shell has it; `-` is standard output. Raises StudyError."""
        from studykit.locale import _

        if value == "-":
            return value
        file = os.path.expanduser(value)
        folder = os.path.dirname(os.path.abspath(file))
        if os.path.isdir(file):
            raise StudyError(_("{file} is a folder.").format(file=file), _("Name a file in it."))
        if not os.path.isdir(folder):
            raise StudyError(
                _("There is no folder {folder}.").format(folder=folder), _("Make it first, or name a file elsewhere.")
            )
        return file


class FilterCommand(click.Command):
    """A command that takes a filter: `-tag:draft` is a part of it and no option, and the help shows the language."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A space in front makes a word of what would be read as an option; the filter passes over it."""
        known = {word for parameter in self.get_params(ctx) for word in parameter.opts}
        turned = (word[:1] == "-" and word[:2] != "--" and len(word) > 1 and word not in known for word in args)
        return super().parse_args(ctx, [f" {word}" if turn else word for word, turn in zip(args, turned, strict=True)])

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write(FILTER_HELP)


FILTER_HELP = """
A filter names cards. All of its parts must hold; `or` between them, parentheses and a leading - are understood.
  气泡 "as it stands"  words in title, prompt, answer or tags
  deck:D tag:T        the start of a deck or tag, or of a folder of it
  is:S                new due learning review suspended buried flagged leech orphaned
  rule:R kind:K difficulty:easy|medium|hard file:PART id:START
  added:7             notes created in the last 7 days, today included
  reviewed:1 rated:1:2  reviewed today; graded 2 (hard) today
  prop:stability<5    also difficulty retrievability reps lapses due interval; < <= = != >= >
"""


def filter_argument(command: F) -> F:
    """`[FILTER]…`, the words of `studykit.study.filters.filter`."""
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


def can_show_screens() -> bool:
    """True at a terminal that can place a cursor; `TERM=dumb` (an editor's shell, a log) cannot."""
    return at_a_terminal() and os.environ.get("TERM") != "dumb"
