"""What Request and Response share: a body that may be read once.

A body in memory is plain bytes until a script asks for `.body`; reading it needs no stream
and no turn of the loop. A body from the network is its source until then.

Implements: https://fetch.spec.whatwg.org/#body-mixin
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from ..context import IoContext, current, io_pending
from ..js.buffers import ArrayBuffer, Uint8Array
from ..js.errors import JsException, type_error
from ..js.null import null
from ..js.promise import rejected, settle, spawn
from ..js.proxy import JsProxy
from .body_init import TEXT, Extracted, encode, extract
from .foreign import BODY, check

if TYPE_CHECKING:
    from .streams import ReadableStream

T = TypeVar("T")
_BOM = "\ufeff"

USED = (
    "Body has already been used. It can only be used once. "
    "Use tee() first if you need to read it twice."
)
LOCKED = "This ReadableStream is currently locked to a reader."
CLONE_LOCKED = "This ReadableStream is currently locked to a reader,"
BODY_LOCKED = "This ReadableStream is locked to a reader, and cannot be used as a body."
BODY_DISTURBED = (
    "This ReadableStream is disturbed (has already been read from), and cannot be used as a body."
)


class Body(JsProxy):
    """The mixin. At most one of data, source and stream holds the body; none: it is null."""

    _data: bytes | None = None
    _source: AsyncIterator[bytes] | None = None
    _source_length: int | None = None
    """How many bytes the source will give, where its sender said so."""
    _stream: ReadableStream | None = None
    _used = False
    _home: IoContext | None = None
    """The event that the body belongs to; None: any may read it."""
    _body_type: str | None = None
    """The content type that the body brought along; Headers made later start with it."""

    @property
    def body(self) -> Any:
        stream = _as_stream(self)
        return null() if stream is None else stream

    @property
    def bodyUsed(self) -> bool:
        return self._used if self._stream is None else self._stream._disturbed

    def text(self) -> Awaitable[str]:
        return _read(self, decode)

    def json(self) -> Awaitable[Any]:
        return _read(self, _parse_json)

    def arrayBuffer(self) -> Awaitable[ArrayBuffer]:
        return _read(self, ArrayBuffer._of)

    def bytes(self) -> Awaitable[Uint8Array]:
        return _read(self, Uint8Array._of)

    def blob(self) -> Awaitable[Any]:
        return _read(self, lambda data: _blob(self, data))

    def formData(self) -> Awaitable[Any]:
        return _read(self, lambda data: _form_data(self, data))


def decode(data: bytes) -> str:
    """UTF-8 decode: bad bytes become U+FFFD, a leading byte order mark is dropped."""
    text = data.decode("utf-8", "replace")
    return text[1:] if text[:1] == _BOM else text


def content_type(owner: Body) -> str | None:
    """The Content-Type of a message; None without one."""
    if getattr(owner, "_headers", None) is None and not getattr(owner, "_raw_headers", None):
        return owner._body_type
    return owner.headers._find("content-type") or None


def _parse_json(data: bytes) -> Any:
    from ..js.json import parse  # most workers never call it: the SDK parses text itself

    return parse(decode(data))


def _blob(owner: Body, data: bytes) -> Any:
    from .blob import Blob  # rare

    return Blob._of(data, (content_type(owner) or "").lower())


def _form_data(owner: Body, data: bytes) -> Any:
    from .formdata import parse_form_data  # rare, and the parser is costly to load

    kind = content_type(owner)
    if kind is None:
        raise type_error("Parsing a Body as FormData requires a Content-Type header.")
    return parse_form_data(data, kind)


def set_body(owner: Body, init: Any) -> None:
    """Give a new message the body that a script passed to its constructor."""
    here = current()
    if here is not None and not here.is_global:
        owner._home = here
    if type(init) is str:
        owner._data, owner._body_type = encode(init), TEXT
        return
    extracted = extract(init)
    stream = extracted.stream
    if stream is not None:
        if stream._disturbed:
            raise type_error(BODY_DISTURBED)
        if stream.locked:
            raise type_error(BODY_LOCKED)
    adopt_body(owner, extracted)


def adopt_body(owner: Body, extracted: Extracted) -> None:
    owner._data, owner._stream, owner._body_type = extracted


def is_null(owner: Body) -> bool:
    """Whether there is no body at all, which is not the same as an empty one."""
    return owner._data is None and owner._stream is None and owner._source is None


def move_body(source: Body, target: Body) -> None:
    """`new Request(request)`: ``target`` takes the body over, ``source`` counts as used."""
    if source._stream is not None:
        from .streams import take_over  # the stream exists, so the module is loaded

        target._stream = take_over(source._stream)
        return
    target._data, target._source = source._data, source._source
    target._source_length = source._source_length
    source._used = not is_null(source)


def copy_body(source: Body, target: Body) -> None:
    """`clone()`: both may be read. Bytes are shared, a stream becomes two by `tee`.

    Raises:
        JsException: the body was used, or a reader holds its stream.
    """
    check(source._home, BODY)
    target._home = source._home
    if source._used and source._stream is None:
        raise type_error(CLONE_LOCKED)
    if source._stream is None and source._source is None:
        target._data = source._data
        return
    stream = _as_stream(source)
    assert stream is not None
    if stream.locked:
        raise type_error(CLONE_LOCKED)
    source._stream, target._stream = stream.tee()


def body_bytes(owner: Body) -> bytes | None:
    """The whole body, if it is in memory (a null body is empty): it counts as used then.

    None: there is a stream, use `body_chunks`.

    Raises:
        JsException: the body was used already.
    """
    if owner._stream is not None:
        from .streams import whole  # the stream exists, so the module is loaded

        _must_be_readable(owner._stream)
        return whole(owner._stream)
    if owner._source is not None:
        return None
    if owner._used:
        raise type_error(USED)
    data = owner._data
    if data is None:
        return b""
    owner._used = True
    return data


def body_length(owner: Body) -> int | None:
    """How many bytes the body has, where that is known without reading it."""
    if owner._stream is not None:
        return owner._stream._expected_length
    return len(owner._data or b"") if owner._source is None else owner._source_length


async def body_chunks(owner: Body) -> AsyncGenerator[bytes, None]:
    """The body piece by piece, one pull at a time; closing the iterator cancels the stream."""
    if owner._stream is None:
        if owner._used:
            raise type_error(USED)
        if owner._source is None:
            if data := body_bytes(owner):
                yield data
            return
        owner._used = True
        source = owner._source
    else:
        from .streams import chunks  # the stream exists, so the module is loaded

        _must_be_readable(owner._stream)
        source = chunks(owner._stream)
    try:
        async for chunk in source:
            yield chunk
    finally:
        if (aclose := getattr(source, "aclose", None)) is not None:
            await aclose()


def _as_stream(owner: Body) -> ReadableStream | None:
    """The body as a stream, made when first asked for; None for a null body."""
    check(owner._home, BODY)
    if owner._stream is None and not is_null(owner):
        from .streams import stream_of  # bodies in memory do without

        source = owner._source if owner._data is None else owner._data
        source = b"" if owner._used else source
        owner._stream = stream_of(source, used=owner._used, length=owner._source_length)
    return owner._stream


def _read(owner: Body, finish: Callable[[bytes], T]) -> Awaitable[T]:
    """Read the body to its end: a promise of what ``finish`` makes of it."""
    if owner._home is not None and owner._home is not current():
        try:
            check(owner._home, BODY)
        except JsException as exc:
            return rejected(exc)
    if owner._stream is not None:
        try:
            _must_be_readable(owner._stream)
        except JsException as exc:
            return rejected(exc)
        from .streams import collect  # the stream exists, so the module is loaded

        return spawn(_finish(collect(owner._stream), finish))
    if owner._used:
        return rejected(type_error(USED))
    if owner._source is None:
        owner._used = owner._data is not None
        return settle(finish, owner._data or b"")
    owner._used = True
    return spawn(_finish(_join(owner._source), finish))


def _must_be_readable(stream: ReadableStream) -> None:
    if stream._disturbed:
        raise type_error(USED)
    if stream.locked:
        raise type_error(LOCKED)


async def _finish(data: Awaitable[bytes], finish: Callable[[bytes], T]) -> T:
    return finish(await data)


async def _join(source: AsyncIterator[bytes]) -> bytes:
    with io_pending():
        return b"".join([chunk async for chunk in source])
