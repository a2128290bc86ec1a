"""FSRS parameters for this learner: fitted, judged on reviews that no fit had seen, and applied only on request."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import msgspec

from studykit.errors import NotFoundError, StudyError
from studykit.locale import _, ngettext
from studykit.progress import Progress
from studykit.spacing.parameters import COUNTS, DEFAULTS, VERSION, checked
from studykit.spacing.presets import preset_of
from studykit.spacing.scheduler import scheduler
from studykit.spacing.scoring import Prediction, Score, average, better_by, predictions, recency, score
from studykit.store.database import open_store
from studykit.study.parameters.fitting import LEAST, fit
from studykit.study.parameters.sample import Sample, from_store
from studykit.study.vault import Vault

LEAST_OF_A_DECK = 1_000  # scored reviews; parameters fitted to fewer predict worse than those of the whole
_SPLITS = 5
_AVERAGE, _DEFAULTS, _CURRENT, _GIVEN, _FITTED = "average", "defaults", "current", "given", "fitted"


class Judged(NamedTuple):
    """One predictor. `unseen`: its score on the held-out reviews; `all`: on every scored review, `weighted`: the same
    as fsrs-rs's `evaluate` gives it, the latest reviews counting most. A fit has seen what `all` holds."""

    name: str
    unseen: Score | None
    all: Score | None
    weighted: float | None


@dataclass(slots=True)
class Outcome:
    """What one fit came to. `deck`: whose preset it is, empty for all decks without one.

    parameters  the fit on all reviews; None where the present ones stay, and `why_not` says why
    gain        log loss saved on unseen reviews, and half the width of its 95 % interval; None without a fit
    splits      parts of the time-series split: each was predicted by a fit on what came before it
    """

    deck: str
    reviews: int
    cards: int
    scored: int
    left_out: dict[str, int]
    current: tuple[float, ...]
    judged: list[Judged] = field(default_factory=list)
    parameters: tuple[float, ...] | None = None
    gain: tuple[float, float] | None = None
    splits: int = 0
    why_not: str = ""

    @property
    def better(self) -> bool:
        """Whether the fit predicted unseen reviews better than the present parameters do."""
        return self.gain is not None and self.gain[0] > 0.0

    def as_json(self) -> dict[str, Any]:
        """The names that other programs build on."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        plain["judged"] = [
            {key: value._asdict() if isinstance(value, Score) else value for key, value in each._asdict().items()}
            for each in self.judged
        ]
        plain["gain"] = {"log_loss": self.gain[0], "half_width": self.gain[1]} if self.gain else None
        return plain | {"version": VERSION, "better": self.better}


class Asked(NamedTuple):
    """What is wanted: a fit or only scores, in how many seconds at most, and further parameters to score."""

    fitted: bool = True
    seconds: float = 300.0
    given: tuple[float, ...] | None = None
    progress: Progress | None = None


def optimise(vault: Vault, asked: Asked, *, deck: str = "") -> list[Outcome]:
    """Fit on this learner's reviews: all decks without parameters of their own, and each that has some.

    With `deck`, that deck alone; its parameters become its own. Nothing is changed. Raises StudyError.
    """
    store = open_store(vault.store_file)
    try:
        sample = from_store(store, lambda: _("reviews of cards that were studied elsewhere first"))
        known = {row[0] for row in store.connection.execute("SELECT DISTINCT deck FROM cards WHERE active = 1")}
    finally:
        store.close()
    current = current_parameters(vault)
    deck = deck.strip("/")
    if deck and not any(preset_of(each, {deck: 0}) for each in known):
        raise NotFoundError(_("There is no deck {deck!r}.").format(deck=deck), _("`studykit due` lists the decks."))
    names = dict.fromkeys([*current, deck])
    made = []
    for name in [deck] if deck else list(current):
        numbers = current.get(name) or current[preset_of(name, current) or ""]
        made.append(judge(sample.of_decks(partial(_belongs, name, names)), numbers, asked, deck=name))
    return made


def _belongs(name: str, names: dict[str, None], deck: str) -> bool:
    return (preset_of(deck, names) or "") == name


def current_parameters(vault: Vault) -> dict[str, tuple[float, ...]]:
    """The parameters in force, by the deck that has its own; under the empty name those of all others."""
    chosen = vault.settings.schedule
    vault.scheduler()  # names the file if a list is wrong
    found = {"": checked(chosen.parameters, chosen.parameters_version)}
    for preset in chosen.presets:
        found |= {each.strip("/"): checked(preset.parameters, preset.parameters_version) for each in preset.decks}
    return found


def judge(
    sample: Sample,
    current: tuple[float, ...] = DEFAULTS,
    asked: Asked = Asked(),  # noqa: B008  a constant
    *,
    deck: str = "",
) -> Outcome:
    """Score the plain average, FSRS's defaults and the `current` parameters on `sample`, and a fit if asked."""
    scored = len(sample.order)
    outcome = Outcome(deck, sample.reviews, len(sample.histories), scored, sample.left_out, current)
    least = LEAST_OF_A_DECK if deck else LEAST
    fits: list[tuple[float, ...]] = []
    parts: list[tuple[int, int]] = []
    if scored < least:
        outcome.why_not = _too_few(scored, deck)
    elif asked.fitted and not (parts := split(scored)):
        text = ngettext(
            "{n} review can be scored; from {least} on a fit can be judged on reviews that it has not seen",
            "{n} reviews can be scored; from {least} on a fit can be judged on reviews that it has not seen",
            scored,
        )
        outcome.why_not = text.format(n=scored, least=2 * LEAST)
    elif asked.fitted:
        fits = fit(sample, [start for start, _end in parts] + [scored], seconds=asked.seconds, progress=asked.progress)
    outcome.splits = len(parts)
    _judge_all(outcome, sample, fits, parts, asked.given)
    if fits:
        outcome.parameters = fits[-1]
        if not outcome.better:
            outcome.why_not = _("the present parameters predict unseen reviews at least as well")
    return outcome


