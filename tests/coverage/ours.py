"""What this code has of a name that exists on Cloudflare, found by looking at the code."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import keyword
import pkgutil
import textwrap
from collections.abc import Iterator
from enum import Enum
from functools import cache
from typing import Any

from wrangler_py.errors import NotEmulated
from wrangler_py.facades import install, js_globals
from wrangler_py.js.proxy import JsClass, JsProxy
from wrangler_py.runtime import modules

__all__ = ["State", "class_state", "exported", "global_state", "member_state"]


class State(Enum):
    WORKS = "works"
    REFUSES = "says that it is not emulated"
    ABSENT = "is not there"


@cache
def _classes() -> dict[str, list[type]]:
    """Every host class by its JavaScript name."""
    for package in ("bindings", "durable", "web", "js", "runtime"):
        root = importlib.import_module(f"wrangler_py.{package}")
        for found in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            importlib.import_module(found.name)
    by_name: dict[str, list[type]] = {}
    for each in _below(JsProxy):
        by_name.setdefault(each._js_name, []).append(each)  # type: ignore[attr-defined]
    return by_name


def _below(cls: type) -> Iterator[type]:
    for each in cls.__subclasses__():
        yield each
        yield from _below(each)


def _spellings(name: str) -> tuple[str, ...]:
    return (f"{name}_", name) if keyword.iskeyword(name) else (name, f"{name}_")


def member_state(cls: type, name: str) -> State:
    """What instances of ``cls`` have of a member."""
    for spelling in _spellings(name):
        found = inspect.getattr_static(cls, spelling, None)
        if found is not None:
            return State.REFUSES if _only_refuses(found) else State.WORKS
        if any(f"self.{spelling}" in _source(base) for base in cls.__mro__[:-1]):
            return State.WORKS
        if f'"{spelling}"' in _text(vars(cls).get("__getattr__")):
            return State.WORKS
    return State.ABSENT


@cache
def _source(cls: type) -> str:
    """The text of its methods; the class's own name says nothing, as it is JavaScript's."""
    return "".join(_text(item) for item in vars(cls).values() if callable(item))


def _text(method: Any) -> str:
    try:
        return inspect.getsource(inspect.unwrap(method))
    except Exception:  # no function, or an object that wants a request
        return ""


def _only_refuses(found: Any) -> bool:
    """Whether all that a function does is to raise NotEmulated."""
    if isinstance(found, property):
        found = found.fget
    if isinstance(found, (staticmethod, classmethod)):
        found = found.__func__
    source = _text(found)
    try:
        function = ast.parse(textwrap.dedent(source)).body[0]
    except (SyntaxError, IndexError):
        return False
    if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    last = function.body[-1]
    return isinstance(last, ast.Raise | ast.Return) and "NotEmulated(" in ast.unparse(last)


def class_state(js_name: str, name: str) -> State:
    """What some class called ``js_name`` has of a member; the best one counts."""
    states = {member_state(cls, name) for cls in _classes().get(js_name, ())}
    return next((each for each in State if each in states), State.ABSENT)


def global_state(name: str) -> tuple[State, Any]:
    """What the global scope has of ``name``, and the thing itself."""
    install()
    import js  # type: ignore[import-not-found]

    if name in js_globals.NOT_EMULATED:
        return State.REFUSES, None
    try:
        return State.WORKS, getattr(js, name)
    except (AttributeError, NotEmulated):
        return State.ABSENT, None


def global_member_state(thing: Any, name: str, *, static: bool) -> State:
    """What a class, or an object, of the global scope has of ``name``."""
    if isinstance(thing, JsClass) and not static:
        return member_state(thing._class, name)
    for spelling in _spellings(name):
        try:
            found = getattr(thing, spelling)
        except AttributeError:
            continue
        except NotEmulated:
            return State.REFUSES
        except Exception:
            return State.WORKS  # it is there, and wants a request
        return State.REFUSES if _only_refuses(found) else State.WORKS
    return State.ABSENT


async def _imported(name: str) -> Any:
    return await modules._import(name)


def exported(module: str, name: str) -> State:
    """What the module ``cloudflare:...`` exports."""
    try:
        found = asyncio.run(_imported(module))
    except Exception:
        return State.ABSENT
    return global_member_state(found, name, static=True)
