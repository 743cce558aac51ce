"""What is there, for somebody who asked: the open WebSockets, the objects that stay awake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ..durable.objects import Objects
from ..log import printable
from ..server.socket_life import duration
from ..server.websocket import Socket

if TYPE_CHECKING:
    from ..durable.actor import Actor

__all__ = ["hibernated", "plural", "sockets"]


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def sockets(found: Iterable[Socket]) -> str:
    """The open ones, the oldest first: number, path, age, what passed, who has it."""
    rows = [_row(socket) for socket in found]
    if not rows:
        return "no WebSocket is open"
    return f"{plural(len(rows), 'open WebSocket')}:\n{_aligned(rows)}"


def _row(socket: Socket) -> Sequence[str]:
    life = socket.life
    if life is None:
        return ()
    return (
        f"  #{life.number}",
        printable(life.path),
        duration(life.seconds),
        f"{socket.received} in",
        f"{socket.sent} out",
        socket.held_by,
        "closing" if socket.is_closing else "",
    )


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    wide = [max(map(len, column)) + 2 for column in zip(*rows, strict=True)]
    lines = ("".join(map(str.ljust, row, wide)).rstrip() for row in rows)
    return "\n".join(lines)


def hibernated(objects: Sequence[Objects]) -> str:
    """Let every idle object sleep; how many did, and what keeps the others awake."""
    before = len(_awake(objects))
    if not before:
        return "no Durable Object is awake"
    for each in objects:
        each.hibernate()
    awake = _awake(objects)
    rows = [(f"  {actor.short_label}", f"awake: {actor.kept_by()}") for actor in awake]
    said = f"{before - len(awake)} of {plural(before, 'Durable Object')} hibernated"
    return "\n".join([said, _aligned(rows)]) if rows else said


def _awake(objects: Sequence[Objects]) -> list[Actor]:
    return [actor for each in objects for actor in each.awake()]
