"""Which namespaces stand on `env`, under which names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.bindings.classes import explanation, names_for, upper_snake
from wrangler_py.bindings.durable_objects import bindings, configuration
from wrangler_py.config.model import Config, DurableObjectBinding


class Worker:
    """Gives names for a namespace."""

    def namespace(self, class_name: str, script: str | None) -> Any:
        return f"{class_name} of {script}"


def bound(*entries: DurableObjectBinding) -> dict[str, Any]:
    config = Config("me", Path("/me/entry.py"), "2026-11-01", durable_objects=entries)
    return dict(bindings(config, Worker()))


def test_classes_of_this_script_and_of_others_are_bound():
    entries = DurableObjectBinding("ROOM", "Room"), DurableObjectBinding("FAR", "Room", "other")
    assert bound(*entries) == {"ROOM": "Room of None", "FAR": "Room of other"}


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
    names = names_for({"ChatRoom": object})
    text = explanation(names, configuration(names))
    pasted = json.loads("{" + text.split("\n", 1)[1] + "}")
    assert pasted["durable_objects"]["bindings"] == [
        {"name": "CHAT_ROOM", "class_name": "ChatRoom"}
    ]
    assert pasted["migrations"] == [{"tag": "v1", "new_sqlite_classes": ["ChatRoom"]}]
