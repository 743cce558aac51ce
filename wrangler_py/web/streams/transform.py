"""TransformStream: what is written comes out changed, when somebody reads.

Implements: https://streams.spec.whatwg.org/#ts-class
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ...js.callbacks import invoke, member, retain
from ...js.errors import thrown, type_error
from ...js.promise import pending, resolved, spawn
from ...js.proxy import JsProxy
from .callbacks import check_dictionary, reason_of, resolve, stored, used_at_once
from .queuing import Size, high_water_mark, size_of
from .readable import ReadableStream
from .readable_bytes import byte_stream
from .readable_default import Controller, ReadableStreamDefaultController
from .writable import WritableStream

TERMINATED = "The transform stream has been terminated"


class TransformStream(JsProxy):
    """A pair of streams: `writable` takes, `readable` gives."""

    def __init__(self, transformer: Any = None, writable: Any = None, readable: Any = None) -> None:
        check_dictionary(transformer, "TransformStream", 1, "Transformer")
        for field in ("readableType", "writableType"):
            if member(transformer, field) is not None:
                raise type_error(f"transformer.{field} must be undefined.")
        start = used_at_once(transformer, "start", "Transformer")
        stream = ReadableStream._bare()
        output = ReadableStreamDefaultController(
            stream, high_water_mark(readable, 0), size_of(readable)
        )
        mark, size = high_water_mark(writable, 1), size_of(writable)
        controller = self._join(stream, output, mark, size)
        controller._transform = stored(transformer, "transform", "Transformer")
        controller._flush = stored(transformer, "flush", "Transformer")
        controller._on_cancel = stored(transformer, "cancel", "Transformer")
        if start is not None:
            self._writable._controller._start(lambda _sink: start(controller))

    @classmethod
    def _construct(cls, *args: Any) -> TransformStream:
        return cls(*args[:3])

    def _join(
        self, stream: ReadableStream, output: Controller, mark: float, size: Size | None = None
    ) -> TransformStreamDefaultController:
        controller = TransformStreamDefaultController(output)
        output._pull, output._cancel = controller._wanted, controller._reader_left
        self._readable = stream
        self._writable = WritableStream._of(
            controller._take, controller._ended, controller._writer_left, mark, size
        )
        controller._input = self._writable._controller
        return controller

    def _join_bytes(
        self,
        transform: Callable[[Any, Any], Any],
        flush: Callable[[Any], Any] | None = None,
        *,
        writable_mark: float = 1,
        readable_mark: float = 0,
    ) -> None:
        """Set up a transform of ours whose output is bytes."""
        stream, output = byte_stream(mark=readable_mark)
        controller = self._join(stream, output, writable_mark)
        controller._transform, controller._flush = transform, flush

    @property
    def readable(self) -> ReadableStream:
        return self._readable

    @property
    def writable(self) -> WritableStream:
        return self._writable


class TransformStreamDefaultController(JsProxy):
    """Between the two sides: a write waits until there is room on the readable one."""

    _input: Any

    def __init__(self, output: Controller) -> None:
        self._output = output
        self._demand: asyncio.Future[Any] | None = None
        self._transform: Callable[..., Any] | None = None
        self._flush: Callable[..., Any] | None = None
        self._on_cancel: Callable[..., Any] | None = None

    @property
    def desiredSize(self) -> Any:
        return self._output.desiredSize

    def enqueue(self, chunk: Any = None) -> None:
        if self._output._closing or self._output._stream._state != "readable":
            raise type_error("Unable to enqueue")
        self._output._put(retain(chunk))

    def error(self, reason: Any = None) -> None:
        self._break(thrown(retain(reason)))

    def terminate(self) -> None:
        if not self._output._closing and self._output._stream._state == "readable":
            self._output._end()
        self._input._fail(type_error(TERMINATED))
        resolve(self._demand)

    def _break(self, error: BaseException) -> None:
        self._output._fail(error)
        self._input._fail(error)
        resolve(self._demand)

    # The readable side.

    def _wanted(self, _controller: Any) -> None:
        demand, self._demand = self._demand, None
        resolve(demand)

    def _reader_left(self, reason: Any) -> Any:
        self._input._fail(thrown(retain(reason)))
        resolve(self._demand)
        return None if self._on_cancel is None else invoke(self._on_cancel, reason)

    # The writable side.

    def _take(self, chunk: Any) -> Any:
        if self._output._stream._state == "readable" and not self._output._wants_more():
            self._demand = pending()
            return spawn(self._take_later(chunk, self._demand))
        return self._change(chunk)

    async def _take_later(self, chunk: Any, demand: asyncio.Future[Any]) -> None:
        await demand
        if self._output._stream._state == "readable":
            result = self._change(chunk)
            if isinstance(result, asyncio.Future):
                await result
        if self._input._reason is not None:
            raise self._input._reason

    def _change(self, chunk: Any) -> Any:
        if self._transform is None:
            self._output._put(retain(chunk))
            return None
        try:
            result = invoke(self._transform, chunk, self)
        except Exception as exc:
            error = reason_of(exc)
            self._break(error)
            raise error from None
        if not isinstance(result, asyncio.Future):
            return None
        return spawn(self._changed(result))

    async def _changed(self, result: asyncio.Future[Any]) -> None:
        try:
            await result
        except Exception as exc:
            error = reason_of(exc)
            self._break(error)
            raise error from None

    def _ended(self) -> Any:
        result = None
        if self._flush is not None:
            try:
                result = invoke(self._flush, self)
            except Exception as exc:
                error = reason_of(exc)
                self._break(error)
                raise error from None
        if not isinstance(result, asyncio.Future):
            self._close_output()
            return None
        return spawn(self._flushed(result))

    async def _flushed(self, result: asyncio.Future[Any]) -> None:
        await self._changed(result)
        self._close_output()

    def _close_output(self) -> None:
        if not self._output._closing and self._output._stream._state == "readable":
            self._output._end()

    def _writer_left(self, reason: Any) -> Any:
        self._output._fail(thrown(retain(reason)))
        resolve(self._demand)
        return resolved() if self._on_cancel is None else invoke(self._on_cancel, reason)
