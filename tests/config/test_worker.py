from __future__ import annotations

import re
from pathlib import Path

import pytest

from wrangler_py.config import bindings, jsonc, model, toml
from wrangler_py.config.dates import today
from wrangler_py.config.document import read_document
from wrangler_py.config.worker import Reading
from wrangler_py.errors import ConfigError

FINE = '"compatibility_date": "2026-01-05", "compatibility_flags": ["python_workers"]'


def read(text: str) -> Reading:
    path = Path("/project/wrangler.jsonc")
    return read_document("f", *jsonc.parse(text, "f"), path, path.with_name("entry.py"))


def without_column(text: str) -> str:
    return re.sub(r"(f:\d+):\d+", r"\1", text)


def test_a_full_configuration_is_read():
    reading = read(
        f"""{{
          "$schema": "x", "name": "chat", {FINE},
          "vars": {{"S": "text", "J": {{"deep": [1, null]}}}},
          "durable_objects": {{
            "bindings": [
              {{"name": "ROOM", "class_name": "Room"}},
              {{"name": "FAR", "class_name": "Far", "script_name": "other", "environment": "e"}}
            ],
            "code_update_strategy": {{"mode": "deferred", "max_delay": 30}}
          }},
          "migrations": [
            {{"tag": "v1", "new_sqlite_classes": ["Room"], "new_classes": ["Old"]}},
            {{"tag": "v2", "renamed_classes": [{{"from": "Old", "to": "New"}}],
              "deleted_classes": ["Gone"],
              "transferred_classes": [{{"from": "A", "from_script": "b", "to": "C"}}]}}
          ],
          "services": [{{"binding": "SELF", "service": "chat", "entrypoint": "Admin"}}],
          "dev": {{"ip": "0.0.0.0", "port": 9000, "inspector_port": 1}}
        }}"""
    )
    config = reading.config
    assert reading.notices == []
    assert config.name == "chat"
    assert config.vars == {"S": "text", "J": {"deep": [1, None]}}
    assert config.durable_objects == (
        model.DurableObjectBinding("ROOM", "Room"),
        model.DurableObjectBinding("FAR", "Far", "other", "e"),
    )
    assert config.code_update_strategy == model.CodeUpdateStrategy("deferred", 30)
    assert config.migrations == (
        model.Migration("v1", ("Old",), ("Room",)),
        model.Migration(
            "v2",
            renamed_classes=(model.RenamedClass("Old", "New"),),
            deleted_classes=("Gone",),
            transferred_classes=(model.TransferredClass("A", "b", "C"),),
        ),
    )
    assert config.bindings.services == (bindings.ServiceBinding("SELF", "chat", "Admin"),)
    assert config.dev == model.DevSettings("0.0.0.0", 9000)


def test_exports_are_read_instead_of_migrations():
    config = read(
        f'{{{FINE}, "exports": {{"Room": {{"type": "durable-object", "storage": "sqlite"}},'
        ' "Gone": {"type": "durable-object", "state": "deleted"}}}'
    ).config
    assert config.exports == {
        "Room": model.ExportedClass("durable-object", "sqlite"),
        "Gone": model.ExportedClass("durable-object", None, "deleted"),
    }


STRATEGIES = [
    ("{}", ("immediate", 300)),
    ('{"mode": "immediate"}', ("immediate", 300)),
    ('{"mode": "deferred"}', ("deferred", 300)),
    ('{"max_delay": 5}', ("deferred", 5)),
]


@pytest.mark.parametrize(("text", "expected"), STRATEGIES)
def test_an_update_strategy_has_defaults(text, expected):
    config = read(f'{{{FINE}, "durable_objects": {{"code_update_strategy": {text}}}}}').config
    assert config.code_update_strategy == model.CodeUpdateStrategy(*expected)


