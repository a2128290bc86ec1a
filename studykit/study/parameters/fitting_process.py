"""The process in which parameters are fitted, so that a crash, a full memory or the held GIL stays outside.

Reads one JSON object from standard input (see `fitting.Task`) and writes one line for each fit: the parameters, or
what went wrong. Run as `python -m studykit.study.parameters.fitting_process`.
"""

import sys
from typing import Any

import msgspec


def main() -> None:
    """Fit as asked. Every fit is printed when it is done."""
    task = msgspec.json.decode(sys.stdin.buffer.read())
    for size in task["sizes"]:
        sys.stdout.write(msgspec.json.encode(_fit(task, size)).decode() + "\n")
        sys.stdout.flush()


def _fit(task: dict[str, Any], size: int) -> dict[str, Any]:
    """Parameters from the first `size` scored reviews, each with all that came before it on its card."""
    import fsrs_rs_python

    model = fsrs_rs_python.FSRS(task["start"])
    grade = fsrs_rs_python.FSRSReview
    histories = task["histories"]
    try:
        items = []
        for number, place in task["order"][:size]:
            gaps, ratings = histories[number]
            reviews = [grade(rating, gap) for rating, gap in zip(ratings[: place + 1], gaps[: place + 1], strict=True)]
            items.append(fsrs_rs_python.FSRSItem(reviews))
        return {"parameters": list(model.compute_parameters(items))}
    except ValueError as error:  # what fsrs-rs raises
        return {"error": str(error)}


if __name__ == "__main__":
    main()
