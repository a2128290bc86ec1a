"""How the last reminder went: one small file a vault, on this machine only."""

import json
from datetime import datetime
from typing import Any

from studykit import places

DELIVERED, NOTHING, FAILED = "delivered", "nothing", "failed"


def read(vault: str) -> dict[str, Any]:
    """The last result: `at`, `result`, `reason`, `message`, `channels`, `delivered_at`; empty before the first."""
    try:
        with open(places.reminder_file(vault), encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def delivered_at(record: dict[str, Any]) -> datetime | None:
    """When a reminder last arrived, local and naive; None before the first or where the file says nothing readable."""
    try:
        return datetime.fromisoformat(record["delivered_at"])
    except (KeyError, TypeError, ValueError):
        return None


def write(
    vault: str, now: datetime, result: str, reason: str, message: str = "", channels: tuple[dict[str, Any], ...] = ()
) -> None:
    """Keep a result; what was said and when is kept over silent runs, so that `hours_between` can count."""
    before = read(vault)
    at = now.isoformat(timespec="seconds")
    kept: dict[str, Any] = {
        "at": at,
        "result": result,
        "reason": reason,
        "delivered_at": at if result == DELIVERED else before.get("delivered_at"),
        "message": message or before.get("message", ""),
        "channels": list(channels) or before.get("channels", []),
    }
    places.write_whole(places.reminder_file(vault), json.dumps(kept, ensure_ascii=False, indent=1).encode())
