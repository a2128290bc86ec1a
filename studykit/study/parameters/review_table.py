"""Review histories of other programs: CSV or JSON lines with a row for each review, and this program's own log."""

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any, NamedTuple

import msgspec

from studykit.errors import StudyError
from studykit.locale import _
from studykit.spacing.day import local_day
from studykit.study.parameters.sample import Gathering, Sample

# The first of each that a table has is taken. Sources: Anki's table `revlog`, fsrs-optimizer's CSV, srs-benchmark.
_NAMES = {
    "card": ("card_id", "cid", "card", "cardid"),
    "rating": ("rating", "review_rating", "ease", "button_chosen", "grade", "button"),
    "day": ("day", "day_offset", "local_day"),
    "elapsed": ("delta_t", "elapsed_days", "elapsed"),
    "time": ("review_time", "at", "timestamp", "reviewed_at", "review_date", "datetime", "date", "id"),
    "kind": ("review_state", "state", "type", "review_kind", "kind"),
    "factor": ("factor",),
}
_EARLIEST_MS = 100_000_000_000  # smaller numbers are seconds
_RESET = 0
_FIRST_DAY = 700_000  # where days counted from 0 are put: an ordinal is at least 1, and a table may count from -1


# The kinds of row that a card's first reviews have. Elsewhere a column of such a name may count otherwise.
_LEARNING = {("cid", "type"): {"0"}, ("card_id", "review_state"): {"0", "1"}}


class _Row(NamedTuple):
    """One review: where it stands in time, its card, its day if the table says one, days elapsed, and the rating.

    `learning`: whether the card was still being learnt; None where the table does not tell.
    """

    moment: float
    card: str
    day: int | None
    elapsed: int | None
    rating: int
    learning: bool | None


class Clock(NamedTuple):
    """How a moment becomes a day: the zone (None: this computer's) and the hour at which a day begins."""

    zone: tzinfo | None = None
    rollover_hour: int = 4


def read_table(path: str, clock: Clock = Clock()) -> Sample:  # noqa: B008  a constant
    """The reviews in `path` (.csv, .tsv, .json, .jsonl, each also .gz). Raises StudyError with file and line.

    Needed are columns for the card and the rating, and one of: a day, the days since the card's previous review, a
    time (milliseconds or seconds since 1970, or ISO). Rows that Anki keeps without a grade (rescheduled by hand,
    filtered decks that reschedule nothing) are passed over and counted, and so are reviews of a card whose beginning is
    missing, where the table tells.
    """
    text = _text(path)
    if path.removesuffix(".gz").endswith((".json", ".jsonl")) or text[:1] in "[{":
        if _is_own_log(text):
            return _own_log(path, text)
        rows: Iterable[tuple[int, Mapping[str, Any]]] = _json_rows(path, text)
    else:
        rows = _csv_rows(text)
    return _sample(path, rows, clock)


def _text(path: str) -> str:
    try:
        with open(path, "rb") as file:
            data = file.read()
        return (gzip.decompress(data) if path.endswith(".gz") else data).decode("utf-8-sig")
    except OSError as error:
        raise StudyError(
            _("{file} cannot be read: {reason}").format(file=path, reason=error.strerror or error),
            _("Name a file with a row for each review."),
        ) from error
    except (UnicodeDecodeError, EOFError) as error:
        raise StudyError(
            _("{file} is no text in UTF-8.").format(file=path), _("Export it as CSV or JSON lines.")
        ) from error


def _csv_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    head = text.partition("\n")[0]
    mark = max(",\t;", key=head.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=mark)
    return ((reader.line_num, {(key or "").strip().lower(): value for key, value in row.items()}) for row in reader)


