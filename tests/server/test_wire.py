"""Frames without sockets: however the bytes are cut, the messages are the same."""

from __future__ import annotations

import os
import random
import zlib
from typing import Any

import pytest

from wrangler_py.server.deflate import Agreement, Deflater, Inflater
from wrangler_py.server.wire import MAX_MESSAGE, FrameReader, WireError, close_frame, frame

from .stand_in import close, masked, text


class Recorder:
    """A reader that notes what it is told."""

    def __init__(self, inflater: Inflater | None = None) -> None:
        self.seen: list[Any] = []
        self.reader = FrameReader(
            self.seen.append,
            lambda payload: self.seen.append(("ping", payload)),
            lambda code, reason: self.seen.append(("close", code, reason)),
            inflater,
        )


CONVERSATION = (
    text("one")
    + masked(0x89, b"p1")
    + masked(0x01, "ü".encode()[:1])
    + masked(0x89, b"p2")
    + masked(0x00)
    + masked(0x80, "ü".encode()[1:] + b"x" * 200)
    + masked(0x8A, b"pong")
    + masked(0x82, b"y" * 70_000)
    + text("")
    + close(1000, "bye")
)
MESSAGES = [
    "one",
    ("ping", b"p1"),
    ("ping", b"p2"),
    "ü" + "x" * 200,
    b"y" * 70_000,
    "",
    ("close", 1000, "bye"),
]


@pytest.mark.parametrize("step", [1, 2, 3, 7, 100, 65_536, 10**6])
def test_bytes_may_be_cut_anywhere(step: int) -> None:
    recorder = Recorder()
    for start in range(0, len(CONVERSATION), step):
        recorder.reader.feed(CONVERSATION[start : start + step])
    assert recorder.seen == MESSAGES


def test_bytes_may_be_cut_at_random() -> None:
    dice = random.Random(7)
    for _ in range(50):
        recorder, start = Recorder(), 0
        while start < len(CONVERSATION):
            step = dice.choice((1, 2, 5, 60, 9000))
            recorder.reader.feed(CONVERSATION[start : start + step])
            start += step
        assert recorder.seen == MESSAGES


def test_while_paused_nothing_is_delivered_and_nothing_is_lost() -> None:
    recorder = Recorder()
    reader = recorder.reader

    def pausing(data: str | bytes) -> None:
        recorder.seen.append(data)
        reader.paused = True

    reader.on_message = pausing
    for part in (CONVERSATION[:3], CONVERSATION[3:500], CONVERSATION[500:]):
        reader.feed(part)
    for count in range(1, 5):
        delivered = [item for item in recorder.seen if not isinstance(item, tuple)]
        assert len(delivered) == min(count, 4)
        reader.paused = False
        reader.feed(b"")
    assert recorder.seen == MESSAGES


def test_nothing_behind_a_close_frame_is_parsed() -> None:
    recorder = Recorder()
    recorder.reader.feed(close(1000) + b"\xff" * 100)
    recorder.reader.feed(b"\xff" * 100)
    assert recorder.seen == [("close", 1000, "")]


def test_a_message_of_many_empty_fragments_costs_no_memory() -> None:
    recorder = Recorder()
    recorder.reader.feed(masked(0x01))
    for _ in range(1000):
        recorder.reader.feed(masked(0x00) * 10)
    assert recorder.reader.held == 0
    recorder.reader.feed(masked(0x80, b"end"))
    assert recorder.seen == ["end"]


def test_a_message_may_be_as_large_as_the_limit() -> None:
    recorder = Recorder()
    head = bytes((0x82, 0xFF)) + MAX_MESSAGE.to_bytes(8, "big") + bytes(4)
    recorder.reader.feed(head)
    piece = bytes(1024 * 1024)
    for _ in range(32):
        recorder.reader.feed(piece)
    assert [len(data) for data in recorder.seen] == [MAX_MESSAGE]


def deflated(payload: bytes, flush: int = zlib.Z_SYNC_FLUSH) -> bytes:
    state = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = state.compress(payload) + state.flush(flush)
    return data[:-4] if flush == zlib.Z_SYNC_FLUSH else data + b"\x00"


def test_a_bomb_ends_at_the_limit() -> None:
    recorder = Recorder(Inflater(Agreement()))
    bomb = deflated(bytes(MAX_MESSAGE + 1))
    assert len(bomb) < 50_000
    with pytest.raises(WireError) as caught:
        recorder.reader.feed(masked(0xC2, bomb))
    assert caught.value.code == 1009
    assert caught.value.description == f"Message is too large: {MAX_MESSAGE + 1} > {MAX_MESSAGE}"


def test_a_compressed_message_may_be_as_large_as_the_limit() -> None:
    recorder = Recorder(Inflater(Agreement()))
    recorder.reader.feed(masked(0xC2, deflated(bytes(MAX_MESSAGE))))
    assert [len(data) for data in recorder.seen] == [MAX_MESSAGE]


def test_a_message_may_have_final_blocks() -> None:
    recorder = Recorder(Inflater(Agreement()))
    for _ in range(2):
        recorder.reader.feed(masked(0xC2, deflated(b"hello", zlib.Z_FINISH)))
        recorder.reader.feed(masked(0xC2, deflated(b"again")))
    assert recorder.seen == [b"hello", b"again"] * 2


def test_a_message_of_thousands_of_final_blocks_is_refused() -> None:
    recorder = Recorder(Inflater(Agreement()))
    with pytest.raises(WireError):
        recorder.reader.feed(masked(0xC2, deflated(b"", zlib.Z_FINISH)[:-1] * 10_000 + b"\x00"))


AGREEMENTS = [
    Agreement(),
    Agreement(server_no_context_takeover=True),
    Agreement(server_max_window_bits=9),
]


@pytest.mark.parametrize("agreement", AGREEMENTS)
def test_what_is_compressed_here_can_be_read_there(agreement: Agreement) -> None:
    deflater = Deflater(agreement)
    bits = agreement.server_max_window_bits or 15
    state = zlib.decompressobj(-bits)
    for payload in (b"hello", b"", b"hello" * 9000, os.urandom(10_000), b"hello"):
        if agreement.server_no_context_takeover:
            state = zlib.decompressobj(-bits)
        assert state.decompress(deflater.compress(payload) + b"\x00\x00\xff\xff") == payload


def test_a_compressed_message_may_be_fragmented() -> None:
    recorder = Recorder(Inflater(Agreement()))
    data = deflated(b"hello hello hello")
    recorder.reader.feed(masked(0x41, data[:3]) + masked(0x89, b"p") + masked(0x80, data[3:]))
    recorder.reader.feed(text("plain"))
    assert recorder.seen == [("ping", b"p"), "hello hello hello", "plain"]


@pytest.mark.parametrize("size", [0, 125, 126, 65_535, 65_536])
def test_a_frame_of_ours_says_its_length(size: int) -> None:
    data = frame(0x2, bytes(size))
    head = {0: 2, 125: 2, 126: 4, 65_535: 4, 65_536: 10}[size]
    assert (data[0], len(data)) == (0x82, head + size)


def test_a_close_reason_is_cut_between_characters() -> None:
    assert close_frame(1000, "ü" * 100) == b"\x88\x7c\x03\xe8" + ("ü" * 61).encode()
    assert close_frame(None, "") == b"\x88\x00"
