from __future__ import annotations

import pytest

from wrangler_py.config.toml import parse
from wrangler_py.errors import ConfigError

TEXT = """\
# a worker
name = "w"

[vars]
A = "1"
"B C" = 2

[[durable_objects.bindings]]
name = "ROOM"
class_name = "Room"

[[durable_objects.bindings]]
name = "MUTE"

[durable_objects.code_update_strategy]
mode = "deferred"

[[migrations]]
tag = "v1"
[[migrations.renamed_classes]]
from = "A"
"""


def test_a_document_reads_as_the_standard_library_reads_it():
    value, _ = parse(TEXT, "f")
    assert value["vars"] == {"A": "1", "B C": 2}
    assert [entry["name"] for entry in value["durable_objects"]["bindings"]] == ["ROOM", "MUTE"]


def test_each_key_knows_its_line():
    _, places = parse(TEXT, "f")
    lines = {path: line for path, (line, _) in places.items()}
    assert lines["name",] == 2
    assert lines["vars",] == 4
    assert lines["vars", "B C"] == 6
    assert lines["durable_objects", "bindings", 0, "class_name"] == 10
    assert lines["durable_objects", "bindings", 1] == 12
    assert lines["durable_objects", "bindings", 1, "name"] == 13
    assert lines["durable_objects", "code_update_strategy", "mode"] == 16
    assert lines["migrations", 0, "renamed_classes", 0, "from"] == 21


def test_a_dotted_key_counts_as_its_table():
    _, places = parse('\ndev.port = 1\n  "x".y."z w" = 2\n', "f")
    assert places["dev", "port"] == (2, 1)
    assert places["x", "y", "z w"] == (3, 3)


@pytest.mark.parametrize(
    ("text", "where"),
    [('a = 1\nb = "\n', "f:2:6"), ("a = 1\na = 2\n", "f:2:6"), ("a =", "f:1"), ("[a", "f:1")],
)
def test_what_is_no_toml_is_refused_where_it_stands(text, where):
    with pytest.raises(ConfigError, match="not valid TOML: ") as caught:
        parse(text, "f")
    assert "(at" not in caught.value.message
    assert caught.value.where == where


def test_a_byte_order_mark_is_no_key():
    assert parse("\ufeffa = 1", "f")[0] == {"a": 1}
