"""`pywrangler complete`: what a shell needs to complete our commands, and what only we can say.

The shell asks by running the command with `_PYWRANGLER_COMPLETE` set, so there is no second list of
what a command line may contain.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import CompletionItem, get_completion_class

from wrangler_py.errors import UsageError

__all__ = ["complete", "scripts", "templates"]

NAMES = ("pywrangler", "wrangler-py")
"""The commands that are completed; `python -m wrangler_py` belongs to Python's own completion."""

_VARIABLE = "_PYWRANGLER_COMPLETE"

SHELLS = {
    "bash": ('eval "$(pywrangler complete bash)"', "~/.bashrc"),
    "zsh": ('eval "$(pywrangler complete zsh)"', "~/.zshrc, below compinit"),
    "fish": ("pywrangler complete fish | source", "~/.config/fish/config.fish"),
    "powershell": (
        "pywrangler complete powershell | Out-String | Invoke-Expression",
        "the file that $PROFILE names",
    ),
}
"""Each shell with a line for its start-up file, and which file that is."""

_PLAIN = "COMPREPLY+=($value)"
_NO_BLANK = f"{_PLAIN}\n            [[ $value == */ ]] && compopt -o nospace"
"""Bash would leave a blank behind a folder, and what is in it could not be completed."""


@click.command(short_help="Complete commands in your shell.")
@click.argument("shell", required=False, type=click.Choice(list(SHELLS)))
@click.pass_context
def complete(context: click.Context, shell: str | None) -> None:
    """Print a script that lets SHELL complete commands, options, files and templates.

    Without SHELL: say what to put where.
    """
    if shell is None:
        click.echo(_instructions(_own_shell()))
        return
    root = context.find_root().command
    click.echo("\n".join(_script(root, shell, name) for name in NAMES), nl=False)


def _script(root: click.Command, shell: str, name: str) -> str:
    kind = get_completion_class(shell)
    if kind is None:
        raise UsageError(
            f"the installed click knows no {shell}", hint='run `pip install "click>=8.5"`'
        )
    source = kind(root, {}, name, _VARIABLE).source()
    return source.replace(_PLAIN, _NO_BLANK) if shell == "bash" else source


def _own_shell() -> str | None:
    """The shell that somebody uses here, if it is one that we know."""
    name = Path(os.environ.get("SHELL", "")).name
    if name in SHELLS:
        return name
    return "powershell" if not name and "PSModulePath" in os.environ else None


def _instructions(shell: str | None) -> str:
    shown = [shell] if shell else list(SHELLS)
    return "\n\n".join(
        f"{name}: add to {SHELLS[name][1]}\n\n    {SHELLS[name][0]}" for name in shown
    )


def scripts(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """Python files and folders that begin as ``incomplete`` does."""
    return [CompletionItem(found) for found in _found(incomplete)]


def _found(incomplete: str) -> Iterator[str]:
    folder, start = os.path.split(incomplete)
    try:
        entries = sorted(os.scandir(os.path.expanduser(folder) or "."), key=lambda each: each.name)
    except OSError:
        return
    for entry in entries:
        hidden = entry.name.startswith((".", "__")) and not start.startswith((".", "_"))
        if hidden or not entry.name.startswith(start):
            continue
        if entry.is_dir():
            yield f"{os.path.join(folder, entry.name)}{os.sep}"
        elif entry.name.endswith(".py"):
            yield os.path.join(folder, entry.name)


def templates(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem[str]]:
    """The templates' names, each with what it is."""
    from wrangler_py.cli.scaffold import list_templates  # reads files: only when it is asked for

    found = list_templates().items()
    return [CompletionItem(name, help=says) for name, says in found if name.startswith(incomplete)]
