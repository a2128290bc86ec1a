"""`studykit completion`: the shell's completion script."""

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    Examples:
      eval "$(studykit completion bash)"                                   # in ~/.bashrc
      eval "$(studykit completion zsh)"                                    # in ~/.zshrc
      studykit completion fish > ~/.config/fish/completions/studykit.fish
    """
    from studykit.cli import completing
    from studykit.cli.app import studykit

    kind = {"bash": completing.Bash, "zsh": completing.Zsh, "fish": completing.Fish}[shell]
    click.echo(kind(studykit, {}, "studykit", "_STUDYKIT_COMPLETE").source())
