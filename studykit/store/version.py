"""The format number of the store, alone in a file so that it can be read for nothing."""

VERSION = 7  # PRAGMA user_version of a store with every migration applied


def stored_version(file: str) -> int:
    """The format number in a store's header, 0 for a file that is none: without SQLite, since every command asks."""
    try:
        with open(file, "rb") as handle:
            head = handle.read(64)
    except OSError:
        return 0
    return int.from_bytes(head[60:64], "big") if head.startswith(b"SQLite format 3\0") else 0
