"""What to do about an error whose cause is well known.

Asked when an error is shown, never before. Most errors of the runtime's own carry their hint as a
note from where they were raised; here stand those that only the exception and its frames can tell,
Python's own errors above all. A rule that is not sure says nothing.
"""

from __future__ import annotations

import asyncio
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import TYPE_CHECKING, Any

from ..js.errors import JsException
from ..js.null import jsnull

if TYPE_CHECKING:
    from .tracing import Frame


_PROXIES = "https://pyodide.org/en/stable/usage/type-conversions.html"
_HANDLERS = "https://developers.cloudflare.com/workers/runtime-apis/handlers/"
_WEB_SOCKETS = "https://developers.cloudflare.com/workers/runtime-apis/websockets/"
_PACKAGES = "https://developers.cloudflare.com/workers/languages/python/packages/"
_STDLIB = "https://developers.cloudflare.com/workers/languages/python/stdlib/"

Rule = Callable[[BaseException, str, "Frame | None"], "str | None"]
"""``(exception, its message, the user's innermost frame)`` -> what to do."""


def hint_for(exc: BaseException, frame: Frame | None) -> str | None:
    """What to do about ``exc``; ``frame`` is the user's innermost one."""
    kind = next((key for key in _RULES if isinstance(exc, key)), None)
    if kind is None:
        return None
    text = exc.message if isinstance(exc, JsException) else str(exc)
    found = (rule(exc, str(text), frame) for rule in _RULES[kind])
    return next((hint for hint in found if hint), None)


# JavaScript's errors.

_BY_MESSAGE = {  # how the message begins: what to do
    "This borrowed proxy was automatically destroyed": (
        "what JavaScript keeps after a call is handed over as `create_proxy(x)`, or as "
        f"`create_once_callable(f)` if it is called once; data as `to_js(x)`: {_PROXIES}"
    ),
    "Object has already been destroyed": (
        "`destroy()` was called on this proxy; do that when JavaScript needs it no more, "
        "or make another with `create_proxy`"
    ),
    "OnceProxy can only be called once": (
        "`create_once_callable` is for one call; `create_proxy` is for any number"
    ),
    "Responses with a WebSocket must have status code 101.": (
        f"`return Response(None, status=101, web_socket=client)`: {_WEB_SOCKETS}"
    ),
    "Incorrect type for the 'webSocket' field": (
        "`web_socket` takes one end of a pair: "
        f"`client, server = WebSocketPair.new().object_values()`: {_WEB_SOCKETS}"
    ),
}


