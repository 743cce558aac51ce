"""`pyodide.ffi.wrappers`: listeners and timers whose handles look after themselves.

Implements: https://pyodide.org/en/stable/usage/api/python-api/ffi.html#module-pyodide.ffi.wrappers
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..js.callbacks import PyProxy, create_once_callable, create_proxy

__all__ = [
    "add_event_listener",
    "clear_interval",
    "clear_timeout",
    "remove_event_listener",
    "set_interval",
    "set_timeout",
]

_listeners: dict[tuple[int, str, Callable[..., Any]], PyProxy] = {}
_timers: dict[int, PyProxy] = {}


def add_event_listener(elt: Any, event: str, listener: Callable[..., Any]) -> None:
    """Listen until `remove_event_listener`."""
    proxy = create_proxy(listener)
    _listeners[elt.js_id, event, listener] = proxy
    elt.addEventListener(event, proxy)


def remove_event_listener(elt: Any, event: str, listener: Callable[..., Any]) -> None:
    """Stop listening.

    Raises:
        KeyError: ``listener`` does not listen to ``event`` of ``elt``.
    """
    proxy = _listeners.pop((elt.js_id, event, listener))
    elt.removeEventListener(event, proxy)
    proxy.destroy()


def _key(timer: Any) -> int:
    """Timers are numbers, or objects."""
    return timer if isinstance(timer, int) else timer.js_id


def set_timeout(callback: Callable[[], Any], timeout: int) -> Any:
    """Call ``callback`` once after ``timeout`` milliseconds."""
    from js import setTimeout  # type: ignore[import-not-found]  # made when asked for

    def run() -> None:
        _timers.pop(_key(timer), None)
        callback()

    once = create_once_callable(run)
    timer = setTimeout(once, timeout)
    _timers[_key(timer)] = once
    return timer


def clear_timeout(timeout_retval: Any) -> None:
    """Undo `set_timeout`; harmless when it has run already."""
    from js import clearTimeout  # made when asked for

    clearTimeout(timeout_retval)
    _forget(timeout_retval)


def set_interval(callback: Callable[[], Any], interval: int) -> Any:
    """Call ``callback`` every ``interval`` milliseconds."""
    from js import setInterval  # made when asked for

    proxy = create_proxy(callback)
    timer = setInterval(proxy, interval)
    _timers[_key(timer)] = proxy
    return timer


def clear_interval(interval_retval: Any) -> None:
    """Undo `set_interval`."""
    from js import clearInterval  # made when asked for

    clearInterval(interval_retval)
    _forget(interval_retval)


def _forget(timer: Any) -> None:
    proxy = _timers.pop(_key(timer), None)
    if proxy is not None:
        proxy.destroy()
