"""`print` of a worker as events: with ``--json`` each line of standard output is an object."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from wrangler_py.log import log

__all__ = ["printed_as_events"]


class _Printed(io.TextIOBase):
    """A standard output whose lines go where `console.log` goes, as on Cloudflare."""

    def __init__(self) -> None:
        self._begun = ""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        *lines, self._begun = (self._begun + text).split("\n")
        for line in lines:
            log.console("log", line)
        return len(text)

    def flush(self) -> None:
        if self._begun:
            line, self._begun = self._begun, ""
            log.console("log", line)


@contextmanager
def printed_as_events() -> Iterator[None]:
    """Take standard output from whoever prints; the log keeps the real one."""
    real, settings = sys.stdout, log.settings
    log.settings = replace(settings, out=real)
    sys.stdout = _Printed()
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stdout, log.settings = real, settings
