"""Calls by name that cannot work in a Worker, wherever they stand or while it is imported.

Source: each was run in Pyodide 0.26, 0.28.2 and 314.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wrangler_py.check.finding import Finding
from wrangler_py.check.project import Project
from wrangler_py.check.source import Site, Source
from wrangler_py.runtime.entropy import random_draws

__all__ = ["calls_at_import", "impossible_calls", "random_values"]

_EVERYWHERE = {
    "threads": """
        threading.Thread threading.Timer _thread.start_new_thread _thread.start_joinable_thread
    """,
    "thread-pool": """
        concurrent.futures.ThreadPoolExecutor concurrent.futures.thread.ThreadPoolExecutor
    """,
    "processes": """
        subprocess.run subprocess.Popen subprocess.call subprocess.check_call
        subprocess.check_output subprocess.getoutput subprocess.getstatusoutput
        os.fork os.forkpty os.system os.popen os.posix_spawn os.posix_spawnp
        os.execl os.execle os.execlp os.execlpe os.execv os.execve os.execvp os.execvpe
        os.spawnl os.spawnle os.spawnlp os.spawnlpe os.spawnv os.spawnve os.spawnvp os.spawnvpe
        asyncio.create_subprocess_exec asyncio.create_subprocess_shell pty.fork pty.spawn
        multiprocessing.Process multiprocessing.Pool multiprocessing.Queue multiprocessing.Manager
        multiprocessing.Lock multiprocessing.Pipe multiprocessing.Event multiprocessing.Value
        multiprocessing.pool.Pool multiprocessing.pool.ThreadPool multiprocessing.dummy.Pool
        multiprocessing.shared_memory.SharedMemory multiprocessing.get_context
        concurrent.futures.ProcessPoolExecutor concurrent.futures.process.ProcessPoolExecutor
    """,
    "server-socket": """
        asyncio.start_server asyncio.start_unix_server socket.create_server
        socketserver.TCPServer socketserver.ThreadingTCPServer socketserver.UDPServer
        socketserver.ThreadingUDPServer http.server.HTTPServer http.server.ThreadingHTTPServer
        wsgiref.simple_server.make_server xmlrpc.server.SimpleXMLRPCServer
        uvicorn.run hypercorn.asyncio.serve aiohttp.web.run_app websockets.serve
        websockets.asyncio.server.serve waitress.serve gevent.pywsgi.WSGIServer
    """,
    "signals": "signal.alarm signal.setitimer signal.pause signal.sigwait",
    "breakpoint": "pdb.set_trace pdb.post_mortem",
}
_AT_IMPORT = {
    "io-at-import": """
        js.fetch js.setInterval js.caches.default.match js.caches.default.put
        js.caches.default.delete js.WebSocket.new workers.fetch pyodide.http.pyfetch
        urllib.request.urlopen urllib.request.urlretrieve http.client.HTTPConnection
        http.client.HTTPSConnection socket.create_connection socket.getaddrinfo
        socket.gethostbyname asyncio.open_connection
        requests.get requests.post requests.put requests.patch requests.delete requests.head
        requests.request httpx.get httpx.post httpx.put httpx.patch httpx.delete httpx.head
        httpx.request httpx.stream urllib3.request
    """,
    "entropy-at-import": "js.crypto.getRandomValues js.crypto.randomUUID",
    "clock-at-import": """
        time.time time.time_ns datetime.datetime.now datetime.datetime.utcnow
        datetime.datetime.today datetime.date.today js.Date.now
    """,
    "loop-at-import": "asyncio.run asyncio.Runner pyodide.ffi.run_sync",
}


def _by_name(table: dict[str, str]) -> dict[str, str]:
    return {name: code for code, names in table.items() for name in names.split()}


_CODES, _CODES_AT_IMPORT = _by_name(_EVERYWHERE), _by_name(_AT_IMPORT)
_BUILTINS = {"input": "terminal-input", "breakpoint": "breakpoint"}


def impossible_calls(source: Source, project: Project) -> Iterator[Finding]:
    """What fails wherever it is called."""
    for site, call, name in source.calls:
        if _is_for_elsewhere(site, project):
            continue
        called = call.func
        if code := _CODES.get(name):
            if code == "thread-pool" and _has_executor_calls(source):
                continue
            yield source.find(code, called, f"`{name}(...)`")
        elif isinstance(called, ast.Name) and called.id in _BUILTINS and not name:
            yield source.find(_BUILTINS[called.id], called, f"`{called.id}()`")
        elif name == "time.sleep" and _is_async(site):
            yield source.find("blocking-sleep", called, "`time.sleep(...)` in an async function")


def calls_at_import(source: Source, project: Project) -> Iterator[Finding]:
    """What works in a handler, and not while the module is imported."""
    for site, call, name in source.calls:
        if not site.at_import:
            continue
        called = call.func
        code = _CODES_AT_IMPORT.get(name)
        if name == "js.setTimeout" and _delay(call) != 0:
            code = "io-at-import"
        elif isinstance(called, ast.Attribute) and called.attr == "run_until_complete":
            code = "loop-at-import"
        if code:
            shown = name or "run_until_complete"
            yield source.find(code, called, f"`{shown}(...)` while the module is imported")


def random_values(source: Source, project: Project) -> Iterator[Finding]:
    """Random values while the module is imported."""
    for call, name in random_draws(source.tree):
        message = f"`{name}()` while the module is imported"
        yield source.find("entropy-at-import", call.func, message)


def _is_for_elsewhere(site: Site, project: Project) -> bool:
    """In a function that only `if __name__ == "__main__":` calls, if anybody does."""
    outer = site.functions[0] if site.functions else None
    if not isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) or site.cls is not None:
        return False
    is_handler = outer.name == "fetch" or outer.name.startswith("on_")
    return not (is_handler or outer.decorator_list or outer.name in project.mentioned)


def _is_async(site: Site) -> bool:
    return bool(site.functions) and isinstance(site.functions[-1], ast.AsyncFunctionDef)


def _has_executor_calls(source: Source) -> bool:
    """`loop.run_in_executor(pool, f)` works, whatever the pool is."""
    return any(
        isinstance(site.node, ast.Attribute) and site.node.attr == "run_in_executor"
        for site in source.sites
    )


def _delay(call: ast.Call) -> object:
    """A timer's milliseconds, if they stand there; without any it is 0."""
    if len(call.args) < 2:
        return 0
    return call.args[1].value if isinstance(call.args[1], ast.Constant) else None
