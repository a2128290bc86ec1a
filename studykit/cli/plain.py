"""The session line by line: for screen readers, logs and simple terminals. The same session as the screen's."""

import sys
import time

import click

from studykit.cli.options import remark
from studykit.errors import ExitCode, StudyError
from studykit.locale import _
from studykit.study.sessions.session import Question, Request, Session
from studykit.study.vault import Vault
from studykit.study.wording import action_word, foreword, summary_lines, why_nothing

# Full-width forms count too: an input method may be on.
_KEYS = str.maketrans("１２３４？！", "1234?!")


def study_plainly(vault: Vault, request: Request) -> int:
    """Ask until nothing is left, the person quits, or input ends; the exit code."""
    session = Session.open(vault, request)
    if session.question is None:
        click.echo(why_nothing(session.waiting()))
    try:
        while session.question is not None:
            if not _one(session, session.question):
                break
    except (EOFError, click.Abort) as error:
        click.echo()
        if isinstance(error.__context__, KeyboardInterrupt):  # click makes one word of Ctrl-C and the end of input
            raise
    finally:
        for problem in session.finish():
            remark(str(problem))
    if session.total:
        for line in summary_lines(session.summary()):
            click.echo(line)
    return int(ExitCode.OK)


def _one(session: Session, question: Question) -> bool:
    """One card, from question to grade; False when the person leaves."""
    counts = session.counts
    click.echo()
    click.echo(
        _("[{done}/{total}] {deck}  new {new}, learning {learning}, due {due}").format(
            done=session.done, total=session.total, deck=question.deck, **counts._asdict()
        )
    )
    if said := foreword(session):
        click.echo(said)
    if question.context:
        click.echo(question.context)
    click.echo(question.prompt)
    began = time.monotonic()
    typed, suggested = None, None
    if question.kind == "numeric":
        outcome = _ask_number(session, began)
        if outcome is None:
            return False
        typed, suggested = outcome
    elif not _reveal():
        return False
    click.echo()
    click.echo(session.answer())
    return _grade(session, round((time.monotonic() - began) * 1000), suggested, typed)


def _read(prompt: str) -> str:
    said = str(click.prompt(prompt, default="", show_default=False, prompt_suffix=" ")).strip().translate(_KEYS)
    if not sys.stdin.isatty():  # nobody's Enter has ended the line
        click.echo(said)
    return said


def _reveal() -> bool:
    """Wait for Enter; False on `q`."""
    return _read(_("Enter shows the answer, q leaves:")) != "q"


def _ask_number(session: Session, began: float) -> tuple[str, int | None] | None:
    """What was typed and the grade that it suggests; None when the person leaves."""
    while True:
        typed = _read(_("Your answer (q leaves, Enter gives up):"))
        if typed == "q":
            return None
        if not typed:
            return "", 1
        try:
            judged = session.judge(typed, seconds=time.monotonic() - began)
        except StudyError as error:
            click.echo(str(error))
            continue
        click.echo(judged.message)
        if judged.suggested is not None:
            return typed, judged.suggested


def _grade(session: Session, ms: int, suggested: int | None, typed: str | None) -> bool:
    names = (_("again"), _("hard"), _("good"), _("easy"))
    offered = "  ".join(
        _("{key} {grade} ({interval})").format(key=choice.rating, grade=name, interval=choice.label)
        if choice.label
        else f"{choice.rating} {name}"
        for choice, name in zip(session.choices(), names, strict=True)
    )
    while True:
        hint = _(" [Enter: {grade}]").format(grade=suggested) if suggested else ""
        said = _read(f"{offered}{hint}  " + _("u undo, s suspend, b bury, ! flag, q leave:"))
        if said in ("1", "2", "3", "4") or (not said and suggested):
            session.grade(int(said or suggested or 3), ms, suggested=suggested, typed=typed)
            return True
        if said == "q":
            return False
        if said == "u":
            undone = session.undo()
            click.echo(
                _("Undone: {what}.").format(what=action_word(undone)) if undone else _("There is nothing to undo.")
            )
            return True
        if said in ("s", "b"):
            session.suspend() if said == "s" else session.bury()
            return True
        if said == "!":
            click.echo(_("Flagged.") if session.flag() else _("Flag taken off."))
            continue
        click.echo(_("That is no grade: {said}").format(said=said))
