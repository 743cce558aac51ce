"""What was recorded with a real client is played again: to the same code, and to other code."""

from __future__ import annotations

import asyncio
import json
import os

import aiohttp
import pytest

from wrangler_py.errors import NotReady, UsageError
from wrangler_py.session import Report, replay


def found(report: Report) -> list[tuple[int, str]]:
    return [(each.line, each.what) for each in report.differences]


async def click(http: aiohttp.ClientSession) -> None:
    async with http.ws_connect("/ws") as ws:
        for _ in range(3):
            await ws.send_str("click")
            await ws.receive()


THREE = '("a", "b", "c")'


async def three(http: aiohttp.ClientSession) -> None:
    async with http.ws_connect("/ws") as ws:
        await ws.send_str("three")
        for _ in range(3):
            await ws.receive()


async def test_the_same_code_answers_as_recorded(project):
    await project.record(click)
    report = await project.replay()
    assert (report.differences, report.sockets, report.sent) == ([], 1, 3)
    assert report.compared == 5  # 101, three counts, the close


async def test_other_code_is_told_with_its_line(project):
    await project.record(click)
    project.save(("clicks += 1", "clicks += 1 if clicks < 2 else 2"))
    report = await project.replay()
    assert found(report) == [(project.line('count\\": 3'), "a message differs")]
    assert report.differences[0].details == ("$.count: expected 3, got 4",)
    with pytest.raises(AssertionError, match=r"session\.jsonl:9: WebSocket /ws \(1\): a message"):
        report.check()


async def test_bodies_both_ways_are_compared(project):
    async def post(http: aiohttp.ClientSession) -> None:
        for body in (b'{"a": [1, 2]}', b"\x00\xff", b"", b"x" * 200_000):
            async with http.post("/echo?x=1", data=body) as answer:
                assert await answer.read() == body

    await project.record(post)
    assert (await project.replay()).differences == []
    project.save(("bytes(body), headers", "bytes(body).replace(b'2', b'3'), headers"))
    report = await project.replay()
    assert [each.details for each in report.differences] == [("$.a[1]: expected 2, got 3",)]


async def test_headers_are_compared(project):
    async def ask(http: aiohttp.ClientSession) -> None:
        await (await http.put("/echo", data=b"a")).read()

    await project.record(ask)
    project.save(('{"X-Method": request.method}', '{"X-Method": "?", "X-New": "1"}'))
    (difference,) = (await project.replay()).differences
    assert difference.details == (
        "header x-method: expected PUT, got ?",
        "header x-new: expected none, got 1",
    )


async def test_binary_messages_and_close_codes_of_both_sides(project):
    async def talk(http: aiohttp.ClientSession) -> None:
        async with http.ws_connect("/ws") as ws:
            await ws.send_bytes(b"\x00\xff")
            await ws.receive()
            await ws.send_str("bye")
            assert (await ws.receive()).type is aiohttp.WSMsgType.CLOSE
        ws = await http.ws_connect("/ws")
        await ws.close(code=4003, message=b"enough")

    await project.record(talk)
    assert (await project.replay()).differences == []
    project.save(("4002", "4999"))
    (difference,) = (await project.replay()).differences
    assert difference.line == project.line("worker", "4002")
    assert difference.details == ("expected 4002, got 4999",)


async def test_a_streaming_body_is_compared_as_a_whole(project):
    async def ask(http: aiohttp.ClientSession) -> None:
        assert await (await http.get("/stream")).text() == "one two three"

    await project.record(ask)
    assert (await project.replay()).differences == []
    project.save(("two ", "zwei "))
    (difference,) = (await project.replay()).differences
    assert difference.what == "the body differs"
    assert difference.details == ("expected one two three", "got      one zwei three")


