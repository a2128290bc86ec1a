"""`studykit init`: make a folder the known vault, with settings of its own."""

import click

from studykit.cli.options import remark


@click.command()
@click.argument("directory", metavar="DIR")
@click.option("--force", is_flag=True, help="Write the settings file anew where one stands.")
def init(directory: str, force: bool) -> None:
    """Make DIR the known vault and write its settings to DIR/.studykit/config.toml.

    Cards that notes mark for another program (Obsidian's Spaced Repetition and Obsidian_to_Anki, Logseq, hashcards,
    Anki's cloze deletions) are found and named; where they are the vault's own way, prose makes none beside them.

    \b
    Example:
      studykit init ~/notes
    """
    from studykit.study.initialise import initialise

    made = initialise(directory, force=force)
    click.echo(made.config_file)
    remark("Written." if made.written else "It stands already and was left alone (--force writes it anew).")
    for name, notes in made.formats:
        remark(f"Cards of the format {name} in {notes} of the notes; `{name} = false` under [rules] leaves them out.")
    if made.prose_rests:
        remark('Only those make cards, not prose; `prose = "on"` under [rules] lets both.')
    remark(f"{made.notes} notes below {made.root}; `studykit` studies them.")
