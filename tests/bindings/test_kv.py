"""KV in a running Worker, through the SDK."""

from __future__ import annotations

import pytest

from wrangler_py.testing import run_worker

SCRIPT = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        kv = self.env.KV
        await kv.put("text", "v", {"metadata": {"by": ["me", None]}})
        await kv.put("by keyword", "v", metadata={"by": "me"}, expirationTtl=60)
        await kv.put("bytes", b"\\x00\\xff")
        await kv.put("json", '{"a": [1]}')
        with_metadata = await kv.getWithMetadata("text")
        listed = await kv.list(prefix="b", limit=1)
        return Response.json({
            "missing": await kv.get("never"),
            "text": await kv.get("text"),
            "json": await kv.get("json", "json"),
            "bytes": bytes(await kv.get("bytes", type="arrayBuffer")).hex(),
            "metadata": with_metadata["metadata"],
            "bulk": await kv.get(["text", "never"]),
            "listed": [[key["name"] for key in listed["keys"]], listed["list_complete"]],
        })
"""
CONFIG = """{
  "name": "kv", "main": "entry.py", "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"], "kv_namespaces": [{"binding": "KV", "id": "kv"}]
}"""


@pytest.fixture
async def worker(tmp_path):
    (tmp_path / "entry.py").write_text(SCRIPT)
    (tmp_path / "wrangler.jsonc").write_text(CONFIG)
    async with run_worker(folder=tmp_path) as running:
        yield running


async def test_python_values_go_in_and_come_out(worker):
    assert await (await worker.fetch("/")).json() == {
        "missing": None,
        "text": "v",
        "json": {"a": [1]},
        "bytes": "00ff",
        "metadata": {"by": ["me", None]},
        "bulk": {"text": "v", "never": None},
        "listed": [["by keyword"], False],
    }


async def test_a_key_expires_when_time_passes(worker):
    await worker.fetch("/")
    kv = worker.env.KV
    assert await kv.get("by keyword") == "v"
    await worker.advance(61)
    assert await kv.get("by keyword") is None
    assert [key["name"] for key in (await kv.list())["keys"]] == ["bytes", "json", "text"]


async def test_a_test_puts_what_the_worker_reads(worker):
    kv = worker.env.KV
    await kv.put("mine", "seeded", metadata={"n": 1})
    found = await kv.getWithMetadata("mine")
    assert (found["value"], found["metadata"]) == ("seeded", {"n": 1})
    with pytest.raises(Exception, match="KV put\\(\\) accepts only strings"):
        await kv.put("dict", {"a": 1})
