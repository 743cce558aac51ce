"""The page of a failure: everything escaped, everything in it, nothing asked of anybody else."""

from __future__ import annotations

import linecache
import re
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import quote

from ...errors import WranglerError
from ...runtime.tracing import Frame, Link, chain, headline
from .request import Seen, shown_headers
from .style import SCRIPT, STYLE
from .text import text
from .values import shown_locals, without_parameters

_AROUND = 5
"""Lines of source shown before and after the one that failed."""
_FIRST, _LAST = 3, 9
"""Frames shown of a long stack: of its beginning, and of its end."""
_URL = re.compile(r"https://[^\s<>`]+[^\s<>`.,:;)]")

_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    f"script-src 'sha256-{b64encode(sha256(SCRIPT.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", _POLICY),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
)


def page(exc: BaseException, root: Path, seen: Seen) -> str:
    """A page that needs nothing but itself, and works without its script."""
    title = exc.message if isinstance(exc, WranglerError) else headline(exc)
    where = f"{seen.method} {without_parameters(seen.url)}"
    last, *causes = reversed(chain(exc, root))
    parts = [
        "<!doctype html><html lang=en><head><meta charset=utf-8>",
        "<meta name=viewport content='width=device-width'><link rel=icon href='data:,'>",
        f"<title>{escape(title[:200])}</title><style>{STYLE}</style></head><body>",
        f"<header><h1>{escape(title)}</h1><p class=dim>{escape(where)}</p>",
        f"<p class=dim>{escape(seen.served_by)}</p></header><main>",
        *_body(last, exc),
        *(part for link in causes for part in _cause(link)),
        *_request(seen),
        "<h2>Traceback <button id=copy hidden>Copy</button></h2>",
        f"<pre id=trace tabindex=0>{escape(text(exc, root))}</pre>",
        f"</main><script>{SCRIPT}</script></body></html>",
    ]
    return "\n".join(parts)


def _cause(link: Link) -> Iterator[str]:
    lead = "Caused by" if "cause" in link.intro else "Raised while this was being handled"
    yield f"<section><h2>{lead}: {escape(headline(link.exc))}</h2>"
    yield from _body(link, link.exc)
    yield "</section>"


def _body(link: Link, exc: BaseException) -> Iterator[str]:
    """Hints, frames from the inside out, and what a group holds."""
    notes = exc.notes() if isinstance(exc, WranglerError) else link.hints
    yield from (f"<p class=hint>{_linked(note)}</p>" for note in notes)
    frames = link.frames[::-1]
    hidden = len(frames) - _FIRST - _LAST
    for index, frame in enumerate(frames):
        if hidden > 0 and index == _LAST:
            yield f"<p class=dim>… {hidden} more frames …</p>"
        if hidden <= 0 or not _LAST <= index < _LAST + hidden:
            yield from _frame(frame)
    for number, member in enumerate(link.members, 1):
        inner, *causes = reversed(member)
        yield f"<div class=group><h2>{number}: {escape(headline(inner.exc))}</h2>"
        yield from _body(inner, inner.exc)
        yield from (part for cause in causes for part in _cause(cause))
        yield "</div>"
    if link.hidden:
        yield f"<p class=dim>… and {link.hidden} more</p>"


def _linked(hint: str) -> str:
    """Escaped, with its addresses as links."""
    return _URL.sub(lambda url: f'<a href="{url[0]}" rel=noreferrer>{url[0]}</a>', escape(hint))


def _frame(frame: Frame) -> Iterator[str]:
    """The source around one frame, its line marked; its variables on demand."""
    column = 1 if frame.columns is None else frame.columns[0] + 1
    path = Path(frame.path).as_posix()
    address = f"vscode://file/{quote(path.removeprefix('/'))}:{frame.line}:{column}"
    place = escape(f"{frame.path}:{frame.line}")
    yield f'<h3><a href="{escape(address)}">{place}</a> in {escape(frame.function)}</h3>'
    yield f"<pre class=source tabindex=0>{''.join(_lines(frame))}</pre>"
    values = [] if frame.running is None else shown_locals(frame.running)
    if values:
        rows = "".join(_row(name, value) for name, value in values)
        yield f"<details><summary>Local variables</summary><table>{rows}</table></details>"


def _lines(frame: Frame) -> Iterator[str]:
    lines = linecache.getlines(frame.path)
    first = max(1, frame.line - _AROUND)
    for number, line in enumerate(lines[first - 1 : frame.line + _AROUND], first):
        line = line.rstrip()
        if number != frame.line:
            yield f"<span><i>{number:>5}  </i>{escape(line)}</span>"
            continue
        start, end = frame.columns or (len(line) - len(line.lstrip()), len(line))
        marked = line[start:end] or " "  # what is missing at the end of a line
        content = f"{escape(line[:start])}<mark>{escape(marked)}</mark>{escape(line[end:])}"
        yield f"<span class=at aria-current=true><i>{number:>5}  </i>{content}</span>"


def _request(seen: Seen) -> Iterator[str]:
    rows = [
        ("Method", seen.method),
        ("URL", without_parameters(seen.url)),
        *shown_headers(seen.headers),
    ]
    yield "<h2>Request</h2><table>"
    yield from (_row(name, value) for name, value in rows)
    yield "</table>"


def _row(name: str, value: str) -> str:
    return f"<tr><th scope=row>{escape(name)}</th><td>{escape(value)}</td></tr>"
