"""How the last reminder went: a small file a vault, on this machine only, as lines that are read without an import."""

import os

from studykit import places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

DELIVERED, NOTHING, FAILED = "delivered", "nothing", "failed"
_NAMES = ("at", "result", "reason", "delivered_at", "message")


def read(vault: str) -> "dict[str, Any]":
    """The last result: `at`, `result`, `reason`, `message`, `channels`, `delivered_at`; empty before the first."""
    try:
        with open(places.reminder_file(vault), encoding="utf-8") as file:
            rows = [line.rstrip("\n").split("\t") for line in file]
    except (OSError, ValueError):
        return {}
    found: dict[str, Any] = {name: value for name, value, *_more in (row for row in rows if len(row) > 1)
                             if name in _NAMES}  # fmt: skip
    if "result" not in found:
        return {}
    channels = [row for row in rows if row[0] == "channel" and len(row) == 3]
    found["channels"] = [{"channel": name, "delivered": not error, "error": error} for _c, name, error in channels]
    return found


def delivered_at(record: "dict[str, Any]") -> "datetime | None":
    """When a reminder last arrived, local and naive; None before the first or where the file says nothing readable."""
    if not record.get("delivered_at"):
        return None
    from datetime import datetime

    try:
        return datetime.fromisoformat(record["delivered_at"])
    except ValueError:
        return None


def write(
    vault: str,
    now: "datetime",
    result: str,
    reason: str,
    message: str = "",
    channels: "tuple[dict[str, Any], ...]" = (),
) -> None:
    """Keep a result; what was said and when is kept over silent runs, so that `hours_between` can count."""
    before = read(vault)
    at = now.isoformat(timespec="seconds")
    values = {
        "at": at,
        "result": result,
        "reason": reason,
        "delivered_at": at if result == DELIVERED else before.get("delivered_at", ""),
        "message": message or before.get("message", ""),
    }
    lines = [f"{name}\t{_flat(value)}" for name, value in values.items()]
    told = channels or before.get("channels", ())
    lines += [f"channel\t{each['channel']}\t{_flat(each['error'])}" for each in told]
    place = places.reminder_file(vault)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    places.write_whole(place, ("\n".join(lines) + "\n").encode())


def _flat(text: str) -> str:
    return " ".join(text.split())
