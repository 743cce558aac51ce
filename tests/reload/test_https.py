"""A dev server behind https, over real TLS."""

from __future__ import annotations

import ssl
import stat
import sys
from pathlib import Path

import aiohttp
import pytest

from tests.sockets.servers import authority
from wrangler_py.config.options import Https
from wrangler_py.errors import UsageError
from wrangler_py.reload.running import find_running
from wrangler_py.server.certificate import cache_folder, made_certificate, server_context
from wrangler_py.server.trust import pinned, tool_context

from .conftest import WORKER

SEEN = """
    from workers import Response, WorkerEntrypoint

    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            if "away" in request.url:
                return Response(None, status=302, headers={"Location": "/there"})
            return Response(request.url)
    """


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    return tmp_path / "cache"


async def ask(url, trusted):
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=trusted)) as client,
        client.get(url, allow_redirects=False) as answer,
    ):
        return answer.status, await answer.text(), answer.headers


async def test_a_worker_sees_https_and_its_address_says_so(project, capsys):
    project.save(SEEN)
    await project.start(https=Https())
    url = project.server.url
    assert url.startswith("https://127.0.0.1:")
    assert f"Ready on {url}\n" in capsys.readouterr().out
    status, text, _ = await ask(f"{url}/a?b", tool_context())
    assert (status, text) == (200, f"{url}/a?b")


async def test_a_websocket_is_secure_too(project):
    project.save(WORKER.replace("VERSION", "1"))
    await project.start(https=Https())
    connector = aiohttp.TCPConnector(ssl=tool_context())
    async with (
        aiohttp.ClientSession(connector=connector) as client,
        client.ws_connect(project.server.url.replace("https", "wss")) as socket,
    ):
        await socket.send_str("a")
        assert await socket.receive_str() == "1 a"
        await socket.close()
        assert socket.close_code == 1000


async def test_the_certificate_is_made_once_for_this_user_alone(cache):
    file = made_certificate()
    assert file.parent == cache_folder()
    assert cache in file.parents
    if sys.platform != "win32":
        key = file.with_name("key.pem")
        assert [stat.S_IMODE(path.stat().st_mode) for path in (file, key)] == [0o600, 0o600]
    before = file.read_bytes()
    assert made_certificate().read_bytes() == before
    file.write_text("broken")
    assert b"BEGIN CERTIFICATE" in made_certificate().read_bytes()


async def test_a_certificate_of_ones_own_is_served(project, tmp_path):
    _, _ = authority(tmp_path)
    pair = tmp_path / "ca-leaf.pem"  # holds both
    project.save(SEEN)
    await project.start(https=Https(pair, pair))
    status, text, _ = await ask(project.server.url, pinned(tmp_path / "ca.pem"))
    assert (status, text) == (200, f"{project.server.url}/")
    assert project.server.certificate == pair


async def test_others_find_the_server_with_what_to_trust(project):
    project.save(SEEN)
    await project.start(https=Https())
    found = find_running(Path(project.main.parent))
    assert found is not None
    assert found.certificate == made_certificate()
    assert (await ask(found.url, pinned(found.certificate)))[0] == 200


async def test_nobody_is_reached_without_trust(project):
    project.save(SEEN)
    await project.start(https=Https())
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        await ask(project.server.url, ssl.create_default_context())
    assert (await ask(project.server.url, tool_context()))[0] == 200


async def test_http_at_its_port_ends_and_nothing_else_does(project):
    project.save(SEEN)
    await project.start(https=Https())
    with pytest.raises(aiohttp.ClientError):
        await ask(project.server.url.replace("https", "http"), True)
    assert (await ask(project.server.url, tool_context()))[0] == 200


async def test_a_file_that_is_no_certificate_is_told(tmp_path):
    (tmp_path / "x.pem").write_text("x")
    with pytest.raises(UsageError, match="https cannot be served with"):
        server_context(Https(tmp_path / "x.pem", tmp_path / "x.pem"))


async def test_a_key_with_a_passphrase_asks_nobody(tmp_path):
    from cryptography.hazmat.primitives import serialization

    file = made_certificate()
    key = serialization.load_pem_private_key(file.with_name("key.pem").read_bytes(), None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    with pytest.raises(UsageError, match="https cannot be served with"):
        server_context(Https(locked, file))
