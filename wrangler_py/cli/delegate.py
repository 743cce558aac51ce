"""Commands of Cloudflare's own tools: handed over to them, never imitated."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib.machinery import PathFinder

import click

from wrangler_py.errors import UsageError

__all__ = ["FOREIGN", "foreign_command"]

FOREIGN = tuple(
    """
    agent-memory ai ai-search artifacts auth basin browser build cert containers delete deploy
    deployments dispatch-namespace docs email flagship hyperdrive k2 login logout
    mtls-certificate pages pipelines preview pubsub queues rollback secret secrets-store setup
    tail telemetry triggers tunnel turnstile vectorize versions vpc whoami workflows
    """.split()
)

_MODULE = "pywrangler"
"""Cloudflare's `workers-py`; our own command has that name too, but no module has."""


def foreign_command(name: str, *groups: str) -> click.Command:
    """The command ``name`` of Cloudflare's tools; what follows it is passed on untouched.

    ``groups``: the commands that it is a subcommand of.
    """

    @click.command(
        name,
        add_help_option=False,
        context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> int:
        line = (*groups, name, *arguments)
        return _hand_over(line, " ".join((*groups, name)))

    return command


def _hand_over(line: tuple[str, ...], command: str) -> int:
    if not _is_installed():
        hint = f"run `{shlex.join(['npx', 'wrangler', *line])}`"
        raise UsageError(f"`{command}` is a command of Cloudflare's own tools", hint=hint)
    # -P leaves the current folder out for the interpreter, too.
    process = subprocess.Popen([sys.executable, "-P", "-m", _MODULE, *line])
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The terminal has sent the signal to both of us; the tool decides how it ends.
        return process.wait()


def _is_installed() -> bool:
    # Without the current folder: one of that name in a project is not the tool.
    places = [place for place in sys.path if place not in ("", os.getcwd())]
    return PathFinder.find_spec(_MODULE, places) is not None
