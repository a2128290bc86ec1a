"""`studykit search`: the cards that hold some words, the best first."""

import click

from studykit.cli.options import FilterCommand, json_option, print_json, remark, the_vault, vault_option


@click.command(cls=FilterCommand)
@click.argument("words", metavar="QUERY…", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(min=1, max=10_000), default=20, show_default=True, metavar="N",
              help="At most N cards.")  # fmt: skip
@json_option
@vault_option
def search(words: tuple[str, ...], limit: int, as_json: bool, vault_dir: str | None) -> None:
    """Find cards by what they say, the best first: id, file and line, front, and the place that fits.

    Chinese is found anywhere, down to one character; a word of an alphabet from its beginning (`bubb` finds bubble),
    a quoted one as it stands. Searches what the last sync read.

    \b
    Examples:
      studykit search 流水线 气泡
      studykit search '"pipeline bubble" or 气泡率' -tag:draft
      studykit search 显存 deck:推理 is:due --json
    """
    from studykit.study.browsing.search import search_cards
    from studykit.study.wording import count_line

    found = search_cards(the_vault(vault_dir), " ".join(words), limit)
    if as_json:
        print_json([hit.as_json() for hit in found.hits])
    else:
        for hit in found.hits:
            card = hit.card
            front = " ".join(card.prompt.split())
            click.echo(f"{card.id[:8]}  {card.file}:{card.line}  {front[:100]}")
            click.echo(f"          {marked(hit.snippet, hit.marks)}")
    remark(count_line(found))


def marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """`text` with its marks: bold at a terminal, »so« elsewhere."""
    import sys

    before, after = ("\033[1;4m", "\033[0m") if sys.stdout.isatty() else ("»", "«")
    for first, end in reversed(marks):
        text = f"{text[:first]}{before}{text[first:end]}{after}{text[end:]}"
    return text
