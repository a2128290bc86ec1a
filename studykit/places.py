"""Where studykit keeps its own files: settings, stores, state. Never inside the notes, but for the log and settings.

With `STUDYKIT_HOME` set, everything lies under that one folder. Otherwise each kind goes where the platform
keeps it. `due` answers a shell prompt, so nothing heavy is imported here before it is needed; on Linux the
data folder is found without platformdirs, whose import alone costs a third of that answer (a test holds the
two equal).
"""

import os
import sys

APP = "studykit"
_LINUX: bool = sys.platform.startswith("linux")


def _xdg(variable: str, fallback: str) -> str:
    given = os.environ.get(variable, "")
    return os.path.join(given if os.path.isabs(given) else os.path.expanduser(fallback), APP)


def _folder(kind: str) -> str:
    home = os.environ.get("STUDYKIT_HOME")
    if home:
        return os.path.abspath(os.path.expanduser(home))
    if _LINUX:
        if kind == "config":
            return _xdg("XDG_CONFIG_HOME", "~/.config")
        return _xdg("XDG_DATA_HOME", "~/.local/share")
    import platformdirs

    return platformdirs.user_config_dir(APP, False) if kind == "config" else platformdirs.user_data_dir(APP, False)


def config_file() -> str:
    """The person's own settings, under those of the vault."""
    return os.path.join(_folder("config"), "config.toml")


def vault_config_file(vault: str) -> str:
    """The settings file that travels with the notes of `vault`."""
    return os.path.join(vault, ".studykit", "config.toml")


def settings_mark(vault: str) -> str:
    """Changes whenever a settings file of `vault` does, at the price of two `stat`s."""
    return f"{_mark(config_file())} {_mark(vault_config_file(vault))}"


def _mark(file: str) -> str:
    try:
        state = os.stat(file)
    except OSError:
        return "-"
    return f"{state.st_mtime_ns}:{state.st_size}"


def data_folder() -> str:
    """The folder of stores, state and reports; not made by asking."""
    return _folder("data")


def current_vault_file() -> str:
    """One line: the vault that is studied when none is named."""
    return os.path.join(data_folder(), "vault")


def store_file(vault: str) -> str:
    """The SQLite file of one vault."""
    return os.path.join(data_folder(), "stores", f"{vault_key(vault)}.db")


def outlook_file(vault: str) -> str:
    """What lies ahead for one vault (`study.planning.days_ahead`), as JSON for status bars and reminders."""
    return os.path.join(data_folder(), "outlook", f"{vault_key(vault)}.json")


def brief_file(vault: str) -> str:
    """The same as lines of text (`study.planning.brief`)."""
    return os.path.join(data_folder(), "outlook", f"{vault_key(vault)}.tsv")


def plain_outlook_file() -> str:
    """The counts of the known vault, a line a day, for shell scripts."""
    return os.path.join(data_folder(), "outlook", "days.tsv")


def reminder_file(vault: str) -> str:
    """How the last reminder about one vault went (`reminders.record`)."""
    return os.path.join(data_folder(), "reminders", f"{vault_key(vault)}.tsv")


def vault_key(vault: str) -> str:
    """A file name for a vault: its folder's name for people, a digest of its real path for certainty."""
    from studykit.blake2b import blake2b

    real = os.path.realpath(vault)
    name = "".join(letter if letter.isalnum() else "-" for letter in os.path.basename(real)) or "vault"
    digest = blake2b(real.encode("utf-8", "surrogateescape"), digest_size=6).hexdigest()
    return f"{name[:40]}-{digest}"


def current_vault() -> str | None:
    """The known vault, or None before the first `init` or `sync`."""
    try:
        with open(current_vault_file(), encoding="utf-8", errors="surrogateescape") as file:
            return file.read().rstrip("\n") or None
    except FileNotFoundError:
        return None


def remember_vault(vault: str) -> None:
    """Make `vault` the one that is studied when none is named."""
    write_whole(current_vault_file(), (os.path.realpath(vault) + "\n").encode("utf-8", "surrogateescape"))


def device() -> str:
    """This machine's name in the review log: its host name and four random digits, made once and kept."""
    place = os.path.join(data_folder(), "device")
    try:
        with open(place, encoding="utf-8") as file:
            if name := file.read().strip():
                return name
    except FileNotFoundError:
        pass
    import secrets
    import socket

    host = "".join(c if c.isascii() and c.isalnum() else "-" for c in socket.gethostname().split(".")[0]).strip("-")
    name = f"{(host or 'device').lower()[:24]}-{secrets.token_hex(2)}"
    write_whole(place, (name + "\n").encode())
    return name


def write_whole(path: str, data: bytes, *, lasting: bool = True) -> None:
    """Put `data` at `path` whole or not at all: a temporary file beside it, fsync, rename.

    What is soon made again need not be `lasting`: no disk is waited for, and a power failure may leave the file empty.
    """
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    temporary = f"{path}.{os.getpid()}.tmp"
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        if os.path.exists(temporary):
            os.unlink(temporary)
        error.filename = path  # what the person named, not what stood beside it for a moment
        raise
