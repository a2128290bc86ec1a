"""The command group: commands are imported when they are called, so that each starts fast."""

import os
from importlib import import_module
from typing import TYPE_CHECKING

import click

from studykit.cli.ending import ended

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = (
    "init", "config", "sync", "review", "due", "today", "plan", "pause", "resume", "cards", "notes", "search",
    "related", "outline", "orphans", "show", "undo", "suspend", "unsuspend", "bury", "check", "suggest", "calc",
    "pipeline", "stats", "optimize", "remind", "ics", "export", "log", "backup", "restore", "store", "merge", "doctor",
    "completion",
)  # fmt: skip

EPILOG = """\b
Exit codes
  0  done                     4  the notes folder is missing or unreadable
  1  a check found something  5  the store or the log cannot be written
  2  unclear or impossible    6  another studykit works on this vault
  3  wrong settings           7  no such card, calculator or schedule
  8  no reminder was due      9  a reminder could not be delivered or scheduled
  70  a fault of studykit itself; a report was written
  130  interrupted

\b
Examples
  studykit                    study what is due in the known vault
  studykit --bundled          study the notes that come with it
  studykit init ~/notes       make a folder of notes the known vault
  studykit due                how much is due, by deck
"""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = getattr(import_module(f"studykit.cli.{cmd_name}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each with the whole of its first sentence: one that is cut says nothing."""
        known = ((name, self.get_command(ctx, name)) for name in COMMANDS)
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.get_short_help_str(1000)) for name, command in known if command])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        """With the whole of its first sentence too; shells cut to their own width."""
        found = super().shell_complete(ctx, incomplete)
        for item in found:
            if item.value in COMMANDS and (command := self.get_command(ctx, item.value)):
                item.help = command.get_short_help_str(1000)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, 1)
            if near:
                raise click.UsageError(f"{error.message} Did you mean `{near[0]}`?", ctx) from error
            raise


@click.group(
    cls=_Commands, invoke_without_command=True, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="studykit", message="%(prog)s %(version)s")
@click.option("--vault", "vault_dir", metavar="DIR", help="The notes folder; without it the known one.")
@click.option("--bundled", is_flag=True, help="Study the notes that come with studykit.")
@click.option("--plain", is_flag=True, help="Line by line, without the study screen.")
@click.pass_context
def studykit(context: click.Context, vault_dir: str | None, bundled: bool, plain: bool) -> None:
    """Study your own Markdown notes in the terminal, with every number checked by a model.

    Without a command: sync the known vault and study what is due; the first time, choose what to study.
    """
    if context.invoked_subcommand is None:
        from studykit.cli.home import study_now

        context.exit(study_now(vault_dir, bundled=bundled, plain=plain))
    if vault_dir:
        os.environ["STUDYKIT_VAULT"] = vault_dir


def run(words: list[str]) -> int:
    """Run the command line; every failure becomes a sentence on stderr and an exit code."""
    return ended(lambda: _called(words), words)


def _called(words: list[str]) -> object:
    try:
        if "_STUDYKIT_COMPLETE" in os.environ:
            import_module("studykit.cli.completing")  # it tells click of its classes
        return studykit.main(args=words, prog_name="studykit", standalone_mode=False)
    except click.exceptions.Exit as leaving:
        return leaving.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        raise KeyboardInterrupt from None
