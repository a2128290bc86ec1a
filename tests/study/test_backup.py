"""Archives of log and settings, and the union that a restore is."""

import json
import shutil
import tarfile
from pathlib import Path

import pytest

from studykit import places
from studykit.errors import LogError, NotFoundError
from studykit.store.cards import CardRow, select_cards
from studykit.store.database import open_store
from studykit.store.events import Event, order
from studykit.store.log import Log
from studykit.store.version import VERSION
from studykit.study.logs.log_upkeep import back_up, close_old_months, restore
from studykit.study.sync import sync
from tests.store.log_cases import review
from tests.study.conftest import Notes


def grade(notes: Notes, *ratings: int) -> None:
    session = notes.open()
    for rating in ratings:
        session.grade(rating, 1000)
    session.finish()


def state(notes: Notes) -> list[CardRow]:
    sync(notes.vault)
    store = open_store(notes.vault.store_file)
    found = select_cards(store, "active = 1", (), "ORDER BY id")
    store.close()
    return found


def events(notes: Notes) -> list[Event]:
    read = Log(notes.vault.log_folder, "x").read_all()
    return sorted({event.id: event for event in read.events}.values(), key=order)


@pytest.fixture
def studied(three: Notes) -> Notes:
    """Reviews of two devices, and settings of both kinds."""
    grade(three, 3, 1)
    Log(three.vault.log_folder, "phone").append(
        [review("p1", 0, 3, device="phone"), review("p2", 9, 3, device="phone")]
    )
    (three.root / ".studykit" / "config.toml").write_text("[schedule]\nnew_per_day = 7\n")
    Path(places.config_file()).write_text('language = "en"\n')
    return three


def test_an_archive_brings_everything_back_on_a_new_computer(
    studied: Notes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, log = state(studied), {
        path.relative_to(studied.root): path.read_bytes() for path in studied.root.rglob("*.jsonl")
    }  # fmt: skip
    made = back_up(studied.vault, str(tmp_path / "a.tar.gz"))
    assert made.log_files == 3
    shutil.rmtree(studied.root / ".studykit")
    monkeypatch.setenv("STUDYKIT_HOME", str(tmp_path / "new home"))
    done = restore(studied.vault, made.file)
    assert (done.files, done.known) == (3, 0)
    assert done.settings == {"vault.toml": "restored", "person.toml": "restored"}
    assert {path.relative_to(studied.root): path.read_bytes() for path in studied.root.rglob("*.jsonl")} == log
    assert state(studied) == before
    assert restore(studied.vault, made.file).lines == 0


def test_a_restore_is_a_union_and_writes_no_other_devices_file(studied: Notes, tmp_path: Path) -> None:
    made = back_up(studied.vault, str(tmp_path / "a.tar.gz"))
    older = events(studied)
    phone = studied.root / ".studykit" / "log" / "phone"
    newer = review("p3", 1, 4, device="phone")
    shutil.rmtree(phone)
    Log(studied.vault.log_folder, "phone").append([newer])
    own = next((studied.root / ".studykit" / "log" / studied.vault.device).glob("*.jsonl"))
    lines = own.read_bytes().splitlines(keepends=True)
    own.write_bytes(lines[1])
    kept = {path: path.read_bytes() for path in phone.glob("*.jsonl")}
    studied.pass_days(1)
    grade(studied, 4)
    latest = [event for event in events(studied) if event not in older]
    done = restore(studied.vault, made.file)
    assert done.lines + done.known == len(older)
    assert events(studied) == sorted([*older, *latest], key=order)
    assert {path: path.read_bytes() for path in kept} == kept


def test_closed_months_and_plain_ones_are_the_same_events(studied: Notes, tmp_path: Path) -> None:
    plain = back_up(studied.vault, str(tmp_path / "plain.tar.gz"))
    everything = events(studied)
    studied.pass_days(40)
    closed = list(close_old_months(studied.vault, studied.now))
    assert [each.month for each in closed] == ["2026-11"]
    shut = back_up(studied.vault, str(tmp_path / "shut.tar.gz"))
    assert restore(studied.vault, plain.file).lines == 0
    shutil.rmtree(studied.root / ".studykit" / "log")
    restore(studied.vault, shut.file)
    assert restore(studied.vault, plain.file).lines == 0
    assert events(studied) == everything


def test_settings_that_stand_are_left_unless_asked_for(studied: Notes, tmp_path: Path) -> None:
    made = back_up(studied.vault, str(tmp_path / "a.tar.gz"))
    place = studied.root / ".studykit" / "config.toml"
    place.write_text("[schedule]\nnew_per_day = 9\n")
    assert restore(studied.vault, made.file).settings == {"vault.toml": "kept", "person.toml": "same"}
    assert "9" in place.read_text()
    assert restore(studied.vault, made.file, settings=True).settings["vault.toml"] == "replaced"
    assert "7" in place.read_text()
    (safe,) = Path(places.data_folder(), "backups").glob("*before-restore*")
    with tarfile.open(safe) as archive:
        kept = archive.extractfile("vault.toml")
        assert kept is not None
        assert b"9" in kept.read()


def test_an_archive_says_what_it_is_and_no_note_is_in_it(studied: Notes) -> None:
    made = back_up(studied.vault)
    assert Path(made.file).parent == Path(places.data_folder(), "backups")
    with tarfile.open(made.file) as archive:
        names = archive.getnames()
        about = archive.extractfile("about.json")
        assert about is not None
        told = json.load(about)
    assert not any(name.endswith(".md") for name in names)
    assert (told["vault"], told["log_files"]) == (str(studied.root), 3)


def test_names_that_lead_elsewhere_are_passed_over(studied: Notes, tmp_path: Path) -> None:
    import io

    bad = tmp_path / "bad.tar.gz"
    with tarfile.open(bad, "w:gz") as archive:
        for name in (
            "../../out.jsonl",
            "/tmp/out.jsonl",
            "log/../../x.jsonl",
            "log/.x/2026-01.jsonl",
            "log/a/b/c.jsonl",
        ):
            archive.addfile(tarfile.TarInfo(name), io.BytesIO())
        link = tarfile.TarInfo("log/phone/2026-05.jsonl")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    before = sorted(tmp_path.rglob("*"))
    assert restore(studied.vault, str(bad)).lines == 0
    assert [path for path in sorted(tmp_path.rglob("*")) if path not in before] == []


@pytest.mark.parametrize("damage", ["text", "cut"])
def test_what_is_no_archive_is_a_sentence(studied: Notes, tmp_path: Path, damage: str) -> None:
    place = tmp_path / "a.tar.gz"
    made = Path(back_up(studied.vault, str(place)).file)
    made.write_bytes(b"hello" if damage == "text" else made.read_bytes()[:200])
    before = events(studied)
    with pytest.raises(LogError, match=r"cannot be read as a backup|is no backup, or is cut short"):
        restore(studied.vault, str(place))
    assert [event for event in before if event not in events(studied)] == []
    with pytest.raises(NotFoundError):
        restore(studied.vault, str(tmp_path / "nothing"))


def test_an_archive_is_made_before_the_stores_format_changes(studied: Notes) -> None:
    sync(studied.vault)
    folder = Path(places.data_folder(), "backups")
    assert not folder.exists()
    store = open_store(studied.vault.store_file)
    store.connection.execute(f"PRAGMA user_version = {VERSION - 1}")
    store.close()
    for _ in range(2):
        assert studied.vault.root
    (made,) = folder.iterdir()
    assert f"before-format-{VERSION}" in made.name
    assert restore(studied.vault, str(made)).lines == 0
