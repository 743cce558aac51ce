"""An editor's debugger in this process: `--debugpy`.

Everything of debugpy's is imported late: it costs a tenth of a second, and is an extra.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

from ..config.options import DebuggerOptions
from ..errors import PortInUse, UsageError
from ..log import log

__all__ = ["listen"]

_ALREADY = "an editor has started this process: --debugpy changes nothing"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def listen(options: DebuggerOptions) -> None:
    """Let an editor attach to this thread, whose loop serves; wait for one if that was asked for.

    Raises:
        UsageError: debugpy is not installed.
        PortInUse: somebody else listens there.
    """
    # It says that the interpreter's own frozen modules have no files: nobody stops in them.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        debugpy: Any = import_module("debugpy")
    except ImportError:
        hint = 'python -m pip install "wrangler-py[debug]"'
        raise UsageError("debugpy is not installed", where="--debugpy", hint=hint) from None
    if debugpy.is_client_connected():
        log.warn(_ALREADY)
        return
    if options.host not in _LOOPBACK:
        log.warn(
            f"everybody who reaches {options.host} can run code in this process by its debugger; "
            "without a host, --debugpy listens on this machine only"
        )
    try:
        host, port = debugpy.listen((options.host, options.port))
    except (RuntimeError, OSError) as error:
        if "already been called" in str(error):
            log.warn(_ALREADY)
            return
        raise _not_listening(options, error) from None
    _break_where_somebody_is(debugpy)
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    log.event("debugger", f"Debugger listening on {place}", host=host, port=port)
    if options.wait:
        log.info("Waiting for an editor to attach")
        debugpy.wait_for_client()


def _not_listening(options: DebuggerOptions, error: Exception) -> Exception:
    said = str(error)
    if "in use" in said or "10048" in said:  # the latter is Windows'
        hint = "--debugpy=0 takes a free port"
        return PortInUse(f"port {options.port} is in use", where="--debugpy", hint=hint)
    return UsageError(f"cannot listen on {options.host}: {said}", where="--debugpy")


def _break_where_somebody_is(debugpy: Any) -> None:
    """`breakpoint()` stops in the editor that is attached, else in the terminal."""
    pydevd: Any = import_module("pydevd")

    def hook(*arguments: Any, **options: Any) -> Any:
        if not debugpy.is_client_connected():
            return sys.__breakpointhook__(*arguments, **options)
        return pydevd.settrace(
            suspend=True,
            trace_only_current_thread=True,
            patch_multiprocessing=False,
            stop_at_frame=sys._getframe(1),
        )

    sys.breakpointhook = hook
