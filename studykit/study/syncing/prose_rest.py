"""Whether prose makes no cards in a vault as things stand; `prose` decides it. Alone, since every sync asks."""

from studykit.store.database import Store
from studykit.study.vault import Vault


def prose_rests(vault: Vault, store: Store) -> bool:
    """Does prose make no cards: by the settings, or as of the last sync?"""
    chosen = vault.settings.rules.prose
    return chosen == "off" or (chosen == "auto" and store.meta("prose") == "off")
