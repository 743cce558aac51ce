"""`pywrangler smoke`: a Worker's answers checked, without code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import click

from wrangler_py.cli.foreign_flags import foreign_flags
from wrangler_py.cli.https_options import https_options
from wrangler_py.cli.worker_options import Asked, workers_options
from wrangler_py.config import DevOptions
from wrangler_py.config.options import Https
from wrangler_py.errors import UsageError
from wrangler_py.log import Level, Log, Settings, log
from wrangler_py.smoke.arguments import BEGIN, checks_from
from wrangler_py.smoke.checks import SOCKET
from wrangler_py.smoke.table import read_table

__all__ = ["smoke"]

_TIMEOUT = 10.0
_CHECKS = f"{__name__}.checks"
_PARTS = {
    "--status": ("N", "The answer's status; without it, below 400."),
    "--contains": ("TEXT", "A part of the answer's body."),
    "--expect-header": ("K:V", "A header of the answer, and a part of it."),
    "--header": ("K:V", "Sent with the request."),
    "--data": ("TEXT", "Sent as the body of the request."),
    "--send": ("TEXT", "A message to send over the WebSocket."),
    "--expect": ("TEXT", "A part of a message to wait for."),
}


class _InOrder(click.Command):
    """Keeps the order of the options that make checks; click keeps each kind by itself."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        values, _, order = self.make_parser(ctx).parse_args(list(args))
        given = {name: iter(each) for name, each in values.items() if isinstance(each, list)}
        ctx.meta[_CHECKS] = [
            (option.opts[0], next(given[option.name]))
            for option in order
            if option.opts[0] in (*BEGIN, *_PARTS)
        ]
        return super().parse_args(ctx, args)


def _check_options(function: Callable[..., int]) -> Callable[..., int]:
    for name, (metavar, text) in reversed(_PARTS.items()):
        click.option(name, metavar=metavar, help=text, multiple=True, expose_value=False)(function)
    for name, method in reversed(BEGIN.items()):
        text = "Open a WebSocket." if method == SOCKET else f"Begin a check: a {method} request."
        click.option(name, metavar="PATH", help=text, multiple=True, expose_value=False)(function)
    return function


@click.command(cls=_InOrder, short_help="Check a Worker's answers, without code.")
@workers_options
@_check_options
@click.option("--url", help="Check what is already served there.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help=f"To be ready, and for each check.  [default: {_TIMEOUT:g}]",
)
@click.option("--json", is_flag=True, help="One JSON object per line instead of text.")
@https_options
@foreign_flags
def smoke(
    worker: Callable[[], Asked],
    url: str | None,
    timeout: float | None,
    json: bool,
    https: Callable[[Asked], Https | None],
) -> int:
    """Serve SCRIPT and check its answers: those named here, in this order, else those of
    [tool.pywrangler.smoke] in pyproject.toml, else that it loads and `/` answers.

    State is new and forgotten afterwards. An exception that nobody catches fails the check.
    """
    voice = Log(Settings(json=json, out=sys.stdout))
    # What the Worker says outside of a check: warnings while it loads, why it does not.
    log.settings = Settings(Level.WARN, json=json, out=sys.stdout if json else sys.stderr)
    checks = checks_from(click.get_current_context().meta[_CHECKS])
    asked = _asked(worker, url)
    table = read_table(asked.config.root if asked else Path.cwd())
    checks = checks or list(table.checks)
    seconds = timeout or table.timeout or _TIMEOUT
    # Imported late: aiohttp takes a quarter of a second, which a wrong flag need not wait for.
    from wrangler_py.smoke.run import smoke_url, smoke_worker

    with redirect_stdout(sys.stderr):
        if url is not None:
            return smoke_url(url, checks, seconds, voice)
        assert asked is not None
        options = DevOptions(
            asked.config,
            asked.overrides,
            ip="127.0.0.1",
            port=0,
            port_is_explicit=True,
            others=asked.others,
            https=https(asked),
        )
        return smoke_worker(options, checks, seconds, voice)


def _asked(worker: Callable[[], Asked], url: str | None) -> Asked | None:
    """The Worker; what is already served somewhere needs none, and may have one."""
    if url is not None and not url.startswith(("http://", "https://")):
        raise UsageError(f'a server is http://... or https://..., not "{url}"', where="--url")
    try:
        return worker()
    except UsageError:
        if url is None:
            raise
        return None
