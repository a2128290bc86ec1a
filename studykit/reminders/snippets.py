"""What to put into the configuration of status bars and shells: each reads one small file, and starts nothing of ours.

The file is `places.plain_outlook_file`: fourteen days of the known vault, renewed by sync, review and remind.
"""

import json
import shlex

from studykit import places
from studykit.errors import NotFoundError
from studykit.locale import _

INTERVAL = 60  # seconds between two looks


def reading(rollover_hour: int) -> str:
    """A line of POSIX sh that prints `14 due`, or nothing where nothing is due on this study day.

    GNU's `date` knows `-d`, BSD's and macOS's `-v`.
    """
    back = f"date -d '-{rollover_hour} hours' +%F 2>/dev/null || date -v-{rollover_hour}H +%F"
    words = _("due")
    program = shlex.quote(f'$1 == d && $2 {{ print $2 " {words}" }}')
    return f'awk -v d="$({back})" {program} {shlex.quote(places.plain_outlook_file())}'


def _tmux(line: str) -> str:
    """tmux hands the whole of `status-right` to strftime, and `#` begins a format there."""
    escaped = line.replace("#", "##").replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$")
    return f'set -g status-interval {INTERVAL}\nset -ag status-right " #({escaped})"\n'


def _starship(line: str) -> str:
    """A custom module; TOML's basic strings are escaped as JSON's."""
    quoted = json.dumps(line, ensure_ascii=False)
    return f'[custom.studykit]\ncommand = {quoted}\nwhen = true\nshell = ["sh"]\nformat = "[$output]($style) "\n'


def _waybar(line: str) -> str:
    module = {"custom/studykit": {"exec": line, "interval": INTERVAL, "on-click": "$TERMINAL -e studykit review"}}
    return json.dumps(module, ensure_ascii=False, indent=2) + "\n"


def _polybar(line: str) -> str:
    return f"[module/studykit]\ntype = custom/script\nexec = {line}\ninterval = {INTERVAL}\n"


def _shell(_line: str) -> str:
    return "studykit remind shell\n"


def _prompt(_line: str) -> str:
    return 'PS1=\'$(studykit due --prompt "[{due} due] ")\'"$PS1"\n'


SNIPPETS = {
    "tmux": ("~/.tmux.conf", _tmux),
    "starship": ("~/.config/starship.toml", _starship),
    "waybar": ("~/.config/waybar/config", _waybar),
    "polybar": ("~/.config/polybar/config.ini", _polybar),
    "bash": ("~/.bashrc", _shell),
    "zsh": ("~/.zshrc", _shell),
    "fish": ("~/.config/fish/config.fish", _shell),
    "prompt": ("~/.bashrc", _prompt),
}
"""By name: where it goes, and what makes it."""


def snippet(name: str, rollover_hour: int) -> tuple[str, str]:
    """Where the snippet of that name goes, and its text. Raises NotFoundError for a name that is none."""
    if name not in SNIPPETS:
        raise NotFoundError(
            _("There is no snippet for {name}.").format(name=repr(name)),
            _("Choose among {names}.").format(names=", ".join(SNIPPETS)),
        )
    place, make = SNIPPETS[name]
    return place, make(reading(rollover_hour))
