"""`studykit config`: every setting, its value, and where it came from."""

import click

from studykit.cli.options import json_option, print_json, remark, vault_option


@click.command()
@json_option
@vault_option
def config(as_json: bool, vault_dir: str | None) -> None:
    """Show every setting with the file it came from.

    Settings stand in two TOML files, the vault's winning over your own; both are named at the end.

    \b
    Example:
      studykit config --json
    """
    import msgspec

    from studykit import places
    from studykit.settings import as_toml, flatten, load

    root = vault_dir or places.current_vault()
    loaded = load(root)
    values = dict(flatten(msgspec.to_builtins(loaded.settings)))
    origins = {key: loaded.origins.get(key, "default") for key in values}  # tables of a person's own names have none
    if as_json:
        print_json({key: {"value": value, "from": origins[key]} for key, value in values.items()})
        return
    for key, value in values.items():
        click.echo(f"{key:<32} {as_toml(value):<24} {origins[key]}")
    remark(f"Yours: {places.config_file()}" + (f"; the vault's: {places.vault_config_file(root)}" if root else ""))
