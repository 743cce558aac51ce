"""The stubs against what runs: neither a name too few, nor one that is not there."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from tests.typegen.reading import classes, members, names, tree
from wrangler_py import compat
from wrangler_py.facades import js_globals, modules
from wrangler_py.facades.install import install
from wrangler_py.js import profile
from wrangler_py.js.errors import ERROR_CLASSES
from wrangler_py.js.proxy import JsClass, JsFunction, JsProxy, JsType
from wrangler_py.typegen import generate

install()

PYTHONS_OWN = frozenset({"globalThis", "self"})
ERRORS = frozenset(ERROR_CLASSES) - {"PythonError"}
ONLY_TYPES = frozenset(
    """
    BodyInit BufferSource Env ExtendableEvent HeadersInit TypedArray
    """.split()
)
"""Names that annotations need; `TypedArray` is what the SDK calls it, too."""


PYTHON_SEQUENCE = frozenset(
    """
    append clear count extend get index insert items keys pop popitem remove reverse setdefault
    update values
    """.split()
)
"""Of `MutableSequence` and `MutableMapping`, which the stub names as bases."""

UNSEEN = {"constructor", "object_values", "toString", "to_py", "typeof", "valueOf"}
"""What `JsProxy` says for all."""

EVENTS = """
    code colno data detail error filename lastEventId lineno message origin ports reason source
    type wasClean
