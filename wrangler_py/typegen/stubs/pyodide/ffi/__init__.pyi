from collections.abc import Callable, Iterable
from typing import Any, Final, ParamSpec, Protocol, TypeVar, overload

from ._proxy import JsArray as JsArray
from ._proxy import JsAsyncGenerator as JsAsyncGenerator
from ._proxy import JsAsyncIterable as JsAsyncIterable
from ._proxy import JsAsyncIterator as JsAsyncIterator
from ._proxy import JsBuffer as JsBuffer
from ._proxy import JsCallable as JsCallable
from ._proxy import JsCallableDoubleProxy as JsCallableDoubleProxy
from ._proxy import JsDomElement as JsDomElement
from ._proxy import JsDoubleProxy as JsDoubleProxy
from ._proxy import JsException as JsException
from ._proxy import JsFetchResponse as JsFetchResponse
from ._proxy import JsGenerator as JsGenerator
from ._proxy import JsIterable as JsIterable
from ._proxy import JsIterator as JsIterator
from ._proxy import JsMap as JsMap
from ._proxy import JsMutableMap as JsMutableMap
from ._proxy import JsOnceCallable as JsOnceCallable
from ._proxy import JsPromise as JsPromise
from ._proxy import JsProxy as JsProxy
from ._proxy import JsTypedArray as JsTypedArray
from ._proxy import JsWeakRef as JsWeakRef
from ._version import *  # noqa: F403

_P = ParamSpec("_P")
_R = TypeVar("_R")
_T = TypeVar("_T")
_Primitive = TypeVar("_Primitive", str, int, float, bool, None)

IN_PYODIDE: Final[bool]

class ConversionError(Exception): ...
class InternalError(Exception): ...

class ToJsConverter(Protocol):
    def __call__(
        self, value: Any, converter: Callable[[Any], Any], cache: Callable[[Any, Any], None], /
    ) -> Any: ...

@overload
def create_proxy(
    obj: Callable[_P, _R], /, *, capture_this: bool = False, roundtrip: bool = True
) -> JsCallableDoubleProxy[_P, _R]: ...
@overload
def create_proxy(
    obj: _T, /, *, capture_this: bool = False, roundtrip: bool = True
) -> JsDoubleProxy[_T]: ...
def create_once_callable(
    obj: Callable[_P, _R], /, *, _may_syncify: bool = False
) -> JsOnceCallable[_P, _R]: ...
def destroy_proxies(pyproxies: JsArray[Any], /) -> None: ...
@overload
def to_js(
    obj: _Primitive,
    /,
    *,
    depth: int = -1,
    pyproxies: JsProxy | None = None,
    create_pyproxies: bool = True,
    dict_converter: Callable[[Iterable[JsArray[Any]]], Any] | None = None,
    default_converter: ToJsConverter | None = None,
    eager_converter: ToJsConverter | None = None,
) -> _Primitive: ...
@overload
def to_js(
    obj: list[_T] | tuple[_T, ...],
    /,
    *,
    depth: int = -1,
    pyproxies: JsProxy | None = None,
    create_pyproxies: bool = True,
    dict_converter: Callable[[Iterable[JsArray[Any]]], Any] | None = None,
    default_converter: ToJsConverter | None = None,
    eager_converter: ToJsConverter | None = None,
) -> JsArray[_T]: ...
@overload
def to_js(
    obj: Any,
    /,
    *,
    depth: int = -1,
    pyproxies: JsProxy | None = None,
    create_pyproxies: bool = True,
    dict_converter: Callable[[Iterable[JsArray[Any]]], Any] | None = None,
    default_converter: ToJsConverter | None = None,
    eager_converter: ToJsConverter | None = None,
) -> Any: ...
def register_js_module(name: str, jsproxy: Any) -> None: ...
def unregister_js_module(name: str) -> None: ...
