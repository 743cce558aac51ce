"""R2 in a running Worker, through the SDK."""

from __future__ import annotations

import hashlib
import tracemalloc

import pytest

from wrangler_py.errors import NotEmulated
from wrangler_py.stores.blobs import Blobs
from wrangler_py.stores.stores import Stores
from wrangler_py.testing import run_worker

SCRIPT = """
from js import Headers
from workers import Response, WorkerEntrypoint, fetch

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        bucket, key = self.env.BUCKET, request.url.rpartition("/")[2]
        if key == "values":
            return Response.json(await values(bucket))
        if key == "parts":
            return Response(await parts(bucket))
        if key == "fetched":
            got = await fetch("http://127.0.0.1:" + request.headers["port"] + "/large")
            return Response(str((await bucket.put(key, got.js_object.body)).size))
        if request.method == "PUT":
            kept = await bucket.put(key, request.body, httpMetadata=request.js_object.headers)
            return Response(kept.httpEtag)
        found = await bucket.get(key, onlyIf=request.js_object.headers)
        if found is None:
            return Response("Not found", status=404)
        headers = Headers.new()
        found.writeHttpMetadata(headers)
        headers.set("ETag", found.httpEtag)
        if not hasattr(found, "body"):
            return Response(None, status=304, headers=headers)
        return Response(found.body, headers=headers)

async def values(bucket):
    await bucket.put("a", "hello", {"customMetadata": {"by": "me"}})
    await bucket.put("b", b"\\x00\\xff", httpMetadata={"contentType": "x/y"})
    found = await bucket.get("a")
    return {
        "missing": [await bucket.get("never"), await bucket.head("never")],
        "a": [found.size, found.customMetadata, await found.text()],
        "b": bytes(await (await bucket.get("b")).arrayBuffer()).hex(),
        "type": (await bucket.head("b")).httpMetadata["contentType"],
        "keys": [each.key for each in (await bucket.list())["objects"]],
    }

async def parts(bucket):
    upload = await bucket.createMultipartUpload("parts")
    first = await upload.uploadPart(1, b"x" * (5 << 20))
    last = await upload.uploadPart(2, b"end")
    await upload.complete([first, last])
    part = await bucket.get("parts", range={"offset": (5 << 20) - 1, "length": 4})
    return await part.text()
"""
CONFIG = """{
  "name": "r2", "main": "entry.py", "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"],
  "r2_buckets": [{"binding": "BUCKET", "bucket_name": "files"}]
}"""
LARGE = 30 * 1024 * 1024
PIECE = b"0123456789abcdef" * 4096


@pytest.fixture
async def worker(tmp_path):
    (tmp_path / "entry.py").write_text(SCRIPT)
    (tmp_path / "wrangler.jsonc").write_text(CONFIG)
    async with run_worker(folder=tmp_path) as running:
        yield running


async def test_python_values_go_in_and_come_out(worker):
    assert await (await worker.fetch("/values")).json() == {
        "missing": [None, None],
        "a": [5, {"by": "me"}, "hello"],
        "b": "00ff",
        "type": "x/y",
        "keys": ["a", "b"],
    }


async def test_a_test_lists_and_deletes_what_the_worker_kept(worker):
    await worker.fetch("/values")
    bucket = worker.env.BUCKET
    await bucket.delete(["a", "b"])
    assert (await bucket.list())["objects"] == []


async def test_parts_become_an_object_and_a_range_goes_over_them(worker):
    assert await (await worker.fetch("/parts")).text() == "xend"


async def test_a_request_brings_headers_and_conditions(worker):
    put = await worker.put("/page", data="hello", headers={"Content-Type": "text/x"})
    etag = await put.text()
    got = await worker.fetch("/page")
    assert (await got.text(), got.headers["Content-Type"]) == ("hello", "text/x")
    assert (await worker.fetch("/never")).status == 404
    unchanged = await worker.fetch("/page", headers={"If-None-Match": etag})
    assert (unchanged.status, unchanged.headers["ETag"]) == (304, etag)


async def test_a_large_object_is_never_in_memory_as_a_whole(worker, tmp_path, monkeypatch):
    # What a test keeps is in memory otherwise.
    monkeypatch.setattr(Stores, "blobs", lambda *_: Blobs(tmp_path / "blobs"))

    async def pieces():
        for _ in range(LARGE // len(PIECE)):
            yield PIECE

    seen = hashlib.md5(usedforsecurity=False)
    tracemalloc.start()
    try:
        length = {"Content-Length": str(LARGE)}
        etag = await (await worker.put("/large", data=pieces(), headers=length)).text()
        async with worker.get("/large") as response:
            async for piece in response.content.iter_chunked(1 << 16):
                seen.update(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert etag == f'"{seen.hexdigest()}"'
    assert peak < LARGE / 2
    port = {"port": str(worker.url).rsplit(":", 1)[1].strip("/")}
    assert await (await worker.fetch("/fetched", headers=port)).text() == str(LARGE)


async def test_a_key_of_ones_own_is_a_rejected_promise(worker):
    promise = worker.env.BUCKET.put("a", "v", ssecKey="a" * 64)
    with pytest.raises(NotEmulated, match="ssecKey"):
        await promise


async def test_too_many_keys_are_not_deleted(worker):
    bucket = worker.env.BUCKET
    await bucket.put("0", "v")
    message = r"delete: The number of keys in the request must be between 1 and 1000 .*\(10027\)"
    with pytest.raises(Exception, match=message):
        await bucket.delete([str(number) for number in range(1001)])
    assert await bucket.head("0") is not None
    await bucket.delete([str(number) for number in range(1000)])
    assert await bucket.head("0") is None
