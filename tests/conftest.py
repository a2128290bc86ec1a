"""What every test may ask for: the sample vault, and a home of its own."""

import gc
import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from studykit.locale import set_language

settings.register_profile(
    "studykit", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True, max_examples=40
)
settings.register_profile("thorough", settings.get_profile("studykit"), max_examples=300)  # in .ci/run
settings.load_profile("studykit")

ROOT = Path(__file__).resolve().parent.parent


def _sample_vault() -> Path:
    return Path(os.environ.get("STUDYKIT_TEST_VAULT", ROOT.parent / "shared" / "vault"))


def pytest_collection_finish() -> None:
    """The tests themselves stay for the whole run: no collection need walk through them, nor come so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000)


@pytest.fixture(scope="session")
def vault_dir() -> Path:
    """The sample vault of real notes, read-only; `STUDYKIT_TEST_VAULT` names another place for it."""
    place = _sample_vault()
    if not place.is_dir():
        pytest.skip(f"the sample vault is not at {place}; set STUDYKIT_TEST_VAULT to its folder")
    return place


@pytest.fixture
def vault_copy(vault_dir: Path, tmp_path: Path) -> Path:
    """A writable copy of the sample vault's notes."""
    target = tmp_path / "vault"
    shutil.copytree(vault_dir / "notes", target / "notes")
    for place in [target, *target.rglob("*")]:
        place.chmod(0o755 if place.is_dir() else 0o644)
    return target


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Places for homes, none of them made yet; `mktemp` for each test would list all that were made before it."""
    base = tmp_path_factory.mktemp("homes")
    return (f"{base}/{number}" for number in count())


@pytest.fixture(autouse=True)
def _own_home(_homes: Iterator[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No test touches the settings, store or state of the person who runs it, or speaks the language of the last."""
    monkeypatch.setenv("STUDYKIT_HOME", next(_homes))
    monkeypatch.setenv("LANGUAGE", "en")
    for name in ("NO_COLOR", "FORCE_COLOR", "STUDYKIT_VAULT", "VISUAL", "EDITOR"):
        monkeypatch.delenv(name, raising=False)
    set_language()
