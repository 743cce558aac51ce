"""What Cloudflare has and this tool does not: having it is fine, using it says so."""

from __future__ import annotations

from typing import Any, NoReturn

from ..errors import NotEmulated
from .proxy import JsProxy

_HINT = "`npx wrangler dev` runs Workers that need it"


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
