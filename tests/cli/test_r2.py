"""`pywrangler r2`: what is written is read again, and what is wrong is said."""

from __future__ import annotations

import pytest

from wrangler_py.cli.main import run
from wrangler_py.stores.stores import Stores


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in").write_bytes(b"\x00data")


def test_an_object_that_was_put_is_got_byte_for_byte(tmp_path):
    assert run(["r2", "object", "put", "files/a/b", "--file", "in"]) == 0
    assert run(["r2", "object", "get", "files/a/b", "--file", "deep/out"]) == 0
    assert (tmp_path / "deep" / "out").read_bytes() == b"\x00data"


def test_headers_are_kept_as_metadata(tmp_path):
    line = ["r2", "object", "put", "files/a", "--file", "in", "--content-type", "x/y"]
    assert run([*line, "--expires", "Wed, 01 Jan 2098 00:00:01 GMT"]) == 0
    from wrangler_py.bindings.r2.store import R2Store

    stores = Stores(tmp_path / ".wrangler" / "state" / "v3")
    entry = R2Store(stores, "files").head("a")
    stores.close()
    assert entry is not None
    assert entry.http_metadata == {"contentType": "x/y", "cacheExpiry": 4039372801000}


def test_a_deleted_object_is_gone(capfd):
    assert run(["r2", "object", "put", "files/a", "--file", "in"]) == 0
    assert run(["r2", "object", "delete", "files/a"]) == 0
    assert run(["r2", "object", "get", "files/a", "--pipe"]) == 1
    assert "The specified key does not exist." in capfd.readouterr().err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["put", "files", "--file", "in"], "an object is BUCKET/KEY"),
        (["put", "files/a"], "say where it comes from"),
        (["put", "files/a", "--file", "none"], "cannot read none"),
        (["put", "files/a", "--file", "in", "--expires", "soon"], "is no date"),
        (["put", "files/" + "x" * 1025, "--file", "in"], "object name is not valid"),
        (["put", "files/a", "--file", "in", "-s", "Standard"], "--storage-class"),
        (["get", "files/a", "--jurisdiction", "eu"], "--jurisdiction"),
        (["get", "files/a", "--remote"], "npx wrangler r2 object get --remote"),
    ],
)
def test_what_is_wrong_is_said(capfd, line, message):
    assert run(["r2", "object", *line]) == 2
    assert message in capfd.readouterr().err
