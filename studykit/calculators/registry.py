"""Which calculators there are: the built-in ones, loaded one at a time, and those of other packages.

Another package offers one by naming a `Calculator` under the entry-point group `studykit.calculators`. One that
cannot be loaded stops no other: `broken()` says which and why.
"""

from typing import TYPE_CHECKING

from studykit.errors import NotFoundError
from studykit.locale import _, listed

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from studykit.calculators.declare import Calculator

GROUP = "studykit.calculators"
BUILT_IN = {
    "bubble": "bubble:BUBBLE",
    "min-microbatches": "microbatches:MIN_MICROBATCHES",
    "max-stages": "inverse_bubble:MAX_STAGES",
    "min-chunks": "inverse_bubble:MIN_CHUNKS",
    "throughput": "throughput:THROUGHPUT",
    "interleaving": "interleaving:INTERLEAVING",
    "balance": "balance:BALANCE",
    "activation-memory": "activation_memory:ACTIVATION_MEMORY",
    "training-memory": "training_memory:TRAINING_MEMORY",
    "inference-memory": "inference_memory:INFERENCE_MEMORY",
    "kv-cache": "kv_cache:KV_CACHE",
    "batch-fit": "batch_fit:BATCH_FIT",
    "decode": "decode:DECODE",
    "ttft": "ttft:TTFT",
    "parallel-communication": "parallel_communication:PARALLEL_COMMUNICATION",
    "all-reduce": "all_reduce:ALL_REDUCE",
    "layout": "layout:LAYOUT",
    "flops": "flops:FLOPS",
    "parameters": "parameters:PARAMETERS",
    "quantised-size": "quantised_size:QUANTISED_SIZE",
}
_loaded: dict[str, "Calculator"] = {}
_broken: dict[str, str] = {}


def names() -> list[str]:
    """Every calculator's name: the built-in ones in the order of the reference, then other packages' sorted."""
    return [*BUILT_IN, *sorted(set(_offered()) - set(BUILT_IN))]


def get(name: str) -> "Calculator":
    """The calculator of that name (`_` and case do not matter). Raises NotFoundError with the nearest names."""
    key = _key(name)
    if key not in _loaded:
        calculator = _built_in(key) or _of_another_package(key)
        if calculator is None:
            raise _no_such(name)
        _loaded[key] = calculator
    return _loaded[key]


def broken() -> dict[str, str]:
    """Other packages' calculators that could not be loaded, and why."""
    for name in _offered():
        if name in BUILT_IN:
            _broken[name] = _("there is a built-in calculator of that name, which is used instead")
        elif name not in _loaded:
            _of_another_package(name)
    return dict(_broken)


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """`; did you mean …?` with the names most like `word`, or the whole list where none is."""
    from difflib import get_close_matches

    close = get_close_matches(str(word).lower(), known, n=2, cutoff=0.5)
    if close:
        return _("Did you mean {names}?").format(names=_(" or ").join(close))
    return _("There are: {names}.").format(names=listed(known))


def no_such_output(calculator: "Calculator", name: str) -> NotFoundError:
    """The error for an output that a calculator does not have, with the nearest names."""
    message = _("{calculator} has no output “{name}”.").format(calculator=calculator.name, name=name)
    return NotFoundError(message, nearest(name, calculator.output_names))


def _no_such(name: str) -> NotFoundError:
    reason = _broken.get(_key(name))
    if reason:
        return NotFoundError(_("The calculator “{name}” could not be loaded: {why}").format(name=name, why=reason))
    return NotFoundError(_("There is no calculator “{name}”.").format(name=name), nearest(name, names()))


def _built_in(name: str) -> "Calculator | None":
    if name not in BUILT_IN:
        return None
    from importlib import import_module

    module, attribute = BUILT_IN[name].split(":")
    calculator: Calculator = getattr(import_module(f"studykit.calculators.{module}"), attribute)
    return calculator


def _offered() -> dict[str, "EntryPoint"]:
    from importlib.metadata import entry_points

    return {_key(point.name): point for point in entry_points(group=GROUP)}


def _key(name: object) -> str:
    return str(name).strip().lower().replace("_", "-")


def _of_another_package(name: str) -> "Calculator | None":
    """Loads a foreign calculator; whatever goes wrong there is kept as a sentence, never raised."""
    point = _offered().get(name)
    if point is None:
        return None
    from studykit.calculators.declare import Calculator

    try:
        found = point.load()
        if not isinstance(found, Calculator):
            raise TypeError(f"{point.value} is a {type(found).__name__}; expected a Calculator")
        if _key(found.name) != name:
            raise ValueError(f"its entry point is “{name}” and its own name “{found.name}”; expected the same")
    except (Exception, SystemExit) as error:
        _broken[name] = f"{type(error).__name__}: {error}"
        return None
    return found
