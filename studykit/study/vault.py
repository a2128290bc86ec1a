"""The vault that is studied: its folder, its settings, and where its store lies."""

import os
from datetime import date, datetime

import msgspec

from studykit import places, settings
from studykit.errors import SettingsError, VaultError
from studykit.locale import _, set_language
from studykit.spacing.day import local_day
from studykit.spacing.easy_days import Share, day_shares
from studykit.spacing.scheduler import Scheduler, scheduler
from studykit.store.events import new_id, timestamp
from studykit.store.version import VERSION, stored_version


class Vault(msgspec.Struct, frozen=True):
    """A notes folder ready for work. `root` is a real path; `origins` tells where each setting came from."""

    root: str
    settings: settings.Settings
    origins: dict[str, str]
    store_file: str
    device: str

    @property
    def log_folder(self) -> str:
        """The folder of all devices' review logs."""
        return os.path.join(self.root, ".studykit", "log")

    def scheduler(self) -> Scheduler:
        """The scheduler that the settings choose. Raises SettingsError for numbers that it cannot work with."""
        chosen = self.settings.schedule
        usual = self._scheduler(chosen.parameters, chosen.parameters_version, "schedule.parameters")
        if chosen.scheduler != "fsrs" or not chosen.presets:
            return usual
        from studykit.spacing.presets import Presets

        own = {
            deck.strip("/"): self._scheduler(preset.parameters, preset.parameters_version, "schedule.presets")
            for preset in chosen.presets
            for deck in preset.decks
        }
        return Presets(usual, own)

    def _scheduler(self, parameters: tuple[float, ...], version: str, key: str) -> Scheduler:
        chosen = self.settings.schedule
        try:
            return scheduler(
                chosen.scheduler,
                retention=chosen.desired_retention,
                maximum_interval=chosen.maximum_interval,
                parameters=parameters,
                version=version,
                ladder={label: getattr(chosen.ladder, label) for label in ("easy", "medium", "hard")},
            )
        except SettingsError as error:
            raise SettingsError(f"{self.origins.get(key, key)}: {key}: {error.message}", error.hint) from error

    def shares(self) -> Share:
        """The part of a usual day that each day has, by easy days and vacations. Raises SettingsError for no span."""
        chosen = self.settings.schedule
        return day_shares({str(name): share for name, share in chosen.easy_days.items()}, chosen.vacations)

    def day(self, moment: datetime) -> date:
        """The local study day of a moment."""
        return local_day(moment, self.settings.schedule.rollover_hour)

    def stamp(self, moment: datetime, day: date | None = None) -> dict[str, str]:
        """The fields that every event has; `day` where it is not simply the moment's."""
        return {
            "id": new_id(),
            "at": timestamp(moment),
            "day": (day or self.day(moment)).isoformat(),
            "device": self.device,
        }


def notes_folder(named: str, remedy: str) -> str:
    """The real path of a folder of notes. Raises VaultError with `remedy` where it is none.

    A name that is not UTF-8 is refused as a note's is: neither the log nor the store could say where they belong.
    """
    root = os.path.realpath(os.path.expanduser(named))
    if not os.path.isdir(root):
        found = _("{folder} is a file, not a folder.") if os.path.exists(root) else _("{folder} is not there.")
        raise VaultError(found.format(folder=named), remedy)
    try:
        root.encode()
    except UnicodeEncodeError as error:
        printable = root.encode("utf-8", "backslashreplace").decode()
        raise VaultError(
            _("{folder}: the folder's name is not UTF-8.").format(folder=printable), _("Rename it to study its notes.")
        ) from error
    return root


def open_vault(path: str | None = None) -> Vault:
    """The vault at `path`, or the known one. Raises VaultError when there is none or it is not there."""
    named = path or os.environ.get("STUDYKIT_VAULT") or places.current_vault()
    if not named:
        raise VaultError(
            _("No notes folder is known yet."), _("Name one: `studykit init DIR`, or try `studykit` alone.")
        )
    root = notes_folder(named, _("If it is on another disk, mount it; or name one: `studykit init DIR`."))
    loaded = settings.load(root)
    set_language(loaded.settings.language)
    vault = Vault(root, loaded.settings, loaded.origins, places.store_file(root), places.device())
    if 0 < stored_version(vault.store_file) < VERSION:
        from studykit.study.logs.log_upkeep import back_up_before_migration

        back_up_before_migration(vault)
    return vault