def _too_few(scored: int, deck: str) -> str:
    if deck:
        text = ngettext(
            "{n} review of this deck can be scored; from {least} on it may have parameters of its own",
            "{n} reviews of this deck can be scored; from {least} on it may have parameters of its own",
            scored,
        )
        return text.format(n=scored, least=LEAST_OF_A_DECK)
    text = ngettext(
        "{n} review can be scored, and a fit needs {least}",
        "{n} reviews can be scored, and a fit needs {least}",
        scored,
    )
    return text.format(n=scored, least=LEAST)


def split(count: int) -> list[tuple[int, int]]:
    """Parts of `count` reviews in the order of time, as (start, end): each is predicted by a fit on all before it.

    Five parts after a first sixth, as srs-benchmark has it; fewer where the first would not be enough for a fit.

    >>> split(600)
    [(100, 200), (200, 300), (300, 400), (400, 500), (500, 600)]
    >>> split(200), split(64)
    ([(68, 134), (134, 200)], [])
    """
    parts = min(_SPLITS, count // LEAST - 1)
    if parts < 1:
        return []
    size = count // (parts + 1)
    return [(count - size * left, count - size * (left - 1)) for left in range(parts, 0, -1)]


def _judge_all(
    outcome: Outcome,
    sample: Sample,
    fits: Sequence[tuple[float, ...]],
    parts: Sequence[tuple[int, int]],
    given: tuple[float, ...] | None,
) -> None:
    """Every predictor on all scored reviews, and on those that no fit had seen."""
    start = parts[0][0] if parts else len(sample.order)
    found = {_DEFAULTS: _predicted(sample, DEFAULTS)}
    found[_CURRENT] = found[_DEFAULTS] if outcome.current == DEFAULTS else _predicted(sample, outcome.current)
    recalled = [each.recalled for each in found[_DEFAULTS]]
    if given:
        found[_GIVEN] = _predicted(sample, given)
    mean = average(recalled)
    found[_AVERAGE] = [each._replace(recall=mean) for each in found[_DEFAULTS]]
    unseen = {name: each[start:] for name, each in found.items()}
    # The average, like the fit, knows only what came before the part that it predicts.
    unseen[_AVERAGE] = [
        each._replace(recall=average(recalled[:first])) for first, end in parts for each in found[_DEFAULTS][first:end]
    ]
    if fits:
        found[_FITTED] = _predicted(sample, fits[-1])
        by_part = zip(parts, fits, strict=False)
        unseen[_FITTED] = [each for (first, end), one in by_part for each in _predicted(sample, one)[first:end]]
        if unseen[_FITTED]:
            outcome.gain = better_by(unseen[_CURRENT], unseen[_FITTED])
    shown = [name for name in predictor_names() if name in found]
    if outcome.current == DEFAULTS:
        shown.remove(_CURRENT)
    outcome.judged = [_judged(name, unseen.get(name, []), found[name]) for name in shown]


def _judged(name: str, unseen: list[Prediction], everything: list[Prediction]) -> Judged:
    weighted = score(everything, recency(len(everything)))
    return Judged(name, score(unseen), score(everything), weighted.log_loss if weighted else None)


def _predicted(sample: Sample, parameters: tuple[float, ...]) -> list[Prediction]:
    """What these parameters predict for each scored review, in the order of time."""
    by = scheduler("fsrs", parameters=parameters)
    found = [{each.place: each for each in predictions(history, by)} for history in sample.histories]
    return [found[number][place] for number, place in sample.order]


def apply(vault: Vault, outcomes: Sequence[Outcome], today: date) -> str | None:
    """Write those fits that are better into the vault's settings and replay the log; the file, None if none is.

    Raises SettingsError if the file cannot be changed safely; StoreError, BusyError if the replay cannot run (the next
    sync makes up for it).
    """
    from studykit.study.setting_up.settings_file import set_in_vault
    from studykit.study.sync import sync
    from studykit.study.vault import open_vault

    taken = [each for each in outcomes if each.better and each.parameters]
    if not taken:
        return None
    values: dict[str, object] = {}
    for each in taken:
        if not each.deck:
            values["schedule.parameters"] = list(each.parameters or ())
            values["schedule.parameters_version"] = VERSION
    if any(each.deck for each in taken):
        values["schedule.presets"] = _presets(vault, [each for each in taken if each.deck])
    scored = sum(each.scored for each in taken)
    said = f"studykit optimize, {today.isoformat()}, {scored} reviews"
    remarks = dict.fromkeys(values.keys() & {"schedule.parameters", "schedule.presets"}, said)
    file = set_in_vault(vault.root, values, remarks)
    sync(open_vault(vault.root))
    return file


def _presets(vault: Vault, taken: Sequence[Outcome]) -> list[dict[str, object]]:
    """The presets that there are, with the decks of `taken` given parameters of their own."""
    new = {each.deck for each in taken}
    kept = []
    for preset in vault.settings.schedule.presets:
        decks = tuple(deck for deck in preset.decks if deck.strip("/") not in new)
        kept += [msgspec.structs.replace(preset, decks=decks)] if decks else []
    listed = [_as_table(each.decks, each.parameters, each.parameters_version) for each in kept]
    return listed + [_as_table((each.deck,), each.parameters or (), VERSION) for each in taken]


def _as_table(decks: Sequence[str], parameters: Sequence[float], version: str) -> dict[str, object]:
    return {"decks": list(decks), "parameters": list(parameters), "parameters_version": version}


def predictor_names() -> dict[str, str]:
    """The predictors that are compared, from the plainest on, and how a person reads them."""
    return {
        _AVERAGE: _("plain average"),
        _DEFAULTS: _("FSRS-6 defaults"),
        _CURRENT: _("present parameters"),
        _GIVEN: _("given parameters"),
        _FITTED: _("fitted"),
    }


def given_parameters(text: str) -> tuple[float, ...]:
    """A list as a person writes it, numbers with commas or spaces, as FSRS-6's. Raises StudyError."""
    try:
        return checked([float(word) for word in text.strip().strip("[]").replace(",", " ").split()])
    except ValueError as error:
        known = ", ".join(f"{count} ({name})" for name, count in COUNTS.items())
        raise StudyError(
            _("{text!r} is no list of parameters: {error}.").format(text=text, error=error),
            _("Give {known} numbers.").format(known=known),
        ) from error
