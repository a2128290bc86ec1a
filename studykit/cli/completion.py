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
    from click.shell_completion import get_completion_class

    from studykit.cli.app import studykit

    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(studykit, {}, "studykit", "_STUDYKIT_COMPLETE").source())
