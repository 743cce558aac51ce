"""`class Env`: each kind of binding, the variables, the names of secrets, classes of the script."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tests.typegen.reading import names
from wrangler_py.config import Overrides, load_config
from wrangler_py.config.bindings import Bindings
from wrangler_py.config.shapes import KEYS, Use
from wrangler_py.typegen.bindings import TYPES
from wrangler_py.typegen.env import env_module

KINDS = [
    ({"kv_namespaces": [{"binding": "X", "id": "1"}]}, "KVNamespace"),
    ({"d1_databases": [{"binding": "X", "database_id": "1"}]}, "D1Database"),
    ({"r2_buckets": [{"binding": "X", "bucket_name": "b"}]}, "R2Bucket"),
    ({"queues": {"producers": [{"binding": "X", "queue": "q"}]}}, "Queue"),
    ({"analytics_engine_datasets": [{"binding": "X"}]}, "AnalyticsEngineDataset"),
    ({"version_metadata": {"binding": "X"}}, "WorkerVersionMetadata"),
    ({"hyperdrive": [{"binding": "X", "id": "1"}]}, "Hyperdrive"),
    ({"send_email": [{"name": "X"}]}, "SendEmail"),
    ({"assets": {"directory": "public", "binding": "X"}}, "Fetcher"),
    ({"workflows": [{"binding": "X", "name": "w", "class_name": "W"}]}, "Workflow"),
    ({"services": [{"binding": "X", "service": "other"}]}, "AnyFetcher"),
    ({"ai": {"binding": "X"}}, "Ai"),
    ({"browser": {"binding": "X"}}, "Fetcher"),
    ({"vectorize": [{"binding": "X", "index_name": "i"}]}, "Vectorize"),
    ({"vars": {"X": "text"}}, "str"),
    ({"vars": {"X": 3}}, "int"),
    ({"vars": {"X": 1.5}}, "float"),
    ({"vars": {"X": True}}, "bool"),
    ({"vars": {"X": None}}, "Null"),
    ({"vars": {"X": ["a", 1]}}, "JsArray[int | str]"),
    ({"vars": {"X": []}}, "JsArray[Any]"),
    ({"vars": {"X": {"not a name": 1}}}, "JsProxy"),
    (
        {"ratelimits": [{"name": "X", "namespace_id": "1", "simple": {"limit": 1, "period": 10}}]},
        "RateLimit",
    ),
    (
        {"secrets_store_secrets": [{"binding": "X", "store_id": "1", "secret_name": "s"}]},
        "SecretsStoreSecret",
    ),
    (
        {"durable_objects": {"bindings": [{"name": "X", "class_name": "Y", "script_name": "z"}]}},
        "DurableObjectNamespace[AnyDurableObjectStub]",
    ),
]


@pytest.mark.parametrize(("more", "expected"), KINDS, ids=lambda x: x if isinstance(x, str) else "")
def test_each_kind_has_its_type(config, more, expected):
    assert f"\n    X: {expected}\n" in env_module(config(**more))


def test_every_kind_that_a_configuration_can_name_is_in_the_table():
    none_on_env = {"services", "queue_consumers", "tail_consumers"}
    assert {kind.name for kind in fields(Bindings)} - none_on_env - set(TYPES) == set()


def test_every_key_of_the_table_is_one_of_the_configuration():
    assert set(TYPES) - {kind.name for kind in fields(Bindings)} - set(KEYS) == set()
    assert any(key.use is Use.CLOUDFLARE and name in TYPES for name, key in KEYS.items())


def test_every_type_of_the_table_is_in_the_stubs():
    assert set(TYPES.values()) - names("js") - {"str"} == set()


def test_a_json_variable_is_a_proxy_with_its_keys(config):
    text = env_module(config(vars={"LIMITS": {"per_day": 5, "inner": {"name": "x"}}}))
    assert "class _LIMITS(JsProxy):\n    per_day: int\n    inner: _LIMITS_inner\n" in text
    assert text.index("class _LIMITS_inner(JsProxy)") < text.index("class _LIMITS(JsProxy)")
    assert "\n    LIMITS: _LIMITS\n" in text


def test_secrets_are_there_by_name_and_never_by_value(config, tmp_path):
    config()
    (tmp_path / ".dev.vars").write_text("API_KEY=hunter2\n")
    text = env_module(load_config(Overrides(config=tmp_path / "wrangler.json"), tmp_path))
    assert "\n    API_KEY: str\n" in text
    assert "hunter2" not in text


def test_a_name_that_is_none_in_python_says_how_to_read_it(config):
    text = env_module(config(vars={"with-dash": "x", "class": "y"}))
    assert 'getattr(env, "with-dash")' in text
    assert 'getattr(env, "class")' in text
    compile(text, "_env.pyi", "exec")


def test_without_bindings_it_is_an_empty_class(config):
    assert env_module(config()).endswith('class Env:\n    """What `self.env` holds."""\n')


def test_the_class_may_have_another_name(config):
    text = env_module(config(), "Bindings")
    assert text.startswith("class Bindings:")
    assert text.endswith("\n\nEnv = Bindings\n")


ROOM = """
from datetime import datetime
from workers import DurableObject

class Room(DurableObject):
    async def fetch(self, request): ...
    def people(self, since: datetime, limit: int = 10) -> list[str]: ...
"""
OBJECTS = {"bindings": [{"name": "ROOM", "class_name": "Room"}]}


def test_a_stub_has_the_methods_of_its_class(config):
    text = env_module(
        config("from room import Room\n", {"src/room.py": ROOM}, durable_objects=OBJECTS)
    )
    assert text == (
        "from datetime import datetime\n\n"
        "from ._durable import DurableObjectNamespace, DurableObjectStub\n\n"
        "class RoomStub(DurableObjectStub):\n"
        "    async def people(self, since: datetime, limit: int = ...) -> list[str]: ...\n\n"
        "class Env:\n"
        '    """What `self.env` holds."""\n\n'
        "    ROOM: DurableObjectNamespace[RoomStub]\n"
    )


def test_a_service_of_this_worker_has_the_methods_of_its_entry_point(config):
    source = (
        "from workers import WorkerEntrypoint\n"
        "class Admin(WorkerEntrypoint):\n    def total(self) -> int: ...\n"
    )
    service = {"binding": "SELF", "service": "mine", "entrypoint": "Admin"}
    text = env_module(config(source, services=[service]))
    assert "class AdminStub(Fetcher):\n    async def total(self) -> int: ...\n" in text
    assert "\n    SELF: AdminStub\n" in text


def test_a_script_alone_has_its_objects_by_their_names(tmp_path, monkeypatch, capsys):
    (tmp_path / "worker.py").write_text(ROOM)
    config = load_config(Overrides(script=tmp_path / "worker.py"), tmp_path)
    assert "\n    Room: DurableObjectNamespace[RoomStub]\n" in env_module(config)
