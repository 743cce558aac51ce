"""What the terminal shows: the lines wrangler prints, or one JSON object per line.

Facts that scripts look for (ready, requests, `console.log`) go to standard output; warnings and
errors go to standard error. With ``json`` everything goes to standard output.

The module's ``log`` is the one that everybody uses. Its ``settings`` are a frozen value, replaced
by one assignment, so a name imported early never goes stale.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from threading import get_ident
from typing import TextIO

from wrangler_py.errors import WranglerError

__all__ = ["Level", "Log", "Settings", "log", "printable", "wants_color"]


class Level(IntEnum):
    """How much is said; each includes what stands above it."""

    NONE = 0
    ERROR = 1
    WARN = 2
    INFO = 3
    LOG = 4
    DEBUG = 5


# `console.debug` is the worker's own voice and is shown with its info, as wrangler does.
_CONSOLE = {"error": Level.ERROR, "warn": Level.WARN, "info": Level.INFO, "debug": Level.INFO}
_MARKS = {Level.ERROR: ("✘ [ERROR] ", "31"), Level.WARN: ("▲ [WARNING] ", "33")}
_MOST_FILES = 3
"""Changed files that a line names."""
_BY_CLASS = {2: "32", 4: "33", 5: "31"}


@dataclass(frozen=True, slots=True)
class Settings:
    """How a `Log` writes. None for a stream: the process's own, looked up at each line."""

    level: Level = Level.LOG
    json: bool = False
    out: TextIO | None = None
    err: TextIO | None = None
    color: bool | None = None
    """None: the terminal and the environment decide."""


