from __future__ import annotations

import pytest

from wrangler_py.check import Severity, check
from wrangler_py.config import Overrides, load_config
from wrangler_py.errors import UsageError

ROOM = "from workers import DurableObject\nclass Room(DurableObject):\n    pass\n"
BINDING = {"bindings": [{"name": "ROOM", "class_name": "Room"}]}
MIGRATION = [{"tag": "v1", "new_sqlite_classes": ["Room"]}]


def found(report):
    return [(one.code, one.severity.value, one.source.strip()) for one in report.findings]


@pytest.mark.parametrize(
    ("flags", "message", "severity"),
    [
        (["python_workers", "nodejs_compatt"], "not a known", "error"),
        (["python_workers", "brand_new_thing_of_2031"], "not a known", "warning"),
        (["python_workers", "python_workers"], "twice", "error"),
        (["python_workers", "python_workers_development"], "experimental", "error"),
        (["python_workers", "url_standard"], "is the default", "warning"),
        (
            ["python_workers", "nodejs_compat", "no_nodejs_compat"],
            "contradict each other",
            "error",
        ),
    ],
)
def test_flags_that_a_deployment_refuses_or_does_not_need(checked, flags, message, severity):
    (one,) = checked("", compatibility_flags=flags).findings
    assert (one.code, one.severity) == ("compatibility-flag", severity)
    assert message in one.message
    assert one.source.strip().strip(",").strip('"') in flags


def test_a_misspelt_flag_is_corrected(checked):
    (one,) = checked("", compatibility_flags=["python_workers", "nodejs_compatt"]).findings
    assert one.fix == 'did you mean "nodejs_compat"?'


def test_python_needs_its_flag(checked):
    (one,) = checked("", compatibility_flags=[]).findings
    assert (one.code, one.severity, one.line) == ("python-flag", Severity.ERROR, 5)


def test_a_date_in_the_future_is_refused(checked):
    report = checked("", compatibility_date="2999-01-01")
    assert found(report) == [("compatibility-date", "error", '"compatibility_date": "2999-01-01",')]


def test_an_absent_date_is_a_warning(checked, tmp_path):
    checked("")
    (tmp_path / "wrangler.json").write_text(
        '{"name": "x", "main": "entry.py", "compatibility_flags": ["python_workers"]}'
    )
    report = check(lambda: load_config(Overrides(), tmp_path))
    assert [(one.code, one.severity.value) for one in report.findings] == [
        ("compatibility-date", "warning")
    ]


def test_an_unknown_key_is_a_warning_with_the_nearest_one(checked):
    (one,) = checked("", compatibility_dat="2026-01-01").findings
    assert (one.code, one.severity) == ("config", Severity.WARNING)
    assert "compatibility_dat" in one.source
    assert 'did you mean "compatibility_date"?' in one.fix


def test_a_configuration_that_cannot_be_read_is_one_finding(checked):
    report = checked("", main=7)
    assert [(one.code, one.severity.value) for one in report.findings] == [("config", "error")]
    assert report.broken_config


def test_broken_json_is_found_at_its_place(checked, tmp_path):
    checked("")
    (tmp_path / "wrangler.json").write_text('{\n  "name": oops\n}')
    report = check(lambda: load_config(Overrides(), tmp_path))
    assert [(one.code, one.line, one.column) for one in report.findings] == [("config", 2, 11)]


def test_what_was_told_before_in_this_process_is_found_again(checked):
    for _ in range(2):
        assert [one.code for one in checked("", compatibility_flags=[]).findings] == ["python-flag"]


def test_a_bound_class_must_be_exported(checked):
    report = checked("", durable_objects=BINDING, migrations=MIGRATION)
    assert [one.code for one in report.findings] == ["unexported-class"]
    assert "Room" in report.findings[0].source


def test_a_bound_class_must_be_a_durable_object(checked):
    report = checked("class Room:\n    pass\n", durable_objects=BINDING, migrations=MIGRATION)
    assert [one.code for one in report.findings] == ["unexported-class"]


def test_a_bound_class_may_come_from_another_module(checked):
    report = checked(
        "from room import Room\n", {"room.py": ROOM}, durable_objects=BINDING, migrations=MIGRATION
    )
    assert report.findings == []


def test_another_workers_class_is_not_looked_for(checked):
    there = {"bindings": [{"name": "ROOM", "class_name": "Room", "script_name": "elsewhere"}]}
    assert checked("", durable_objects=there).findings == []


