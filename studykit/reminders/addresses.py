"""The addresses of channels, which hold secrets: kept in the environment, the keyring or a private file.

They never stand in settings (a vault's travel with the notes), in a record, a message or an error.
"""

import os
import re
import stat
import tomllib

from studykit import places
from studykit.errors import ReminderError
from studykit.locale import _

SERVICE = "studykit"
NAME = re.compile(r"[a-z][a-z0-9-]{0,31}")


def address(name: str) -> str | None:
    """The address of the channel `name`, or None where nobody gave one.

    Looked for in `STUDYKIT_CHANNEL_<NAME>`, in the file of `addresses_file`, in the keyring, in that order.
    Raises ReminderError when the file is readable for others, or is no TOML.
    """
    given = os.environ.get(f"STUDYKIT_CHANNEL_{name.upper().replace('-', '_')}")
    return given or read_file().get(name) or _from_keyring(name)


def addresses_file() -> str:
    """`channels.toml` beside the person's own settings: a line a channel, `name = "address"`."""
    return os.path.join(os.path.dirname(places.config_file()), "channels.toml")


def read_file() -> dict[str, str]:
    """What the file holds; empty without one. Raises ReminderError."""
    place = addresses_file()
    try:
        mode = os.stat(place).st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ReminderError(
                _("{file} can be read by others (mode {mode}); it holds secrets.").format(
                    file=place, mode=f"{stat.S_IMODE(mode):04o}"
                ),
                f"chmod 600 {place}",
            )
        with open(place, "rb") as file:
            found = tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        # The error's own text may quote the line, and the line holds the secret.
        raise ReminderError(_("{file}: this is not TOML.").format(file=place), 'name = "address"') from error
    return {str(name): value for name, value in found.items() if isinstance(value, str)}


def keep_in_file(name: str, given: str) -> str:
    """Put an address into the file, readable for its owner alone; the file's path. An empty one is taken out."""
    check_name(name)
    kept = read_file()
    kept.pop(name, None)
    if given:
        kept[name] = given
    place = addresses_file()
    lines = [f"{each} = {_quoted(value)}" for each, value in sorted(kept.items())]
    os.makedirs(os.path.dirname(place), exist_ok=True)
    temporary = f"{place}.{os.getpid()}.tmp"
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, place)
    return place


def keep_in_keyring(name: str, given: str) -> None:
    """Put an address into the system's keyring. Raises ReminderError where there is none."""
    check_name(name)
    try:
        import keyring

        keyring.set_password(SERVICE, name, given)
    except Exception as error:  # every back end has exceptions of its own
        raise ReminderError(
            _("The keyring took nothing ({why}).").format(why=type(error).__name__),
            _("Without --keyring the address goes into a private file."),
        ) from error


def check_name(name: str) -> None:
    """Raises ReminderError for what is no name of a channel."""
    if not NAME.fullmatch(name):
        raise ReminderError(
            _("{name} is no name for a channel.").format(name=repr(name)),
            _("Use up to 32 small letters, digits and hyphens, a letter first."),
        )


def _from_keyring(name: str) -> str | None:
    try:
        import keyring

        found: str | None = keyring.get_password(SERVICE, name)
    except Exception:  # no keyring, or a locked one that nobody can open without a screen
        return None
    return found


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'
