"""`--debugpy [HOST:PORT]` and `--wait-for-client`: where an editor may attach."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from wrangler_py.config.options import DebuggerOptions
from wrangler_py.errors import UsageError

__all__ = ["DEFAULT_ADDRESS", "DevCommand", "debugger_options"]

DEFAULT_ADDRESS = "127.0.0.1:5678"
"""debugpy's own default, and that of the editors."""

_OPTION = "--debugpy"
_ADDRESS = re.compile(r"(?:(?P<host>\[[0-9a-fA-F:]+\]|[^:\s/]*):)?(?P<port>\d{1,5})")


class DevCommand(click.Command):
    """A command whose `--debugpy` may stand alone, also before the script."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        following = [*args, ""][1:]
        alone = [
            word == _OPTION and not _ADDRESS.fullmatch(after)
            for word, after in zip(args, following, strict=True)
        ]
        words = [
            f"{_OPTION}={DEFAULT_ADDRESS}" if is_alone else word
            for word, is_alone in zip(args, alone, strict=True)
        ]
        return super().parse_args(ctx, words)


def debugger_options(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command these options; it is called with ``debugger``, None if there is none."""

    @wraps(function)
    def command(debugpy: str | None, wait_for_client: bool, **others: Any) -> int:
        return function(debugger=_options(debugpy, wait_for_client), **others)

    click.option("--wait-for-client", is_flag=True, help="Load nothing before one attaches.")(
        command
    )
    click.option(
        _OPTION,
        metavar="[HOST:PORT]",
        help=f"Let an editor attach; port 0 picks a free one.  [{DEFAULT_ADDRESS}]",
    )(command)
    return command


def _options(address: str | None, wait: bool) -> DebuggerOptions | None:
    if address is None:
        if wait:
            raise UsageError("--wait-for-client waits for nobody", hint=f"add {_OPTION}")
        return None
    found = _ADDRESS.fullmatch(address)
    if found is None or int(found["port"]) > 65535:
        hint = f"for example {_OPTION}={DEFAULT_ADDRESS}, or {_OPTION}=0 for any free port"
        raise UsageError(f'"{address}" is no HOST:PORT', where=_OPTION, hint=hint)
    host = (found["host"] or "").strip("[]") or DEFAULT_ADDRESS.partition(":")[0]
    return DebuggerOptions(host, int(found["port"]), wait)
