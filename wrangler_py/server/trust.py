"""Whose certificates are trusted where this machine is the client.

The machine's own authorities (`SSL_CERT_FILE` and `SSL_CERT_DIR` name others), and those of
`NODE_EXTRA_CA_CERTS`, as in `wrangler dev`.
"""

from __future__ import annotations

import os
import ssl
from functools import lru_cache

from ..log import log

__all__ = ["EXTRA", "client_context", "has_extra"]

EXTRA = "NODE_EXTRA_CA_CERTS"


def has_extra() -> bool:
    """Whether somebody else than usual is trusted."""
    return bool(os.environ.get(EXTRA))


def client_context() -> ssl.SSLContext:
    """A context that checks certificates and names."""
    return _context(os.environ.get(EXTRA), os.environ.get("SSL_CERT_FILE"))


@lru_cache(maxsize=4)
def _context(extra: str | None, _file: str | None) -> ssl.SSLContext:
    made = ssl.create_default_context()
    if extra:
        try:
            made.load_verify_locations(extra)
        except (OSError, ssl.SSLError) as exc:
            log.warn(f"{EXTRA}: {extra} cannot be read: {exc}")
    return made
