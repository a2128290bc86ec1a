"""`studykit review`: the study screen, or the same session line by line with `--plain`."""

import click

from studykit.cli.options import COUNT, DAYS, FilterCommand, can_show_screens, filter_argument, the_vault, vault_option


@click.command(cls=FilterCommand)
@filter_argument
@click.option("--limit", type=COUNT, metavar="N", help="At most N cards.")
@click.option("--deck", metavar="DECK", help="Only cards of this deck and the decks below it.")
@click.option("--tag", metavar="TAG", help="Only cards of notes with this tag.")
@click.option(
    "--new", type=click.IntRange(0, 1_000_000), metavar="N", help="At most N new cards, whatever the daily limit."
)
@click.option("--outline", metavar="FILE", help="Only the notes of an outline, in its order (see `studykit outline`).")
@click.option("--minutes", type=COUNT, metavar="N", help="What fits in N minutes, by your own pace.")
@click.option("--ahead", type=DAYS, metavar="DAYS", help="Also what is due within DAYS days.")
@click.option("--until", metavar="DATE", help="First what gains most by DATE (2026-12-20, 14d, 2w), due or not.")
@click.option("--cram", is_flag=True, help="Ask what the filter names, due or not; nothing is scheduled.")
@click.option("--plain", is_flag=True, help="Line by line: for screen readers, logs and simple terminals.")
@vault_option
@click.pass_context
def review(
    context: click.Context,
    words: tuple[str, ...],
    limit: int | None,
    deck: str | None,
    tag: str | None,
    new: int | None,
    outline: str | None,
    minutes: int | None,
    ahead: int | None,
    until: str | None,
    cram: bool,
    plain: bool,
    vault_dir: str | None,
) -> None:
    """Study what is due: question, answer, grade.

    \b
    Examples:
      studykit review
      studykit review --deck 推理 --limit 20
      studykit review --minutes 15
      studykit review --until 2026-12-20 tag:gpu
      studykit review is:flagged --cram
      studykit review --outline outlines/推理优化.md
      studykit review 'deck:训练 or deck:推理' -difficulty:easy
    """
    from datetime import datetime

    from studykit.cli.home import study
    from studykit.study.days_named import day_ahead
    from studykit.study.sessions.session import Request

    vault = the_vault(vault_dir)
    files = None
    if outline is not None:
        from studykit.study.outlines.outline import outline_notes

        files = outline_notes(vault, outline)
    deadline = day_ahead(until, vault.day(datetime.now())) if until else None
    request = Request(
        filter=" ".join(words),
        limit=limit,
        deck=deck,
        tag=tag,
        new=new,
        cram=cram,
        minutes=minutes,
        ahead=ahead or 0,
        until=deadline,
        files=files,
    )
    context.exit(study(vault, request, plain=plain or not can_show_screens()))
