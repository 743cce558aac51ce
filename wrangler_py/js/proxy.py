"""JavaScript objects as Pyodide shows them to Python: `JsProxy`.

A host object (Headers, WebSocket, ...) is a Python class below `JsProxy`: its public
methods and properties are its JavaScript interface, a leading underscore hides the rest.
The metaclass gives each class

* the type name that Pyodide shows, so that Python's own messages read as in production
  ("'pyodide.ffi.JsProxy' object is not subscriptable");
* `constructor`, the `JsClass` that `from js import Headers` finds;
* JavaScript's calling convention on each public method: keyword arguments become one
  trailing options object, surplus arguments are dropped.

Implements: https://pyodide.org/en/stable/usage/type-conversions.html#proxying-from-javascript-into-python
"""

from __future__ import annotations

import functools
import keyword
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, ClassVar, Never

from .calling import TAKES_OPTIONS, arity, web_idl
from .calling import fold as fold  # host classes find it here

# JsClass must exist before constructors do.
_BOOTSTRAP = ("JsProxy", "JsFunction", "Method", "Prototype", "JsClass")


class JsType(type):
    """The metaclass of everything that comes from JavaScript."""

    _js_name: str
    _type_name: str
    constructor: JsClass

    def __new__(
        mcls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        js_name: str | None = None,
        type_name: str = "JsProxy",
        raw: bool = False,
    ) -> JsType:
        """``js_name``: the constructor's name; ``raw``: methods are not JavaScript's."""
        js_name = js_name or name
        if not raw:
            for key, value in namespace.items():
                if isinstance(value, FunctionType) and not key.startswith("_"):
                    namespace[key] = web_idl(value, key, js_name)
        namespace["__qualname__"], namespace["__module__"] = type_name, "pyodide.ffi"
        # The C-level name is what "object is not subscriptable" and friends print.
        cls = super().__new__(mcls, f"pyodide.ffi.{type_name}", bases, namespace)
        cls._js_name = js_name
        cls._type_name = type_name
        if "constructor" not in namespace and name not in _BOOTSTRAP:
            cls.constructor = JsClass(cls, js_name)
        return cls

    def __init__(cls, name: str, bases: tuple[type, ...], ns: dict[str, Any], **_: Any) -> None:
        super().__init__(name, bases, ns)

    def __repr__(cls) -> str:
        return f"<class 'pyodide.ffi.{cls._type_name}'>"

    @property
    def __name__(cls) -> str:  # type: ignore[override]
        return cls._type_name


class JsProxy(metaclass=JsType, js_name="Object"):
    """A JavaScript object. Compared by identity, never hashable, not subscriptable."""

    constructor: ClassVar[JsClass]
    _is_options = False
    __hash__ = None  # type: ignore[assignment]

    def __init__(self) -> None:
        if type(self) is JsProxy:
            raise TypeError("JsProxy cannot be instantiated.")

    def _expire(self) -> None:
        """The call is over that this belongs to, if it is a call's options (`_is_options`)."""

    def __getattr__(self, name: str) -> Any:
        # `from_`, `finally_`: a JavaScript name that is a keyword in Python
        if not name.startswith("_") and (name.endswith("_") or keyword.iskeyword(name)):
            try:
                return object.__getattribute__(self, other_spelling(name))
            except AttributeError:
                pass
        raise AttributeError(name)

    def __lt__(self, other: Any) -> bool:
        return _compare(self, other, lambda a, b: a < b)

    def __le__(self, other: Any) -> bool:
        return _compare(self, other, lambda a, b: a <= b)

    def __gt__(self, other: Any) -> bool:
        return _compare(self, other, lambda a, b: a > b)

    def __ge__(self, other: Any) -> bool:
        return _compare(self, other, lambda a, b: a >= b)

    def __reduce_ex__(self, _protocol: Any) -> Never:
        raise TypeError(f"cannot pickle 'pyodide.ffi.{type(self)._type_name}' object")

    def __repr__(self) -> str:
        return self.toString()

    def __str__(self) -> str:
        return self.toString()

    @property
    def typeof(self) -> str:
        return "object"

    @property
    def js_id(self) -> int:
        return id(self)

    def toString(self) -> str:
        return f"[object {type(self)._js_name}]"

    def valueOf(self) -> Any:
        return self

    def to_py(self, **options: Any) -> Any:
        """This object as Python data; what has no Python counterpart stays a JsProxy."""
        from .ffi import to_py  # converts every kind of proxy, this one included

        return to_py(self, **options)

    def object_keys(self) -> Any:
        return _array([key for key, _ in self._entries()])

    def object_values(self) -> Any:
        return _array([value for _, value in self._entries()])

    def object_entries(self) -> Any:
        return _array([_array([key, value]) for key, value in self._entries()])

    def _entries(self) -> Iterator[tuple[str, Any]]:
        """Own enumerable string-keyed properties, in order."""
        yield from ((k, v) for k, v in vars(self).items() if not k.startswith("_"))

    def as_object_map(self, *, hereditary: bool = False, **_: Any) -> Any:
        from .object import as_object_map  # a view of a proxy is a proxy

        return as_object_map(self, hereditary)

    @property
    def as_py_json(self) -> Callable[[], Any]:
        """A method that is not there before Pyodide 0.27."""
        from .object import json_view  # a view of a proxy is a proxy

        return json_view(self)

    @classmethod
    def _construct(cls, *args: Any) -> Any:
        """`new X(...)` for a script; classes with other internal constructors override it."""
        return cls(*args)


def other_spelling(name: str) -> str:
    """`from_` for `from`, and the other way round."""
    return name[:-1] if name.endswith("_") else f"{name}_"


