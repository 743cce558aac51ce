"""`pywrangler dev`: what was asked for, as `DevOptions`, handed to the server."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import click

from wrangler_py import __version__
from wrangler_py.cli.debugger_options import DevCommand, debugger_options
from wrangler_py.cli.foreign_flags import foreign_flags, passed_over
from wrangler_py.cli.https_options import https_options
from wrangler_py.cli.printed import printed_as_events
from wrangler_py.cli.worker_options import PATH, Asked, workers_options
from wrangler_py.config import DEFAULT_IP, DEFAULT_PORT, DevOptions
from wrangler_py.config.options import DebuggerOptions, Https
from wrangler_py.log import Level, Settings, log

__all__ = ["dev"]

_LEVELS = [level.name.lower() for level in reversed(Level)]


@click.command(cls=DevCommand, short_help="Serve a Worker and reload it on save.")
@workers_options
@click.option("--ip", help=f"Where to listen.  [default: {DEFAULT_IP}]")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"The port; 0 picks a free one.  [default: {DEFAULT_PORT}]",
)
@click.option("--persist-to", type=PATH, metavar="DIR", help="Where state is kept.")
@click.option(
    "--hibernate-after",
    type=click.FloatRange(0),
    default=10,
    show_default=True,
    metavar="SECONDS",
    help="When an idle Durable Object sleeps.",
)
@click.option(
    "--record", type=PATH, metavar="FILE", help="Write requests and WebSocket messages there."
)
@click.option("--cron", "crons", is_flag=True, help="Fire cron triggers when they are due.")
@click.option("--test-scheduled", is_flag=True, help="/__scheduled sets one off.")
@click.option("--live-reload", is_flag=True, help="Pages load themselves again on a save.")
@click.option("--reload/--no-reload", default=True, help="Watch the files, or not.")
@click.option(
    "--log-level",
    type=click.Choice(_LEVELS, case_sensitive=False),
    default="log",
    envvar="WRANGLER_LOG",
    show_default=True,
    help="How much to say.",
)
@click.option(
    "--show-interactive-dev-session/--no-show-interactive-dev-session",
    "interactive",
    default=None,
    help="Whether single keys do something.  [default: on a real terminal]",
)
@click.option("--json", is_flag=True, help="One JSON object per line instead of text.")
@click.option("--ready-file", type=PATH, metavar="PATH", help="Written when the Worker answers.")
@click.option("--host", help="The host that the Worker sees.  [default: its first route's]")
@click.option("--local-upstream", metavar="HOST", help="The same.")
@click.option(
    "--upstream-protocol",
    type=click.Choice(["http", "https"]),
    help="And the protocol.",
)
@click.option(
    "--infer-origin-from-routes/--no-infer-origin-from-routes",
    "infers_host",
    default=True,
    help="Whether the Worker sees the host of its first route.",
)
@click.option("--route", "--routes", "routes", multiple=True, metavar="ROUTE", help="Repeatable.")
@debugger_options
@https_options
@foreign_flags
def dev(
    worker: Callable[..., Asked],
    ip: str | None,
    port: int | None,
    persist_to: Path | None,
    hibernate_after: float,
    record: Path | None,
    crons: bool,
    test_scheduled: bool,
    live_reload: bool,
    reload: bool,
    log_level: str,
    interactive: bool | None,
    json: bool,
    ready_file: Path | None,
    debugger: DebuggerOptions | None,
    host: str | None,
    local_upstream: str | None,
    upstream_protocol: str | None,
    infers_host: bool,
    routes: tuple[str, ...],
    https: Callable[[Asked], Https | None],
) -> int:
    """Serve SCRIPT, or what the configuration here or above names, and reload it on save."""
    log.settings = Settings(level=Level[log_level.upper()], json=json)
    log.banner(__version__)
    for flag in passed_over(click.get_current_context()):
        log.debug(f"{flag} changes nothing here")
    asked = worker(host=host or local_upstream, routes=routes, upstream_protocol=upstream_protocol)
    configured = asked.config.dev
    chosen_port = configured.port if port is None else port
    options = DevOptions(
        config=asked.config,
        overrides=asked.overrides,
        others=asked.others,
        ip=ip or configured.ip or DEFAULT_IP,
        port=DEFAULT_PORT if chosen_port is None else chosen_port,
        port_is_explicit=chosen_port is not None,
        ready_file=asked.here / ready_file if ready_file else None,
        json=json,
        interactive=interactive,
        debugger=debugger,
        live_reload=live_reload,
        reload=reload,
        hibernate_after=hibernate_after,
        record=asked.here / record if record else None,
        crons=crons,
        test_scheduled=test_scheduled,
        https=https(asked),
        persist_to=asked.here / persist_to if persist_to else None,
    )
    # Imported late: aiohttp takes a quarter of a second, which a wrong flag need not wait for.
    from wrangler_py.reload.dev_server import run

    with printed_as_events() if json else nullcontext():
        return run(options)
