"""A recorded session, played to a worker that is served for it."""

from __future__ import annotations

import asyncio

from ..config import DevOptions
from ..errors import ExitCode
from ..session import Report, Session, replay
from .dev_server import DevServer
from .serving import SIGNALLED, run_while_serving

LOAD_SECONDS = 30
"""For the worker to be ready."""


def replay_here(options: DevOptions, session: Session, **wishes: object) -> Report | int:
    """Play ``session`` to the worker of ``options``; the report, or why there is none.

    ``wishes`` are those of `replay`. State is new, and forgotten afterwards.
    """
    reports: list[Report] = []

    async def use(server: DevServer, stop: asyncio.Future[int]) -> int:
        playing = asyncio.ensure_future(replay(session, server.url, **wishes))  # type: ignore[arg-type]
        await asyncio.wait((playing, stop), return_when=asyncio.FIRST_COMPLETED)
        if playing.done():
            reports.append(playing.result())
            return ExitCode.OK
        playing.cancel()
        await asyncio.gather(playing, return_exceptions=True)
        return SIGNALLED + stop.result()

    code = run_while_serving(options, use, timeout=LOAD_SECONDS)
    return reports[0] if reports else code
