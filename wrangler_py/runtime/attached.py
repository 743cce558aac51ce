"""Files that a worker opens: those that did not go to Cloudflare with it are not there.

Source: https://developers.cloudflare.com/workers/wrangler/bundling/#files-which-will-not-be-bundled
Differs: only opening fails; a folder's list and `Path.exists` still show what is on this machine.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from .. import context
from ..config.model import Config
from ..log import log
from ..packages import installed
from .tracing import is_user_file
from .unavailable import beyond_the_standard_library

__all__ = ["check_open"]

_PACKAGE = str(Path(__file__).resolve().parent.parent)
_INSTALLED = ("site-packages", "dist-packages")
_SETTINGS = frozenset(("pyproject.toml", "pytest.ini", ".pytest.ini", "tox.ini", "setup.cfg"))
"""What a tool reads where it finds it; on Cloudflare it finds none, so nothing must fail here."""
_WRITES = frozenset("wax+")


def check_open(args: tuple[Any, ...]) -> None:
    """Look at what Python's audit event `open` tells of, if the code of a worker caused it.

    Raises: FileNotFoundError: as on Cloudflare, for a file that is not there.
    """
    owner = context.current()
    config = getattr(owner.worker, "config", None) if owner is not None else None
    path, mode, _ = args
    if not isinstance(config, Config) or not isinstance(path, str):
        return
    file = Path(os.path.abspath(path))
    if not file.is_relative_to(config.root) or _is_of_a_package(file, config):
        return
    frame = beyond_the_standard_library(sys._getframe(2))
    if frame is None or frame.f_code.co_filename.startswith(_PACKAGE):
        return
    is_own = is_user_file(frame.f_code.co_filename, config.root)
    if file.name in _SETTINGS and not is_own:
        return
    if mode is not None and _WRITES.intersection(mode):
        if is_own and file.is_relative_to(config.main.parent):
            _warn(frame, f"{path} is written", "PermissionError: files beside a script stay")
    elif not config.modules.has(file, config.main, config.root):
        if file.is_file():
            raise _absent(path, file, config)
    elif is_own and not os.path.isabs(path) and file.is_file():
        _warn(frame, f"{path} is looked for in the current folder", _ELSEWHERE)


def _is_of_a_package(file: Path, config: Config) -> bool:
    """Whether it came with something that was installed here."""
    synced = installed(config.root).folder.parent
    return file.is_relative_to(synced) or any(each in file.parts for each in _INSTALLED)


_ELSEWHERE = "FileNotFoundError: it is another one there. Say `Path(__file__).parent / ...`"


def _warn(frame: FrameType, what: str, failure: str) -> None:
    log.warn_once(
        f"{frame.f_code.co_filename}:{frame.f_lineno}: {what}; on Cloudflare that fails ({failure})"
    )


def _absent(path: str, file: Path, config: Config) -> FileNotFoundError:
    exc = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    rules = config.modules
    if not rules.finds:
        why = "`find_additional_modules` is false, so only the script itself goes to Cloudflare"
    elif file.is_relative_to(config.root / "python_modules"):
        why = "`python_modules.exclude` leaves it behind"
    else:
        rule = rules.rule_for(file).shown()
        why = f'no rule takes it to Cloudflare; this one would: "rules": [{rule}]'
    exc.add_note(f"hint: {why}")
    return exc
