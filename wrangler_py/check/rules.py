"""What is looked for: one row for each rule, with why it matters and what to do.

A rule is an error when what it finds fails at deploy or in production; one that may be wrong, or
whose find only surprises, is a warning. A comment `pywrangler: ignore[code]` silences a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["RULES", "Rule", "Severity"]


class Severity(StrEnum):
    """Whether a find fails the check by itself."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of mistake."""

    code: str
    severity: Severity
    finds: str
    """For the table in the documentation."""
    why: str
    fix: str
    url: str


_CF = "https://developers.cloudflare.com"
_PYTHON = f"{_CF}/workers/languages/python"
_LIMITS = f"{_PYTHON}/stdlib/"
_FFI = f"{_PYTHON}/ffi/"
_HANDLERS = f"{_PYTHON}/basics/"
_START = f"{_PYTHON}/how-python-workers-work/"
_PACKAGES = f"{_PYTHON}/packages/"
_FLAGS = f"{_CF}/workers/configuration/compatibility-flags/"
_DATES = f"{_CF}/workers/configuration/compatibility-dates/"
_MIGRATIONS = f"{_CF}/durable-objects/reference/durable-objects-migrations/"
_SOCKETS = f"{_CF}/workers/runtime-apis/websockets/"
_WASM = "https://pyodide.org/en/stable/usage/wasm-constraints.html"
_CONVERSIONS = "https://pyodide.org/en/stable/usage/type-conversions.html"
_GLOBAL_SCOPE = (
    "the top level runs when the Worker is deployed, outside of any request; there Cloudflare "
    "allows"
)

_E, _W = Severity.ERROR, Severity.WARNING

