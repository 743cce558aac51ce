"""Whose certificates are trusted where this machine is the client.

The machine's own authorities (`SSL_CERT_FILE` and `SSL_CERT_DIR` name others), and those of
`NODE_EXTRA_CA_CERTS`, as in `wrangler dev`.
"""

from __future__ import annotations

import os
import ssl
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from ..log import log

__all__ = ["EXTRA", "client_context", "has_extra", "pinned", "tool_context", "trusted_at"]

EXTRA = "NODE_EXTRA_CA_CERTS"


def has_extra() -> bool:
    """Whether somebody else than usual is trusted."""
    return bool(os.environ.get(EXTRA))


def client_context() -> ssl.SSLContext:
    """A context that checks certificates and names."""
    return _context(os.environ.get(EXTRA), os.environ.get("SSL_CERT_FILE"))


@lru_cache(maxsize=4)
def _context(extra: str | None, _file: str | None) -> ssl.SSLContext:
    made = _checking()
    if extra:
        try:
            made.load_verify_locations(extra)
        except (OSError, ssl.SSLError) as exc:
            log.warn(f"{EXTRA}: {extra} cannot be read: {exc}")
    return made


def trusted_at(url: str, certificate: Path | None = None) -> ssl.SSLContext | bool:
    """Whom a tool of ours trusts at ``url``, as aiohttp takes it.

    ``certificate``: the server's own, where it is known.
    """
    if not url.startswith(("https:", "wss:")):
        return True
    return tool_context() if certificate is None else pinned(certificate)


def pinned(certificate: Path) -> ssl.SSLContext:
    """A context that trusts this one server, by whatever name it is asked."""
    made = _checking(certificate)
    made.check_hostname = False
    return made


def tool_context() -> ssl.SSLContext:
    """For tools of ours: as always, and servers of this user."""
    from .certificate import made_certificate  # only for https

    made = _checking()
    own = made_certificate(make=False)
    for file in (os.environ.get(EXTRA), own if own.exists() else None):
        if file:
            with suppress(OSError):
                made.load_verify_locations(file)
    return made


def _checking(certificate: Path | None = None) -> ssl.SSLContext:
    """The usual checks, also on Python 3.13: it began to refuse what the runtime and Node take."""
    made = ssl.create_default_context(cafile=certificate)
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made
