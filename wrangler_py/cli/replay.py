"""`pywrangler replay`: yesterday's session as today's test."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wrangler_py.cli.worker_options import PATH, Asked, workers_options
from wrangler_py.config import DevOptions
from wrangler_py.errors import ExitCode, UsageError
from wrangler_py.log import Level, Settings, log

if TYPE_CHECKING:
    from wrangler_py.session import Report, Session

__all__ = ["replay"]

_LEVELS = [level.name.lower() for level in reversed(Level)]


@click.command(short_help="Play a recorded session, and compare the answers.")
@click.argument("session", type=PATH)
@workers_options
@click.option("--against", metavar="URL", help="Play to a server, instead of starting the Worker.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=5,
    show_default=True,
    metavar="SECONDS",
    help="For an answer, beyond what it took then.",
)
@click.option(
    "--speed",
    type=click.Choice(["fast", "real"]),
    default="fast",
    show_default=True,
    help="Without the clients' pauses, or with them.",
)
@click.option("--update", is_flag=True, help="Write today's answers into the session.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of text.")
@click.option(
    "--log-level",
    type=click.Choice(_LEVELS, case_sensitive=False),
    default="error",
    show_default=True,
    help="How much the Worker says.",
)
def replay(
    session: Path,
    worker: Callable[[], Asked],
    against: str | None,
    timeout: float,
    speed: str,
    update: bool,
    as_json: bool,
    log_level: str,
) -> int:
    """Play the clients' side of SESSION to SCRIPT, and compare what it answers.

    SESSION is what `pywrangler dev --record` wrote. Its first line has the rules: what the
    comparison passes over. The code is 1 when something differs.
    """
    log.settings = Settings(level=Level[log_level.upper()], out=sys.stderr)
    # Imported late: aiohttp takes a quarter of a second, which a wrong flag need not wait for.
    from wrangler_py.session import read

    recorded = read(session)
    wishes = {"timeout": timeout, "real_speed": speed == "real", "update": update}
    if against is None:
        report = _here(worker(), recorded, wishes)
    elif click.get_current_context().params.get("script"):
        raise UsageError("either a SCRIPT to start, or --against a server", where="--against")
    else:
        report = _there(against, recorded, wishes)
    return report if isinstance(report, int) else _told(report, as_json)


def _here(asked: Asked, recorded: Session, wishes: dict[str, Any]) -> Report | int:
    from wrangler_py.reload.replaying import replay_here

    options = DevOptions(
        config=asked.config,
        overrides=asked.overrides,
        others=asked.others,
        ip="127.0.0.1",
        port=0,
        port_is_explicit=True,
    )
    return replay_here(options, recorded, **wishes)


def _there(url: str, recorded: Session, wishes: dict[str, Any]) -> Report:
    import asyncio

    from wrangler_py.session import replay as play

    return asyncio.run(play(recorded, url, **wishes))


def _told(report: Report, as_json: bool) -> int:
    if as_json:
        print(json.dumps(report.as_object()))
    else:
        print(report)
    return ExitCode.OK if report.same or report.updated else ExitCode.WORKER_FAILED