def _known_message(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    return next((hint for start, hint in _BY_MESSAGE.items() if text.startswith(start)), None)


def _status_101(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    if not text.startswith("Responses may only be constructed with status codes"):
        return None
    given = (below.f_locals for below in _frames_below(exc, frame))
    if not any(values.get("status") == 101 for values in given):
        return None
    return (
        "a 101 carries one end of a pair: `client, server = WebSocketPair.new().object_values()`, "
        f"then `Response(None, status=101, web_socket=client)`: {_WEB_SOCKETS}"
    )


_WANTS_OBJECT = (
    "Incorrect type: the provided value is not of type 'Sequence'.",
    "Iterator value ",
    "[object Object] could not be cloned.",
)


def _dict_for_an_object(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    if not text.startswith(_WANTS_OBJECT):
        return None
    if not any(type(value) is dict for value in _arguments_below(exc, frame)):
        return None
    return (
        "a Python dict is no JavaScript Object; `to_js(x, dict_converter=Object.fromEntries)` "
        f"makes one: {_PROXIES}"
    )


def _frames_below(exc: BaseException, frame: Frame | None) -> Iterator[FrameType]:
    """The runtime's frames under the user's innermost one: the call that failed."""
    trace, below = exc.__traceback__, frame is None
    while trace is not None:
        if below:
            yield trace.tb_frame
        below = below or (frame is not None and trace.tb_frame is frame.running)
        trace = trace.tb_next


def _arguments_below(exc: BaseException, frame: Frame | None) -> Iterator[Any]:
    """What was passed by position from there on."""
    for below in _frames_below(exc, frame):
        code, values = below.f_code, below.f_locals
        for name in code.co_varnames[: code.co_argcount]:
            yield values.get(name)
        if code.co_flags & inspect.CO_VARARGS:
            yield from values.get(code.co_varnames[code.co_argcount + code.co_kwonlyargcount], ())


# Python's errors about JavaScript's values.


def _null(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    is_it = exc.obj is jsnull if isinstance(exc, AttributeError) else "JsNull" in text
    if not is_it:
        return None
    return (
        "JavaScript's null arrives as `jsnull`, which is false and is not None: test it with "
        "`if x:`, or `from pyodide.ffi import jsnull` and `x is jsnull`"
    )


_PROMISED = re.compile(
    r"'(coroutine|PyodideFuture|PromiseTask)' object (is not|does not)"
    r"|(Unsupported type in Response:|Object of type) (coroutine|PyodideFuture|PromiseTask)\b"
)


def _not_awaited(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    if isinstance(exc, AttributeError):
        is_it = inspect.iscoroutine(exc.obj) or isinstance(exc.obj, asyncio.Future)
    else:
        is_it = _PROMISED.search(text) is not None
    return "this is a promise of a value; write `await` before the call" if is_it else None


def _awaited(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    if "can't be used in 'await' expression" not in text:
        return None
    return "what is awaited is no promise: the call has given its value already, without `await`"


def _javascript_object(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    if text == "unhashable type: 'pyodide.ffi.JsProxy'":
        return (
            "JavaScript's objects, WebSockets too, can be no keys of a dict and no members of a "
            "set: keep them in a list and compare with `==`, or choose a key of your own"
        )
    if text == "Object of type JsProxy is not JSON serializable":
        return "`js.JSON.stringify(x)` takes it as it is, `json.dumps(x.to_py())` as Python's data"
    if re.match(r"'pyodide\.ffi\.JsProxy' object (is not subscriptable|does not support)", text):
        return (
            "properties of a JavaScript object are attributes, `x.name`; `x.to_py()` makes a dict, "
            f"and `pair.object_values()` gives both ends of a WebSocketPair: {_PROXIES}"
        )
    return None


def _response_of(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    if text in ("Unsupported type in Response: dict", "Unsupported type in Response: list"):
        return "`Response.json(...)` sends data as JSON"
    return None


# How the runtime calls handlers.

_SIGNATURES = {
    "fetch": "async def fetch(self, request)",
    "scheduled": "async def scheduled(self, controller, env, ctx)",
    "queue": "async def queue(self, batch, env, ctx)",
    "email": "async def email(self, message, env, ctx)",
    "tail": "async def tail(self, events, env, ctx)",
    "alarm": "async def alarm(self, alarm_info)",
    "webSocketMessage": "async def webSocketMessage(self, ws, message)",
    "webSocketClose": "async def webSocketClose(self, ws, code, reason, was_clean)",
    "webSocketError": "async def webSocketError(self, ws, error)",
    "on_fetch": "async def on_fetch(request, env, ctx)",
    "on_scheduled": "async def on_scheduled(controller, env, ctx)",
}


def _signature(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    """The runtime's own call did not fit the handler: no code of the user's was called yet."""
    found = re.match(r"(?:[\w.<>]+\.)?(\w+)\(\) (?:missing \d|takes )", text)
    if found is None or frame is not None or found[1] not in _SIGNATURES:
        return None
    return f"the runtime's call fits `{_SIGNATURES[found[1]]}`: {_HANDLERS}"


def _no_env(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    """`fetch(self, request, env)`: the runtime passes nothing there."""
    if not isinstance(exc, AttributeError) or exc.obj is not None or frame is None:
        return None
    running, name = frame.running, ""
    if running is not None and frame.function in _SIGNATURES:
        code = running.f_code
        given = code.co_varnames[: code.co_argcount]
        used = (name for name in ("env", "ctx") if f"{name}.{exc.name}" in frame.source)
        name = next(used, "")
        if given[:1] == ("self",) and name in given and running.f_locals.get(name) is None:
            return f"a class has it as `self.{name}`; the runtime passes nothing for `{name}` here"
    return None


# What is not there.


_ELSEWHERE = {  # the module: the package that has it, where that is called otherwise
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jwt": "pyjwt",
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
_KNOWN = frozenset(
    """aiohttp anyio attrs cachetools certifi click cryptography fastapi flask django httpx idna
    itsdangerous jinja2 jsonschema langchain lxml markdown markupsafe matplotlib msgpack networkx
    numpy openai orjson packaging pandas polars pycryptodome pydantic pygments pytest pytz
    regex requests rich scipy six soupsieve sqlalchemy starlette sympy toml tqdm urllib3
    werkzeug""".split()
)
_NOT_ON_CLOUDFLARE = frozenset(
    """curses dbm ensurepip fcntl grp idlelib lib2to3 msvcrt nis ossaudiodev pwd resource spwd
    syslog termios tkinter turtle turtledemo venv winreg winsound""".split()
)


def _module(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    name = (getattr(exc, "name", None) or "").partition(".")[0]
    if name in _NOT_ON_CLOUDFLARE and name in sys.stdlib_module_names:
        return f"Python on Cloudflare has no `{name}`, either: {_STDLIB}"
    package = _ELSEWHERE.get(name) or (name if name in _KNOWN else None)
    if package is None:
        return None
    return (
        f"`uv add {package}` or `pip install {package}`; for Cloudflare it belongs into the "
        f"`dependencies` of pyproject.toml, which `pywrangler sync` installs: {_PACKAGES}"
    )


def _bundled_file(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    if not str(getattr(exc, "filename", None) or "").startswith("/session/metadata"):
        return None
    return (
        "/session/metadata is where Cloudflare has the Worker's files; "
        "`Path(__file__).parent` is that folder there, and the project's here"
    )


_OF_PAGES = frozenset({"document", "localStorage", "sessionStorage", "window", "XMLHttpRequest"})


def _of_a_page(exc: BaseException, text: str, frame: Frame | None) -> str | None:
    found = re.match(r"cannot import name '(\w+)' from 'js'", text)
    if found is None or found[1] not in _OF_PAGES:
        return None
    return f"a Worker runs on a server and has no `{found[1]}`; that is for scripts in a page"


_RULES: dict[type[BaseException], tuple[Rule, ...]] = {  # the first class that fits
    JsException: (_known_message, _status_101, _dict_for_an_object),
    AttributeError: (_null, _not_awaited, _no_env),
    TypeError: (_null, _not_awaited, _awaited, _javascript_object, _response_of, _signature),
    ImportError: (_module, _of_a_page),
    FileNotFoundError: (_bundled_file,),
}