WRONG = [  # a line of the file, where, what is said
    ("[]", "f:1", "the file must be an object, not []"),
    ('{"name": 3}', "f:1 name", "`name` must be a string, not 3"),
    (
        '{"name": "My App"}',
        "f:1 name",
        'a name holds lower-case letters, digits, "-" and "_" only, not "My App"',
    ),
    (
        '{\n"compatibility_date": "2026-1-5"}',
        "f:2 compatibility_date",
        'the compatibility date must be a date written as YYYY-MM-DD, not "2026-1-5"',
    ),
    (
        '{"compatibility_flags": "python_workers"}',
        "f:1 compatibility_flags",
        '`compatibility_flags` must be a list, not "python_workers"',
    ),
    (
        '{"compatibility_flags": [\n"a",\n1]}',
        "f:3 compatibility_flags[1]",
        "`compatibility_flags[1]` must be a string, not 1",
    ),
    ('{"vars": []}', "f:1 vars", "`vars` must be an object, not []"),
    (
        '{"durable_objects": {"bindings": [\n{"name": "R"}]}}',
        "f:2 durable_objects.bindings[0]",
        "an entry has no `class_name`",
    ),
    (
        '{"durable_objects": {"code_update_strategy": {"mode": "defered"}}}',
        "f:1 durable_objects.code_update_strategy.mode",
        '`mode` must be "immediate" or "deferred", not "defered"',
    ),
    (
        '{"durable_objects": {"code_update_strategy": {"max_delay": 86401}}}',
        "f:1 durable_objects.code_update_strategy.max_delay",
        "`max_delay` must be between 0 and 86400, not 86401",
    ),
    ('{"migrations": [{}]}', "f:1 migrations[0]", "an entry has no `tag`"),
    ('{"services": [{"binding": "S"}]}', "f:1 services[0]", "an entry has no `service`"),
    ('{"kv_namespaces": [{}]}', "f:1 kv_namespaces[0]", "an entry has no `binding`"),
    (
        '{"queues": {"consumers": [{"queue": "q", "max_batch_size": "5"}]}}',
        "f:1 queues.consumers[0].max_batch_size",
        '`queues.consumers[0].max_batch_size` must be a number, not "5"',
    ),
    (
        '{"assets": {"directory": "p", "run_worker_first": 1}}',
        "f:1 assets.run_worker_first",
        "`assets.run_worker_first` must be a list or true or false, not 1",
    ),
    (
        '{"env": {"stg": {"name": 3}}}',
        "f:1 env.stg.name",
        "`env.stg.name` must be a string, not 3",
    ),
    (
        '{"kv_namespaces": [{"binding": "A"}], "ai": {"binding": "A"}}',
        "f:1 ai",
        "two bindings are called A: in `kv_namespaces` and in `ai`",
    ),
    (
        '{"workflows": [{"binding": "W", "name": "-w", "class_name": "W"}]}',
        "f:1 workflows[0].name",
        '"-w" is no name for a workflow',
    ),
    ('{"services": {}}', "f:1 services", "`services` must be a list, not {}"),
    ('{"dev": {"port": true}}', "f:1 dev.port", "`dev.port` must be a number, not true"),
    ('{"dev": {"port": 70000}}', "f:1 dev.port", "`port` must be between 0 and 65535, not 70000"),
    (
        '{"migrations": [{"tag": "v1"}], "exports": {}}',
        "f:1 exports",
        "`migrations` and `exports` exclude each other",
    ),
    (
        '{"vars": {"A": 1}, "services": [{"binding": "A", "service": "s"}]}',
        "f:1 services",
        "two bindings are called A: in `vars` and in `services`",
    ),
]


@pytest.mark.parametrize(("text", "where", "message"), WRONG)
def test_what_cannot_be_right_is_refused_with_its_line(text, where, message):
    if not text.startswith("["):
        text = text.replace("{", '{"compatibility_date": "2026-01-05", ', 1)
        text = text.replace('"2026-01-05", \n"comp', '"2026-01-05",\n"comp')
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert (caught.value.message, without_column(caught.value.where)) == (message, where)


