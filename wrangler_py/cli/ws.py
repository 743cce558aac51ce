"""`pywrangler ws`: whom to talk to, and how it is shown, handed to the client."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from wrangler_py.config import DEFAULT_PORT
from wrangler_py.errors import ExitCode, UsageError
from wrangler_py.log import Settings, log, wants_color

if TYPE_CHECKING:
    from wrangler_py.reload.running import Running
    from wrangler_py.wsclient.show import Printer

__all__ = ["ws"]

_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}


@click.command(short_help="Talk to a WebSocket.")
@click.argument("target", metavar="[URL|PATH]", default="/")
@click.option("-H", "--header", "headers", multiple=True, metavar="K:V", help="Repeatable.")
@click.option("--protocol", "protocols", multiple=True, metavar="NAME", help="Repeatable.")
@click.option("--origin", help="Where a browser's page would come from.")
@click.option(
    "-x",
    "--execute",
    "lines",
    multiple=True,
    metavar="TEXT",
    help="Send TEXT, wait for an answer, leave; repeatable.",
)
@click.option("--count", type=click.IntRange(1), help="Leave after so many messages.")
@click.option("--wait", type=click.FloatRange(0), help="Leave after so many seconds of silence.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=10,
    show_default=True,
    help="Seconds for what must come.",
)
@click.option("--raw", is_flag=True, help="Only what is received, as it is.")
@click.option("--json", is_flag=True, help="One JSON object per line instead of text.")
@click.option("--port", type=click.IntRange(1, 65535), help="Of several servers, this one.")
def ws(
    target: str,
    headers: tuple[str, ...],
    protocols: tuple[str, ...],
    origin: str | None,
    lines: tuple[str, ...],
    count: int | None,
    wait: float | None,
    timeout: float,
    raw: bool,
    json: bool,
    port: int | None,
) -> int:
    """Talk to the WebSocket at URL, or at PATH of the running `pywrangler dev`.

    On a terminal, lines are sent as they are typed, and /help lists the commands. With -x, or
    with lines from a pipe, those are sent. The exit code is 1 if there is no connection or it
    ends with a complaint.
    """
    log.settings = Settings(json=json)
    if raw and json:
        raise UsageError("--raw and --json are two ways to show the same", hint="leave one out")
    pairs = [_header(text) for text in headers]
    url, server = _address(target, port)
    project = None if server is None else server.root
    # Imported late: aiohttp takes a quarter of a second, which a wrong flag need not wait for.
    import asyncio

    from wrangler_py.wsclient.connection import Handshake
    from wrangler_py.wsclient.interactive import converse
    from wrangler_py.wsclient.scripted import Script, play

    handshake = Handshake(
        url, pairs, protocols, origin, timeout, None if server is None else server.certificate
    )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # the server's words fit any terminal
    listens_only = not lines and (count is not None or wait is not None)
    if not lines and not listens_only and _is_terminal():
        with _history(project) as history:
            printer = _printer(raw=raw, json=json, talkative=True)
            ended_well = asyncio.run(converse(handshake, history, printer))
    else:
        piped = not lines and not (listens_only and sys.stdin.isatty())
        script = Script(None if piped else lines, count, wait, timeout)
        shown = _printer(raw=raw, json=json, talkative=False)(click.echo)
        try:
            ended_well = asyncio.run(play(script, handshake, shown))
        except BrokenPipeError:
            return ExitCode.OK  # `| head` has seen enough
    return ExitCode.OK if ended_well else ExitCode.WORKER_FAILED


def _is_terminal() -> bool:
    plain = os.environ.get("TERM") == "dumb"
    return sys.stdin.isatty() and sys.stdout.isatty() and not plain


def _printer(
    *, raw: bool, json: bool, talkative: bool
) -> Callable[[Callable[[str], None]], Printer]:
    from wrangler_py.wsclient.show import JsonLines, Pretty, Raw

    def make(write: Callable[[str], None]) -> Printer:
        if json:
            return JsonLines(write)
        if raw:
            return Raw(write, lambda text: click.echo(text, err=True))
        color = wants_color(sys.stdout, os.environ)
        width = shutil.get_terminal_size().columns
        return Pretty(write, color=color, width=width, talkative=talkative)

    return make


def _address(target: str, port: int | None) -> tuple[str, Running | None]:
    """The URL to connect to, and the server that was found for it."""
    scheme, separator, rest = target.partition("://")
    if separator:
        if scheme.lower() not in _SCHEMES:
            hint = "ws://, wss://, http:// or https://, or the path at the running server"
            raise UsageError(f"{scheme}:// is not for WebSockets", where=target, hint=hint)
        if not urlsplit(target).hostname:
            raise UsageError(f"there is no host in {target}")
        return f"{_SCHEMES[scheme.lower()]}://{rest}", None
    if not target.startswith(("/", "?")):
        host, _, _ = target.partition("/")
        if ":" in host or "." in host or host == "localhost":
            raise UsageError(f"{target} is no path", hint=f"did you mean ws://{target}?")
        target = f"/{target}"
    from wrangler_py.reload.running import find_running

    server = find_running(Path.cwd(), port)
    if server is None:
        return f"ws://localhost:{port or DEFAULT_PORT}{target}", None
    base = server.url.replace("http", "ws", 1)
    for everywhere, here in _EVERYWHERE.items():
        base = base.replace(f"//{everywhere}:", f"//{here}:")
    return f"{base}{target}", server


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        hint = 'for example -H "Authorization: Bearer abc"'
        raise UsageError(f'a header is NAME: VALUE, not "{text}"', where="-H", hint=hint)
    if not (name + value).isprintable():
        raise UsageError("a header is one line", where=f"-H {name.strip()}")
    return name.strip(), value.strip()


@contextmanager
def _history(project: Path | None) -> Iterator[list[str]]:
    """What was typed to this project before; kept in its `.wrangler`."""
    file = project / ".wrangler" / "ws-history" if project else None
    history: list[str] = []
    if file is not None:
        with suppress(OSError, ValueError):
            history = file.read_text(encoding="utf-8").splitlines()
    try:
        yield history
    finally:
        if file is not None and history:
            with suppress(OSError):
                file.parent.mkdir(exist_ok=True)
                file.write_text("\n".join(history) + "\n", encoding="utf-8")