class Log:
    """The voice of one process."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._said: set[str] = set()
        self.whose: Callable[[], str | None] = lambda: None
        """Which Worker's voice it is, where there are several."""
        self._held: list[tuple[TextIO, str]] | None = None
        self._speaker = 0
        """The one thread whose lines are not held."""

    @property
    def settings(self) -> Settings:
        """The current settings; assign others to change everything at once."""
        return self._settings

    @settings.setter
    def settings(self, settings: Settings) -> None:
        self._settings = settings
        self._level = settings.level
        self._colors: dict[int, bool] = {}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep what other threads say until the block ends: a person is typing."""
        if self._held is not None:
            yield
            return
        self._speaker, self._held = get_ident(), []
        try:
            yield
        finally:
            held, self._held = self._held, None
            for stream, text in held:
                _write(stream, text)

    def enabled(self, level: Level) -> bool:
        """Whether a line of this level would be shown; ask before building a costly one."""
        return level <= self._level

    # The server's own life.

    def ready(self, url: str, **facts: object) -> None:
        """The worker answers at ``url``."""
        self._happened("ready", Level.INFO, f"Ready on {url}", {"url": url, **facts}, prefix=True)

    def request(
        self,
        method: str,
        path: str,
        status: int,
        reason: str,
        ms: float,
        socket: int | None = None,
    ) -> None:
        """One request was answered; ``socket`` numbers the WebSocket that began with it."""
        if self._level < Level.INFO:
            return
        if self._settings.json:
            facts = {"method": method, "path": path, "status": status, "ms": round(ms, 3)}
            self._emit("request", facts if socket is None else {**facts, "socket": socket})
            return
        path = printable(path)
        answer = f"{status} {reason}" if reason else str(status)
        number = "" if socket is None else f" #{socket}"
        stream = self._stream(Level.INFO)
        if not self._colored(stream):
            self._write(stream, f"[wrangler:info] {method} {path} {answer} ({ms:.0f}ms){number}\n")
            return
        tint = _BY_CLASS.get(status // 100, "34")
        self._write(
            stream,
            f"\033[32m[wrangler:info]\033[0m \033[1m{method}\033[0m {path} "
            f"\033[1;{tint}m{answer}\033[0m \033[90m({ms:.0f}ms)\033[0m{number}\n",
        )

    def reload(
        self,
        ms: float,
        changed: Sequence[str] = (),
        note: str = "",
        worker: str | None = None,
        **facts: object,
    ) -> None:
        """New code serves; it took ``ms`` from the save of ``changed``.

        ``worker``: whose code, where there are several.
        """
        named = [printable(name) for name in changed[:_MOST_FILES]]
        if len(changed) > _MOST_FILES:
            named.append(f"{len(changed) - _MOST_FILES} more")
        text = f"⎔ {worker or 'Local server'} updated and ready in {ms:.0f} ms"
        text += f": {', '.join(named)}" if named else ""
        text += f" {self.dimmed(note)}" if note else ""
        facts = {"ms": round(ms, 3), "changed": changed, **facts}
        if worker is not None:
            facts["worker"] = worker
        self._happened("reload", Level.INFO, text, facts)

    def close(self, **facts: object) -> None:
        """The server stops."""
        self._happened("close", Level.INFO, "⎔ Shutting down local server...", facts)

    def event(
        self,
        name: str,
        text: str,
        /,
        *,
        note: str = "",
        level: Level = Level.INFO,
        prefix: bool = False,
        **facts: object,
    ) -> None:
        """Anything else that happened: ``text`` as it is, or the facts under ``name``.

        ``note`` stands behind the text, less bright; ``prefix``: as a message of the server's.
        """
        if note:
            text = f"{text} {self.dimmed(note)}"
        self._happened(name, level, text, facts, prefix=prefix)

    def fact(self, name: str, **facts: object) -> None:
        """For programs alone: what a person sees of it has been said already."""
        if self._settings.json and self._level >= Level.INFO:
            self._emit(name, facts)

    def show(self, text: str, *, level: Level = Level.INFO) -> None:
        """For a person's eyes alone: with ``json`` there is nobody to show it to."""
        if level <= self._level and not self._settings.json:
            self._write(self._stream(Level.INFO), text)

    def banner(self, version: str) -> None:
        """Who speaks, as wrangler begins."""
        name = f" ⛅️ wrangler-py {version}"
        self.show(f"\n{name}\n{self.dimmed('─' * len(name))}\n")

    def answer(self, text: str, *, end: str = "\n") -> None:
        """What a person asked for, whatever the level."""
        self.show(f"{text}{end}", level=Level.NONE)

    def dimmed(self, text: str) -> str:
        """``text`` for standard output, less bright than the rest if there are colours."""
        return f"\033[90m{text}\033[0m" if self._colored(self._stream(Level.INFO)) else text

    def bold(self, text: str) -> str:
        """``text`` for standard output, brighter than the rest if there are colours."""
        return f"\033[1m{text}\033[0m" if self._colored(self._stream(Level.INFO)) else text

    # The worker's voice.

    def console(self, level: str, text: str, **facts: object) -> None:
        """One `console.<level>` line of the worker: bare, or marked if a warning or an error."""
        rank = _CONSOLE.get(level, Level.LOG)
        worker = self.whose()
        if worker is not None and self._settings.json:
            facts["worker"] = worker
        elif worker is not None:
            text = f"[{worker}] {text}"
        self._happened("log", rank, text, {"level": level, "message": text, **facts})

    # Messages of ours.

    def debug(self, text: str, **facts: object) -> None:
        """For somebody who wonders why."""
        self._message(Level.DEBUG, text, facts)

    def info(self, text: str, **facts: object) -> None:
        """Good to know."""
        self._message(Level.INFO, text, facts)

    def warn(self, text: str, **facts: object) -> None:
        """Works, but look at it."""
        self._message(Level.WARN, text, facts)

    def warn_once(self, text: str, **facts: object) -> None:
        """`warn`, unless this very text was said before."""
        if text not in self._said:
            self._said.add(text)
            self.warn(text, **facts)

    def info_once(self, text: str, **facts: object) -> None:
        """`info`, unless this very text was said before."""
        if text not in self._said:
            self._said.add(text)
            self.info(text, **facts)

    def say_again(self) -> None:
        """What was said once may be said once more."""
        self._said.clear()

    def error(self, text: str, **facts: object) -> None:
        """Something failed; may hold several lines."""
        self._message(Level.ERROR, text, facts)

    def failure(self, error: WranglerError) -> None:
        """One of our errors, as a block: message, where, hint."""
        if self._settings.json:
            facts = {"kind": type(error).__name__, "where": error.where, "hint": error.hint}
            self._message(Level.ERROR, error.message, facts)
        else:
            self._message(Level.ERROR, error.render(), {})

    def _message(self, level: Level, text: str, facts: Mapping[str, object]) -> None:
        # What is wrong has its own event, so that a script needs to look at one key only.
        name = "error" if level is Level.ERROR else "message"
        facts = {"level": level.name.lower(), "message": text, **facts}
        self._happened(name, level, text, facts, prefix=level not in _MARKS)

    def _happened(
        self,
        name: str,
        level: Level,
        text: str,
        facts: Mapping[str, object],
        *,
        prefix: bool = False,
    ) -> None:
        if level > self._level:
            return
        if self._settings.json:
            self._emit(name, facts)
        elif prefix:
            self._prefixed(level, text)
        else:
            self._line(level, text)

    def _prefixed(self, level: Level, text: str) -> None:
        stream = self._stream(level)
        prefix = f"[wrangler:{level.name.lower()}]"
        if self._colored(stream):
            prefix = f"\033[{'32' if level is Level.INFO else '90'}m{prefix}\033[0m"
        self._write(stream, f"{prefix} {text}\n")

    def _line(self, level: Level, text: str) -> None:
        stream = self._stream(level)
        mark, tint = _MARKS.get(level, ("", ""))
        if mark and self._colored(stream):
            mark = f"\033[{tint}m{mark}\033[0m"
        self._write(stream, f"{mark}{text}\n")

    def _emit(self, name: str, facts: Mapping[str, object]) -> None:
        entry = {"event": name, "timestamp": int(time.time() * 1000), **facts}
        # ASCII keeps it one line of valid JSON whatever the stream's encoding is.
        line = json.dumps(entry, default=str, separators=(",", ":"))
        self._write(self._stream(Level.INFO), f"{line}\n")

    def _write(self, stream: TextIO, text: str) -> None:
        held = self._held
        if held is not None and get_ident() != self._speaker:
            held.append((stream, text))
        else:
            _write(stream, text)

    def _stream(self, level: Level) -> TextIO:
        if level in _MARKS:
            return self._settings.err or sys.stderr
        return self._settings.out or sys.stdout

    def _colored(self, stream: TextIO) -> bool:
        if self._settings.color is not None:
            return self._settings.color
        known = self._colors.get(id(stream))
        if known is None:
            known = self._colors[id(stream)] = wants_color(stream, os.environ)
        return known


def printable(text: str) -> str:
    """``text`` such that it cannot steer the terminal."""
    return text if text.isprintable() else ascii(text)[1:-1]


def wants_color(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to write colours: an explicit wish first, then what the stream is.

    Implements: https://no-color.org, https://force-color.org, https://bixense.com/clicolors
    """
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR")
    if forced:
        return forced not in ("0", "false")
    if environ.get("CLICOLOR") == "0" or environ.get("TERM") == "dumb" or environ.get("CI"):
        return False
    return not stream.closed and stream.isatty()


def _write(stream: TextIO, text: str) -> None:
    """Write and flush; a reader that went away or a poor encoding is no reason to fail."""
    try:
        stream.write(text)
        stream.flush()
    except UnicodeEncodeError:
        encoding = stream.encoding or "ascii"
        safe = text.encode(encoding, "backslashreplace").decode(encoding)
        stream.write(safe)
        stream.flush()
    except (OSError, ValueError):
        # The pipe was closed (`| head`), the terminal is gone, or the stream at interpreter exit.
        pass


log = Log()
