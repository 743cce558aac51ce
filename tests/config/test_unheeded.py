"""What changes nothing here is told, with its place."""

from __future__ import annotations

import json

import pytest

from wrangler_py.config import Overrides, load_config
from wrangler_py.log import log

BASE = {
    "main": "entry.py",
    "compatibility_date": "2026-01-01",
    "compatibility_flags": ["python_workers"],
}


@pytest.fixture
def told(tmp_path, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(log, "warn_once", said.append)

    def told(**keys) -> str:
        (tmp_path / "entry.py").touch()
        (tmp_path / "wrangler.json").write_text(json.dumps({**BASE, **keys}))
        load_config(Overrides(), tmp_path)
        return "\n".join(said)

    return told


def test_a_configuration_that_is_heeded_is_not_spoken_of(told):
    bound = [{"binding": "A", "id": "a", "remote": False}]
    assert told(kv_namespaces=bound, limits={"cpu_ms": 50}, observability={"enabled": True}) == ""


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [
        ({"site": {"bucket": "x"}}, "Workers Sites are not emulated: use `assets`"),
        ({"containers": []}, "no container is started here"),
        ({"text_blobs": {}}, "say it by `rules`"),
        ({"access": {"dev": {"aud": "x"}}}, "Cloudflare Access"),
        (
            {"kv_namespaces": [{"binding": "A", "remote": True}]},
            "`remote` is passed over: what is here is on this machine",
        ),
        *(
            (
                {"workflows": [{"binding": "W", "name": "w", "class_name": "W", key: value}]},
                f"`{key}` of a workflow: ",
            )
            for key, value in (("schedules", ["* * * * *"]), ("concurrency", {"limit": 2}))
        ),
        (
            {"queues": {"producers": [{"binding": "Q", "queue": "q", "remote": True}]}},
            "queues.producers[0].remote)",
        ),
    ],
)
def test_what_changes_nothing_is_told(told, keys, wanted):
    assert wanted in told(**keys)
