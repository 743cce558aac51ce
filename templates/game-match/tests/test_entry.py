"""Matches as players meet them: a real server, real sockets, no mocks."""

import asyncio
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import WSServerHandshakeError


@asynccontextmanager
async def come(worker, player, match="m"):
    """Somebody who has opened the page, and has been shown the match."""
    secret = {"player": f"secret-of-{player}"}
    async with worker.ws_connect(f"/match/{match}/ws", params=secret) as socket:
        socket.first = await sees(socket)
        yield socket


async def sees(socket, **expected):
    """The next state of the match; with the things that are expected of it."""
    state = await socket.receive_json()
    assert state["type"] == "match"
    assert {name: state[name] for name in expected} == expected
    return state


async def move(socket, cell, *others):
    """A move, which everybody sees."""
    await socket.send_json({"type": "move", "cell": cell})
    state = await sees(socket)
    for each in others:
        await sees(each)
    return state


async def is_refused(socket, why, **message):
    await socket.send_json(message)
    assert await socket.receive_json() == {"type": "error", "message": why}


@asynccontextmanager
async def two_players(worker):
    async with come(worker, "ada") as x, come(worker, "bob") as o:
        await sees(x, players={"X": "here", "O": "here"})
        yield x, o


async def test_the_front_door_leads_to_a_match_of_its_own(worker):
    places = set()
    for _ in range(2):
        async with worker.get("/", allow_redirects=False) as response:
            assert response.status == 302
            places.add(response.headers["Location"])
    assert len(places) == 2
    assert all(place.startswith(f"{worker.url}/match/") for place in places)


async def test_each_match_has_the_page(worker):
    async with worker.get("/match/m") as response:
        assert response.status == 200
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "new WebSocket(url)" in await response.text()


@pytest.mark.parametrize("path", ["/x", "/match/", "/match/No", f"/match/{'a' * 33}"])
async def test_other_paths_are_not_found(worker, path):
    async with worker.get(path) as response:
        assert response.status == 404


async def test_a_plain_request_for_the_socket_is_told_what_is_missing(worker):
    async with worker.get("/match/m/ws?player=secret-of-ada") as response:
        assert response.status == 426
        assert await response.text() == "Expected Upgrade: websocket"


async def test_nobody_plays_without_a_secret(worker):
    with pytest.raises(WSServerHandshakeError) as refused:
        await worker.ws_connect("/match/m/ws?player=short")
    assert refused.value.status == 400


async def test_the_first_two_play_and_the_third_watches(worker):
    async with come(worker, "ada") as x:
        assert x.first["you"] == "X"
        assert x.first["players"] == {"X": "here", "O": "free"}
        assert "clock" not in x.first
        async with come(worker, "bob") as o, come(worker, "cyd") as third:
            assert (o.first["you"], third.first["you"]) == ("O", "watching")
            assert third.first["watching"] == 1
            assert third.first["clock"]["loser"] == "X"
            assert 55 < third.first["clock"]["seconds"] <= 60


async def test_a_game_is_played_to_a_win(worker):
    async with two_players(worker) as (x, o), come(worker, "cyd") as third:
        await sees(x)
        await sees(o)
        await move(x, 0, o, third)
        await move(o, 3, x, third)
        await move(x, 1, o, third)
        await move(o, 4, x, third)
        await x.send_json({"type": "move", "cell": 2})
        for each in (x, o, third):
            state = await sees(each, winner="X", ending="line", line="012")
            assert state["board"] == "XXXOO...."
            assert "clock" not in state


async def test_what_is_against_the_rules_is_refused(worker):
    async with two_players(worker) as (x, o), come(worker, "cyd") as third:
        await sees(x)
        await sees(o)
        await is_refused(o, "It is not your turn", type="move", cell=0)
        await is_refused(third, "You are watching", type="move", cell=0)
        await is_refused(x, "There is no such cell", type="move", cell=9)
        await is_refused(x, "The game is not over", type="again")
        await is_refused(x, "Unknown message: dance", type="dance")
        state = await move(x, 0)
        assert state["board"] == "X........"


async def test_nobody_plays_alone(worker):
    async with come(worker, "ada") as x:
        why = "There is nobody to play with yet"
        await is_refused(x, why, type="move", cell=0)


@pytest.mark.parametrize("text", ["hello", "[]", "{}", "[" * 5000, json.dumps(7)])
async def test_what_is_no_message_is_answered_with_an_error(worker, text):
    async with come(worker, "ada") as x:
        await x.send_str(text)
        assert (await x.receive_json())["message"].startswith("Expected ")
        await x.send_bytes(b"\x00")
        assert (await x.receive_json())["message"].startswith("Expected ")


