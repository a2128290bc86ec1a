"""`studykit check`: the wrong numbers in notes, like a compiler's errors."""

from typing import TYPE_CHECKING

import click

from studykit.cli.options import json_option, print_json, remark, vault_option
from studykit.errors import ExitCode

if TYPE_CHECKING:
    from studykit.claims.finding import Finding


@click.command()
@click.argument("paths", metavar="[PATH]…", nargs=-1, type=click.Path())
@json_option
@click.option("--fix-suggestions", is_flag=True, help="Say below each finding what the number should be.")
@vault_option
@click.pass_context
def check(
    context: click.Context, paths: tuple[str, ...], as_json: bool, fix_suggestions: bool, vault_dir: str | None
) -> None:
    """Recompute the numbers that notes claim, and list those that are wrong.

    PATH is a file or a folder; without one the known vault is checked. Severities: `wrong` and `inconsistent` make
    the exit code 1; `convention` (right by another convention) and `imprecise` do not. A line with
    `<!-- check: ignore -->` is left alone, and so is the line below a comment that stands alone. Three findings of a
    note with one cause, or more, are told once, with the lines of the others; `--json` has each.

    \b
    Example:
      studykit check notes/pipeline.md --fix-suggestions
      notes/pipeline.md:12:24: wrong: 7/(7+16) = 31.8%: it is 30.4 %
          31.8% -> 30.4 %
    """
    from studykit.locale import ngettext
    from studykit.study.checking.check import by_cause, check_notes

    checked = check_notes(paths, vault_dir)
    if as_json:
        extra = [{"suggestion": each.suggestion} if fix_suggestions else {} for each in checked.findings]
        print_json([each.as_json() | more for each, more in zip(checked.findings, extra, strict=True)])
    else:
        for finding, others in by_cause(checked.findings):
            click.echo(f"{finding.file}:{finding.line}:{finding.column}: {finding.severity}: {finding.message}")
            if fix_suggestions and finding.suggestion:
                click.echo(f"    {finding.stated} -> {finding.suggestion}")
            if others:
                click.echo(_same_cause(others))
            if fix_suggestions:
                for each in others:
                    click.echo(f"    {each.line}: {each.stated} -> {each.suggestion}")
    for problem in checked.problems:
        remark(str(problem))
    found = ngettext("{count} finding", "{count} findings", len(checked.findings)).format(count=len(checked.findings))
    remark(
        ngettext(
            "{files} note, {numbers} numbers checked, {found}.",
            "{files} notes, {numbers} numbers checked, {found}.",
            checked.files,
        ).format(files=checked.files, numbers=checked.numbers, found=found)
    )
    context.exit(ExitCode.FOUND if checked.alarms else ExitCode.OK)


def _same_cause(others: "list[Finding]") -> str:
    """Where else in the note the same is wrong, as one line."""
    from studykit.locale import _, listed

    lines = listed(dict.fromkeys(str(each.line) for each in others))
    return "    " + _("the same {count} more times, in lines {lines}").format(count=len(others), lines=lines)
