"""A Worker that does not run in this process: what a call of it gets, as from `wrangler dev`.

A request is answered 503 with the text, an RPC call fails with it.

Source: https://developers.cloudflare.com/workers/development-testing/multi-workers/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..js.errors import JsException, error
from ..log import log

if TYPE_CHECKING:
    from .response import Response

__all__ = ["NotRunning", "response"]


class NotRunning(Exception):
    """Somebody asked for the Worker ``name``."""

    def __init__(self, name: str) -> None:
        super().__init__(f'Worker "{name}" not found. Make sure it is running locally.')
        log.warn_once(
            f'the Worker "{name}" is not running here\n'
            f"hint: several run in one process: name each one's configuration, the primary one "
            f"first: `pywrangler dev -c wrangler.jsonc -c ../{name}/wrangler.jsonc`"
        )

    def for_script(self) -> JsException:
        """The same for the Worker that called."""
        found = error(str(self))
        found.remote = True  # type: ignore[attr-defined]
        return found


def response(absent: NotRunning) -> Response:
    """What a request to ``absent`` is answered."""
    from .response import Response  # RPC alone does not need it

    return Response(str(absent), {"status": 503})