async def test_who_comes_back_has_the_same_seat(worker):
    async with come(worker, "ada") as x:
        async with come(worker, "bob"):
            await sees(x)
        await sees(x, players={"X": "here", "O": "away"})
        await move(x, 4)
        async with come(worker, "cyd") as third:
            assert third.first["you"] == "watching"
        async with come(worker, "bob") as o:
            assert o.first["you"] == "O"
            assert o.first["board"] == "....X...."
            assert o.first["players"] == {"X": "here", "O": "here"}


async def test_two_tabs_of_one_player_are_one(worker):
    async with two_players(worker) as (x, o):
        async with come(worker, "bob") as again:
            assert again.first["you"] == "O"
            await sees(o)
            await sees(x)
        await sees(x, players={"X": "here", "O": "here"})


async def test_a_match_that_slept_goes_on(worker):
    async with two_players(worker) as (x, o):
        await move(x, 4, o)
        await worker.evict_durable_object("MATCH", "m")
        state = await move(o, 0, x)
        assert (state["board"], state["you"]) == ("O...X....", "O")
        await is_refused(o, "It is not your turn", type="move", cell=1)


async def test_the_alarm_ends_a_match_in_which_nobody_moves(worker):
    async with two_players(worker) as (x, o):
        await move(x, 4, o)
        assert await worker.run_durable_object_alarm("MATCH", "m")
        for each in (x, o):
            await sees(each, winner="X", ending="time", board="....X....")
        await is_refused(o, "The game is over", type="move", cell=0)
        assert not await worker.run_durable_object_alarm("MATCH", "m")


async def test_the_alarm_ends_a_match_whose_player_has_left(worker):
    async with come(worker, "ada") as x:
        async with come(worker, "bob"):
            await sees(x)
        state = await sees(x, players={"X": "here", "O": "away"})
        assert state["clock"]["loser"] == "O"
        assert 15 < state["clock"]["seconds"] <= 20
        assert await worker.run_durable_object_alarm("MATCH", "m")
        await sees(x, winner="X", ending="away")


@pytest.mark.worker(vars={"MOVE_SECONDS": "0.05"})
async def test_the_time_for_a_move_is_a_variable(worker):
    async with asyncio.timeout(5), two_players(worker) as (_, o):
        await sees(o, winner="O", ending="time")


@pytest.mark.worker(vars={"AWAY_SECONDS": "0.05"})
async def test_the_time_to_be_away_is_a_variable(worker):
    async with asyncio.timeout(5), come(worker, "ada") as x:
        async with come(worker, "bob"):
            await sees(x)
        await sees(x, players={"X": "here", "O": "away"})
        await sees(x, winner="X", ending="away")


async def test_a_match_that_everybody_has_left_is_deleted(worker):
    async with two_players(worker) as (x, o):
        await move(x, 4, o)
    assert await worker.run_durable_object_alarm("MATCH", "m")
    async with come(worker, "cyd") as new:
        assert (new.first["you"], new.first["board"]) == ("X", ".........")


async def test_who_lost_begins_the_next_game(worker):
    async with two_players(worker) as (x, o):
        for player, cell in ((x, 0), (o, 3), (x, 1), (o, 4), (x, 2)):
            await move(player, cell, o if player is x else x)
        await o.send_json({"type": "again"})
        for each in (x, o):
            await sees(each, board=".........", ending="", winner="", turn="O")
        state = await move(o, 8)
        assert state["board"] == "........O"


async def test_after_a_game_the_seat_of_a_player_who_left_is_free(worker):
    async with come(worker, "ada") as x:
        async with come(worker, "bob"):
            await sees(x)
        await sees(x)
        await worker.run_durable_object_alarm("MATCH", "m")
        await sees(x, ending="away")
        await x.send_json({"type": "again"})
        await sees(x, players={"X": "here", "O": "free"})
        async with come(worker, "cyd") as new:
            assert new.first["you"] == "O"
            assert "clock" in new.first


async def test_nobody_gets_two_seats(worker):
    x = await worker.ws_connect("/match/m/ws?player=secret-of-ada")
    async with come(worker, "bob") as o:
        await x.close()
        await sees(o, players={"X": "away", "O": "here"})
        await worker.run_durable_object_alarm("MATCH", "m")
        await sees(o, winner="O", ending="away")
        await o.send_json({"type": "again"})
        await sees(o, players={"X": "free", "O": "here"})
        async with come(worker, "bob") as again:
            assert again.first["you"] == "O"
            assert again.first["players"] == {"X": "free", "O": "here"}
