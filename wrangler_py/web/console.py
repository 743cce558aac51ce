"""`console`: what a worker says goes to the log, as lines of its own.

Implements: https://console.spec.whatwg.org, https://developers.cloudflare.com/workers/runtime-apis/console/
"""

from __future__ import annotations

import time
import traceback
from typing import Any

from .. import context
from ..js.convert import to_boolean, to_string
from ..js.null import is_nullish
from ..js.object import entries_of
from ..js.proxy import JsProxy
from ..log import log
from .inspect import format_line, inspect


class Console(JsProxy, js_name="console"):
    """The one console of a worker."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._timers: dict[str, float] = {}
        self._indent = 0

    def _say(self, level: str, text: str) -> None:
        if self._indent:
            margin = "  " * self._indent
            text = "\n".join(margin + line for line in text.split("\n"))
        log.console(level, text)

    def _line(self, level: str, args: tuple[Any, ...]) -> None:
        trace = context.trace()
        if trace is not None:
            trace.log(level, args)
        self._say(level, format_line(args))

    def log(self, *args: Any) -> None:
        self._line("log", args)

    def info(self, *args: Any) -> None:
        self._line("info", args)

    def debug(self, *args: Any) -> None:
        self._line("debug", args)

    def warn(self, *args: Any) -> None:
        self._line("warn", args)

    def error(self, *args: Any) -> None:
        self._line("error", args)

    def trace(self, *args: Any) -> None:
        head = f"Trace: {format_line(args)}" if args else "Trace"
        frames = traceback.format_list(
            [frame for frame in traceback.extract_stack() if "wrangler_py" not in frame.filename]
        )
        self._say("log", head + "\n" + "".join(frames[-10:]).rstrip())

    def dir(self, value: Any = None, options: Any = None) -> None:
        self._say("log", inspect(value))

    def dirxml(self, *args: Any) -> None:
        self._say("log", format_line(args))

    def assert_(self, condition: Any = None, *args: Any) -> None:
        if to_boolean(condition):
            return
        text = format_line(args)
        self._say("error", f"Assertion failed: {text}" if args else "Assertion failed")

    def count(self, label: Any = None) -> None:
        name = _label(label)
        self._counts[name] = self._counts.get(name, 0) + 1
        self._say("log", f"{name}: {self._counts[name]}")

    def countReset(self, label: Any = None) -> None:
        if self._counts.pop(_label(label), None) is None:
            self._say("warn", f"Count for '{_label(label)}' does not exist")

    def time(self, label: Any = None) -> None:
        if _label(label) in self._timers:
            self._say("warn", f"Timer '{_label(label)}' already exists")
        else:
            self._timers[_label(label)] = time.perf_counter()

    def timeLog(self, label: Any = None, *args: Any) -> None:
        self._elapsed(_label(label), args)

    def timeEnd(self, label: Any = None) -> None:
        self._elapsed(_label(label), ())
        self._timers.pop(_label(label), None)

    def _elapsed(self, name: str, args: tuple[Any, ...]) -> None:
        begun = self._timers.get(name)
        if begun is None:
            self._say("warn", f"Timer '{name}' does not exist")
            return
        ms = (time.perf_counter() - begun) * 1000
        self._say("log", " ".join([f"{name}: {ms:.3f} ms", *filter(None, [format_line(args)])]))

    def group(self, *args: Any) -> None:
        if args:
            self._say("log", format_line(args))
        self._indent += 1

    def groupCollapsed(self, *args: Any) -> None:
        self.group(*args)

    def groupEnd(self) -> None:
        self._indent = max(self._indent - 1, 0)

    def clear(self) -> None:
        """The terminal is not ours to clear."""

    def table(self, data: Any = None, columns: Any = None) -> None:
        try:
            rows = entries_of(data)
        except Exception:
            rows = []
        self._say("log", _table(rows, columns) if rows else inspect(data))

    def __getattr__(self, name: str) -> Any:
        # `assert` is a keyword in Python: `console.assert_(...)`, or getattr.
        return self.assert_ if name == "assert" else super().__getattr__(name)


console = Console()


def _label(label: Any) -> str:
    return "default" if label is None else to_string(label)


def _table(rows: list[tuple[str, Any]], columns: Any) -> str:
    """Rows of objects (or of plain values) in a box."""
    cells: list[dict[str, str]] = []
    for index, row in rows:
        cell = {"(index)": index}
        if isinstance(row, JsProxy) and (members := list(row._entries())):
            cell.update((key, inspect(value)) for key, value in members)
        else:
            cell["Values"] = inspect(row)
        cells.append(cell)
    names = list(dict.fromkeys(name for cell in cells for name in cell))
    if not is_nullish(columns):
        names = ["(index)", *map(to_string, columns)]
    width = {name: max(len(name), *(len(cell.get(name, "")) for cell in cells)) for name in names}
    lines = [
        "│ " + " │ ".join(text.get(name, "").ljust(width[name]) for name in names) + " │"
        for text in ({name: name for name in names}, *cells)
    ]
    rule = ["─" * (width[name] + 2) for name in names]
    edges = [marks[0] + marks[1].join(rule) + marks[2] for marks in ("┌┬┐", "├┼┤", "└┴┘")]
    return "\n".join([edges[0], lines[0], edges[1], *lines[1:], edges[2]])
