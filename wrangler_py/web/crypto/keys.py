"""CryptoKey, and what a key may be used for.

Implements: https://w3c.github.io/webcrypto/#cryptokey-interface
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, Never

from ...js.array import JsArray
from ...js.buffers import Uint8Array
from ...js.convert import to_string
from ...js.errors import dom_exception, type_error
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ..idl import bad_argument

KeyType = Literal["secret", "private", "public"]
Usages = tuple[str, ...]

_ORDER = (
    "encrypt",
    "decrypt",
    "sign",
    "verify",
    "deriveKey",
    "deriveBits",
    "wrapKey",
    "unwrapKey",
)


class CryptoKey(JsProxy):
    """A key; the material stays on our side."""

    @classmethod
    def _construct(cls, *_: Any) -> Never:
        raise type_error("Illegal constructor")

    def __init__(
        self,
        type: KeyType,
        material: Any,
        algorithm: dict[str, Any],
        extractable: bool,
        usages: Usages,
    ) -> None:
        self._type = type
        self._material = material
        self._algorithm = algorithm
        self._extractable = extractable
        self._usages = usages

    @property
    def type(self) -> str:
        return self._type

    @property
    def extractable(self) -> bool:
        return self._extractable

    @property
    def algorithm(self) -> JsObject:
        return JsObject({name: _shown(value) for name, value in self._algorithm.items()})

    @property
    def usages(self) -> JsArray:
        return JsArray(list(self._usages))

    def _entries(self) -> Iterator[tuple[str, Any]]:
        names = ("usages", "algorithm", "extractable", "type")
        return ((name, getattr(self, name)) for name in names)


def _shown(value: Any) -> Any:
    if isinstance(value, dict):
        return JsObject(dict(value))
    return Uint8Array._of(value) if isinstance(value, bytes) else value


def read_usages(value: Any, method: str, position: int) -> Usages:
    """Read the `keyUsages` argument, an Array: a Python list is none."""
    if not isinstance(value, JsArray):
        raise bad_argument("SubtleCrypto", method, position, "Array")
    return tuple(to_string(item) for item in value)


def check_usages(usages: Usages, allowed: Iterable[str], operation: str, name: str) -> Usages:
    """Return ``usages`` in the standard's order, each once.

    Raises:
        JsException: a SyntaxError, if one is not ``allowed``; ``operation`` is "generate",
            "import secret", "import public" or "import private".
    """
    allowed = tuple(allowed)
    for usage in usages:
        if usage not in allowed:
            raise dom_exception(
                f'Attempt to {operation} {name} key with invalid usage "{usage}".', "SyntaxError"
            )
    return only(usages, _ORDER)


def only(usages: Usages, allowed: Iterable[str]) -> Usages:
    """Those of ``usages`` that are allowed, in the order of ``allowed``."""
    return tuple(usage for usage in allowed if usage in usages)


def require_some_usage(key: CryptoKey) -> None:
    """Raises JsException: a SyntaxError, if a secret or private key could do nothing."""
    if key._type != "public" and not key._usages:
        raise dom_exception(
            "Secret/private CryptoKeys must have at least one usage.", "SyntaxError"
        )


def require_use(key: CryptoKey, name: str, usage: str) -> None:
    """Check that ``key`` is of the algorithm ``name`` and may be used so."""
    own = key._algorithm["name"]
    if name.lower() != own.lower():
        raise dom_exception(
            f'Requested algorithm "{name}" does not match this CryptoKey\'s algorithm "{own}".',
            "InvalidAccessError",
        )
    if usage not in key._usages:
        raise dom_exception(
            f'Requested key usage "{usage}" does not match any usage listed in this CryptoKey.',
            "InvalidAccessError",
        )