_TABLE = (
    # The source as such.
    Rule(
        "syntax",
        _E,
        "source that the Worker's Python does not parse",
        "a module that does not parse cannot be imported",
        "correct it; the compatibility date chooses the Python version",
        f"{_PYTHON}/",
    ),
    Rule(
        "load",
        _E,
        "what the script raises while it is imported",
        "the script is imported when it is deployed; if that fails, so does the deployment",
        "correct the line; what depends on a request belongs in a handler",
        _START,
    ),
    # The standard library.
    Rule(
        "blocked-module",
        _E,
        "modules of the standard library that are not in the Worker's Python",
        "Pyodide leaves out what WebAssembly cannot do, and Python drops modules over the years",
        "do without it, or import it in `try: ... except ImportError:`",
        _LIMITS,
    ),
    Rule(
        "threads",
        _E,
        "threads of the script's own",
        "WebAssembly has one thread: `RuntimeError: can't start new thread`",
        "use asyncio: `asyncio.create_task(...)`, `asyncio.gather(...)`, ...",
        _WASM,
    ),
    Rule(
        "thread-pool",
        _W,
        "`ThreadPoolExecutor(...)`",
        "its `submit` and `map` start a thread, and fail; only `run_in_executor` works, at once",
        "use `await asyncio.to_thread(function)`, which runs it at once on Cloudflare",
        _WASM,
    ),
    Rule(
        "processes",
        _E,
        "processes: `subprocess`, `multiprocessing`, `os.fork`, ...",
        "a Worker is one process without an operating system below it",
        "call a service over `fetch`, or give long work to a Queue or a Workflow",
        _WASM,
    ),
    Rule(
        "server-socket",
        _E,
        "servers that listen on a socket",
        "nothing can connect to a Worker but through its handlers",
        "answer in `fetch` of `class Default(WorkerEntrypoint)`; `workers.asgi` and `workers.wsgi` "
        "serve applications of frameworks",
        _HANDLERS,
    ),
    Rule(
        "signals",
        _E,
        "timers and handlers of the operating system's signals",
        "there is no operating system that would send one",
        "use an alarm of a Durable Object, or `asyncio.wait_for` for a time limit",
        _WASM,
    ),
    Rule(
        "terminal-input",
        _E,
        "`input()`",
        "a Worker has no standard input: `EOFError: EOF when reading a line`",
        "take it from the request",
        _LIMITS,
    ),
    Rule(
        "breakpoint",
        _W,
        "`breakpoint()` and `pdb.set_trace()` that were left in",
        "here it stops, on Cloudflare it fails: there is no standard input",
        "remove it before you deploy",
        _LIMITS,
    ),
    Rule(
        "blocking-sleep",
        _W,
        "`time.sleep` in an async function",
        "it holds up everything else that this Worker does meanwhile",
        "`await asyncio.sleep(seconds)`",
        _LIMITS,
    ),
    # While the module is imported.
    Rule(
        "entropy-at-import",
        _E,
        "random values while a module is imported",
        f"{_GLOBAL_SCOPE} no random values",
        "draw them in a handler",
        _START,
    ),
    Rule(
        "io-at-import",
        _E,
        "requests, timers and connections while a module is imported",
        f"{_GLOBAL_SCOPE} no I/O and no timers",
        "do it in a handler, and keep the result in a global if it is needed again",
        _START,
    ),
    Rule(
        "clock-at-import",
        _W,
        "the time, read while a module is imported",
        "the top level runs when the Worker is deployed and is kept as a snapshot: that time is "
        "not when this instance started",
        "read the clock in a handler",
        _START,
    ),
    Rule(
        "loop-at-import",
        _W,
        "`asyncio.run` and `run_until_complete` while a module is imported",
        f"{_GLOBAL_SCOPE} nothing that has to wait",
        "await it in a handler",
        _START,
    ),
    # Python values in JavaScript's hands.
    Rule(
        "borrowed-callback",
        _E,
        "a bare function given to `addEventListener`, `setTimeout` or `setInterval`",
        "Pyodide destroys it when the call returns; the first event then fails: `This borrowed "
        "proxy was automatically destroyed`",
        "wrap it: `create_proxy(function)` from pyodide.ffi (`create_once_callable` for one call)",
        f"{_CONVERSIONS}#type-translations-pyproxy-to-js",
    ),
    Rule(
        "dict-as-object",
        _E,
        "a dict where JavaScript needs an Object or pairs",
        "JavaScript sees a proxy of a dict, and neither its keys nor pairs of them",
        "`to_js(value, dict_converter=Object.fromEntries)`, or keyword arguments: "
        '`Headers.new(accept="text/html")`; `workers.Response` takes dicts',
        _CONVERSIONS,
    ),
    Rule(
        "list-as-array",
        _E,
        "a list of tags given to `acceptWebSocket`",
        "JavaScript gets a proxy of a list, which is no Array",
        "`to_js([...])` from pyodide.ffi",
        _CONVERSIONS,
    ),
    Rule(
        "bytes-as-text",
        _W,
        "bytes given to `send` of a WebSocket",
        "the client receives the text \"b'...'\"",
        "`send(to_js(data))` from pyodide.ffi sends a binary message",
        _SOCKETS,
    ),
    Rule(
        "missing-new",
        _E,
        "a JavaScript class called like a function",
        "JavaScript: `Class constructor ... cannot be invoked without 'new'`",
        "`X.new(...)`",
        _FFI,
    ),
    Rule(
        "pair-index",
        _E,
        "`pair[0]` of a WebSocketPair",
        "it is no Array: `'pyodide.ffi.JsProxy' object is not subscriptable`",
        "`client, server = WebSocketPair.new().object_values()`",
        _FFI,
    ),
    Rule(
        "js-eval",
        _E,
        "JavaScript made from text: `js.eval`, `js.Function`, `run_js`",
        "EvalError: Code generation from strings disallowed for this context",
        "say it in Python with the names of `js`",
        f"{_CF}/workers/runtime-apis/web-standards/",
    ),
    Rule(
        "null-is-none",
        _W,
        "JavaScript's null compared with None",
        "since Pyodide 0.28 null is `pyodide.ffi.jsnull`, which is not None",
        "test its truth (`if not value:`), or compare with `jsnull`",
        _CONVERSIONS,
    ),
    Rule(
        "missing-await",
        _E,
        "a coroutine that nobody awaits",
        "the call only makes a coroutine; its body never runs",
        "`await` it, or hand it to `self.ctx.waitUntil(...)`",
        _HANDLERS,
    ),
    Rule(
        "bare-101",
        _E,
        "a response with status 101 and no WebSocket",
        "RangeError: only with a WebSocket may the status be 101",
        "`Response(None, status=101, web_socket=client)`",
        _SOCKETS,
    ),
    # Handlers and classes.
    Rule(
        "missing-handler",
        _E,
        "a main module without `class Default(WorkerEntrypoint)`",
        "Cloudflare finds nothing in the script that answers",
        "define `class Default(WorkerEntrypoint)` with `async def fetch(self, request)`",
        _HANDLERS,
    ),
    Rule(
        "no-fetch",
        _W,
        "a class Default without any handler",
        "requests are answered with `Handler does not export a fetch() function.`",
        "define `async def fetch(self, request)` in it",
        _HANDLERS,
    ),
    Rule(
        "legacy-handler",
        _E,
        "handlers at module level: `on_fetch`, `fetch`, ...",
        "since the compatibility date 2025-08-14 only methods of classes are handlers",
        "make it a method of `class Default(WorkerEntrypoint)`; `env` is `self.env` there",
        _FLAGS,
    ),
    Rule(
        "handler-signature",
        _E,
        "a handler whose parameters are not what the runtime passes",
        "the runtime passes a class's handler its event, and None for env and ctx",
        "`async def fetch(self, request)`, with `self.env` and `self.ctx`; "
        "`scheduled(self, controller, env, ctx)`, and so `queue`, `email` and `tail`",
        _HANDLERS,
    ),
    Rule(
        "unexported-class",
        _E,
        "a configured Durable Object or Workflow class that the main module does not export",
        "a deployment fails when a bound class is not in the main module",
        "define the class in the main module, or import it there; check its base class",
        f"{_CF}/durable-objects/get-started/",
    ),
    Rule(
        "class-without-migration",
        _E,
        "a Durable Object class that no migration creates",
        "a deployment fails for a class that no migration has created",
        'add `"migrations": [{"tag": "v1", "new_sqlite_classes": ["TheClass"]}]`',
        _MIGRATIONS,
    ),
    # Packages.
    Rule(
        "native-package",
        _E,
        "packages with compiled code that Pyodide does not have",
        "compiled code runs on Cloudflare only if it was built for WebAssembly",
        "look for a pure Python package, or one of Pyodide's list; if the project publishes wheels "
        "for Pyodide, run `pywrangler sync` and silence this",
        _PACKAGES,
    ),
    Rule(
        "undeclared-package",
        _E,
        "an import that no dependency of the project brings",
        "only declared dependencies are deployed with a Worker",
        "add it to `dependencies` in pyproject.toml",
        _PACKAGES,
    ),
    Rule(
        "unknown-package",
        _W,
        "a dependency that is not installed here and not in Pyodide",
        "whether it is pure Python can only be seen when it is installed",
        "install it here, then check again",
        _PACKAGES,
    ),
    Rule(
        "time-zones",
        _E,
        "`ZoneInfo(...)` without the package tzdata",
        "a Worker has no time zone database: `No time zone found with key ...`",
        'add "tzdata" to `dependencies` in pyproject.toml',
        _LIMITS,
    ),
    # The configuration.
    Rule(
        "config",
        _E,
        "what is wrong or doubtful in wrangler.jsonc, wrangler.json or wrangler.toml",
        "Cloudflare's tools read the same file",
        "correct the line",
        f"{_CF}/workers/wrangler/configuration/",
    ),
    Rule(
        "python-flag",
        _E,
        "a configuration without the flag `python_workers`",
        "without it Cloudflare takes no Python",
        'add `"compatibility_flags": ["python_workers"]`',
        f"{_PYTHON}/",
    ),
    Rule(
        "compatibility-date",
        _E,
        "a compatibility date that is missing or in the future",
        "Cloudflare refuses dates in the future; without one the oldest behaviour applies",
        "write today's date, and keep it until you have tested a newer one",
        _DATES,
    ),
    Rule(
        "compatibility-flag",
        _E,
        "compatibility flags that do not exist, contradict, or are experimental",
        "a deployment with such a flag is refused",
        "remove it, or correct its name",
        _FLAGS,
    ),
    Rule(
        "unknown-binding",
        _W,
        "`self.env.NAME` that the configuration does not bind",
        "without a binding or secret of that name: AttributeError",
        "add the binding; a secret belongs in .dev.vars here and `wrangler secret put` there",
        f"{_CF}/workers/runtime-apis/bindings/",
    ),
    Rule(
        "vars-in-environ",
        _W,
        "a variable of the configuration read from `os.environ`",
        "a Worker's variables are bindings, not the process's environment",
        "`self.env.NAME`",
        f"{_CF}/workers/configuration/environment-variables/",
    ),
    Rule(
        "size",
        _W,
        "more code and packages than a deployment may hold",
        "a Worker may have 3 MB compressed (10 MB on the paid plan)",
        "leave packages out, or exclude their parts with `python_modules.exclude`",
        f"{_CF}/workers/platform/limits/#worker-size",
    ),
    Rule(
        "assets",
        _E,
        "static assets that a deployment refuses: no directory, too large, too many, `_worker.js`",
        "a deployment with such a file, or without the directory, ends with an error",
        "make the directory, or name the file in `.assetsignore`",
        f"{_CF}/workers/platform/limits/#static-assets",
    ),
    Rule(
        "asset-rule",
        _W,
        "a line of `_headers` or `_redirects` that is passed over",
        "Cloudflare takes the other lines, and says so when it deploys",
        "correct the line, or remove it",
        f"{_CF}/workers/static-assets/redirects/",
    ),
)

RULES: dict[str, Rule] = {rule.code: rule for rule in _TABLE}
