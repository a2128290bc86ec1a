"""`studykit doctor`: what is wrong, and the remedy."""

import click

from studykit.cli.options import json_option, print_json, vault_option
from studykit.errors import ExitCode


@click.command()
@json_option
@vault_option
@click.pass_context
def doctor(context: click.Context, as_json: bool, vault_dir: str | None) -> None:
    """Look at settings, vault, log, store and terminal; say what is wrong and what to do.

    Exit code 1 if anything is wrong; remarks alone leave it at 0.

    \b
    Example:
      studykit doctor
    """
    from dataclasses import asdict

    from studykit.study.doctor import examine

    findings = examine(vault_dir)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            click.echo(f"{finding.level:<6} {finding.about:<9} {finding.message}")
            if finding.remedy:
                click.echo(f"{'':16} {finding.remedy}")
    context.exit(ExitCode.FOUND if any(finding.level == "wrong" for finding in findings) else ExitCode.OK)