async def test_a_client_that_leaves_a_stream_leaves_it_again(project):
    project.save(('("one ", "two ", "three")', '("one ", *["two "] * 10_000)'))

    async def ask(http: aiohttp.ClientSession) -> None:
        answer = await http.get("/stream")
        await answer.content.readexactly(8)
        answer.close()

    await project.record(ask)
    assert '"from": "client", "lost": true' in project.session.read_text()
    report = await project.replay()
    assert report.differences == []
    assert report.seconds < 1


async def test_a_handler_that_fails_is_compared_by_its_status(project):
    async def ask(http: aiohttp.ClientSession) -> None:
        assert (await http.get("/fail")).status == 500

    await project.record(ask)
    project.save(("no such luck", "none at all"))
    assert (await project.replay()).differences == []
    project.save(('raise ValueError("no such luck")', 'return Response("fine")'))
    (difference,) = (await project.replay()).differences
    assert difference.details == ("expected status 500, got 200", "fine")


@pytest.mark.parametrize("path", ["/refused", "/ws"])
async def test_a_refused_socket_is_refused_again(project, path):
    project.save(("not you", "you"), ("server.accept()", "return Response('later', status=503)"))

    async def ask(http: aiohttp.ClientSession) -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(path)

    await project.record(ask)
    assert (await project.replay()).differences == []
    project.save()
    (difference,) = (await project.replay()).differences
    assert difference.where == f"GET {path}"


async def test_a_socket_that_is_refused_now(project):
    await project.record(click)
    project.save(("server.accept()", "return Response('later', status=503)"))
    report = await project.replay()
    assert found(report) == [(3, "the answer differs")]
    assert report.differences[0].details[0] == "expected status 101, got 503"


async def test_an_id_that_was_handed_out_is_sent_back_as_the_one_of_this_time(project):
    async def log_in(http: aiohttp.ClientSession) -> None:
        async with http.get("/login") as answer:
            number = (await answer.json())["session"]
        async with http.get("/me", headers={"Cookie": f"session={number}"}) as answer:
            assert await answer.text() == number
        async with http.post("/echo", json={"mine": number}) as answer:
            assert (await answer.json(content_type=None))["mine"] == number

    await project.record(log_in)
    assert (await project.replay()).differences == []
    # Without the swap a recorded id would come back: this code knows only its own.
    project.save(
        ("number = str(uuid.uuid4())", "number = str(uuid.uuid4()); numbers.append(number)"),
        ('cookie.startswith("session=")', "cookie.partition('=')[2] in numbers"),
    )
    assert (await project.replay()).differences == []


async def test_the_address_of_then_is_the_address_of_now(project):
    async def ask(http: aiohttp.ClientSession) -> None:
        answer = await http.get("/where", allow_redirects=False)
        assert answer.headers["Location"].endswith("/there")

    await project.record(ask)
    assert (await project.replay()).differences == []


async def test_three_clients_keep_their_order(project):
    async def talk(http: aiohttp.ClientSession) -> None:
        clients = [await http.ws_connect("/room") for _ in range(3)]
        for turn in range(20):
            for client in clients:  # nobody waits for anybody
                await client.send_str(f"turn {turn}")
        for client in clients:
            for _ in range(60):
                await client.receive()
        for client in clients:
            await client.close()

    await project.record(talk)
    for _ in range(3):
        report = await project.replay()
        assert report.differences == []
    assert report.sent == 60


async def test_what_one_client_saw_first_another_one_waits_for(project):
    async def talk(http: aiohttp.ClientSession) -> None:
        first = await http.ws_connect("/room")
        second = await http.ws_connect("/room")
        await first.send_str("one")
        assert (await second.receive()).data == "told one"
        await second.send_str("two")
        assert [(await first.receive()).data for _ in range(2)] == ["told one", "told two"]
        await first.close()
        await second.close()

    await project.record(talk)
    assert (await project.replay()).differences == []


