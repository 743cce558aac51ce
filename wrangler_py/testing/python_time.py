"""Python's own ways to ask for the time, answered by the clock of the worker that asks.

Only once a test has moved the time, and only for code of a worker: everybody else gets the
machine's time. `datetime` cannot be changed itself, so the worker's modules get another one in
its place, whose objects are real ones; packages that a worker imports keep theirs.
"""

from __future__ import annotations

import datetime as real
import time
import types
from collections.abc import Iterable
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

from .. import clock

__all__ = ["PythonTime"]

_gmtime, _localtime, _strftime = time.gmtime, time.localtime, time.strftime


def _time() -> float:
    return clock.current().time()


def _time_ns() -> int:
    return clock.current().time_ns()


def _gm(seconds: float | None = None, /) -> time.struct_time:
    return _gmtime(_time() if seconds is None else seconds)


def _local(seconds: float | None = None, /) -> time.struct_time:
    return _localtime(_time() if seconds is None else seconds)


def _format(pattern: str, moment: Any = None, /) -> str:
    return _strftime(pattern, _local() if moment is None else moment)


class _Both(type):
    """Real objects are instances of the stand-in."""

    def __instancecheck__(cls, value: Any) -> bool:
        return isinstance(value, real.datetime)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, real.datetime)


class _Datetime(real.datetime, metaclass=_Both):
    """`datetime.datetime`, which asks the clock."""

    def __new__(cls, *args: Any, **options: Any) -> Any:
        return real.datetime(*args, **options)

    @classmethod
    def now(cls, tz: real.tzinfo | None = None) -> Any:
        return real.datetime.fromtimestamp(_time(), tz)

    @classmethod
    def today(cls) -> Any:
        return real.datetime.fromtimestamp(_time())

    @classmethod
    def utcnow(cls) -> Any:
        return real.datetime.fromtimestamp(_time(), real.UTC).replace(tzinfo=None)


_Datetime.__name__ = _Datetime.__qualname__ = "datetime"
_Datetime.__module__ = "datetime"

_module = types.ModuleType("datetime", real.__doc__)
vars(_module).update({**vars(real), "datetime": _Datetime})

_FUNCTIONS: dict[str, Any] = {
    "time": _time,
    "time_ns": _time_ns,
    "gmtime": _gm,
    "localtime": _local,
    "strftime": _format,
}
_MACHINES = {name: getattr(time, name) for name in _FUNCTIONS}
_STAND_INS = {id(_MACHINES[name]): function for name, function in _FUNCTIONS.items()}
_STAND_INS |= {id(real): _module, id(real.datetime): _Datetime}


class PythonTime(AbstractContextManager["PythonTime"]):
    """While at least one of these is entered, `time` and `datetime` ask."""

    _entered = 0

    def __enter__(self) -> PythonTime:
        PythonTime._entered += 1
        vars(time).update(_FUNCTIONS)
        return self

    def __exit__(self, *_: object) -> None:
        PythonTime._entered -= 1
        if not PythonTime._entered:
            vars(time).update(_MACHINES)

    def lend_to(self, modules: Iterable[ModuleType]) -> None:
        """Let what ``modules`` have imported from `time` and `datetime` ask, too."""
        for module in modules:
            members = vars(module)
            found = {name: _STAND_INS.get(id(value)) for name, value in members.items()}
            members.update({name: other for name, other in found.items() if other is not None})
