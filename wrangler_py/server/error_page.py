"""What a client sees when the user's code failed: their lines, or nothing.

One text for terminals and `curl`, one page for browsers. Both show files of the project only,
and only to a client on this machine; everybody else gets what production says.

Source: https://developers.cloudflare.com/workers/observability/errors/
"""

from __future__ import annotations

import linecache
from html import escape
from http import HTTPStatus
from pathlib import Path

from ..errors import WranglerError
from ..runtime.tracing import Frame, user_frames, user_traceback
from .local_endpoints import Reply

__all__ = ["banner", "failure", "production_failure", "wants_html"]

_AROUND = 5
"""Lines of source shown before and after the one that failed."""
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;margin:0;padding:2.5rem clamp(1rem,5vw,5rem);
background:light-dark(#fbfaf8,#191817);color:light-dark(#23211f,#e8e5e1)}
header{border-left:4px solid #e05d23;padding-left:1rem;margin-bottom:2rem}
h1{font-size:1.4rem;margin:0;overflow-wrap:anywhere;white-space:pre-wrap}
p{margin:.3rem 0;color:light-dark(#6b655e,#a49d95)}
h2{font:600 .95rem ui-monospace,monospace;margin:1.6rem 0 .4rem;overflow-wrap:anywhere}
pre{font:13px/1.6 ui-monospace,monospace;margin:0;padding:.8rem 1rem;overflow-x:auto;
border-radius:6px;background:light-dark(#f0ede8,#232120)}
.at{display:block;margin:0 -1rem;padding:0 1rem;background:light-dark(#ffd9c7,#57301d)}
i{font-style:normal;opacity:.5;user-select:none}
"""


def wants_html(accept: str) -> bool:
    """Whether a client asks for a page; `*/*` (curl, fetch) does not."""
    return "text/html" in accept.lower()


def production_failure() -> Reply:
    """What anybody may see."""
    return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, b"Internal Server Error")


def failure(exc: BaseException, root: Path, *, html: bool, where: str) -> Reply:
    """What the developer sees: ``where`` is a line such as `GET /path`."""
    body = page(exc, root, where) if html else text(exc, root)
    content_type = "text/html;charset=utf-8" if html else "text/plain;charset=UTF-8"
    headers = (("Cache-Control", "no-store"),)
    return Reply(HTTPStatus.INTERNAL_SERVER_ERROR, _encoded(body), content_type, headers)


def text(exc: BaseException, root: Path) -> str:
    """As production writes it, with the user's frames only."""
    if isinstance(exc, WranglerError):
        return exc.render() + "\n"
    trace = user_traceback(exc, root)
    return f"PythonError: {trace}\n" if trace.startswith("Traceback") else f"{trace}\n"


def page(exc: BaseException, root: Path, where: str) -> str:
    """A page that needs nothing but itself."""
    title = _headline(exc)
    parts = [
        "<!doctype html><html lang=en><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width'>",
        f"<title>{escape(title[:200])}</title><style>{_STYLE}</style>",
        f"<header><h1>{escape(title)}</h1><p>{escape(where)}</p></header>",
    ]
    parts += [_excerpt(frame) for frame in reversed(user_frames(exc, root))]
    parts.append(f"<h2>Traceback</h2><pre>{escape(text(exc, root))}</pre></html>")
    return "\n".join(parts)


def banner(exc: BaseException, root: Path) -> bytes:
    """Goes behind a page of the last good code: the newest did not load."""
    style = (
        "all:initial;position:fixed;inset:auto 0 0 0;z-index:2147483647;max-height:40vh;"
        "overflow:auto;padding:12px 16px;background:#3b1a0b;color:#ffe3d5;"
        "font:13px/1.5 monospace;white-space:pre-wrap;border-top:3px solid #e05d23"
    )
    what = f"The last save did not load; this is the version before it.\n\n{text(exc, root)}"
    return _encoded(f'\n<div role="alert" style="{style}">{escape(what)}</div>\n')


def _headline(exc: BaseException) -> str:
    if isinstance(exc, WranglerError):
        return exc.message
    message = str(exc)
    name = type(exc).__name__
    if name == "JsException":
        return message  # carries its own name
    return f"{name}: {message}" if message else name


def _excerpt(frame: Frame) -> str:
    """The source around one frame, its line marked."""
    lines = linecache.getlines(frame.path)
    first = max(1, frame.line - _AROUND)
    shown = []
    for number, line in enumerate(lines[first - 1 : frame.line + _AROUND], first):
        content = f"<i>{number:>5}  </i>{escape(line.rstrip())}"
        shown.append(f"<span class=at>{content}</span>" if number == frame.line else content + "\n")
    place = escape(f"{frame.path}:{frame.line} in {frame.function}")
    return f"<h2>{place}</h2><pre>{''.join(shown)}</pre>"


def _encoded(body: str) -> bytes:
    return body.encode("utf-8", "replace")
