"""One match: who sits where, whose turn it is, and when it is over.

The object sleeps between moves, and forgets its memory; so nothing that matters is only in it.
The seat of a socket is its tag and its attachment, all else is in storage. One alarm is set to
the moment that ends the match unless somebody does something before.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from js import ArrayBuffer, WebSocket, WebSocketPair, WebSocketRequestResponsePair
from pyodide.ffi import JsException, to_js
from workers import DurableObject, Request, Response

from game import SEATS, Game, Refused

if TYPE_CHECKING:  # names of types, which are there for no one else
    from js import DurableObjectState, Env

WATCHING = "watching"
LONGEST_MESSAGE = 1000

Clock = tuple[int, str, str]
"""When something ends the match (in milliseconds), who loses, how it ends."""


class Match(DurableObject):
    def __init__(self, ctx: DurableObjectState, env: Env) -> None:
        super().__init__(ctx, env)
        # Pings are answered without waking the object.
        answer = WebSocketRequestResponsePair.new("ping", "pong")
        self.ctx.setWebSocketAutoResponse(answer)
        self.storage = self.ctx.storage
        self.move_ms = int(float(self.env.MOVE_SECONDS) * 1000)
        self.away_ms = int(float(self.env.AWAY_SECONDS) * 1000)
        self.load()

    def load(self) -> None:
        stored = self.storage.kv.get("match") or {}
        self.game = Game(**stored.get("game", {}))
        # Seat -> the secret of the player who sits there.
        self.seats: dict[str, str] = stored.get("seats", {})
        # Seat -> when its player left, for those who are not there.
        self.left_at: dict[str, int] = stored.get("left_at", {})
        # When the player whose turn it is began to think.
        self.turn_at: int = stored.get("turn_at", 0)

    # Coming and going.

    async def fetch(self, request: Request) -> Response:
        """Somebody comes, perhaps again: the secret says who."""
        query = parse_qs(urlsplit(request.url).query)
        secret = query.get("player", [""])[0]
        if not 8 <= len(secret) <= 64:
            return Response("A player has a secret of 8 to 64 characters", status=400)
        seat = self.seat_for(secret)
        client, server = WebSocketPair.new().object_values()
        self.ctx.acceptWebSocket(server, to_js([seat]))
        server.serializeAttachment(seat)
        await self.changed()
        return Response(None, status=101, web_socket=client)

    def seat_for(self, secret: str) -> str:
        """The seat that was this player's, or a free one."""
        own = [seat for seat in SEATS if self.seats.get(seat) == secret]
        free = [seat for seat in SEATS if seat not in self.seats]
        if own:
            self.left_at.pop(own[0], None)
        elif free:
            self.seats[free[0]] = secret
            self.turn_at = now()
        return (own + free + [WATCHING])[0]

    async def webSocketClose(
        self, ws: WebSocket, code: int, reason: str, wasClean: bool
    ) -> None:
        await self.left(ws)
        # 1005 and 1006 only tell what happened; they cannot be sent.
        ws.close(1000 if code in (1005, 1006) else code, reason)

    async def webSocketError(self, ws: WebSocket, error: Any) -> None:
        await self.left(ws)

    async def left(self, ws: WebSocket) -> None:
        """A socket has ended; it is still listed."""
        seat = ws.deserializeAttachment()
        if seat in self.seats and not self.sockets(seat, but=ws):
            self.left_at[seat] = now()
        await self.changed(but=ws)

    def sockets(self, *seat: str, but: WebSocket | None = None) -> list[WebSocket]:
        # Sockets are compared with ==, not with `is`.
        return [each for each in self.ctx.getWebSockets(*seat) if each != but]

    # Playing.

    async def webSocketMessage(self, ws: WebSocket, message: str | ArrayBuffer) -> None:
        try:
            self.do(ws.deserializeAttachment(), message)
        except Refused as refused:
            ws.send(json.dumps({"type": "error", "message": str(refused)}))
        else:
            await self.changed()

    def do(self, seat: str, message: str | ArrayBuffer) -> None:
        """What the player of ``seat`` asks for."""
        # A binary message is an ArrayBuffer: it is no str, and has no len().
        if not isinstance(message, str) or len(message) > LONGEST_MESSAGE:
            raise Refused("Expected a short JSON text")
        try:
            kind = (wanted := json.loads(message))["type"]
        except (ValueError, TypeError, KeyError):
            raise Refused('Expected {"type": ...}') from None
        if seat not in SEATS:
            raise Refused("You are watching")
        match kind:
            case "move":
                self.move(seat, wanted.get("cell"))
            case "again":
                self.again()
            case _:
                raise Refused(f"Unknown message: {kind}")

    def move(self, seat: str, cell: Any) -> None:
        if len(self.seats) < len(SEATS):
            raise Refused("There is nobody to play with yet")
        self.game.move(seat, cell)
        self.turn_at = now()

    def again(self) -> None:
        if not self.game.ending:
            raise Refused("The game is not over")
        # Who lost begins; seats of players who are gone are free.
        self.game = Game(turn=self.game.turn)
        self.seats = {seat: self.seats[seat] for seat in SEATS if self.sockets(seat)}
        self.left_at = {}
        self.turn_at = now()

    # The clock.

    def clocks(self, but: WebSocket | None = None) -> Iterator[Clock]:
        """What may end the match."""
        if not self.sockets(but=but):
            yield max(self.left_at.values(), default=now()) + self.away_ms, "", "left"
        elif len(self.seats) == len(SEATS) and not self.game.ending:
            yield self.turn_at + self.move_ms, self.game.turn, "time"
            for seat, left_at in self.left_at.items():
                yield left_at + self.away_ms, seat, "away"

    async def alarm(self, info: Any = None) -> None:
        _, loser, ending = min(self.clocks(), default=(0, "", ""))
        if ending == "left":
            await self.storage.deleteAll()
            self.load()
        elif ending:
            self.game.forfeit(loser, ending)
            await self.changed()

    # Telling.

    async def changed(self, but: WebSocket | None = None) -> None:
        """Something is different: store it, show it to everybody, set the alarm."""
        match = {"seats": self.seats, "left_at": self.left_at, "turn_at": self.turn_at}
        self.storage.kv.put("match", {**match, "game": asdict(self.game)})
        clock = min(self.clocks(but), default=None)
        if clock is None:
            await self.storage.deleteAlarm()
        else:
            await self.storage.setAlarm(clock[0])
        for each in self.sockets(but=but):
            # One that is just ending must not keep the others from seeing it.
            with suppress(JsException):
                seat = each.deserializeAttachment()
                each.send(json.dumps({"you": seat, **self.view(clock, but)}))

    def view(self, clock: Clock | None, but: WebSocket | None) -> dict[str, Any]:
        """All there is to show."""
        players = {seat: self.presence(seat, but) for seat in SEATS}
        watching = len(self.sockets(WATCHING, but=but))
        view = {"players": players, "watching": watching, **asdict(self.game)}
        if clock is not None:
            due, loser, ending = clock
            seconds = max(due - now(), 0) / 1000
            view["clock"] = {"seconds": seconds, "loser": loser, "ending": ending}
        return {"type": "match", **view}

    def presence(self, seat: str, but: WebSocket | None) -> str:
        if seat not in self.seats:
            return "free"
        return "here" if self.sockets(seat, but=but) else "away"


def now() -> int:
    """Milliseconds, as storage wants the time of an alarm."""
    return int(time.time() * 1000)
