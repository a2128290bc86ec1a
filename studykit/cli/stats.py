"""`studykit stats`: what you did, what you know, what lies ahead; in the terminal, as JSON, or as a page."""

from typing import TYPE_CHECKING

import click

from studykit.cli.options import NewFile, json_option, print_json, remark, the_vault, vault_option

if TYPE_CHECKING:
    from studykit.study.figures.calibration import Calibration
    from studykit.study.figures.stats import Stats


@click.command()
@click.option("--calibration", "calibrated", is_flag=True, help="Predicted beside actual recall; retention by deck.")
@click.option(
    "--html",
    "page",
    type=NewFile(),
    metavar="FILE",
    help="Write a page that needs nothing else; - for standard output.",
)
@json_option
@vault_option
def stats(calibrated: bool, page: str | None, as_json: bool, vault_dir: str | None) -> None:
    """Show figures of your study: reviews by day, streak, retention, what is known by deck and tag, what comes due.

    Retention is true retention: the share recalled among reviews at least a day after the previous one. Known and
    mastery follow from predicted recall, not from clicks. Reads the store as the last sync or review left it.

    \b
    Examples:
      studykit stats
      studykit stats --calibration
      studykit stats --html stats.html
    """
    from studykit.study.figures.calibration import calibration
    from studykit.study.figures.stats import stats as figures

    vault = the_vault(vault_dir)
    if page:
        _write_page(page, figures(vault), calibration(vault))
        return
    if as_json:
        found = figures(vault).as_json()
        judged = calibration(vault) if calibrated else None
        print_json(found | ({"calibration": judged.as_json() if judged else None} if calibrated else {}))
        return
    from studykit.cli import stats_text

    stats_text.show(stats_text.calibration_page(figures(vault), calibration(vault)) if calibrated
                    else stats_text.page(figures(vault)))  # fmt: skip


def _write_page(file: str, found: "Stats", judged: "Calibration | None") -> None:
    from studykit.errors import StudyError
    from studykit.exchange.report import report
    from studykit.locale import _
    from studykit.places import write_whole

    text = report(found, judged)
    if file == "-":
        click.echo(text, nl=False)
        return
    import os

    try:
        write_whole(os.path.abspath(file), text.encode())
    except OSError as error:
        raise StudyError(
            _("{file} cannot be written: {why}.").format(file=file, why=error.strerror),
            _("Choose another --html FILE."),
        ) from error
    remark(_("Written to {file}; open it in a browser.").format(file=file))
