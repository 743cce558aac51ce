"""JavaScript's calling convention for Python functions.

Keyword arguments become one trailing options object, surplus arguments are dropped, missing
ones are undefined or an error that names the parameter.

Implements: https://webidl.spec.whatwg.org/#es-operations
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any, Never

TAKES_OPTIONS = -1
_VARARGS, _VARKEYWORDS = 4, 8  # of code objects; in `inspect` they are spelled CO_...
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
_IDL_NAMES = {"str": "string", "int": "number", "float": "number", "bool": "boolean"}


def web_idl(function: FunctionType, name: str, interface: str) -> Callable[..., Any]:
    """``function`` under JavaScript's calling convention.

    A function that takes ``**options`` itself is left alone: hot paths fold their own.
    Reads the code object: `inspect.signature` would cost every start some milliseconds.
    """
    least, most = arity(function)
    if most == TAKES_OPTIONS:
        return function
    if most is None:

        def variadic(self: Any, *args: Any, **options: Any) -> Any:
            return function(self, *(fold(args, options) if options else args))

        return _named_as(variadic, function)
    most, least = most - 1, least - 1

    def method(self: Any, *args: Any, **options: Any) -> Any:
        if options:
            args = fold(args, options)
        count = len(args)
        if count > most:
            args = args[:most]
        elif count < least:
            _missing(interface, name, count, function)
        return function(self, *args)

    return _named_as(method, function)


def arity(function: Callable[..., Any]) -> tuple[int, int | None]:
    """How many arguments ``function`` needs, and takes at most (None: any number)."""
    code = getattr(function, "__code__", None)
    if code is None:
        return 0, None
    if code.co_flags & _VARKEYWORDS:
        return 0, TAKES_OPTIONS
    bound = 1 if getattr(function, "__self__", None) is not None else 0
    most = code.co_argcount - bound
    least = most - len(getattr(function, "__defaults__", None) or ())
    return least, None if code.co_flags & _VARARGS else most


def relaxed_count(function: Callable[..., Any], most: int) -> int:
    """How many of ``most`` positional arguments Pyodide's relaxed call passes to ``function``.

    Unlike `arity`, for what a script wrote: it may be decorated, or no function at all.
    """
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return most
    if any(p.kind is p.VAR_POSITIONAL for p in parameters):
        return most
    return min(most, sum(p.kind in _POSITIONAL for p in parameters))


def _named_as(wrapper: Any, function: FunctionType) -> Callable[..., Any]:
    """What `functools.wraps` does, as far as it is looked at."""
    wrapper.__name__, wrapper.__qualname__ = function.__name__, function.__qualname__
    wrapper.__doc__ = function.__doc__
    wrapper.__wrapped__ = function
    return wrapper  # type: ignore[no-any-return]


def _missing(interface: str, name: str, count: int, function: FunctionType) -> Never:
    from .errors import type_error  # errors are JsProxies themselves

    parameter = function.__code__.co_varnames[count + 1]
    annotation = str(function.__annotations__.get(parameter, "Any"))
    raise type_error(
        f"Failed to execute '{name}' on '{interface}': "
        f"parameter {count + 1} is not of type '{_IDL_NAMES.get(annotation, annotation)}'."
    )


def fold(args: tuple[Any, ...], options: dict[str, Any]) -> tuple[Any, ...]:
    """Positional arguments with the keyword ones as one trailing options object."""
    if not options:
        return args
    return (*args, options_of(options))


def options_of(options: dict[str, Any]) -> Any:
    """Keyword arguments as one object; the module of objects puts its own in this place."""
    from .object import options_of  # a JsProxy itself

    return options_of(options)
