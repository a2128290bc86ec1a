"""Setting single values in a settings file that a person wrote: their lines change, no other byte does."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import msgspec

from studykit.errors import SettingsError
from studykit.locale import _
from studykit.places import vault_config_file, write_whole
from studykit.settings import Settings, as_toml

_HEADER = re.compile(r"\s*\[\s*([^\[\]]+?)\s*\]\s*(#.*)?$")
_ANY_HEADER = re.compile(r"\s*\[")


def set_in_vault(root: str, values: Mapping[str, object], remarks: Mapping[str, str] | None = None) -> str:
    """Set dotted keys (`schedule.scheduler`) in the settings of the vault at `root`; the file's path.

    `remarks` go behind the values as comments. Raises SettingsError, and writes nothing, if a value is out of range or
    the file is written in a way that cannot be edited line by line.
    """
    file = vault_config_file(root)
    try:
        with open(file, "rb") as handle:
            before = handle.read().decode("utf-8-sig")
    except FileNotFoundError:
        before = ""
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            _("{file} cannot be read: {why}.").format(file=file, why=error), _("Check the file and its permissions.")
        ) from error
    after = with_values(before, values, file, remarks or {})
    try:
        msgspec.convert(tomllib.loads(after), Settings)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{file}: {error}", _("`studykit config` lists every setting.")) from error
    try:
        write_whole(file, after.encode())
    except OSError as error:
        raise SettingsError(
            _("{file} cannot be written: {why}.").format(file=file, why=error.strerror), _("Check the folder.")
        ) from error
    return file


def with_values(text: str, values: Mapping[str, object], file: str, remarks: Mapping[str, str]) -> str:
    """TOML `text` with dotted keys set to new values. Raises SettingsError if that cannot be done by whole lines."""
    try:
        wanted: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            _("{file}: this is not TOML: {why}").format(file=file, why=error), _("Mend that line, or delete the file.")
        ) from error
    end = "\r\n" if "\r\n" in text else "\n"
    lines = re.split(r"\r?\n", text.rstrip("\r\n")) if text.strip() else []  # TOML has no other line ends
    for key, value in values.items():
        table, _dot, name = key.rpartition(".")
        comment = f"  # {remarks[key]}" if key in remarks else ""
        _set_line(lines, table, name, f"{name} = {as_toml(value)}{comment}")
        _put(wanted, key, value)
    made = end.join([*lines, ""])
    try:
        found = tomllib.loads(made)
    except tomllib.TOMLDecodeError:
        found = {}
    if found != wanted:
        by_hand = ", ".join(f"{key} = {as_toml(value)}" for key, value in values.items())
        raise SettingsError(
            _("{file} is written in a way that this cannot change safely; it was left alone.").format(file=file),
            _("Put it in by hand: {lines}").format(lines=by_hand),
        )
    return made


def _set_line(lines: list[str], table: str, name: str, line: str) -> None:
    start = next((at for at, each in enumerate(lines) if (m := _HEADER.match(each)) and m[1] == table), None)
    if start is None:
        lines += ["", f"[{table}]", line] if lines else [f"[{table}]", line]
        return
    ends = (at for at in range(start + 1, len(lines)) if _ANY_HEADER.match(lines[at]) and _whole(lines[start + 1 : at]))
    stop = next(ends, len(lines))
    key = re.compile(rf"\s*{re.escape(name)}\s*=")
    for at in range(start + 1, stop):
        if key.match(lines[at]):
            last = next((end for end in range(at + 1, stop + 1) if _whole(lines[at:end])), at + 1)
            lines[at:last] = [line]
            return
    shown = re.compile(rf"#\s*{re.escape(name)}\s*=")  # the default, commented out: the value goes below it
    last = next(at for at in range(stop - 1, start - 1, -1) if lines[at].strip())
    place = next((at for at in range(start + 1, stop) if shown.match(lines[at])), last)
    lines.insert(place + 1, line)


def _whole(lines: list[str]) -> bool:
    """Whether these lines are TOML by themselves, no value cut short."""
    try:
        tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return False
    return True


def _put(target: dict[str, Any], key: str, value: object) -> None:
    *tables, last = key.split(".")
    for table in tables:
        target = target.setdefault(table, {})
    target[last] = msgspec.to_builtins(value)
