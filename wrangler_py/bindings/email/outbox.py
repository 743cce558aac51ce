"""What was sent, forwarded and replied: nothing leaves this machine, it is kept here.

Source: https://developers.cloudflare.com/email-service/local-development/sending/
Differs: `wrangler dev` keeps it in a folder that it deletes when it ends.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ...stores.stores import Stores

__all__ = ["Attachment", "Outbox", "Sent"]


_UNSAFE = re.compile(r"[^A-Za-z0-9@._\[\]-]")
_LONGEST = 150


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message that was sent as an object."""

    filename: str
    content: bytes
    type: str = ""
    disposition: str = "attachment"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that a Worker let go."""

    how: Literal["send", "forward", "reply"]
    message_id: str
    sender: str
    to: tuple[str, ...]
    raw: bytes = b""
    """The whole message; empty for one that was sent as an object."""
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """What was added when it was forwarded, or the object's own."""
    attachments: tuple[Attachment, ...] = ()
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()


class Outbox:
    """The messages of one project, in `email/` of its state."""

    def __init__(self, stores: Stores) -> None:
        self._folder = None if stores.folder is None else stores.folder / "email"
        self.sent: list[Sent] = []
        """Oldest first; on disk nothing is remembered."""

    def remember(self, sent: Sent) -> None:
        """Keep ``sent`` for a test to look at."""
        if self._folder is None:
            self.sent.append(sent)

    def write(self, kind: str, message_id: str, ending: str, content: bytes) -> str:
        """Keep a file of a message, and say where it is.

        Raises: OSError.
        """
        name = _safe(f"{message_id.strip('<>')}{ending}")
        if self._folder is None:
            return f"(in memory) {kind}/{name}"
        path = self._folder / kind / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return _shown(path)


def _safe(name: str) -> str:
    """``name``, of which a part is an address that anybody may have written, as a file's name."""
    stem, dot, extension = _UNSAFE.sub("_", name).rpartition(".")
    return f"{stem[:_LONGEST]}{dot}{extension}"


def _shown(path: Path) -> str:
    """As short as it is clear: from here, if it is below."""
    try:
        return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)
    except OSError:
        return str(path)
