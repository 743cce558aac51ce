"""What Cloudflare has and this tool does not: having it is fine, using it says so."""

from __future__ import annotations

from functools import cache
from types import new_class
from typing import Any, NoReturn

from ..errors import NotEmulated
from .proxy import JsProxy

_HINT = "`npx wrangler dev` runs Workers that need it"


__all__ = ["Absent", "absent_class"]


class Absent(JsProxy, js_name="Object", raw=True):
    """Stands where an object would: calling it and reading its attributes raise NotEmulated."""

    def __init__(self, name: str, reason: str = "not emulated yet", hint: str = _HINT) -> None:
        """``name``: the expression by which a script reaches it (`env.KV`)."""
        self._name, self._reason, self._hint = name, reason, hint

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)  # Python asks for its own protocols
        raise NotEmulated(f"{self._name}.{name}: {self._reason}", hint=self._hint)

    def __call__(self, *_: Any, **__: Any) -> NoReturn:
        raise NotEmulated(f"{self._name}(): {self._reason}", hint=self._hint)


@cache
def absent_class(js_name: str) -> type[Absent]:
    """What is absent, but tells what it would be: the SDK wraps a binding by its class's name."""
    return new_class("Absent", (Absent,), {"js_name": js_name, "raw": True})
