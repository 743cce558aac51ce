import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

_T = TypeVar("_T")

class PyodideFuture(asyncio.Future[_T]):
    """What a JavaScript function that returns a promise gives to Python: await it."""

    def then(
        self,
        onfulfilled: Callable[[_T], Any] | None,
        onrejected: Callable[[Any], Any] | None = None,
    ) -> PyodideFuture[Any]: ...
    def catch(self, onrejected: Callable[[Any], Any]) -> PyodideFuture[Any]: ...
    def finally_(self, onfinally: Callable[[], Any]) -> PyodideFuture[_T]: ...

class PyodideTask(PyodideFuture[_T]): ...
class WebLoop(asyncio.BaseEventLoop): ...