def _compare(left: Any, right: Any, compare: Callable[[Any, Any], bool]) -> bool:
    """JavaScript's relational comparison: both as strings, or both as numbers."""
    from .convert import to_number, to_primitive  # values that came from Python, mostly

    left, right = to_primitive(left), to_primitive(right)
    if not (isinstance(left, str) and isinstance(right, str)):
        left, right = to_number(left), to_number(right)
    return compare(left, right)


def _array(items: list[Any]) -> Any:
    from .array import JsArray  # an array is a JsProxy

    return JsArray(items)


class JsFunction(JsProxy, js_name="Function", raw=True):
    """A JavaScript function that is a value of its own (`js.fetch`, `js.Object.assign`)."""

    def __init__(
        self, function: Callable[..., Any], name: str | None = None, length: int | None = None
    ) -> None:
        self._function = function
        self.name = name or function.__name__
        self._least, self._most = arity(function)
        self.length = (self._most or 0) if length is None else length

    def __call__(self, *args: Any, **options: Any) -> Any:
        if options:
            if self._most == TAKES_OPTIONS:
                return self._function(*args, **options)
            args = fold(args, options)
        count = len(args)
        if self._most is not None and count > self._most >= 0:
            args = args[: self._most]
        elif count < self._least:
            args += (None,) * (self._least - count)  # undefined
        return self._function(*args)

    def new(self, *_: Any, **__: Any) -> Any:
        from .errors import type_error  # errors are JsProxies themselves

        raise type_error(f"{self.toString()} is not a constructor")

    @property
    def typeof(self) -> str:
        return "function"

    def toString(self) -> str:
        return f"function {self.name}() {{ [native code] }}"

    def call(self, _this: Any = None, *args: Any) -> Any:
        return self(*args)

    def apply(self, _this: Any = None, args: Any = None) -> Any:
        return self(*(args or ()))

    def bind(self, _this: Any = None, *first: Any) -> JsFunction:
        return JsFunction(functools.partial(self.call, _this, *first), f"bound {self.name}")

    def _entries(self) -> Iterator[tuple[str, Any]]:
        return iter(())


class Method(JsFunction, js_name="Function", raw=True):
    """A method taken from a prototype: `call` and `apply` name its object."""

    def __init__(self, name: str, tags: bool = False) -> None:
        """``tags``: it is `Object.prototype.toString`, which names the kind of anything."""
        self.name, self.length, self._tags = name, 0, tags

    def __call__(self, *args: Any, **options: Any) -> Any:
        return self.call(None, *fold(args, options))

    def call(self, _this: Any = None, *args: Any) -> Any:
        if isinstance(_this, JsProxy) and not self._tags:
            return getattr(_this, self.name)(*args)
        from .object import object_method  # for primitives and Python objects

        return object_method(_this, self.name, args)

    def apply(self, _this: Any = None, args: Any = None) -> Any:
        return self.call(_this, *(args or ()))


class Prototype(JsProxy, raw=True):
    """`X.prototype`: good for `X.prototype.method.call(obj)`."""

    def __init__(self, cls: JsType) -> None:
        self._class = cls

    def __getattribute__(self, name: str) -> Any:
        get = object.__getattribute__
        if name.startswith("_"):
            return get(self, name)
        cls = get(self, "_class")
        if name == "constructor":
            return cls.constructor
        if not callable(getattr(cls, name, None)):
            raise AttributeError(name)
        return Method(name, tags=name == "toString" and cls._js_name == "Object")


class JsClass(JsFunction, js_name="Function", raw=True):
    """A constructor: `X.new(...)` builds, `X(...)` fails, statics and constants are attributes."""

    def __init__(self, cls: JsType, name: str, length: int = 0) -> None:
        self._class = cls
        self.name = name
        self.length = length

    def __call__(self, *args: Any, **options: Any) -> Any:
        called = getattr(self._class, "_called", None)
        if called is not None:
            return called(*fold(args, options))
        from .errors import type_error  # errors are JsProxies themselves

        message = getattr(self._class, "_called_without_new", None)
        exc = type_error(
            message or f"Class constructor {self.name} cannot be invoked without 'new'"
        )
        exc.add_note(f"hint: Python's way to say `new {self.name}(...)` is `{self.name}.new(...)`")
        raise exc

    def new(self, *args: Any, **options: Any) -> Any:
        """Construct; keyword arguments become one trailing options object."""
        return self._class._construct(*fold(args, options))  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        # Statics and constants of the class; instance methods stay out of reach.
        if not name.startswith("_"):
            if name == "prototype":
                return Prototype(self._class)
            found = self._static(name)
            if found is not None:
                self.__dict__[name] = found  # the next time it is an ordinary attribute
                return found
        return super().__getattr__(name)

    def _static(self, name: str) -> Any:
        names = (name, other_spelling(name)) if _is_reserved(name) else (name,)
        for base in self._class.__mro__:
            for spelling in names:
                found = base.__dict__.get(spelling)
                if isinstance(found, (staticmethod, classmethod)):
                    return JsFunction(found.__get__(None, self._class), name.rstrip("_"))
                if isinstance(found, (int, str, float, JsProxy)) and name != "constructor":
                    return found
                if found is not None:
                    return None
        return None

    def toString(self) -> str:
        return f"function {self.name}() {{ [native code] }}"


def _is_reserved(name: str) -> bool:
    return name.endswith("_") or keyword.iskeyword(name)


for _cls in (JsProxy, JsFunction, Method, Prototype, JsClass):
    _cls.constructor = JsClass(_cls, _cls._js_name)
