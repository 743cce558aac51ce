from __future__ import annotations

import pytest

from wrangler_py.typegen.rpc import exported_classes

HEAD = "from workers import DurableObject, WorkerEntrypoint\n"


@pytest.fixture
def classes(tmp_path):
    def read(source: str, **modules: str):
        for name, text in {"entry": source, **modules}.items():
            (tmp_path / f"{name}.py").write_text(text)
        return exported_classes(tmp_path / "entry.py")

    return read


METHODS = [
    ("async def add(self, a: int, b: int) -> int: ...", "(self, a: int, b: int) -> int"),
    ("def add(self, a: int = 1): ...", "(self, a: int = ...) -> Any"),
    ("def add(self, a, /, b, *c, d, e=1, **f): ...", None),
    ("def add(self, *, key: str) -> None: ...", "(self, *, key: str) -> None"),
    ("def add(self, a: 'list[int] | None') -> 'str': ...", "(self, a: list[int] | None) -> str"),
    ("def add(self, a: 'not a type (') -> Own: ...", "(self, a: Any) -> Any"),
    ("def add(self, a: json.JSONDecoder) -> int: ...", "(self, a: Any) -> int"),
]


@pytest.mark.parametrize(("method", "expected"), METHODS)
def test_a_method_keeps_what_another_module_can_say(classes, method, expected):
    found = classes(f"{HEAD}class Own: ...\nclass Room(DurableObject):\n    {method}\n")
    expected = expected or (
        "(self, a: Any, /, b: Any, *c: Any, d: Any, e: Any = ..., **f: Any) -> Any"
    )
    assert found["Room"].methods == (f"async def add{expected}: ...",)


def test_what_is_not_called_by_others_is_left_out(classes):
    body = """
class Room(DurableObject):
    async def fetch(self, request): ...
    async def alarm(self): ...
    async def webSocketMessage(self, ws, message): ...
    def _private(self): ...
    def __init__(self, ctx, env): ...
    @staticmethod
    def static(): ...
    @classmethod
    def of(cls): ...
    @property
    def size(self): ...
    def offered(self) -> int: ...
"""
    assert classes(HEAD + body)["Room"].methods == ("async def offered(self) -> int: ...",)


def test_methods_come_from_bases_too_and_the_first_one_wins(classes):
    found = classes(
        "from room import Room as Lobby\n",
        room=f"{HEAD}from base import Base\nclass Room(Base):\n    def a(self) -> int: ...\n",
        base=(
            f"{HEAD}class Base(DurableObject):\n    def a(self) -> str: ...\n"
            "    def b(self) -> str: ...\n"
        ),
    )
    assert list(found) == ["Room"]
    assert found["Room"].methods == (
        "async def a(self) -> int: ...",
        "async def b(self) -> str: ...",
    )


def test_a_class_through_the_module_is_found(classes):
    found = classes("import workers\nclass Room(workers.DurableObject): ...\n")
    assert found["Room"].kind == "DurableObject"


def test_other_classes_are_none(classes):
    assert classes(f"{HEAD}class Own: ...\nclass _Hidden(DurableObject): ...\n") == {}


BROKEN = ["class Room(DurableObject:\n", "\0", "class A(B): ...\nclass B(A): ...\n"]


@pytest.mark.parametrize("source", BROKEN, ids=["syntax", "null", "circle"])
def test_a_source_that_does_not_load_has_no_classes(classes, source):
    assert classes(source) == {}


def test_modules_that_import_each_other_end(classes):
    assert classes("from other import Room\n", other="from entry import Room\n") == {}
