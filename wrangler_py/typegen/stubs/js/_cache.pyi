# ty: ignore

from pyodide.ffi._proxy import HostObject
from pyodide.webloop import PyodideFuture

from ._fetch import URL, Request, Response
from ._version import Init

class Cache(HostObject):
    def put(self, request: str | Request | URL, response: Response, /) -> PyodideFuture[None]: ...
    def match(
        self,
        request: str | Request | URL,
        options: Init | None = None,
        /,
        *,
        ignoreMethod: bool | None = ...,
    ) -> PyodideFuture[Response | None]: ...
    def delete(
        self,
        request: str | Request | URL,
        options: Init | None = None,
        /,
        *,
        ignoreMethod: bool | None = ...,
    ) -> PyodideFuture[bool]: ...

class CacheStorage(HostObject):
    @property
    def default(self) -> Cache: ...
    def open(self, name: str, /) -> PyodideFuture[Cache]: ...

caches: CacheStorage
