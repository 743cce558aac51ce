"""Streams with back-pressure.

Implements: https://streams.spec.whatwg.org
"""

from .pipe import pipe_through, pipe_to, tee
from .queuing import ByteLengthQueuingStrategy, CountQueuingStrategy
from .readable import ReadableStream
from .readable_bytes import ReadableByteStreamController, ReadableStreamBYOBRequest
from .readable_default import ReadableStreamDefaultController
from .readers import ReadableStreamBYOBReader, ReadableStreamDefaultReader
from .source import chunks, collect, from_iterable, stream_of, take_over, whole
from .transform import TransformStream, TransformStreamDefaultController
from .writable import WritableStream, WritableStreamDefaultController
from .writer import WritableStreamDefaultWriter

__all__ = [
    "ByteLengthQueuingStrategy",
    "CountQueuingStrategy",
    "ReadableByteStreamController",
    "ReadableStream",
    "ReadableStreamBYOBReader",
    "ReadableStreamBYOBRequest",
    "ReadableStreamDefaultController",
    "ReadableStreamDefaultReader",
    "TransformStream",
    "TransformStreamDefaultController",
    "WritableStream",
    "WritableStreamDefaultController",
    "WritableStreamDefaultWriter",
    "chunks",
    "collect",
    "from_iterable",
    "pipe_through",
    "pipe_to",
    "stream_of",
    "take_over",
    "tee",
    "whole",
]
