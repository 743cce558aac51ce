"""Bindings of few lines: rate limits in time, secrets, databases, versions, data points."""

from __future__ import annotations

from pathlib import Path

import pytest

from wrangler_py import clock
from wrangler_py.bindings import hyperdrive
from wrangler_py.bindings.ratelimit import Buckets
from wrangler_py.bindings.secrets_store import values
from wrangler_py.config.bindings import Hyperdrive
from wrangler_py.errors import ConfigError, NotEmulated
from wrangler_py.stores.stores import Stores
from wrangler_py.testing import run_worker

SCRIPT = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        what = request.url.rpartition("/")[2]
        if what == "limit":
            return Response(str((await self.env.LIMITER.limit({"key": "me"})).success))
        if what == "secret":
            return Response(await self.env.SECRET.get())
        if what == "version":
            version = self.env.VERSION
            return Response(f"{len(version.id)} {version.tag!r} {version.timestamp}")
        if what == "database":
            database = self.env.DATABASE
            return Response(f"{database.host} {database.port} {database.user}")
        if what == "ai":
            return Response(await self.env.AI.run("a model"))
        self.env.POINTS.writeDataPoint({"blobs": ["a"], "doubles": [1.5]})
        return Response("written")
"""
CONFIG = """{
  "name": "small", "main": "entry.py", "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"],
  "ratelimits": [{"name": "LIMITER", "namespace_id": "1", "simple": {"limit": 1, "period": 10}}],
  "secrets_store_secrets": [{"binding": "SECRET", "store_id": "s", "secret_name": "token"}],
  "version_metadata": {"binding": "VERSION"},
  "hyperdrive": [{"binding": "DATABASE", "id": "x",
                  "localConnectionString": "postgres://me:pass@localhost/base"}],
  "analytics_engine_datasets": [{"binding": "POINTS"}],
  "ai": {"binding": "AI"}
}"""


@pytest.fixture
async def worker(tmp_path):
    (tmp_path / "entry.py").write_text(SCRIPT)
    (tmp_path / "wrangler.jsonc").write_text(CONFIG)
    async with run_worker(folder=tmp_path) as running:
        yield running


async def test_a_limit_counts_anew_in_the_next_window(worker):
    said = [await (await worker.fetch("/limit")).text() for _ in range(2)]
    await worker.advance(10)
    assert [*said, await (await worker.fetch("/limit")).text()] == ["True", "False", "True"]


async def test_a_version_a_database_and_a_data_point(worker):
    length, tag, stamp = (await (await worker.fetch("/version")).text()).split()
    assert (length, tag, len(stamp)) == ("36", "''", 24)
    assert await (await worker.fetch("/database")).text() == "localhost 5432 me"
    assert await (await worker.fetch("/point")).text() == "written"


async def test_a_secret_that_is_not_there_names_the_command_that_makes_it(worker):
    async with worker.raises(Exception, match='Secret "token" not found') as caught:
        await worker.fetch("/secret")
    assert "secrets-store secret create s --name token" in "".join(caught[0].__notes__)


async def test_what_only_cloudflare_has_says_so_when_used(worker):
    async with worker.raises(NotEmulated, match="`ai` only exists on Cloudflare"):
        await worker.fetch("/ai")


def test_counts_outlive_the_process_and_old_windows_go(tmp_path):
    stores = Stores(tmp_path)
    assert Buckets(stores, "1").take("a", 1, 10, 1)
    stores.close()
    again = Stores(tmp_path)
    assert not Buckets(again, "1").take("a", 1, 10, 1)
    again.clock = later = clock.Clock()
    later.moved = 10
    assert Buckets(again, "1").take("b", 1, 10, 1)
    database = again.database("ratelimit", "RateLimiterObject", "1")
    assert database.execute("SELECT key FROM _mf_ratelimit_buckets").fetchall() == [("b",)]
    again.close()


def test_a_secret_stands_where_wrangler_puts_it(tmp_path):
    stores = Stores(tmp_path)
    values(stores, "st").put("sn", b"hidden")
    (file,) = tmp_path.rglob("*.sqlite")
    # Seen on disk with the store "st".
    name = "48b952e263e3aa8fa8ff10f4d0aaf6fc814b0501bbf70da2bc9aeecd59db0429.sqlite"
    folder = Path("secrets-store", "miniflare-secrets-store-KVNamespaceObject")
    assert file.relative_to(tmp_path) == folder / name
    stores.close()


def test_the_environment_of_the_process_goes_over_the_configuration():
    asked = Hyperdrive("DB", "x", "postgres://u:p@h/d")
    prefix = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_DB"
    assert hyperdrive.connection_string(asked, {}) == "postgres://u:p@h/d"
    assert hyperdrive.connection_string(asked, {prefix: "mysql://a@b/c"}) == "mysql://a@b/c"


BAD = ["http://u@h/d", "postgres://h/d", "postgres://u@h", "mysql://u@h:x/d"]


@pytest.mark.parametrize("text", BAD)
def test_an_address_of_no_database_is_refused(text):
    with pytest.raises(ConfigError, match="local connection string of DB"):
        hyperdrive.connection_string(Hyperdrive("DB", "x", text), {})
