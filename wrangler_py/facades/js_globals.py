"""Where each name of JavaScript's global scope lives. Imported on first use."""

from __future__ import annotations

_JS = "wrangler_py.js"
_WEB = "wrangler_py.web"

MODULES: dict[str, tuple[str, ...]] = {
    f"{_JS}.array_class": ("Array",),
    f"{_JS}.bigint": ("BigInt",),
    f"{_JS}.buffers": (
        "ArrayBuffer",
        "DataView",
        "Int8Array",
        "Uint8Array",
        "Uint8ClampedArray",
        "Int16Array",
        "Uint16Array",
        "Int32Array",
        "Uint32Array",
        "Float16Array",
        "Float32Array",
        "Float64Array",
        "BigInt64Array",
        "BigUint64Array",
    ),
    f"{_JS}.date": ("Date",),
    f"{_JS}.globals": (
        "Boolean",
        "FinalizationRegistry",
        "Function",
        "Infinity",
        "NaN",
        "Number",
        "Proxy",
        "Reflect",
        "RegExp",
        "String",
        "Symbol",
        "WeakMap",
        "WeakRef",
        "WeakSet",
        "decodeURI",
        "decodeURIComponent",
        "encodeURI",
        "encodeURIComponent",
        "escape",
        "eval",
        "isFinite",
        "isNaN",
        "parseFloat",
        "parseInt",
        "undefined",
        "unescape",
    ),
    f"{_JS}.json": ("JSON",),
    f"{_JS}.map_set": ("Map", "Set"),
    f"{_JS}.math": ("Math",),
    f"{_JS}.object_class": ("Object",),
    f"{_JS}.promise_class": ("Promise",),
    f"{_WEB}.abort": ("AbortController", "AbortSignal"),
    f"{_WEB}.blob": ("Blob", "File"),
    f"{_WEB}.cache": ("Cache", "CacheStorage", "caches"),
    f"{_WEB}.clone": ("structuredClone",),
    f"{_WEB}.compression": ("CompressionStream", "DecompressionStream"),
    f"{_WEB}.console": ("console",),
    f"{_WEB}.crypto": ("Crypto", "CryptoKey", "SubtleCrypto", "crypto"),
    f"{_WEB}.encoding": ("TextDecoder", "TextEncoder", "atob", "btoa"),
    f"{_WEB}.encoding_streams": ("TextDecoderStream", "TextEncoderStream"),
    f"{_WEB}.event_source": ("EventSource",),
    f"{_WEB}.events": (
        "CloseEvent",
        "CustomEvent",
        "ErrorEvent",
        "Event",
        "EventTarget",
        "MessageEvent",
    ),
    f"{_WEB}.fetch": ("fetch",),
    f"{_WEB}.formdata": ("FormData",),
    f"{_WEB}.headers": ("Headers",),
    f"{_WEB}.html_rewriter": ("HTMLRewriter",),
    f"{_WEB}.navigator": ("Navigator", "Performance", "navigator", "performance", "reportError"),
    f"{_WEB}.request": ("Request",),
    f"{_WEB}.response": ("Response",),
    f"{_WEB}.streams": (
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
    ),
    f"{_WEB}.streams_fixed": ("FixedLengthStream", "IdentityTransformStream"),
    f"{_WEB}.timers": (
        "clearInterval",
        "clearTimeout",
        "queueMicrotask",
        "scheduler",
        "setInterval",
        "setTimeout",
    ),
    f"{_WEB}.url": ("URL",),
    f"{_WEB}.url_pattern": ("URLPattern",),
    f"{_WEB}.url_search_params": ("URLSearchParams",),
    f"{_WEB}.websocket": ("WebSocket", "WebSocketPair"),
    f"{_WEB}.websocket_auto_response": ("WebSocketRequestResponsePair",),
}

HOME: dict[str, str] = {name: module for module, names in MODULES.items() for name in names}
"""Global name -> the module that defines it."""

NOT_EMULATED = frozenset(
    """
    Atomics Cloudflare ExtendableEvent FetchEvent Intl
    Iterator MessageChannel MessagePort PromiseRejectionEvent ScheduledEvent
    SharedArrayBuffer TailEvent TraceEvent WebAssembly WorkerGlobalScope
    addEventListener clearImmediate dispatchEvent origin removeEventListener setImmediate
    """.split()
)
"""Names of the runtime's global scope that are there to be imported, and say so when used."""