@pytest.mark.parametrize("migrations", [[], [{"tag": "v1", "new_sqlite_classes": ["Other"]}]])
def test_a_class_needs_a_migration(checked, migrations):
    other = ROOM + ROOM.replace("Room", "Other")
    report = checked(other, durable_objects=BINDING, migrations=migrations)
    assert [one.code for one in report.findings] == ["class-without-migration"]


def test_migrations_are_followed_to_their_end(checked):
    migrations = [
        {"tag": "v1", "new_sqlite_classes": ["Hall", "Gone"]},
        {"tag": "v2", "renamed_classes": [{"from": "Hall", "to": "Room"}]},
        {"tag": "v3", "deleted_classes": ["Gone"]},
    ]
    assert checked(ROOM, durable_objects=BINDING, migrations=migrations).findings == []


def test_a_migration_of_a_class_that_is_not_there(checked):
    migrations = [{"tag": "v1", "new_sqlite_classes": ["Room", "Rooom"]}]
    (one,) = checked(ROOM, durable_objects=BINDING, migrations=migrations).findings
    assert (one.code, one.source.strip()) == ("unexported-class", '"Rooom"')
    assert one.fix == 'did you mean "Room"?'


def test_the_chosen_environment_is_what_counts(checked, tmp_path):
    staging = {"compatibility_flags": ["python_workers", "nodejs_compatt"]}
    checked("", env={"staging": staging})
    report = check(lambda: load_config(Overrides(environment="staging"), tmp_path))
    assert [(one.code, one.source.strip()) for one in report.findings] == [
        ("compatibility-flag", '"nodejs_compatt"')
    ]


def test_each_key_that_an_environment_does_not_inherit_is_told_where_it_stands(checked, tmp_path):
    keys = {"kv_namespaces": [{"binding": "KV", "id": "1"}], "vars": {"A": "1"}}
    checked("", env={"staging": {}}, **keys)
    report = check(lambda: load_config(Overrides(environment="staging"), tmp_path))
    assert sorted((one.code, one.source.strip().split(":")[0]) for one in report.findings) == [
        ("config", '"kv_namespaces"'),
        ("config", '"vars"'),
    ]


USES = """
from workers import WorkerEntrypoint, env
class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return self.env.{}, env.GREETING
"""


def test_a_name_that_nothing_binds(checked):
    report = checked(USES.format("GREETNG"), handler="", vars={"GREETING": "hi"})
    (one,) = report.findings
    assert (one.code, one.line, one.column) == ("unknown-binding", 5, 16)
    assert one.fix == 'did you mean "GREETING"?'


@pytest.mark.parametrize(
    "config",
    [
        {"kv_namespaces": [{"binding": "KV", "id": "1"}]},
        {"queues": {"producers": [{"binding": "KV", "queue": "q"}]}},
        {"ai": {"binding": "KV"}},
        {"vars": {"KV": 1, "GREETING": "hi"}},
        {"send_email": [{"name": "KV"}]},
        {"ratelimits": [{"name": "KV", "namespace_id": "1", "simple": {"limit": 1, "period": 10}}]},
    ],
    ids=lambda config: next(iter(config)),
)
def test_every_kind_of_binding_is_known(checked, config):
    config = {"vars": {"GREETING": "hi"}, **config}
    assert checked(USES.format("KV"), handler="", **config).findings == []


def test_a_secret_of_the_local_files_is_a_binding(checked):
    report = checked(
        USES.format("TOKEN"), {".dev.vars": "TOKEN=1\n"}, handler="", vars={"GREETING": "hi"}
    )
    assert report.findings == []


@pytest.mark.parametrize(
    "source",
    [
        "class Page:\n    def f(self):\n        return self.env.TEMPLATE\n",
        "class P(dict):\n    def f(self, env):\n        self.env = env\n        self.env.PAGE\n",
        "def f(env):\n    return env.TEMPLATE\n",
    ],
)
def test_other_things_may_be_called_env(checked, source):
    assert checked(source).findings == []


def test_a_handler_at_module_level_has_its_env_as_a_parameter(checked):
    source = "from workers import Response\nasync def on_fetch(request, env):\n    return env.KEY\n"
    report = checked(source, handler="", compatibility_date="2025-06-01")
    assert [(one.code, one.line) for one in report.findings] == [("unknown-binding", 3)]


def test_a_variable_is_not_in_the_environment(checked):
    source = "import os\ndef f():\n    return os.environ['MODE'], os.getenv('HOME')\n"
    (one,) = checked(source, vars={"MODE": "x"}).findings
    assert (one.code, one.line, one.fix) == ("vars-in-environ", 3, "`self.env.MODE`")


def test_a_rule_that_does_not_exist_cannot_be_left_out(checked):
    with pytest.raises(UsageError, match="there is no rule"):
        checked("", ignored=("thread",))
