"""Fitting FSRS parameters to reviews with fsrs-rs, in a process of its own, watched and bounded in time."""

import importlib.util
import selectors
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import msgspec

from studykit.errors import StudyError
from studykit.locale import _
from studykit.progress import Progress
from studykit.spacing.parameters import DEFAULTS, HIGHEST, LOWEST
from studykit.study.parameters.sample import Sample

LEAST = 64  # scored reviews; with fewer fsrs-rs returns its defaults
_DIGITS = 4  # as the defaults are given, and as Anki keeps them


def fit(
    sample: Sample, sizes: Sequence[int], *, seconds: float, progress: Progress | None = None
) -> list[tuple[float, ...]]:
    """For each of `sizes`, the FSRS-6 parameters that fit the first so many scored reviews of `sample` best.

    Raises StudyError if fsrs-rs-python is not installed, the input is not sound, it takes longer than `seconds`, or it
    fails.
    """
    if importlib.util.find_spec("fsrs_rs_python") is None:
        raise StudyError(
            _("Fitting needs fsrs-rs-python, which is not installed."),
            _("Install it: pip install 'studykit[optimize]'"),
        )
    check(sample)
    task = {
        "start": DEFAULTS,
        "sizes": list(sizes),
        "order": sample.order,
        "histories": [(_gaps(each.days), list(each.ratings)) for each in sample.histories],
    }
    return [_sound(found) for found in _run(msgspec.json.encode(task), len(sizes), seconds, progress)]


def check(sample: Sample) -> None:
    """fsrs-rs validates nothing: ratings 1 to 4, time running forward, no empty history, places that exist."""
    for each in sample.histories:
        if not each.days or len(each.days) != len(each.ratings):
            raise ValueError("a history without reviews, or with a day too many")
        if not all(1 <= rating <= 4 for rating in each.ratings):
            raise ValueError("a rating outside 1 to 4")
        if any(gap < 0 for gap in _gaps(each.days)):
            raise ValueError("a review before the previous one")
    if not all(1 <= place < len(sample.histories[number].days) for number, place in sample.order):
        raise ValueError("a scored review that is in no history")


def _gaps(days: Sequence[int]) -> list[int]:
    return [0, *(after - before for before, after in pairwise(days))]


def _sound(parameters: Sequence[float]) -> tuple[float, ...]:
    """Rounded, and within the ranges: single precision leaves them by a hair."""
    return tuple(
        min(max(round(value, _DIGITS), low), high) for value, low, high in zip(parameters, LOWEST, HIGHEST, strict=True)
    )


def _run(task: bytes, wanted: int, seconds: float, progress: Progress | None) -> list[list[float]]:
    command = [sys.executable, "-P", "-m", "studykit.study.parameters.fitting_process"]
    began = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        feeding = threading.Thread(target=_feed, args=(process.stdin, task), daemon=True)
        feeding.start()
        try:
            return _answers(process, wanted, began + seconds, progress)
        finally:
            process.kill()
            feeding.join()


def _feed(pipe: Any, task: bytes) -> None:
    try:
        pipe.write(task)
        pipe.close()
    except (BrokenPipeError, ValueError):  # the process is gone; what it said tells why
        return


def _answers(
    process: "subprocess.Popen[bytes]", wanted: int, until: float, progress: Progress | None
) -> list[list[float]]:
    assert process.stdout
    found: list[list[float]] = []
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while len(found) < wanted:
            if progress:
                progress(len(found), wanted, _("fitting"))
            left = until - time.monotonic()
            if left <= 0:
                raise StudyError(
                    _("Fitting took too long and was stopped; nothing was changed."),
                    _("Give it more time with --timeout, in seconds."),
                )
            if waiting.select(min(left, 0.2)):
                found.append(_answer(process))
    if progress:
        progress(wanted, wanted, _("fitting"))
    return found


def _answer(process: "subprocess.Popen[bytes]") -> list[float]:
    assert process.stdout
    line = process.stdout.readline()
    if line:
        answer = msgspec.json.decode(line)
        if "parameters" in answer:
            return [float(value) for value in answer["parameters"]]
        reason = str(answer["error"])
    else:
        assert process.stderr
        said = process.stderr.read().decode(errors="replace").strip()
        reason = said.splitlines()[-1] if said else _("exit code {code}").format(code=process.wait())
    raise StudyError(
        _("fsrs-rs failed: {reason}. Nothing was changed.").format(reason=reason), _("The parameters stay as they are.")
    )
