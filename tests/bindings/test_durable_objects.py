"""Which namespaces stand on `env`, under which names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.bindings.durable_objects import bindings, explanation, names_for, upper_snake
from wrangler_py.config.model import Config, DurableObjectBinding
from wrangler_py.errors import NotEmulated


class Worker:
    """Gives a class's name for its namespace."""

    def namespace(self, class_name: str) -> Any:
        return f"namespace of {class_name}"


def bound(*entries: DurableObjectBinding) -> dict[str, Any]:
    config = Config("me", Path("/me/entry.py"), "2026-11-01", durable_objects=entries)
    return dict(bindings(config, Worker()))


def test_a_class_of_this_script_is_bound():
    entries = DurableObjectBinding("ROOM", "Room"), DurableObjectBinding("TWO", "Two", "me")
    assert bound(*entries) == {"ROOM": "namespace of Room", "TWO": "namespace of Two"}


def test_a_class_of_another_script_says_so_when_it_is_used():
    namespace = bound(DurableObjectBinding("FAR", "Room", "other"))["FAR"]
    assert namespace.constructor.name == "DurableObjectNamespace"
    with pytest.raises(NotEmulated, match=r"env\.FAR\.getByName.*another Worker, 'other'"):
        namespace.getByName("x")


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("Room", "ROOM"),
        ("ChatRoom", "CHAT_ROOM"),
        ("HTTPRoom2", "HTTP_ROOM2"),
        ("Room2Go", "ROOM2_GO"),
        ("already_snake", "ALREADY_SNAKE"),
    ],
)
def test_class_names_become_upper_snake(class_name, name):
    assert upper_snake(class_name) == name


def test_the_configuration_to_paste_is_json():
    text = explanation(names_for({"ChatRoom": object}))
    pasted = json.loads("{" + text.split("\n", 1)[1] + "}")
    assert pasted["durable_objects"]["bindings"] == [
        {"name": "CHAT_ROOM", "class_name": "ChatRoom"}
    ]
    assert pasted["migrations"] == [{"tag": "v1", "new_sqlite_classes": ["ChatRoom"]}]
