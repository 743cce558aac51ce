"""Where the server listens: the addresses of a name, with one port for all of them."""

from __future__ import annotations

import errno
import socket

from aiohttp import http_parser

from ..errors import PortInUse, UsageError
from ..log import log

__all__ = ["bind", "in_url", "warn_about"]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def in_url(ip: str) -> str:
    """An address or a name as a URL has it."""
    return f"[{ip}]" if ":" in ip else ip


def warn_about(ip: str) -> None:
    """Say who can connect at ``ip``, and what is missing to serve them well."""
    if ip not in _LOOPBACK:
        log.warn(f"listening on {ip}: everybody who can reach this address can use the worker")
    if http_parser.HttpRequestParser is http_parser.HttpRequestParserPy:
        log.warn(
            "aiohttp runs without its compiled parser, which is slow and less tested: "
            "reinstall aiohttp where it has a wheel"
        )


def bind(ip: str, port: int) -> list[socket.socket]:
    """Sockets for each address of ``ip``, all with the same port.

    Raises:
        PortInUse: somebody else listens there.
        UsageError: ``ip`` is no address of this machine.
    """
    try:
        found = socket.getaddrinfo(
            ip or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except socket.gaierror as exc:
        raise UsageError(f"cannot listen on {ip}: {exc.strerror}", where="--ip") from None
    except UnicodeError:
        raise UsageError(f"cannot listen on {ip}: this is no host's name", where="--ip") from None
    bound: list[socket.socket] = []
    # IPv4 first: what a port of 0 picks there is then asked for in IPv6.
    for family, kind, protocol, _, address in sorted(set(found), key=lambda info: info[0]):
        chosen = bound[0].getsockname()[1] if bound else port
        try:
            bound.append(_bind_one(family, kind, protocol, (address[0], chosen, *address[2:])))
        except OSError as exc:
            if bound and exc.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT):
                continue  # a machine without IPv6
            for each in bound:
                each.close()
            raise _explained(exc, ip, chosen) from None
    return bound


def _bind_one(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> socket.socket:
    made = socket.socket(family, kind, protocol)
    try:
        if hasattr(socket, "AF_INET6") and family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if hasattr(socket, "SO_REUSEPORT"):  # not on Windows, where REUSEADDR means theft
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def _explained(exc: OSError, ip: str, port: int) -> Exception:
    if exc.errno == errno.EADDRINUSE:
        return PortInUse(
            f"port {port} is in use",
            where=f"{in_url(ip)}:{port}",
            hint="`--port 0` picks a free one",
        )
    return UsageError(f"cannot listen on {ip}:{port}: {exc.strerror}", where="--ip, --port")
