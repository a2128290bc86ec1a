"""The sample vault's notes, read once."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def vault_notes(vault_dir: Path) -> list[tuple[str, bytes]]:
    """Path and bytes of each note of the sample vault."""
    root = vault_dir / "notes"
    return [(str(place.relative_to(root)), place.read_bytes()) for place in sorted(root.rglob("*.md"))]