async def test_missing_and_unexpected_messages_are_told_one_by_one(project):
    await project.record(three)
    project.save((THREE, '("a", "c")'))
    assert found(await project.replay()) == [
        (project.line('"text": "b"'), "a message is missing: b")
    ]
    project.save((THREE, '("a", "x", "b", "c")'))
    assert found(await project.replay()) == [
        (project.line('"text": "b"'), "a message that was not expected: x")
    ]
    project.save((THREE, '("a", "b", "c", "d")'))
    (difference,) = (await project.replay()).differences
    assert difference.what == "a message that was not expected: d"


async def test_a_worker_that_says_nothing_is_waited_for_once(project):
    await project.record(click)
    project.save(
        ('elif data == "click":', 'elif data == "click" and False:'),
        ("else:\n", "elif data != 'click':\n"),
    )
    report = await project.replay()
    assert [what.partition(":")[0] for _, what in found(report)] == ["a message is missing"] * 3
    assert report.seconds < 3


async def test_rules_pass_over_what_they_name(project):
    await project.record(click)
    project.save(("clicks += 1", "clicks += 10"))
    assert len((await project.replay()).differences) == 3
    set_rules(project, ignore_json=["$.count"])
    assert (await project.replay()).differences == []


async def test_messages_may_come_in_any_order_if_a_rule_says_so(project):
    await project.record(three)
    project.save((THREE, '("c", "a", "b")'))
    assert (await project.replay()).differences != []
    set_rules(project, unordered=True)
    assert (await project.replay()).differences == []


async def test_a_slower_answer_differs_if_a_rule_says_so(project):
    async def ask(http: aiohttp.ClientSession) -> None:
        await (await http.post("/echo", data=b"a")).read()

    await project.record(ask)
    project.save(("body = await", "await asyncio.sleep(0.2); body = await"))
    assert (await project.replay()).differences == []
    set_rules(project, max_slower=0.1)
    ((_, what),) = found(await project.replay())
    assert what.startswith("slower: 0.2")


def set_rules(project, **rules: object) -> None:
    first, *lines = project.session.read_text().splitlines()
    head = json.loads(first)
    head["rules"] |= rules
    project.session.write_text("\n".join([json.dumps(head), *lines, ""]))


async def test_an_update_writes_what_is_answered_now_and_nothing_else(project):
    async def ask(http: aiohttp.ClientSession) -> None:
        await click(http)
        await (await http.get("/stream")).read()
        await (await http.post("/echo", data=b"a")).read()

    await project.record(ask)
    before = project.session.read_text().splitlines()
    project.save(("clicks += 1", "clicks += 5"), ("two ", "zwei "), ("bytes(body), ", "b'A', "))
    report = await project.replay(update=True)
    assert report.updated >= 5
    after = project.session.read_text().splitlines()
    assert [after[n] for n in (0, 1, 2, 3)] == [before[n] for n in (0, 1, 2, 3)]
    assert '{\\"count\\": 5, ' in after[4]
    assert any('"body": "one zwei three"' in line for line in after)
    assert (await project.replay()).differences == []
    assert os.stat(project.session).st_mode & 0o777 == 0o600


async def test_nobody_at_the_address_is_one_error(project, unused_tcp_port):
    await project.record(click)
    with pytest.raises(NotReady, match="nobody answers"):
        await replay(project.session, f"http://127.0.0.1:{unused_tcp_port}")


@pytest.mark.parametrize("url", ["localhost:8787", "ftp://a", "http://a/b", "", "http://"])
async def test_what_is_no_address_is_refused(project, url):
    await project.record(click)
    with pytest.raises(UsageError, match="is no server's address"):
        await replay(project.session, url)


async def test_real_speed_keeps_the_pauses(project):
    async def ask(http: aiohttp.ClientSession) -> None:
        async with http.ws_connect("/ws") as ws:
            await asyncio.sleep(0.3)
            await ws.send_str("click")
            await ws.receive()

    await project.record(ask)
    assert (await project.replay()).seconds < 0.3
    assert (await project.replay(real_speed=True)).seconds >= 0.3