def test_all_mistakes_are_told_at_once_each_with_line_and_column():
    with pytest.raises(ConfigError) as caught:
        read('{\n  "name": 3,\n  "kv_namespaces": [{"binding": 1}]\n}')
    assert caught.value.where == "f:2:3 name"
    assert caught.value.message == (
        "`name` must be a string, not 3\n"
        "and 1 more:\n"
        "- `kv_namespaces[0].binding` must be a string, not 1 (f:3:22 kv_namespaces[0].binding)"
    )


def test_a_wrong_choice_is_guessed():
    with pytest.raises(ConfigError) as caught:
        read('{"durable_objects": {"code_update_strategy": {"mode": "defered"}}}')
    assert caught.value.hint == 'did you mean "deferred"?'


def test_a_toml_date_without_quotes_is_explained():
    parsed = toml.parse("compatibility_date = 2026-01-05", "f")
    with pytest.raises(ConfigError, match="must be a string") as caught:
        read_document("f", *parsed, Path("/p/wrangler.toml"), Path("/p/entry.py"))
    assert caught.value.hint == 'put it in quotes: "..."'


def test_main_is_needed_where_no_script_was_named(tmp_path):
    with pytest.raises(ConfigError, match="names no `main`"):
        read_document("f", *jsonc.parse("{}", "f"), tmp_path / "wrangler.jsonc")


def test_main_must_exist(tmp_path):
    parsed = jsonc.parse('{"main": "src/x.py"}', "f")
    with pytest.raises(ConfigError, match="`main` does not exist: ") as caught:
        read_document("f", *parsed, tmp_path / "wrangler.jsonc")
    assert caught.value.where == "f:1:2 main"


NOTICES = [
    (f'{{{FINE}, "foo": 1}}', 'Unexpected fields found in top-level field: "foo" (f:1 foo)'),
    (
        f'{{{FINE},\n"var": {{}}}}',
        'Unexpected fields found in top-level field: "var" (f:2 var; did you mean "vars"?)',
    ),
    (
        f'{{{FINE}, "dev": {{"prot": 1}}}}',
        'Unexpected fields found in dev field: "prot" (f:1 dev.prot; did you mean "port"?)',
    ),
    (
        '{"compatibility_date": "2999-01-01", "compatibility_flags": ["python_workers"]}',
        "the compatibility date 2999-01-01 is in the future (f:1 compatibility_date)",
    ),
    (
        '{"compatibility_flags": ["python_workers"]}',
        f'no `compatibility_date`: today\'s is used. Add "compatibility_date": "{today()}" to f:1',
    ),
    (
        '{"compatibility_date": "2026-01-05"}',
        (
            'deploying needs the compatibility flag: "compatibility_flags": ["python_workers"] '
            "(f:1 compatibility_flags)"
        ),
    ),
    (
        f'{{{FINE}, "durable_objects": {{"bindings": [{{"name": "R", "class_name": "Room"}}]}}}}',
        (
            "`durable_objects` of this Worker (Room) have no `migrations`: deploying needs "
            '"migrations": [{"tag": "v1", "new_sqlite_classes": [...]}] (f:1 durable_objects)'
        ),
    ),
]


@pytest.mark.parametrize(("text", "notice"), NOTICES)
def test_what_is_odd_is_told_and_used(text, notice):
    assert [without_column(each) for each in read(text).notices] == [notice]


def test_a_class_of_another_worker_needs_no_migration_here():
    text = (
        f'{{{FINE}, "durable_objects": {{"bindings": '
        '[{"name": "R", "class_name": "Room", "script_name": "other"}]}}'
    )
    assert read(text).notices == []


def test_keys_of_bundling_and_deploying_are_no_news():
    keys = '"routes": [], "minify": true, "placement": {}, "workers_dev": false'
    assert read(f"{{{FINE}, {keys}}}").notices == []
