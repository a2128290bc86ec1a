"""`studykit store`: the derived store, looked at or made anew."""

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.locale import _


@click.command()
@click.option("--rebuild", is_flag=True, help="Delete it and make it again from the notes and the log.")
@json_option
@vault_option
def store(rebuild: bool, as_json: bool, vault_dir: str | None) -> None:
    """Show where the store is and what it holds, or make it anew.

    Everything in it follows from the notes and the review log, so it can be deleted at any time and nothing is lost.

    \b
    Example:
      studykit store --rebuild
    """
    from studykit.study.store_facts import store_facts

    vault = the_vault(vault_dir)
    if rebuild:
        from studykit.cli.progress import Progress
        from studykit.study.sync import sync

        sync(vault, rebuild=True, progress=Progress())
        remark(_("Made anew from the notes and the log."))
    facts = store_facts(vault)
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        click.echo(f"{name:<10} {value}")
