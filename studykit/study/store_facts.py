"""What the store of a vault is: its place, its size, and how much it holds."""

import os
from contextlib import closing
from typing import Any

from studykit.errors import NotFoundError
from studykit.locale import _
from studykit.store.database import open_store
from studykit.store.version import VERSION
from studykit.study.vault import Vault

_COUNTED = {
    "notes": "SELECT count(*) FROM notes",
    "cards": "SELECT count(*) FROM cards WHERE active = 1",
    "orphans": "SELECT count(*) FROM cards WHERE active = 0",
    "reviews": "SELECT coalesce(sum(reviews), 0) FROM blocks",
    "undone": "SELECT count(*) FROM loose",
    "others": "SELECT count(*) FROM events",
    "logs": "SELECT count(*) FROM logs",
}


def store_facts(vault: Vault) -> dict[str, Any]:
    """File, bytes, format, and counts: notes, cards, orphans, reviews (`undone`: taken back), other events, log files.

    Raises NotFoundError before the first sync, StoreError for a damaged file.
    """
    if not os.path.exists(vault.store_file):
        raise NotFoundError(_("There is no store yet."), _("`studykit sync` makes it."))
    with closing(open_store(vault.store_file)) as store:
        counted = {name: store.connection.execute(query).fetchone()[0] for name, query in _COUNTED.items()}
    return {"file": vault.store_file, "bytes": os.path.getsize(vault.store_file), "format": VERSION, **counted}