""".split()
OWN_ATTRIBUTES: dict[str, set[str]] = {
    **{name: set(EVENTS) for name in ("Event", "CustomEvent", "CloseEvent", "ErrorEvent")},
    "MessageEvent": set(EVENTS),
    "ByteLengthQueuingStrategy": {"highWaterMark"},
    "CountQueuingStrategy": {"highWaterMark"},
    "RegExp": {"flags", "global_", "lastIndex", "source"},
    "Symbol": {"description"},
    "WebSocket": {"onclose", "onerror", "onmessage", "onopen"},
}
"""Of each object, so its class has them not."""

NOT_HERE: dict[str, set[str]] = {
    "Set": {"isDisjointFrom", "isSupersetOf", "symmetricDifference"},
}
"""Cloudflare has them and we have not: they type-check."""

REFUSED: dict[str, set[str]] = {
    "Cache": {"add", "addAll", "keys", "matchAll"},
    "CacheStorage": {"delete", "has", "keys", "match"},
}
"""They are there, and only say that they are not implemented: they do not type-check."""


def globals_of_js() -> dict[str, Any]:
    return {name: modules.lookup("js", name) for name in js_globals.HOME}


def test_every_global_of_javascript_is_in_the_stub():
    there = {*js_globals.HOME, *js_globals.NOT_EMULATED, *ERRORS, *PYTHONS_OWN}
    assert there - names("js") == set()


def test_the_stub_has_no_global_that_is_not_there():
    there = {*js_globals.HOME, *js_globals.NOT_EMULATED, *ERRORS, *PYTHONS_OWN, *ONLY_TYPES}
    typed = {name for name in classes("js") if name in names("js._bindings") | names("js._durable")}
    assert names("js") - there - typed == set()


def public(cls: type) -> Iterator[str]:
    """The JavaScript interface of a class of ours: properties, methods, constants, statics."""
    for owner in cls.__mro__:
        if owner in (JsProxy, object):
            break
        if isinstance(owner, JsType):
            yield from (name for name in vars(owner) if not name.startswith("_"))


CLASSES = sorted(
    name
    for name, value in globals_of_js().items()
    if isinstance(value, JsClass) and name in classes("js")
)


@pytest.mark.parametrize("name", CLASSES)
def test_every_member_of_a_class_is_in_the_stub(name):
    cls = modules.lookup("js", name)._class
    known = set(members("js", name))
    unknown = UNSEEN | PYTHON_SEQUENCE | REFUSED.get(name, set())
    assert set(public(cls)) - known - unknown == set()


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_of_the_stub_has_no_member_that_is_not_there(name):
    cls = modules.lookup("js", name)._class
    own = {each for each in members("js", name) if not each.startswith("_")} - PYTHON_SEQUENCE
    there = {each for each in dir(cls) if not each.startswith("_")} | {"new"}
    assert own - there - NOT_HERE.get(name, set()) - OWN_ATTRIBUTES.get(name, set()) == set()


@pytest.mark.parametrize("name", ["Math", "JSON", "Reflect", "console", "scheduler"])
def test_namespaces_have_the_functions_of_the_stub(name):
    value = modules.lookup("js", name)
    there = {each for each in dir(value) if not each.startswith("_")} - set(dir(JsProxy))
    known = set(members("js", f"_{name[0].upper()}{name[1:]}")) - set(members("js", "HostObject"))
    assert {each for each in known if not each.startswith("_")} == there


FUNCTIONS = sorted(n for n, v in globals_of_js().items() if type(v) is JsFunction)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_global_function_is_one_in_the_stub(name):
    found = [
        node
        for module in ("_fetch", "_globals", "_language")
        for node in tree(f"js.{module}").body
        if isinstance(node, ast.FunctionDef) and node.name == name
    ]
    assert len(found) == 1


PYODIDE = ["pyodide", "pyodide.code", "pyodide.ffi", "pyodide.ffi.wrappers", "pyodide.http"]


@pytest.mark.parametrize("module", [*PYODIDE, "pyodide.webloop"])
def test_modules_of_pyodide_have_the_names_of_the_stub(module):
    there = {
        name for name in modules.BUILDERS[module]() if not name.startswith("_") or name == "jsnull"
    }
    dunder = {"__version__"}
    known = names(module) | (names("pyodide.ffi._proxy") & there)
    assert there - known == set()
    extra = {name for name in known if not hasattr(importlib.import_module(module), name)}
    assert extra - dunder == set()


VERSIONS = [("2025-01-01", "0.26"), ("2025-10-01", "0.28.2"), ("2026-11-17", "314")]


@pytest.mark.parametrize(("date", "expected"), VERSIONS)
def test_what_a_pyodide_has_not_is_not_in_its_stub(date, expected, tmp_path, config):
    files = generate(config(compatibility_date=date))
    chosen = compat.resolve(date).profile
    assert chosen.name == expected
    said = {
        node.name if isinstance(node, ast.ClassDef | ast.FunctionDef) else node.target.id
        for node in ast.parse(files["pyodide/ffi/_version.pyi"]).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AnnAssign)
    }
    candidates = {"JsNull", "jsnull", "JsBigInt", "run_sync", "can_run_sync"}
    with profile.use(chosen):
        there = {
            name for name in candidates if hasattr(importlib.import_module("pyodide.ffi"), name)
        }
    assert said == there


def test_the_sdks_names_are_in_the_stub():
    sdk = importlib.import_module("workers")
    assert set(sdk.__all__) == names("workers")


SDK_CLASSES = ["Blob", "File", "FormData", "Request", "Response"]


@pytest.mark.parametrize("name", SDK_CLASSES)
def test_the_sdks_classes_have_the_members_of_the_stub(name):
    cls = getattr(importlib.import_module("workers"), name)
    there = {each for each in dir(cls) if not each.startswith("_")}
    known = {each for each in members("workers", name) if not each.startswith("_")}
    instance = {"js_response"}
    assert known - there - instance == set()
    inherited = {
        "keys",
        "values",
        "items",
        "get",
        "pop",
        "popitem",
        "clear",
        "update",
        "setdefault",
    }
    assert there - known - inherited == set()


@pytest.mark.parametrize("name", SDK_CLASSES)
def test_the_sdks_constructors_have_the_parameters_of_the_stub(name):
    cls = getattr(importlib.import_module("workers"), name)
    made = members("workers", name)["__init__"]
    assert isinstance(made, ast.FunctionDef)
    assert [each.arg for each in made.args.args] == [
        each.name
        for each in inspect.signature(cls.__init__).parameters.values()
        if each.kind is not inspect.Parameter.VAR_KEYWORD
    ]
