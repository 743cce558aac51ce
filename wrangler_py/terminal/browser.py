"""Open a page in a browser with a window of its own: one that draws in the terminal is none.

Implements: https://docs.python.org/3/library/webbrowser.html (BROWSER)
"""

from __future__ import annotations

import os
import shlex
import subprocess
import threading
from collections.abc import Mapping

__all__ = ["open_page"]

_IN_TERMINAL = frozenset(
    "www-browser browsh carbonyl elinks links links2 lynx netrik retawq w3m".split()
)


def open_page(url: str, environ: Mapping[str, str]) -> bool:
    """Whether a browser was started; may take a moment."""
    named = [command for command in environ.get("BROWSER", "").split(os.pathsep) if command]
    if named:
        return any(_started(command, url) for command in named)
    import webbrowser  # looks for browsers, which takes a while

    try:
        found = webbrowser.get()
    except webbrowser.Error:
        return False
    name = getattr(found, "basename", "") or os.path.basename(getattr(found, "name", "") or "")
    return name not in _IN_TERMINAL and found.open(url)


def _started(command: str, url: str) -> bool:
    words = shlex.split(command, posix=os.name == "posix")
    if not words or os.path.basename(words[0]) in _IN_TERMINAL:
        return False
    given = "%s" in command
    line = [word.replace("%s", url) for word in words] if given else [*words, url]
    nothing = subprocess.DEVNULL
    try:
        started = subprocess.Popen(
            line, stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError:
        return False
    # Somebody has to take note of its end, or the system keeps a trace of it.
    threading.Thread(target=started.wait, name="wrangler-py-browser", daemon=True).start()
    return True
