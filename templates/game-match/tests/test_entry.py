"""Matches as players meet them: a real server, real sockets, no mocks."""

import json
from contextlib import asynccontextmanager

import pytest
from wrangler_py.testing import UpgradeRefused


@asynccontextmanager
async def come(worker, player, match="m"):
    """Somebody who has opened the page, and has been shown the match."""
    secret = {"player": f"secret-of-{player}"}
    async with worker.ws(f"/match/{match}/ws", params=secret) as ws:
        ws.first = await sees(ws)
        yield ws


async def sees(ws, **expected):
    """The next state of the match; with the things that are expected of it."""
    return await ws.expect(json={"type": "match", **expected})


async def move(ws, cell, *others):
    """A move, which everybody sees."""
    await ws.send(json={"type": "move", "cell": cell})
    state = await sees(ws)
    for each in others:
        await sees(each)
    return state


async def is_refused(ws, why, **message):
    await ws.send(json=message)
    await ws.expect(json={"type": "error", "message": why})


@asynccontextmanager
async def two_players(worker):
    async with come(worker, "ada") as x, come(worker, "bob") as o:
        await sees(x, players={"X": "here", "O": "here"})
        yield x, o


async def test_the_front_door_leads_to_a_match_of_its_own(worker):
    places = set()
    for _ in range(2):
        response = await worker.fetch("/", redirect="manual")
        assert response.status == 302
        places.add(response.headers["Location"])
    assert len(places) == 2
    assert all(place.startswith(f"{worker.url}/match/") for place in places)


async def test_each_match_has_the_page(worker):
    response = await worker.fetch("/match/m")
    assert response.status == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "new WebSocket(url)" in await response.text()


@pytest.mark.parametrize("path", ["/x", "/match/", "/match/No", f"/match/{'a' * 33}"])
async def test_other_paths_are_not_found(worker, path):
    assert (await worker.fetch(path)).status == 404


async def test_a_plain_request_for_the_socket_is_told_what_is_missing(worker):
    response = await worker.fetch("/match/m/ws?player=secret-of-ada")
    assert response.status == 426
    assert await response.text() == "Expected Upgrade: websocket"


async def test_nobody_plays_without_a_secret(worker):
    with pytest.raises(UpgradeRefused) as refused:
        async with worker.ws("/match/m/ws?player=short"):
            pass
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
        await x.send(json={"type": "move", "cell": 2})
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
        await x.send(text)
        assert (await x.receive_json())["message"].startswith("Expected ")
        await x.send(b"\x00")
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


async def test_who_does_not_move_in_time_loses(worker):
    async with two_players(worker) as (x, o):
        await worker.advance(59)
        await move(x, 4, o)
        await worker.advance(61)
        for each in (x, o):
            await sees(each, winner="X", ending="time", board="....X....")
        await is_refused(o, "The game is over", type="move", cell=0)
        assert not await worker.run_durable_object_alarm("MATCH", "m")


async def test_who_does_not_come_back_in_time_loses(worker):
    async with come(worker, "ada") as x:
        async with come(worker, "bob"):
            await sees(x)
        state = await sees(x, players={"X": "here", "O": "away"})
        assert state["clock"]["loser"] == "O"
        assert 15 < state["clock"]["seconds"] <= 20
        await worker.advance(21)
        await sees(x, winner="X", ending="away")


@pytest.mark.worker(vars={"MOVE_SECONDS": "5"})
async def test_the_time_for_a_move_is_a_variable(worker):
    async with two_players(worker) as (_, o):
        await worker.advance(6)
        await sees(o, winner="O", ending="time")


@pytest.mark.worker(vars={"AWAY_SECONDS": "5"})
async def test_the_time_to_be_away_is_a_variable(worker):
    async with come(worker, "ada") as x:
        async with come(worker, "bob"):
            await sees(x)
        await sees(x, players={"X": "here", "O": "away"})
        await worker.advance(6)
        await sees(x, winner="X", ending="away")


async def test_a_match_that_everybody_has_left_is_deleted(worker):
    async with two_players(worker) as (x, o):
        await move(x, 4, o)
    assert len(await worker.list_durable_object_ids("MATCH")) == 1
    await worker.advance(3600)
    assert await worker.list_durable_object_ids("MATCH") == []
    async with come(worker, "cyd") as new:
        assert (new.first["you"], new.first["board"]) == ("X", ".........")


async def test_who_lost_begins_the_next_game(worker):
    async with two_players(worker) as (x, o):
        for player, cell in ((x, 0), (o, 3), (x, 1), (o, 4), (x, 2)):
            await move(player, cell, o if player is x else x)
        await o.send(json={"type": "again"})
        for each in (x, o):
            await sees(each, board=".........", ending="", winner="", turn="O")
        state = await move(o, 8)
        assert state["board"] == "........O"


async def test_after_a_game_the_seat_of_a_player_who_left_is_free(worker):
    async with come(worker, "ada") as x:
        async with come(worker, "bob"):
            await sees(x)
        await sees(x)
        await worker.advance(21)
        await sees(x, ending="away")
        await x.send(json={"type": "again"})
        await sees(x, players={"X": "here", "O": "free"})
        async with come(worker, "cyd") as new:
            assert new.first["you"] == "O"
            assert "clock" in new.first


async def test_nobody_gets_two_seats(worker):
    async with come(worker, "ada") as x, come(worker, "bob") as o:
        await x.close()
        await sees(o, players={"X": "away", "O": "here"})
        await worker.advance(21)
        await sees(o, winner="O", ending="away")
        await o.send(json={"type": "again"})
        await sees(o, players={"X": "free", "O": "here"})
        async with come(worker, "bob") as again:
            assert again.first["you"] == "O"
            assert again.first["players"] == {"X": "free", "O": "here"}
