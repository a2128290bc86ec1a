"""What the model says when it will not answer."""


class InfeasibleSchedule(ValueError):  # noqa: N818 - the name is what is wrong, as a reader meets it
    """The schedule cannot run with these numbers.

    `condition` is the sentence that must hold for it to run; `str()` adds what was found.
    """

    def __init__(self, schedule: str, condition: str, found: str) -> None:
        super().__init__(f"{schedule} cannot run: {condition}; found {found}")
        self.schedule = schedule
        self.condition = condition
        self.found = found


class UnknownSchedule(ValueError):  # noqa: N818
    """No schedule of that name; `nearest` are the names most like it, best first."""

    def __init__(self, name: str, nearest: tuple[str, ...], known: tuple[str, ...]) -> None:
        advice = f"did you mean {' or '.join(nearest)}?" if nearest else f"known are {', '.join(known)}"
        super().__init__(f"no schedule is called {name!r}; {advice}")
        self.name = name
        self.nearest = nearest
