"""Recall and precision on a vault whose numbers were checked by hand, one claim a line of `claims.jsonl` beside it."""

import json
from pathlib import Path
from typing import Any

import pytest

from studykit.claims.finding import Finding
from studykit.study.checking.check import check_notes

RIGHT = ("right", "right_approx")
WRONG_BEYOND_THE_LIST = 8
"""Numbers of the vault that the list leaves out and that were worked out by hand and found wrong."""


@pytest.fixture(scope="module")
def rows(vault_dir: Path) -> list[dict[str, Any]]:
    place = vault_dir.parent / "claims.jsonl"
    if not place.is_file():
        pytest.skip(f"the checked claims of the sample vault are not at {place}")
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def alarms(vault_dir: Path) -> list[Finding]:
    checked = check_notes([str(vault_dir / "notes")])
    assert checked.numbers > 200
    return [finding for finding in checked.findings if finding.severity.alarming]


def at(finding: Finding, vault_dir: Path) -> tuple[str, int]:
    return Path(finding.file).relative_to(vault_dir).as_posix(), finding.line


def test_most_wrong_numbers_are_found(rows: list[dict[str, Any]], alarms: list[Finding], vault_dir: Path) -> None:
    found = {at(finding, vault_dir) for finding in alarms}
    wrong = [row for row in rows if row["verdict"] not in RIGHT]
    hits = [row for row in wrong if (row["note"], row["line"]) in found]
    assert len(hits) >= 0.6 * len(wrong), f"{len(hits)} of {len(wrong)} found"


def test_alarms_are_seldom_false(rows: list[dict[str, Any]], alarms: list[Finding], vault_dir: Path) -> None:
    verdicts: dict[tuple[str, int], list[str]] = {}
    for row in rows:
        verdicts.setdefault((row["note"], row["line"]), []).append(row["verdict"])
    listed = [verdicts[at(finding, vault_dir)] for finding in alarms if at(finding, vault_dir) in verdicts]
    false = [each for each in listed if all(verdict in RIGHT for verdict in each)]
    # What nobody has checked by hand counts against the checker here, so that it cannot grow unnoticed.
    unlisted = len(alarms) - len(listed)
    assert not false
    assert unlisted <= WRONG_BEYOND_THE_LIST


def test_json_rows_are_complete(alarms: list[Finding]) -> None:
    for finding in alarms:
        row = json.loads(json.dumps(finding.as_json()))
        assert set(row) == {
            "file", "line", "column", "severity", "text", "stated", "value", "calculator", "inputs"
        }  # fmt: skip
        assert row["line"] > 0
        assert row["column"] > 0
