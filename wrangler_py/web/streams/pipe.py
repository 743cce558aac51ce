"""Streams joined: pipeTo, pipeThrough and tee.

Implements: https://streams.spec.whatwg.org/#rs-pipe-to, https://streams.spec.whatwg.org/#rs-tee
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from ...js.array import JsArray
from ...js.callbacks import member, recall
from ...js.convert import to_boolean
from ...js.errors import thrown, type_error
from ...js.null import is_nullish
from ...js.promise import pending, rejected, spawn
from ..idl import bad_argument
from . import readable, writable
from .callbacks import outcome, reject, resolve, unwatched
from .readable import END, Read, ReadableStream, cancel, fail, read
from .readable_bytes import ReadableByteStreamController, byte_stream
from .readable_default import Controller, ReadableStreamDefaultController
from .readers import ReadableStreamDefaultReader
from .writable import WritableStream
from .writer import WritableStreamDefaultWriter

_WRITER_LOCKED = "This WritableStream is currently locked to a writer"
_TARGET_CLOSED = "This destination writable stream is closed."
_TEE_LOCKED = "This ReadableStream is currently locked to a reader,"


def script_pipe_to(source: ReadableStream, target: Any, options: Any) -> Awaitable[None]:
    """`source.pipeTo(target, options)`: what is wrong rejects the promise."""
    if not isinstance(target, WritableStream):
        return rejected(bad_argument("ReadableStream", "pipeTo", 1, "WritableStream"))
    if source.locked:
        return rejected(type_error(readable.LOCKED))
    if target.locked:
        return rejected(type_error(_WRITER_LOCKED))
    return pipe_to(source, target, options)


def pipe_through(source: ReadableStream, transform: Any, options: Any) -> ReadableStream:
    """`source.pipeThrough({readable, writable}, options)`."""
    output, target = member(transform, "readable"), member(transform, "writable")
    for field, value, kind in (
        ("readable", output, ReadableStream),
        ("writable", target, WritableStream),
    ):
        if not isinstance(value, kind):
            raise type_error(
                f"Incorrect type for the '{field}' field on 'Transform': "
                f"the provided value is not of type '{kind._js_name}'."
            )
    if source.locked:
        raise type_error(readable.LOCKED)
    if target.locked:
        raise type_error(writable.LOCKED)
    piping = pipe_to(source, target, options)
    # Whoever reads or writes learns of a failure; nobody looks at this promise.
    unwatched(piping)
    return output  # type: ignore[no-any-return]


def pipe_to(source: ReadableStream, target: WritableStream, options: Any) -> asyncio.Future[Any]:
    """Copy until the end of either side; each side learns how the other ended."""
    return spawn(_Pipe(source, target, options).run())


class _Pipe:
    def __init__(self, source: ReadableStream, target: WritableStream, options: Any) -> None:
        self.source, self.target = source, target
        self.keep_open = to_boolean(member(options, "preventClose"))
        self.no_abort = to_boolean(member(options, "preventAbort"))
        self.no_cancel = to_boolean(member(options, "preventCancel"))
        signal = member(options, "signal")
        self.signal = None if is_nullish(signal) else signal
        self.reader = ReadableStreamDefaultReader(source)
        self.writer = WritableStreamDefaultWriter(target)

    async def run(self) -> None:
        broken: asyncio.Future[Any] = pending()
        watch = self.writer.closed._future
        watch.add_done_callback(lambda _: resolve(broken))
        if self.signal is not None:
            from ..abort import when_aborted  # few pipes have a signal

            when_aborted(self.signal, lambda: resolve(broken))
        try:
            await self._copy(broken)
        finally:
            self.reader.releaseLock()
            self.writer.releaseLock()

    async def _copy(self, broken: asyncio.Future[Any]) -> None:
        to = self.target._controller
        while True:
            await _first(self.writer._room(), broken)
            if broken.done() or to._state != "writable":
                break
            chunk = read(self.source, Read(raw=True))
            await _first(chunk, broken)
            if not chunk.done():
                break
            if (error := outcome(chunk)) is not None:
                await self._source_failed(error)
            if chunk.result() is END:
                if not self.keep_open:
                    await to._finish()
                return
            unwatched(to._put(self.source._controller._shown(recall(chunk.result()))))
            await asyncio.sleep(0)  # two sides that are always ready must not stop the world
        await self._stopped()

    async def _source_failed(self, error: BaseException) -> None:
        if not self.no_abort:
            await self.target._controller._aborted(error)
        raise error

    async def _stopped(self) -> None:
        """The target failed or was closed, or the signal says stop."""
        to = self.target._controller
        if self.signal is not None and self.signal.aborted:
            reason = self.signal.reason
            if not self.no_abort:
                await to._aborted(reason)
            if not self.no_cancel:
                await cancel(self.source, reason)
            raise thrown(reason)
        error = to._reason or type_error(_TARGET_CLOSED)
        if not self.no_cancel:
            await cancel(self.source, error)
        raise error


async def _first(future: asyncio.Future[Any], other: asyncio.Future[Any]) -> None:
    """Wait for either; neither is cancelled."""
    if not future.done() and not other.done():
        await asyncio.wait((future, other), return_when=asyncio.FIRST_COMPLETED)


def tee(stream: ReadableStream) -> tuple[ReadableStream, ReadableStream]:
    """Two streams with the same chunks; the source is cancelled when both are."""
    if stream.locked:
        raise type_error(_TEE_LOCKED)
    native = stream._native
    if isinstance(native, bytes):
        from .source import stream_of  # built on readers, as this module is

        stream._native, stream._disturbed = None, True
        ReadableStreamDefaultReader(stream)
        return stream_of(native), stream_of(native)
    stream._native, stream._disturbed = None, True
    split = _Tee(stream)
    first, second = split.branches
    return first._stream, second._stream


class _Tee:
    """One source, two branches: a chunk is read when either wants one."""

    def __init__(self, stream: ReadableStream) -> None:
        self.stream = stream
        self.reader = ReadableStreamDefaultReader(stream)
        self.reading = self.again = False
        self.cancelled: dict[int, Any] = {}
        self.done: asyncio.Future[Any] | None = None
        self.branches = (self._branch(0), self._branch(1))

    def _branch(self, index: int) -> Controller:
        if isinstance(self.stream._controller, ReadableByteStreamController):
            branch, controller = byte_stream()
            branch._expected_length = self.stream._expected_length
            made: Controller = controller
        else:
            made = ReadableStreamDefaultController(ReadableStream._bare(), 0)
        made._pull = lambda _controller: self._pull()
        made._cancel = lambda reason: self._cancel(index, reason)
        return made

    def _pull(self) -> None:
        if self.reading:
            self.again = True
            return
        self.reading = True
        request = read(self.stream, Read(raw=True))
        if request.done():
            self._deliver(request)
        else:
            request.add_done_callback(self._deliver)

    def _deliver(self, request: asyncio.Future[Any]) -> None:
        self.reading = False
        error = outcome(request)
        for branch in self.branches:
            if branch._stream._state != "readable":
                continue
            if error is not None:
                branch._drop()
                fail(branch._stream, error)
            elif request.result() is END:
                branch._end()
            else:
                branch._put(request.result())
        if self.again:
            self.again = False
            if error is None and request.result() is not END:
                self._pull()

    def _cancel(self, index: int, reason: Any) -> Any:
        self.cancelled[index] = reason
        if self.done is None:
            self.done = pending()
        if len(self.cancelled) == 2:
            done = self.done
            result = cancel(self.stream, JsArray([self.cancelled[0], self.cancelled[1]]))
            result.add_done_callback(lambda ended: _pass_on(ended, done))
        return self.done


def _pass_on(ended: asyncio.Future[Any], done: asyncio.Future[Any]) -> None:
    error = outcome(ended)
    if error is None:
        resolve(done)
    else:
        reject(done, error)
