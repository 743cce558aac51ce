"""Answers that Node's Web Crypto gave, and short ways to write calls."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import Uint8Array
from wrangler_py.js.object import JsObject
from wrangler_py.web.crypto import crypto

_RECORDED = json.loads((Path(__file__).parents[1] / "data" / "webcrypto.json").read_text())


@pytest.fixture(scope="session")
def recorded():
    """What Node 20 answered; bytes are in hexadecimal."""
    return _RECORDED


@pytest.fixture
def subtle():
    return crypto.subtle


def u8(data):
    return Uint8Array._of(bytes.fromhex(data) if isinstance(data, str) else data)


def obj(**members):
    return JsObject(members)


def arr(*items):
    return JsArray(list(items))


@pytest.fixture
def js():
    """`js.u8(hex or bytes)`, `js.obj(a=1)`, `js.arr(1, 2)`."""
    return SimpleNamespace(u8=u8, obj=obj, arr=arr)
