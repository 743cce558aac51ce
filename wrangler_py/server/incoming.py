"""What a worker sees of a request that came over the network, made when it looks.

Source: https://developers.cloudflare.com/fundamentals/reference/http-headers/,
https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp.http import RawRequestMessage

from ..js.object import JsObject

__all__ = ["cf_of", "pairs_of"]

# Set at the edge, whatever the client sent.
_OVERRIDDEN = frozenset({b"accept-encoding", b"cf-connecting-ip"})


def pairs_of(raw: Iterable[tuple[bytes, bytes]], peer: object) -> list[tuple[str, str]]:
    """The headers as sent, in order, and those that the edge adds."""
    address = peer[0] if isinstance(peer, tuple) else "127.0.0.1"
    pairs = [
        (name.decode("utf-8", "replace"), value.decode("utf-8", "replace"))
        for name, value in raw
        if name.lower() not in _OVERRIDDEN
    ]
    pairs.append(("accept-encoding", "br, gzip"))
    pairs.append(("cf-connecting-ip", str(address)))
    return pairs


def cf_of(message: RawRequestMessage) -> JsObject:
    """A placeholder for what Cloudflare knows about a client."""
    properties: dict[str, Any] = {
        "clientTcpRtt": 35,
        "longitude": "-97.74260",
        "latitude": "30.27130",
        "tlsCipher": "AEAD-AES128-GCM-SHA256",
        "continent": "NA",
        "asn": 395747,
        "clientAcceptEncoding": message.headers.get("Accept-Encoding", ""),
        "country": "US",
        "verifiedBotCategory": "",
        "tlsVersion": "TLSv1.3",
        "timezone": "America/Chicago",
        "city": "Austin",
        "tlsClientAuth": JsObject(
            {
                "certPresented": "0",
                "certVerified": "NONE",
                "certRevoked": "0",
                "certIssuerDN": "",
                "certSubjectDN": "",
            }
        ),
        "edgeRequestKeepAliveStatus": 1,
        "requestPriority": "weight=192;exclusive=0",
        "httpProtocol": f"HTTP/{message.version.major}.{message.version.minor}",
        "region": "Texas",
        "regionCode": "TX",
        "metroCode": "635",
        "asOrganization": "Cloudflare",
        "postalCode": "78701",
        "colo": "DFW",
    }
    return JsObject(properties)
