"""`pywrangler exec`: a command, while a Worker is served for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import click

from wrangler_py.cli.foreign_flags import foreign_flags
from wrangler_py.cli.https_options import https_options
from wrangler_py.cli.worker_options import PATH, Asked, level_option, workers_options
from wrangler_py.config import DevOptions
from wrangler_py.config.options import Https
from wrangler_py.errors import UsageError
from wrangler_py.log import Level, Settings, log

__all__ = ["exec_"]

_FORM = "pywrangler exec [SCRIPT] [OPTIONS] -- COMMAND [ARGS]..."
_SEPARATED = f"{__name__}.command"


class _BeforeAndAfter(click.Command):
    """Everything up to the first `--` is ours; what follows is the command, untouched."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        before, after = args, []
        if "--" in args:
            cut = args.index("--")
            before, after = args[:cut], args[cut + 1 :]
        ctx.meta[_SEPARATED] = tuple(after)
        return super().parse_args(ctx, before)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "-- COMMAND [ARGS]..."]


@click.command("exec", cls=_BeforeAndAfter, short_help="Run a command beside a served Worker.")
@workers_options
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="The port.  [default: a free one]"
)
@click.option(
    "--persist-to", type=PATH, metavar="DIR", help="Keep state there.  [default: a new one]"
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="For the Worker to be ready.",
)
@level_option
@https_options
@foreign_flags
def exec_(
    worker: Callable[[], Asked],
    port: int,
    persist_to: Path | None,
    timeout: float,
    level: Level,
    https: Callable[[Asked], Https | None],
) -> int:
    """Serve SCRIPT, run COMMAND with WORKER_URL set, stop; the command's exit code.

    State is new and forgotten afterwards. What the Worker says goes to standard error.
    """
    words = click.get_current_context().meta[_SEPARATED]
    if not words:
        raise UsageError("there is no command to run", hint=_FORM)
    log.settings = Settings(level=level, out=sys.stderr)
    asked = worker()
    options = DevOptions(
        config=asked.config,
        overrides=asked.overrides,
        others=asked.others,
        ip="127.0.0.1",
        port=port,
        port_is_explicit=True,
        https=https(asked),
        persist_to=asked.here / persist_to if persist_to else None,
    )
    # Imported late: aiohttp takes a quarter of a second, which a wrong flag need not wait for.
    from wrangler_py.reload.command import run_command

    with redirect_stdout(sys.stderr):
        return run_command(options, words, timeout)
