"""The seam behind the Cache API: who keeps the responses of one cache.

Source: https://developers.cloudflare.com/workers/runtime-apis/cache/
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import BinaryIO, Protocol

__all__ = ["Kept", "Pairs", "Store"]

Pairs = Sequence[tuple[str, str]]


class Kept(Protocol):
    """A response that is kept."""

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> Pairs: ...

    @property
    def size(self) -> int:
        """Bytes of its body."""

    @property
    def body(self) -> BinaryIO:
        """Its reader closes it."""


class Store(Protocol):
    """One cache; what has expired is not there."""

    def get(self, key: str) -> Kept | None: ...

    async def put(
        self, key: str, status: int, headers: Pairs, body: AsyncIterator[bytes], expiration: float
    ) -> None:
        """Keep a response once its body has ended. ``expiration``: milliseconds since 1970.

        Raises: what ``body`` raises; what was there before stays.
        """

    def delete(self, key: str) -> bool:
        """Forget a response; whether it was there."""
