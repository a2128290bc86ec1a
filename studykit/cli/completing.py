"""What the shells are offered after Tab, beyond what click offers by itself.

Folders and files where a parameter's help says DIR or FILE; and in fish whole candidates, which click's own script cuts
at the first comma.
"""

from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

PLACES = {"DIR": "dir", "FILE": "file", "PATH": "file", "BASE": "file", "OURS": "file", "THEIRS": "file"}
"""What stands for a place in the help, and what a shell calls it."""


class _Places(ShellComplete):
    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[Any]]:
        found = super().get_completions(args, incomplete)
        return found or [CompletionItem(incomplete, type=kind) for kind in self._kinds(args, incomplete)]

    def _kinds(self, args: list[str], incomplete: str) -> list[str]:
        from click.shell_completion import _resolve_context, _resolve_incomplete

        context = _resolve_context(self.cli, self.ctx_args, self.prog_name, args)
        asked, _word = _resolve_incomplete(context, args, incomplete)
        if not isinstance(asked, click.Parameter):
            return []
        word = asked.make_metavar(context).strip("[]….")
        return [PLACES[word]] if word in PLACES else []


class Bash(_Places, BashComplete):
    """As click's, with places."""


class Zsh(_Places, ZshComplete):
    """As click's, with places."""


class Fish(_Places, FishComplete):
    """As click's, with places, and with candidates that hold a comma."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')


for _shell in (Bash, Zsh, Fish):
    add_completion_class(_shell)
