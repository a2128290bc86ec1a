"""A note of a few lines, examined."""

from studykit.claims.checker import examine
from studykit.claims.finding import Finding, Report
from studykit.vault.note import parse_note


def report(text: str, path: str = "note.md") -> Report:
    """What the checker says of a note with this text."""
    return examine(parse_note(path, text.encode()), compare=True)


def alarms(text: str) -> list[Finding]:
    """The findings that are wrong or inconsistent."""
    return [finding for finding in report(text).findings if finding.severity.alarming]


def assert_told_apart(form: str, right: str, wrong: str) -> None:
    """With `right` in its braces the text is judged and nothing found, with `wrong` there is an alarm."""
    good = report(form.replace("{}", right))
    assert good.checked >= 1
    assert not good.findings
    assert alarms(form.replace("{}", wrong))


def severities(text: str) -> list[str]:
    """The severities of all findings, in order."""
    return [str(finding.severity) for finding in report(text).findings]
