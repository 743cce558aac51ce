"""The marks of V8's serialization format, version 15.

Implements: https://chromium.googlesource.com/v8/v8/+/refs/heads/main/src/objects/value-serializer.cc
"""

from __future__ import annotations

from typing import Final

HEADER: Final = b"\xff\x0f"

PADDING: Final = 0x00
HOLE: Final = ord("-")
UNDEFINED: Final = ord("_")
NULL: Final = ord("0")
TRUE: Final = ord("T")
FALSE: Final = ord("F")
INT32: Final = ord("I")
UINT32: Final = ord("U")
DOUBLE: Final = ord("N")
BIGINT: Final = ord("Z")
UTF8_STRING: Final = ord("S")
ONE_BYTE_STRING: Final = ord('"')
TWO_BYTE_STRING: Final = ord("c")
REFERENCE: Final = ord("^")
OBJECT: Final = ord("o")
OBJECT_END: Final = ord("{")
SPARSE_ARRAY: Final = ord("a")
SPARSE_ARRAY_END: Final = ord("@")
DENSE_ARRAY: Final = ord("A")
DENSE_ARRAY_END: Final = ord("$")
DATE: Final = ord("D")
TRUE_OBJECT: Final = ord("y")
FALSE_OBJECT: Final = ord("x")
NUMBER_OBJECT: Final = ord("n")
BIGINT_OBJECT: Final = ord("z")
STRING_OBJECT: Final = ord("s")
REGEXP: Final = ord("R")
MAP: Final = ord(";")
MAP_END: Final = ord(":")
SET: Final = ord("'")
SET_END: Final = ord(",")
BUFFER: Final = ord("B")
VIEW: Final = ord("V")
ERROR: Final = ord("r")
ERROR_MESSAGE: Final = ord("m")
ERROR_CAUSE: Final = ord("c")
ERROR_STACK: Final = ord("s")
ERROR_END: Final = ord(".")
HOST_OBJECT: Final = ord("\\")

VIEWS: Final = {
    "Int8Array": ord("b"),
    "Uint8Array": ord("B"),
    "Uint8ClampedArray": ord("C"),
    "Int16Array": ord("w"),
    "Uint16Array": ord("W"),
    "Int32Array": ord("d"),
    "Uint32Array": ord("D"),
    "Float16Array": ord("h"),
    "Float32Array": ord("f"),
    "Float64Array": ord("F"),
    "BigInt64Array": ord("q"),
    "BigUint64Array": ord("Q"),
    "DataView": ord("?"),
}
ERRORS: Final = {
    "EvalError": ord("E"),
    "RangeError": ord("R"),
    "ReferenceError": ord("F"),
    "SyntaxError": ord("S"),
    "TypeError": ord("T"),
    "URIError": ord("U"),
}
REGEXP_FLAGS: Final = "gimyusldv"
"""Each flag's bit is its place here; `l` is V8's own."""
