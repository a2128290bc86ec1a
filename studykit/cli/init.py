"""`studykit init`: make a folder the known vault, with settings of its own; and let git merge its review fields."""

import sys

import click

from studykit.cli.options import remark
from studykit.locale import _


@click.command()
@click.argument("directory", metavar="DIR")
@click.option("--force", is_flag=True, help="Write the settings file anew where one stands.")
@click.option(
    "--git/--no-git",
    "git",
    default=None,
    help="Let git merge review fields by itself in this clone, or take that out again.",
)
@click.option("--yes", is_flag=True, help="Write what --git shows without asking.")
def init(directory: str, force: bool, git: bool | None, yes: bool) -> None:
    """Make DIR the known vault and write its settings to DIR/.studykit/config.toml.

    Cards that notes mark for another program (Obsidian's Spaced Repetition, Obsidian_to_Anki and Flashcards, Logseq,
    hashcards, Anki's cloze deletions) are found and named; where they are the vault's own way, prose makes none beside
    them.

    Two devices that review the same note change the same lines of it. With --git, a merge driver settles that during
    `git pull`; every other conflict stays git's and yours.

    \b
    Examples:
      studykit init ~/notes
      studykit init ~/notes --git
    """
    from studykit.locale import ngettext
    from studykit.study.setting_up.initialise import initialise

    made = initialise(directory, force=force)
    click.echo(made.config_file)
    remark(_("Written.") if made.written else _("It stands already and was left alone (--force writes it anew)."))
    for name, notes in made.formats:
        told = _("Cards of the format {name} in {n} of the notes; `{name} = false` under [rules] leaves them out.")
        remark(told.format(name=name, n=notes))
    if made.prose_rests:
        remark(_('Only those make cards, not prose; `prose = "on"` under [rules] lets both.'))
    told = ngettext(
        "{n} note below {root}; `studykit` studies it.", "{n} notes below {root}; `studykit` studies them.", made.notes
    )
    none = _("There is no Markdown note below {root} yet.")
    remark((told if made.notes else none).format(n=made.notes, root=made.root))
    if git:
        _offer_git(made.root, yes)
    elif git is False:
        _take_out_git(made.root)


def _offer_git(root: str, yes: bool) -> None:
    from studykit.study.syncing.git_merge import planned, write

    plan = planned(root)
    if plan.log_ignored:
        remark(_("git is told to ignore .studykit/log, so no review reaches another clone: take it out of .gitignore."))
    if not plan.changed:
        remark(_("git merges review fields here already."))
        return
    click.echo(f"\n{plan.attributes_file}")
    for line in plan.lines:
        click.echo(f"    {line}")
    click.echo(_("the configuration of this clone (git config --local)"))
    for key, value in plan.settings:
        click.echo(f"    {key} = {value}")
    if not yes and not sys.stdin.isatty():
        remark(_("Nothing of this was written; --yes writes it."))
    elif yes or click.confirm(_("Write this?"), default=True, err=True):
        write(root, plan)
        remark(_("Written. Commit .gitattributes, and say --git on every other clone. --no-git takes it out again."))


def _take_out_git(root: str) -> None:
    from studykit.study.syncing.git_merge import remove

    nothing = _("There was nothing of studykit's to take out.")
    remark(_("Taken out; git merges notes as any text.") if remove(root) else nothing)
