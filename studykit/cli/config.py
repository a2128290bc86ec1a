"""`studykit config`: every setting, its value, and where it came from."""

from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, the_vault, vault_option
from studykit.locale import _

if TYPE_CHECKING:
    from studykit.study.setting_up.import_settings import Imported


@click.command()
@click.option("--import", "table", metavar="FILE", help="Take over a YAML file's intervals by label and limits.")
@click.option("--dry-run", is_flag=True, help="With --import: show what would be taken over and write nothing.")
@json_option
@vault_option
def config(table: str | None, dry_run: bool, as_json: bool, vault_dir: str | None) -> None:
    """Show every setting with the file it came from.

    Settings stand in two TOML files, the vault's winning over your own; both are named at the end. With --import, a
    file that lists intervals by difficulty (`review_intervals: {easy: [1, 3, 7], …}`) becomes the vault's schedule, and
    what is not understood in it is said.

    \b
    Examples:
      studykit config --json
      studykit config --import config/kb_config.yaml --dry-run
    """
    import msgspec

    from studykit import places
    from studykit.settings import as_toml, flatten, load

    if table:
        _import(table, dry_run, as_json, vault_dir)
        return
    root = vault_dir or places.current_vault()
    loaded = load(root)
    values = dict(flatten(msgspec.to_builtins(loaded.settings)))
    origins = {key: loaded.origins.get(key, "default") for key in values}  # tables of a person's own names have none
    if as_json:
        print_json({key: {"value": value, "from": origins[key]} for key, value in values.items()})
        return
    for key, value in values.items():
        click.echo(f"{key:<32} {as_toml(value):<24} {origins[key]}")
    told = _("Yours: {file}; the vault's: {vaults}") if root else _("Yours: {file}")
    remark(told.format(file=places.config_file(), vaults=places.vault_config_file(root) if root else ""))


def _import(table: str, dry_run: bool, as_json: bool, vault_dir: str | None) -> None:
    from studykit.study.setting_up.import_settings import import_settings

    made = import_settings(the_vault(vault_dir), table, dry_run=dry_run)
    if as_json:
        print_json({"values": made.values, "from": made.sources, "left": made.left, "file": made.file or None})
    else:
        _show(made)


def _show(made: "Imported") -> None:
    from studykit.settings import as_toml

    for key, value in made.values.items():
        source = made.sources.get(key)
        click.echo(f"{key} = {as_toml(value)}" + (f"  <- {source}" if source else ""))
    for key, why in made.left.items():
        remark(_("not taken over: {key}: {why}").format(key=key, why=why))
    if "schedule.reviews_per_day" in made.values:
        remark(_("The limits of a list for each category became one limit a day for all decks."))
    written = _("Written to {file}; the next sync follows it.").format(file=made.file)
    remark(written if made.file else _("Nothing was written (--dry-run)."))
