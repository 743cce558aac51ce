"""Sockets answer as they do in workerd (`recorded.json`, made by `record.py`)."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from itertools import zip_longest

import pytest

from wrangler_py import compat, context
from wrangler_py.bindings.hyperdrive import Hyperdrive
from wrangler_py.js.errors import error
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.js.proxy import JsProxy
from wrangler_py.js.typed_array import Uint8Array
from wrangler_py.server.outgoing import Network
from wrangler_py.server.trust import EXTRA
from wrangler_py.web.sockets import Socket, connect

from .record import RECORDED, hidden, placed
from .servers import authority, servers
from .table import SCENARIOS

KNOWN = json.loads(RECORDED.read_text())
PATIENCE = 0.3
"""Seconds for what never comes; what comes in workerd has more."""


@pytest.fixture(scope="module")
def authorities(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ca")
    return authority(folder), authority(folder, "strange")


@pytest.fixture
async def running(authorities, monkeypatch):
    (ca, trusted), (_, strange) = authorities
    monkeypatch.setenv(EXTRA, str(ca))
    async with servers(trusted, strange) as found:
        yield found


class StandIn:
    """As much of a worker as a socket asks for."""

    def __init__(self):
        self.transport = Network()

    def forget(self, owner): ...


@pytest.fixture
async def owner():
    worker = StandIn()
    made = context.IoContext(worker, "a test", compat.resolve("2026-11-01", ()))
    made.answering = True
    with made.entered():
        yield made
    made.close()
    await worker.transport.close()
    await asyncio.sleep(0)


def given(x):
    if x is None:
        return jsnull
    if isinstance(x, dict):
        return JsObject({name: given(each) for name, each in x.items()})
    return x


def shown(found):
    if isinstance(found, JsObject):
        return dict(found._entries())
    return found


class Player:
    def __init__(self):
        self.known, self.readers, self.writers = {}, {}, {}

    def reader(self, s):
        return self.readers.setdefault(s, None) or self._keep(
            self.readers, s, lambda: self.known[s].readable.getReader()
        )

    def writer(self, s):
        return self.writers.setdefault(s, None) or self._keep(
            self.writers, s, lambda: self.known[s].writable.getWriter()
        )

    def _keep(self, kept, s, make):
        kept[s] = make()
        return kept[s]

    def connect(self, s, *args):
        self.readers.pop(s, None)
        self.writers.pop(s, None)
        self.known[s] = connect(*map(given, args))
        return "connected"

    async def write(self, s, x):
        data = Uint8Array._of(bytes(x["$bytes"])) if isinstance(x, dict) and "$bytes" in x else x
        await self.writer(s).write(
            Uint8Array._of(x.encode()) if isinstance(x, str) else given(data)
        )
        return "written"

    async def end(self, s):
        await self.writer(s).close()
        return "ended"

    async def abort(self, s, reason):
        await self.writer(s).abort(error(reason))
        return "aborted"

    async def read(self, s):
        result = await self.reader(s).read()
        return "END" if result.done else list(result.value.to_bytes())

    async def cancel(self, s):
        await self.reader(s).cancel()
        return "cancelled"

    def release(self, s, which=None):
        if which != "writer":
            self.reader(s).releaseLock()
        if which != "reader":
            self.writer(s).releaseLock()
        return "released"

    async def close(self, s):
        found = await self.known[s].close()
        return "closed" if found is None else found

    async def promise(self, s, name):
        found = await asyncio.shield(getattr(self.known[s], name)._future)
        return name if found is None else found

    def get(self, s, name):
        if name == "kind":
            return self.known[s].constructor.name
        if name == "names":
            return sorted(n for n in vars(Socket) if not n.startswith("_") and n != "constructor")
        return getattr(self.known[s], name)

    def startTls(self, s, t, *args):
        self.known[t] = self.known[s].startTls(*args)
        return "begun"

    async def play(self, steps, wanted=()):
        answers = []
        for (verb, *args), theirs in zip_longest(steps, wanted):
            patience = PATIENCE if theirs == {"ok": "PENDING"} else 10
            try:
                result = getattr(self, verb)(*args)
                if inspect.isawaitable(result):
                    task = asyncio.ensure_future(result)
                    done, _ = await asyncio.wait([task], timeout=patience)
                    if not done:
                        task.cancel()
                    result = await task if done else "PENDING"
                answers.append({"ok": shown(result)})
            except Exception as exc:
                answers.append({"error": str(exc)})
        return answers


def without_reference(answers):
    return json.loads(re.sub(r"reference = \w+", "reference = ...", json.dumps(answers)))


@pytest.mark.parametrize("scenario", SCENARIOS)
async def test_a_scenario_ends_as_in_workerd(scenario, running, owner):
    steps = SCENARIOS[scenario]
    ours = hidden(await Player().play(placed(steps, running.ports), KNOWN[scenario]), running.ports)
    theirs = KNOWN[scenario]
    wrong = [
        {"step": step, "ours": mine, "workerd": his}
        for step, mine, his in zip(
            steps, without_reference(ours), without_reference(theirs), strict=True
        )
        if mine != his
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_uvloop_changes_nothing(authorities, monkeypatch):
    """The loop of a dev server, which is another than the tests' own."""
    uvloop = pytest.importorskip("uvloop")
    (ca, trusted), (_, strange) = authorities
    monkeypatch.setenv(EXTRA, str(ca))
    quick = [name for name in SCENARIOS if {"ok": "PENDING"} not in KNOWN[name]]

    async def play():
        async with servers(trusted, strange) as running:
            for name in quick:
                made = context.IoContext(StandIn(), "t", compat.resolve("2026-11-01", ()))
                made.answering = True
                with made.entered():
                    steps = placed(SCENARIOS[name], running.ports)
                    ours = hidden(await Player().play(steps), running.ports)
                made.close()
                assert without_reference(ours) == without_reference(KNOWN[name]), name

    uvloop.run(play())


