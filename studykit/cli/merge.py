"""`studykit merge`: the part of git's merge driver that knows review fields."""

import click


@click.command()
@click.argument("base", type=click.Path(exists=True, dir_okay=False))
@click.argument("ours", type=click.Path(exists=True, dir_okay=False))
@click.argument("theirs", type=click.Path(exists=True, dir_okay=False))
def merge(base: str, ours: str, theirs: str) -> None:
    """Give three versions of one note the same review fields: those of the side that was reviewed last.

    git calls this while it merges, once `studykit init DIR --git` has told it to, and then merges the text as ever.
    The files are rewritten where a value differs. The next sync writes the values that follow from the merged log.

    \b
    Example:
      studykit merge base.md ours.md theirs.md
    """
    import os

    from studykit.places import write_whole
    from studykit.vault.review_fields import alike_with_base

    before = []
    for path in (base, ours, theirs):
        with open(path, "rb") as file:
            before.append(file.read())
    for path, old, new in zip((base, ours, theirs), before, alike_with_base(*before), strict=True):
        if new != old:
            write_whole(os.path.abspath(path), new)  # git names them within its folder
