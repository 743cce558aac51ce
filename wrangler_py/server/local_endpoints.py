"""The guard of everything under /cdn-cgi/, and our own endpoints at /cdn-cgi/local/.

Any web page that the developer visits can send requests to a local server; by DNS rebinding it
can also read the answers. So one check stands before routing: who is asked, and who asks.

Source: https://developer.mozilla.org/docs/Glossary/Fetch_metadata_request_header, CVE-2026-27977,
CVE-2025-30360, CVE-2024-34069 (the same hole in other development servers)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl

from multidict import CIMultiDictProxy

from .admission import host_name

__all__ = ["PREFIX", "Guard", "LocalEndpoints", "LocalRequest", "Reply"]

PREFIX = "/cdn-cgi/"
LOCAL = "/cdn-cgi/local/"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer of ours. Never carries CORS headers."""

    status: int = HTTPStatus.OK
    body: bytes = b""
    content_type: str = "text/plain;charset=UTF-8"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LocalRequest:
    """A request to an endpoint of ours that passed the guard."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: CIMultiDictProxy[str]
    read: Callable[[int], Awaitable[bytes]]
    """The body; given the most bytes to take. Raises ValueError if there are more."""


Endpoint = Callable[[LocalRequest], Awaitable[Reply]]


@dataclass(frozen=True)
class Guard:
    """Who counts as this machine: the loopback names, and what the user configured."""

    names: frozenset[str] = _LOOPBACK

    @classmethod
    def allowing(cls, names: Iterable[str]) -> Guard:
        """The loopback names and ``names``; addresses that mean "any" are none."""
        known = {name.lower() for name in names} - {"", "0.0.0.0", "::", "[::]", "*"}
        return cls(_LOOPBACK | {f"[{n}]" if ":" in n and n[0] != "[" else n for n in known})

    def allows_host(self, headers: CIMultiDictProxy[str]) -> bool:
        """Whether the client asked for a name of this machine."""
        return host_name(headers.get("Host", "")) in self.names

    def refusal(self, headers: CIMultiDictProxy[str]) -> str | None:
        """Why a request may not come near; None if it may."""
        if not self.allows_host(headers):
            return "Host"
        origins = headers.getall("Origin", [])
        if not all(self._is_own(origin) for origin in origins):
            return "Origin"
        if headers.get("Sec-Fetch-Site", "").strip().lower() == "cross-site":
            return "Sec-Fetch-Site"
        return None

    def _is_own(self, origin: str) -> bool:
        """Any port of this machine; `null` and everything opaque are foreign."""
        scheme, found, authority = origin.partition("://")
        if not found or scheme.lower() not in ("http", "https"):
            return False
        return host_name(authority) in self.names


@dataclass
class LocalEndpoints:
    """The registry: later parts of the tool add theirs."""

    guard: Guard = field(default_factory=Guard)
    _reads: dict[str, Endpoint] = field(default_factory=dict)
    _writes: dict[str, Endpoint] = field(default_factory=dict)
    _paths: dict[str, Endpoint] = field(default_factory=dict)

    def on_get(self, name: str, endpoint: Endpoint) -> None:
        """``endpoint`` answers GET and HEAD of /cdn-cgi/local/``name``; it changes nothing."""
        self._reads[LOCAL + name] = endpoint

    def on_post(self, name: str, endpoint: Endpoint) -> None:
        """``endpoint`` answers POST: the only way to change something."""
        self._writes[LOCAL + name] = endpoint

    def on_path(self, path: str, endpoint: Endpoint) -> None:
        """``endpoint`` answers GET and POST of ``path``, wherever that is, and may change things.

        For what wrangler's users call with a bare curl, and nothing else.
        """
        self._paths[path] = endpoint

    def covers(self, target: str) -> bool:
        """Whether a request for ``target`` must pass the guard."""
        if target.startswith(PREFIX):
            return True
        return bool(self._paths) and target.partition("?")[0] in self._paths

    def refuse(self, headers: CIMultiDictProxy[str]) -> Reply | None:
        """The 403 for a foreign request; None for one of this machine."""
        reason = self.guard.refusal(headers)
        if reason is None:
            return None
        text = (
            f"Forbidden: {PREFIX} answers this machine only, and the {reason} header of this "
            "request is another's.\n"
        )
        return Reply(HTTPStatus.FORBIDDEN, text.encode())

    async def answer(self, request: LocalRequest) -> Reply | None:
        """Answer a request that passed the guard; None: it is not one of ours."""
        path = request.path
        if path in self._paths:
            if request.method in ("GET", "POST"):
                return await self._paths[path](request)
            return _not_allowed("GET, POST")
        if not path.startswith(LOCAL):
            return None
        is_read = request.method in _SAFE
        endpoint = (self._reads if is_read else self._writes).get(path)
        if endpoint is not None and (is_read or request.method == "POST"):
            return await endpoint(request)
        allowed = ["GET, HEAD"] * (path in self._reads) + ["POST"] * (path in self._writes)
        if allowed:
            return _not_allowed(", ".join(allowed))
        return Reply(HTTPStatus.NOT_FOUND, b"There is no such local endpoint.\n")


def _not_allowed(allowed: str) -> Reply:
    headers = (("Allow", allowed),)
    return Reply(HTTPStatus.METHOD_NOT_ALLOWED, b"Method Not Allowed\n", headers=headers)


def local_request(
    method: str,
    target: str,
    headers: CIMultiDictProxy[str],
    read: Callable[[int], Awaitable[bytes]],
) -> LocalRequest:
    """The request that an endpoint gets."""
    path, _, query = target.partition("?")
    return LocalRequest(method, path, dict(parse_qsl(query, keep_blank_values=True)), headers, read)
