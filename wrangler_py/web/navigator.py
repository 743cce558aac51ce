"""navigator, performance and reportError.

Implements: https://developers.cloudflare.com/workers/runtime-apis/web-standards/
Differs: `sendBeacon` is not emulated; the clock runs while a script computes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Never

from .. import clock, context
from ..errors import NotEmulated
from ..js.array import JsArray
from ..js.errors import thrown, type_error
from ..js.proxy import JsProxy
from .idl import MISSING, bad_argument


class Navigator(JsProxy):
    """The `navigator` object."""

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise type_error("Illegal constructor")

    def __init__(self) -> None:
        self._languages = JsArray(["en"])

    @property
    def userAgent(self) -> str:
        return "Cloudflare-Workers"

    @property
    def hardwareConcurrency(self) -> int:
        return 1

    @property
    def language(self) -> str:
        return "en"

    @property
    def languages(self) -> JsArray:
        return self._languages

    @property
    def platform(self) -> str:
        return ""

    def sendBeacon(self, url: Any = None, data: Any = None) -> bool:
        raise NotEmulated(
            "navigator.sendBeacon() is not emulated",
            hint='use `fetch(url, method="POST", body=...)` under `ctx.waitUntil`',
        )

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


class Performance(JsProxy):
    """The `performance` object: a worker's clock starts in 1970."""

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise type_error("Illegal constructor")

    @property
    def timeOrigin(self) -> int:
        return 0

    def now(self) -> int:
        """Milliseconds since `timeOrigin`, whole ones as on Cloudflare."""
        return clock.now_ms()

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


navigator = Navigator()
performance = Performance()


def reportError(reason: Any = MISSING) -> None:
    """Show ``reason`` as an error that nobody caught."""
    if reason is MISSING:
        raise bad_argument("ServiceWorkerGlobalScope", "reportError", 1, "Value")
    current = context.current()
    if current is not None:
        exc = reason if isinstance(reason, BaseException) else thrown(reason)
        current.report(exc, "reportError")
