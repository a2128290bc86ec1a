"""`studykit show`: one card whole."""

import click

from studykit.cli.options import json_option, print_json, the_vault, vault_option


@click.command()
@click.argument("card")
@click.option(
    "--draws", type=click.IntRange(1, 100), metavar="N", help="For a quiz card: N samples with their numbers."
)
@json_option
@vault_option
def show(card: str, draws: int | None, as_json: bool, vault_dir: str | None) -> None:
    """Show one card: its question, its answer, where it stands and when it returns.

    CARD is an id or the first characters of one, at least four.

    \b
    Example:
      studykit show 3f2a --draws 5
    """
    from studykit.study.browsing.browse import show_card

    shown = show_card(the_vault(vault_dir), card, draws or 0)
    if as_json:
        print_json(shown)
        return
    for key, value in shown.items():
        if key not in ("prompt", "answer", "samples") and value not in ("", []):
            click.echo(f"{key:<16} {_words(value)}".rstrip())
    click.echo(f"\n{shown['prompt']}\n\n---\n\n{shown['answer']}")
    for sample in shown.get("samples", ()):
        click.echo(f"\n{sample['question']}\n  = {sample['answer']}")


def _words(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if isinstance(value, float):
        return f"{value:.2f}"
    return "-" if value is None else str(value)