async def test_nothing_connects_in_global_scope(owner):
    owner.is_global = True
    with pytest.raises(Exception, match="Disallowed operation") as caught:
        connect("localhost:1")
    assert {"error": str(caught.value)} == KNOWN["in global scope"][0]


async def test_a_socket_ends_with_its_event(running, owner):
    steps = [["connect", "s", "localhost:$echo"], ["write", "s", "a"]]
    await Player().play(placed(steps, running.ports))
    assert not running.ended.is_set()
    owner.close()
    await asyncio.wait_for(running.ended.wait(), 2)


async def test_what_nobody_reads_is_held_back(running, owner):
    """The peer's echo, and with it our writer, waits until the script reads."""
    socket = connect(f"localhost:{running.ports['echo']}")
    writer, piece = socket.writable.getWriter(), Uint8Array._of(bytes(1 << 20))
    count, written = 0, True
    while written and count < 40:
        task = asyncio.ensure_future(writer.write(piece))
        done, _ = await asyncio.wait([task], timeout=0.4)
        count, written = count + 1, bool(done)
    assert 0 < count < 40
    reader, total = socket.readable.getReader(), 0
    while total < count << 20:
        total += len((await reader.read()).value.to_bytes())


async def test_a_socket_of_another_event_is_refused(running, owner):
    socket = connect(f"localhost:{running.ports['echo']}")
    await socket.opened
    other = context.IoContext(owner.worker, "another", owner.compat)
    with other.entered(), pytest.raises(Exception, match="different request"):
        socket.close()
    assert isinstance(socket, JsProxy)
    await socket.close()


async def test_who_waits_no_longer_for_a_socket_has_it_all_the_same(running, owner):
    socket = connect(f"localhost:{running.ports['echo']}")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(socket.opened, 0)
    await socket.writable.getWriter().write(Uint8Array._of(b"abc"))
    result = await socket.readable.getReader().read()
    assert result.value.to_bytes() == b"abc"
    await socket.close()
    await asyncio.wait_for(running.ended.wait(), 2)


async def test_what_was_sent_before_tls_is_not_taken_for_what_comes_after(running, owner):
    """A peer, or somebody in between, must not slip words in (CVE-2011-0411)."""
    address = f"localhost:{running.ports['greet']}"
    socket = connect(address, JsObject({"secureTransport": "starttls"}))
    await socket.opened
    connection = socket._connection
    while not connection._reader._buffer:  # noqa: ASYNC110 - asyncio tells nobody
        await asyncio.sleep(0)
    secure = socket.startTls()
    with pytest.raises(Exception, match="internal error"):
        await secure.opened


async def test_hyperdrive_opens_a_socket_to_its_database(running, owner):
    port = running.ports["greet"]
    socket = Hyperdrive(f"postgres://me:secret@localhost:{port}/data").connect()
    result = await socket.readable.getReader().read()
    assert result.value.to_bytes() == b"hello"
    await socket.close()
