"""Local variables on an error page: short, safe to make, and without secrets."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterator
from itertools import islice
from types import FrameType, FunctionType, ModuleType
from typing import Any

from ...bindings.registry import Env
from ...context import is_ctrl_c

MASK = "••••••"
_MOST = 40
"""Variables shown of one frame."""
_LONGEST = 300
_SECRET = re.compile(
    r"SECRET|TOKEN|PASSW(OR)?D|PASSPHRASE|KEY|CREDENTIAL|AUTH|COOKIE|SESSION_?ID|SIGNATURE",
    re.IGNORECASE,
)

_PARAMETER = re.compile(r"([?&])([^=&#\s'\"]+)=([^&#\s'\"]*)")


def is_secret(name: str) -> bool:
    """Whether what is called ``name`` should not be seen over somebody's shoulder."""
    return _SECRET.search(name) is not None


def without_parameters(text: str) -> str:
    """``text`` without the values of URLs' parameters that are named like secrets."""

    def shown(found: re.Match[str]) -> str:
        separator, name, value = found.groups()
        return f"{separator}{name}={MASK if is_secret(name) and value else value}"

    return _PARAMETER.sub(shown, text)


def shown_locals(frame: FrameType) -> list[tuple[str, str]]:
    """``(name, value)`` of what a frame knows by name, the first few."""
    secrets = sorted(_secrets_of(frame), key=len, reverse=True)
    shown = []
    for name, value in islice(_interesting(dict(frame.f_locals)), _MOST):
        text = MASK if is_secret(name) else without_parameters(_shown(value))
        for secret in secrets:
            text = text.replace(secret, MASK)
        shown.append((name, text))
    return shown


def _interesting(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """At a module's top level most names are imports and definitions."""
    for name, value in values.items():
        if not name.startswith("__") and not isinstance(value, (ModuleType, FunctionType, type)):
            yield name, value


def _secrets_of(frame: FrameType) -> Iterator[str]:
    """Values that stand under a secret's name on `env`: they may have other names here."""
    for value in (*frame.f_locals.values(), getattr(frame.f_locals.get("self"), "env", None)):
        if (env := _env(value)) is not None:
            for name, text in env._props.items():
                if isinstance(text, str) and len(text) > 3 and is_secret(name):
                    yield text


def _env(value: Any) -> Env | None:
    """The worker's `env` in its own shape, or in the SDK's wrapper."""
    if not isinstance(value, Env):
        value = getattr(value, "__dict__", {}).get("_env")
    return value if isinstance(value, Env) else None


def _shown(value: Any) -> str:
    if _env(value) is not None:
        return "<env>"
    try:
        text = _short.repr(value)
    except BaseException as exc:  # a script's own `__repr__` may do anything
        if is_ctrl_c(exc):
            raise
        text = f"<{type(value).__name__}, whose repr() raised {type(exc).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


class _Short(reprlib.Repr):
    """`repr` of the beginning only, with what stands under a secret's name masked."""

    def __init__(self) -> None:
        super().__init__()
        self.maxstring = self.maxother = _LONGEST
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = 10
        self.maxlevel = 3

    def repr1(self, x: Any, level: int) -> str:
        return "<env>" if _env(x) is not None else super().repr1(x, level)

    def repr_dict(self, x: dict[Any, Any], level: int) -> str:
        if level <= 0:
            return "{...}" if x else "{}"
        parts = []
        for key, value in islice(x.items(), self.maxdict):
            masked = isinstance(key, str) and is_secret(key)
            shown = MASK if masked else self.repr1(value, level - 1)
            parts.append(f"{self.repr1(key, level - 1)}: {shown}")
        return "{" + ", ".join([*parts, *(["..."] if len(x) > self.maxdict else [])]) + "}"

    def repr_bytes(self, x: bytes, level: int) -> str:
        shown = repr(bytes(x[:100]))
        return shown if len(x) <= 100 else f"{shown}... ({len(x)} bytes)"

    repr_bytearray = repr_memoryview = repr_bytes


_short = _Short()
