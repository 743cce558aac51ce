"""Which answer a failure gets: a page for browsers, one text for terminals and `curl`.

Both show files of the project only, and only to a client on this machine; everybody else gets
what production says.

Source: https://developers.cloudflare.com/workers/observability/errors/
"""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import WranglerError
from ...log import log
from ...runtime.tracing import user_traceback
from ..local_endpoints import Reply

if TYPE_CHECKING:
    from .request import Seen


def wants_html(accept: str) -> bool:
    """Whether a client asks for a page; `*/*` (curl, fetch) does not."""
    return "text/html" in accept.lower()


def production_failure() -> Reply:
    """What anybody may see."""
    return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, b"Internal Server Error")


def failure(exc: BaseException, root: Path, seen: Seen | None = None) -> Reply:
    """What the developer sees; ``seen`` is the request for a page, None asks for text."""
    if seen is None:
        headers: tuple[tuple[str, str], ...] = (("Cache-Control", "no-store"),)
        return _reply(text(exc, root), "text/plain;charset=UTF-8", headers)
    from .page import HEADERS, page  # most runs need none, and a start need not wait for it

    try:
        body = page(exc, root, seen)
    except Exception as own:  # what failed is the worker; its developer is to see that
        log.debug(f"the error page could not be made: {own!r}")
        return failure(exc, root)
    return _reply(body, "text/html;charset=utf-8", HEADERS)


def text(exc: BaseException, root: Path) -> str:
    """As production writes it, with the user's frames only."""
    if isinstance(exc, WranglerError):
        return exc.render() + "\n"
    trace = user_traceback(exc, root)
    return f"PythonError: {trace}\n" if trace.startswith("Traceback") else f"{trace}\n"


def banner(exc: BaseException, root: Path) -> bytes:
    """Goes behind a page of the last good code: the newest did not load."""
    style = (
        "all:initial;position:fixed;inset:auto 0 0 0;z-index:2147483647;max-height:40vh;"
        "overflow:auto;padding:12px 16px;background:#3b1a0b;color:#ffe3d5;"
        "font:13px/1.5 monospace;white-space:pre-wrap;border-top:3px solid #e05d23"
    )
    what = f"The last save did not load; this is the version before it.\n\n{text(exc, root)}"
    return _encoded(f'\n<div role="alert" style="{style}">{escape(what)}</div>\n')


def _reply(body: str, content_type: str, headers: tuple[tuple[str, str], ...]) -> Reply:
    return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, _encoded(body), content_type, headers)


def _encoded(body: str) -> bytes:
    return body.encode("utf-8", "replace")
