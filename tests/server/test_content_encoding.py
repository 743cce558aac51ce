"""Compressed bodies, piece by piece."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest

from wrangler_py.server import content_encoding
from wrangler_py.server.content_encoding import Decoder, acceptable, decoder_for

PLAIN = b"hello " * 200_000


def decoder(encoding: str) -> Decoder:
    found = decoder_for(encoding)
    assert found is not None
    return found


def pieces(decoder: Decoder, *parts: bytes) -> Iterator[bytes]:
    for part in parts:
        yield decoder.decode(part)
        while piece := decoder.more():
            yield piece


def slices(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


PACKED = gzip.compress(PLAIN)


@pytest.mark.parametrize("size", [1, 7, 1000, 10**6])
def test_gzip_may_be_cut_anywhere(size: int) -> None:
    gunzip = decoder("gzip")
    assert b"".join(pieces(gunzip, *slices(PACKED, size))) == PLAIN
    assert gunzip.finished


def test_gzip_may_have_several_members() -> None:
    gunzip = decoder("gzip")
    packed = gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two")
    assert b"".join(pieces(gunzip, packed)) == b"one two"
    assert gunzip.finished


def test_a_bomb_comes_in_pieces_of_bounded_size() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    sizes = [len(piece) for piece in pieces(decoder("gzip"), bomb)]
    assert sum(sizes) == 50_000_000
    assert max(sizes) <= 256 * 1024


def test_what_ends_early_is_not_finished() -> None:
    gunzip = decoder("gzip")
    list(pieces(gunzip, PACKED[:-1]))
    assert not gunzip.finished


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_an_empty_body_is_complete(encoding: str) -> None:
    assert decoder(encoding).finished


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_corrupt_data_is_a_value_error(encoding: str) -> None:
    with pytest.raises(ValueError):
        decoder(encoding).decode(b"no such thing, whatever it says")


@pytest.mark.parametrize("encoding", ["", "deflate", "zstd", "gzip, br", "GZIP"])
def test_nothing_else_is_decoded(encoding: str) -> None:
    assert decoder_for(encoding) is None


@pytest.mark.parametrize("size", [7, 10**6])
def test_brotli_is_decoded_where_it_is_installed(size: int) -> None:
    brotli = pytest.importorskip("brotli")
    unpack = decoder("br")
    assert b"".join(pieces(unpack, *slices(brotli.compress(PLAIN), size))) == PLAIN
    assert unpack.finished


ACCEPTED = [
    ("br, gzip", "gzip"),
    ("gzip;q=0.5, br;q=1, *", "gzip;q=0.5, *"),
    ("br", ""),
    ("gzip, deflate", "gzip, deflate"),
    ("brillig", "brillig"),
]


@pytest.mark.parametrize(("wanted", "sent"), ACCEPTED)
def test_without_brotli_none_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, wanted: str, sent: str
) -> None:
    monkeypatch.setattr(content_encoding, "_BROTLI", None)
    assert acceptable(wanted) == sent
