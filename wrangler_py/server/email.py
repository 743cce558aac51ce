"""Where a message for the Worker's `email()` is handed in, under wrangler's names too.

Source: https://developers.cloudflare.com/email-service/local-development/routing/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .local_endpoints import LocalEndpoints, LocalRequest, Reply

if TYPE_CHECKING:
    from .received_email import Host

__all__ = ["offer_email"]

PATHS = ("/cdn-cgi/local/email", "/cdn-cgi/handler/email")


def offer_email(endpoints: LocalEndpoints, host: Host) -> None:
    """Answer at these names."""

    async def receive(request: LocalRequest) -> Reply:
        from .received_email import receive_email  # few workers get mail

        return await receive_email(host, request)

    for path in PATHS:
        endpoints.on_path(path, receive)