def _json_rows(path: str, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    lines = msgspec.json.decode(text) if text.lstrip()[:1] == "[" else [line.strip() for line in text.split("\n")]
    for number, line in enumerate(lines, 1):
        try:
            row = msgspec.json.decode(line) if isinstance(line, str) and line.strip() else line
        except msgspec.DecodeError as error:
            raise _wrong(path, number, _("this is no JSON: {error}").format(error=error)) from error
        if isinstance(row, dict):
            yield number, {str(key).lower(): value for key, value in row.items()}
        elif row != "":
            raise _wrong(path, number, _("this is no object with a card and a rating"))


def _wrong(path: str, line: int, what: str) -> StudyError:
    return StudyError(f"{path}:{line}: {what}", _("Mend that row, or leave it out."))


def _columns(path: str, row: Mapping[str, Any]) -> dict[str, str]:
    found = {what: next((name for name in names if name in row), "") for what, names in _NAMES.items()}
    if found["time"] == "id" and found["card"] != "cid":
        found["time"] = ""  # an id tells the time only in Anki's own table
    missing = [what for what in ("card", "rating") if not found[what]]
    if not (found["day"] or found["elapsed"] or found["time"]):
        missing.append("time")
    if missing:
        wanted = "; ".join(f"{what}: {', '.join(_NAMES[what])}" for what in missing)
        raise StudyError(
            _("{file} has no column for {what}; its columns are {found}.").format(
                file=path, what=", ".join(missing), found=", ".join(map(str, row)) or "–"
            ),
            _("Understood are {names}; in place of a time also a day or the days elapsed.").format(names=wanted),
        )
    return found


def _sample(path: str, rows: Iterable[tuple[int, Mapping[str, Any]]], clock: Clock) -> Sample:
    columns: dict[str, str] = {}
    left: Counter[str] = Counter()
    kept: list[_Row] = []
    whole = True  # elapsed days are whole; fractions are hours, and the day must come from the time
    for number, row in rows:
        columns = columns or _columns(path, row)
        if why := _no_review(row, columns):
            left[why] += 1
            if not _is_reset(row, columns):
                continue
        kept.append(_row(path, number, row, columns, clock))
        whole = whole and (not columns["elapsed"] or float(row.get(columns["elapsed"]) or 0).is_integer())
    if not any(row.rating for row in kept):
        raise StudyError(_("{file} holds no review.").format(file=path), _("Give it a heading and a row for each."))
    use_elapsed = bool(columns["elapsed"]) and not columns["day"] and (whole or not columns["time"])
    sample = _gathered(kept, use_elapsed, left)
    sample.left_out |= dict(left)
    return sample


def _no_review(row: Mapping[str, Any], columns: Mapping[str, str]) -> str:
    """Why a row is no graded review; empty if it is one."""
    kind = str(row.get(columns["kind"], "")).strip() if columns["kind"] else ""
    if str(row.get(columns["rating"])).strip() in ("0", "0.0"):
        return _("rows without a grade (rescheduled by hand)")
    if columns["factor"] and kind == "3" and str(row.get("factor")).strip() == "0":
        return _("rows of filtered decks that reschedule nothing")
    return ""


def _is_reset(row: Mapping[str, Any], columns: Mapping[str, str]) -> bool:
    """Whether Anki was told here to forget a card: it begins anew. Source: `is_reset` in Anki's scheduler."""
    said = [str(row.get(columns[name])).strip() for name in ("rating", "kind", "factor") if columns[name]]
    return said == ["0", "4", "0"]


def _row(path: str, number: int, row: Mapping[str, Any], columns: Mapping[str, str], clock: Clock) -> _Row:
    rating, card = str(row.get(columns["rating"])).strip(), row.get(columns["card"])
    rating = "1" if _is_reset(row, columns) else rating
    if card in (None, ""):
        raise _wrong(path, number, _("no card is named"))
    if rating not in ("1", "2", "3", "4", "1.0", "2.0", "3.0", "4.0"):
        raise _wrong(path, number, _("rating {found!r}; expected 1 (again) to 4 (easy)").format(found=rating))
    try:
        moment = _moment(row.get(columns["time"])) if columns["time"] else float(number)
        day = _day(row.get(columns["day"])) if columns["day"] else None
        elapsed = int(float(row.get(columns["elapsed"]) or 0)) if columns["elapsed"] else None
        if day is None and columns["time"]:
            day = local_day(datetime.fromtimestamp(moment, clock.zone), clock.rollover_hour).toordinal()
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise _wrong(path, number, _("a time or day that cannot be read: {error}").format(error=error)) from error
    given = _RESET if _is_reset(row, columns) else int(float(rating))
    return _Row(moment, str(card), day, elapsed, given, _is_learning(row, columns))


def _is_learning(row: Mapping[str, Any], columns: Mapping[str, str]) -> bool | None:
    kinds = _LEARNING.get((columns["card"], columns["kind"]))
    return None if kinds is None else str(row.get(columns["kind"])).strip().removesuffix(".0") in kinds


def _moment(value: object) -> float:
    """Seconds since 1970."""
    text = str(value).strip()
    try:
        number = float(text)
    except ValueError:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    return number / 1000.0 if number >= _EARLIEST_MS else number


def _day(value: object) -> int:
    text = str(value).strip()
    return date.fromisoformat(text).toordinal() if "-" in text[1:] else _FIRST_DAY + int(float(text))


def _gathered(rows: list[_Row], use_elapsed: bool, left: Counter[str]) -> Sample:
    made = Gathering()
    latest: dict[str, int] = {}
    begun: Counter[str] = Counter()  # how often each card began anew
    learnt: set[str] = set()
    for row in sorted(rows, key=lambda row: row.moment):
        if row.rating == _RESET or (row.learning and row.card in learnt):
            begun[row.card] += 1
            latest.pop(row.card, None)
            learnt.discard(row.card)
        if row.rating == _RESET:
            continue
        before = latest.get(row.card)
        if row.learning is False:
            if before is None:
                left[_("reviews of cards whose first ones are missing")] += 1
                continue
            learnt.add(row.card)
        day = row.day
        if use_elapsed or day is None:
            day = _FIRST_DAY if before is None else before + max(row.elapsed or 0, 0)
        if before is not None and day < before:
            left[_("times before the card's previous review (counted as the same day)")] += 1
        latest[row.card] = day if before is None else max(day, before)
        made.add(f"{begun[row.card]} {row.card}", latest[row.card], row.rating)
    return made.sample


def _is_own_log(text: str) -> bool:
    line = text.partition("\n")[0]
    return all(f'"{key}":' in line for key in ("type", "device", "day", "at"))


def _own_log(path: str, text: str) -> Sample:
    """Lines of a review log: undone reviews do not count, and aliases join histories."""
    from studykit.store.events import Event, decoder
    from studykit.store.standing import sort_out

    events: list[Event] = []
    strange = 0
    for line in text.splitlines():
        try:
            events.append(decoder.decode(line.encode()))
        except msgspec.DecodeError:
            strange += bool(line.strip())
    listed = []
    standing = sort_out(events)
    for card, run in standing.runs():
        listed += [
            (day, standing.reviews[place].at, number, card, rating)
            for number, (place, day, rating) in enumerate(zip(*run, strict=True))
        ]
    made = Gathering()
    for day, _at, _place, card, rating in sorted(listed):
        made.add(card, day, rating)
    if strange:
        made.sample.left_out[_("lines that are no event of this version")] = strange
    if not made.sample.histories:
        raise StudyError(_("{file} holds no review.").format(file=path), _("Give it a heading and a row for each."))
    return made.sample
