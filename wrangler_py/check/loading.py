"""Load the Worker once, as a deployment does, and say what that raises or warns of."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from wrangler_py.check.finding import Finding
from wrangler_py.check.project import Project
from wrangler_py.check.rules import Severity
from wrangler_py.check.stdlib import is_standard
from wrangler_py.errors import NotEmulated, WranglerError
from wrangler_py.facades.install import install
from wrangler_py.log import Level, Settings, log
from wrangler_py.runtime import modules
from wrangler_py.runtime.entrypoint import Exports
from wrangler_py.runtime.tracing import user_frames
from wrangler_py.runtime.worker import Surroundings, Worker
from wrangler_py.web.request import Request

__all__ = ["Loaded", "heard", "load_worker"]

_NETWORK = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname"})
_POINTED_OUT = (
    # What the runtime says of a line, and the rule that it breaks.
    ("random values", "entropy-at-import"),
    ("a thread is started", "threads"),
    ("a process is started", "processes"),
)
_PLACE = re.compile(r"(?P<path>.+?):(?P<line>\d+): (?P<text>.+)", re.DOTALL)


class _NoNetwork(Exception):
    """The check lets nothing out."""


@dataclass(slots=True)
class Loaded:
    """What came of it."""

    exports: Exports | None = None
    findings: list[Finding] = field(default_factory=list)


@contextlib.contextmanager
def heard() -> Iterator[list[str]]:
    """Collect what the log would warn of, and show none of it."""
    before, said = log.settings, io.StringIO()
    log.settings = Settings(level=Level.WARN, json=True, out=said)
    # What was told once in this process belongs to this check as well.
    told, log._said = log._said, set()
    messages: list[str] = []
    try:
        yield messages
    finally:
        log.settings, log._said = before, told
        entries = [json.loads(line) for line in said.getvalue().splitlines()]
        messages += [one["message"] for one in entries if one["event"] in ("message", "error")]


def load_worker(project: Project) -> Loaded:
    """Import the main module; nothing that it says on the way reaches the terminal."""
    loaded = Loaded()
    install()
    modules.provide()
    with heard() as messages, _quietly(), _offline():
        try:
            loaded.exports = asyncio.run(_load(project))
        except (Exception, SystemExit) as error:
            loaded.findings += _failure(error, project)
    loaded.findings += [one for text in messages for one in _pointed_out(text)]
    return loaded


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """Keep what a module prints, or Python warns of, while it is imported."""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


async def _load(project: Project) -> Exports:
    # What is wrong with a promise that nobody awaits is found in the source.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    worker = Worker.load(project.config, Surroundings(_Refusing(), lambda *_: None))
    try:
        return worker.exported
    finally:
        worker.close()


class _Refusing:
    """The transport of a Worker that may reach nobody."""

    async def fetch(self, _: Request) -> NoReturn:
        raise _NoNetwork("no request leaves a check")

    async def connect(self, host: str, port: int, *, tls: bool) -> NoReturn:
        raise _NoNetwork("no connection leaves a check")


_hook: dict[str, bool] = {}


@contextlib.contextmanager
def _offline() -> Iterator[None]:
    """Let no module connect to anything while it is imported."""
    if not _hook:
        sys.addaudithook(_audit)  # cannot be removed, so there is one, mostly asleep
    _hook["active"] = True
    try:
        yield
    finally:
        _hook["active"] = False


def _audit(event: str, _: tuple[Any, ...]) -> None:
    if event in _NETWORK and _hook["active"]:
        raise _NoNetwork(f"{event.removeprefix('socket.')} while the module is imported")


def _failure(error: BaseException, project: Project) -> Iterator[Finding]:
    """Where the user's code failed, and how."""
    if isinstance(error, SyntaxError) and error.filename and project.broken:
        return  # found before, with its place
    frames = user_frames(error, project.config.root)
    path, line = (Path(frames[-1].path), frames[-1].line) if frames else (project.config.main, 1)
    text = _line(path, line)
    said = str(error) if isinstance(error, WranglerError) else f"{type(error).__name__}: {error}"
    code, severity, fix = "load", None, None
    if isinstance(error, NotEmulated):
        severity, fix = Severity.WARNING, "it is not emulated here: ask a deployment"
    elif isinstance(error, _NoNetwork):
        code = "io-at-import"
    elif "Disallowed operation called within global scope" in said:
        code, said = "io-at-import", "not allowed while the module is imported"
    elif isinstance(error, ModuleNotFoundError) and _is_package(error.name, project):
        severity = Severity.WARNING
        said = f"`{error.name}` is not installed here: what follows was read and not run"
        fix = "install the project's dependencies here, and check again"
    notes = [note for note in getattr(error, "__notes__", ()) if not said.endswith(note)]
    fix = fix or (notes[0].removeprefix("hint: ") if notes else None)
    column = len(text) - len(text.lstrip()) + 1
    first_line = said.splitlines()[0] if said else type(error).__name__
    yield Finding(
        code, first_line, path, line, column, max(1, len(text.strip())), text, severity, fix
    )


def _is_package(name: str | None, project: Project) -> bool:
    top = (name or "").partition(".")[0]
    beside = project.config.main.parent / top
    return bool(top) and top != "src" and not is_standard(top) and not beside.exists()


def _pointed_out(message: str) -> Iterator[Finding]:
    """What the runtime said of one line."""
    found = _PLACE.match(message)
    code = next((code for words, code in _POINTED_OUT if words in message), None)
    if found is None or code is None:
        return
    path, line = Path(found["path"]), int(found["line"])
    text = _line(path, line)
    column = len(text) - len(text.lstrip()) + 1
    yield Finding(
        code, found["text"].partition("\n")[0], path, line, column,
        max(1, len(text.strip())), text,
    )  # fmt: skip


def _line(path: Path, line: int) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[line - 1]
    except (OSError, IndexError):
        return ""
