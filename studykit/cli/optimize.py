"""`studykit optimize`: FSRS parameters fitted to your own reviews, judged before they are used."""

from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option

if TYPE_CHECKING:
    from studykit.study.parameters.optimise import Outcome
    from studykit.study.parameters.sample import Sample


@click.command()
@click.option("--apply", "wanted", is_flag=True, help="Use the fitted parameters if they predict better.")
@click.option("--deck", default="", metavar="DECK", help="Parameters of its own for a deck and the folders in it.")
@click.option(
    "--reviews",
    "table",
    metavar="FILE",
    help="Fit and score a review history of another program (CSV, TSV, JSON, JSON lines; .gz too).",
)
@click.option("--parameters", "given", metavar="LIST", help="Score these too: 17, 19 or 21 numbers with commas.")
@click.option("--no-fit", is_flag=True, help="Only score; needs nothing but studykit.")
@click.option(
    "--timezone", metavar="ZONE", help="Zone in which the days of --reviews begin; without it this computer's."
)
@click.option("--timeout", type=click.FloatRange(1, 86_400), default=300, show_default=True, metavar="SECONDS",
              help="Stop fitting after this time.")  # fmt: skip
@json_option
@vault_option
def optimize(
    wanted: bool,
    deck: str,
    table: str | None,
    given: str | None,
    no_fit: bool,
    timezone: str | None,
    timeout: float,
    as_json: bool,
    vault_dir: str | None,
) -> None:
    """Fit FSRS's parameters to your reviews and show what that is worth.

    The reviews are split by time: each of five parts is predicted by a fit on what came before it. Shown are log loss
    and RMSE(bins) on those unseen reviews, beside the plain average, FSRS's defaults and the present parameters.
    Scored are reviews at least a day after the previous one. Nothing changes without --apply, and not even then if
    the fit predicts no better. Parameters go to the vault's settings, and the log is replayed with them.

    A table for --reviews has a column card_id (or cid), rating (or ease), and day, delta_t or review_time.

    \b
    Examples:
      studykit optimize
      studykit optimize --apply
      studykit optimize --reviews revlog.csv --json
    """
    from datetime import datetime

    from studykit.cli.progress import Progress
    from studykit.spacing.parameters import DEFAULTS
    from studykit.study.parameters import optimise

    also = optimise.given_parameters(given) if given else None
    vault = None if table and not wanted else the_vault(vault_dir)
    if table:
        now = optimise.current_parameters(vault)[""] if vault else DEFAULTS
        sample = _sample(table, timezone, vault.settings.schedule.rollover_hour if vault else 4)
        asked = optimise.Asked(not no_fit, timeout, also, Progress())
        made = [optimise.judge(sample, now, asked)]
    else:
        assert vault
        made = optimise.optimise(vault, optimise.Asked(not no_fit, timeout, also, Progress()), deck=deck)
    file = optimise.apply(vault, made, vault.day(datetime.now())) if wanted and vault else None
    if as_json:
        print_json([each.as_json() | {"applied": file is not None and each.better} for each in made])
        return
    for outcome in made:
        _show(outcome, table)
    _conclude(made, file, vault.settings.schedule.scheduler if vault else "fsrs")


def _sample(table: str, timezone: str | None, rollover_hour: int) -> "Sample":
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from studykit.study.parameters.review_table import Clock, read_table

    try:
        zone = ZoneInfo(timezone) if timezone else None
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(f"{timezone!r} is no time zone; for example Asia/Shanghai") from error
    return read_table(table, Clock(zone, rollover_hour))


def _show(outcome: "Outcome", table: str | None) -> None:
    """One fit: a line on what it stands on, a table of predictors, and what was gained."""
    from studykit.locale import _, ngettext
    from studykit.pipeline.draw.cells import cells, padded
    from studykit.study.parameters.optimise import predictor_names

    where = table or outcome.deck or _("all decks without parameters of their own")
    reviews = ngettext("{n} review", "{n} reviews", outcome.reviews).format(n=outcome.reviews)
    cards = ngettext("{n} card", "{n} cards", outcome.cards).format(n=outcome.cards)
    text = _("{where}: {reviews} of {cards}, {scored} of them scored")
    click.echo(text.format(where=where, reviews=reviews, cards=cards, scored=outcome.scored))
    if not outcome.scored:
        return
    names = predictor_names()
    wide = max(cells(names[each.name]) for each in outcome.judged) + 2
    unseen = next((each.unseen.reviews for each in outcome.judged if each.unseen), 0)
    heads = [_("{n} unseen").format(n=unseen), _("all {n}").format(n=outcome.scored)] if unseen else [""]
    measures = padded(_("log loss"), 10) + padded("RMSE(bins)", 14)
    lines = ["".join(padded(head, 24) for head in heads), measures * len(heads)]
    for line in lines if unseen else lines[1:]:
        click.echo(" " * wide + line.rstrip())
    for each in outcome.judged:
        scores = [each.unseen, each.all] if unseen else [each.all]
        shown = (f"{one.log_loss:<10.4f}{one.rmse_bins:<14.4f}" if one else " " * 24 for one in scores)
        click.echo((padded(names[each.name], wide) + "".join(shown)).rstrip())
    for words, count in outcome.left_out.items():
        remark(_("left out: {n} {what}").format(n=count, what=words))
    if outcome.gain:
        text = _(
            "With the fit, log loss on unseen reviews changes by {gain} (95 %: ± {half}); {splits}-part split by time."
        )
        gain, half = outcome.gain
        click.echo(text.format(gain=f"{-gain:+.4f}", half=f"{half:.4f}", splits=outcome.splits))
    if outcome.parameters:
        click.echo(", ".join(f"{value:.4f}" for value in outcome.parameters))


def _conclude(made: "list[Outcome]", file: str | None, scheduler: str) -> None:
    from studykit.locale import _

    for outcome in made:
        if outcome.why_not:
            remark(_("The parameters stay as they are: {why}.").format(why=outcome.why_not))
        if outcome.better and outcome.gain and outcome.gain[0] < outcome.gain[1]:
            remark(_("The gain lies within what chance alone may give; more reviews will tell."))
    if scheduler != "fsrs":
        remark(_("Now the scheduler is {name}; parameters bear on fsrs alone.").format(name=scheduler))
    if file:
        remark(_("Written to {file}, and the log was replayed.").format(file=file))
    elif any(each.better for each in made):
        remark(_("Nothing was changed; --apply uses the fitted parameters."))
