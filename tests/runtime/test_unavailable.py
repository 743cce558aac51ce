"""Threads and processes that a script starts itself."""

from __future__ import annotations

import sys

import pytest

from wrangler_py.log import log

SCRIPT = """
import asyncio, subprocess, sys, threading
from concurrent.futures import ThreadPoolExecutor
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        {line}
        return Response("done")
"""
LINE = SCRIPT.splitlines().index("        {line}") + 1


@pytest.fixture
def warnings(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(log, "warn", lambda text, **_: said.append(text))
    return said


THREAD = "a thread is started here; on Cloudflare that fails (RuntimeError: can't start new thread)"
PROCESS = "a process is started here; on Cloudflare that fails (OSError: [Errno 138] Not supported)"
threads = pytest.mark.skipif(sys.version_info < (3, 12), reason="Python 3.11 tells of no threads")
POINTED_OUT = [
    pytest.param("t = threading.Thread(target=int); t.start()", THREAD, marks=threads),
    pytest.param("ThreadPoolExecutor(1).submit(int).result()", THREAD, marks=threads),
    ("subprocess.run([sys.executable, '-c', ''])", PROCESS),
]


@pytest.mark.parametrize(("line", "warning"), POINTED_OUT)
async def test_the_line_is_pointed_out_once(bench, warnings, line, warning):
    bench.load(SCRIPT.replace("{line}", line))
    assert [await bench.text(), await bench.text()] == ["done", "done"]
    assert warnings == [f"{bench.folder / 'entry.py'}:{LINE}: {warning}"]


LEFT_ALONE = [
    "await asyncio.to_thread(int)",
    "await asyncio.get_running_loop().run_in_executor(None, int)",
]


@pytest.mark.parametrize("line", LEFT_ALONE)
async def test_what_works_in_production_is_left_alone(bench, warnings, line):
    bench.load(SCRIPT.replace("{line}", line))
    assert await bench.text() == "done"
    assert warnings == []


async def test_a_librarys_threads_are_its_own_affair(bench, warnings):
    library = bench.folder / "python_modules" / "site-packages" / "lib_with_threads.py"
    library.parent.mkdir(parents=True)
    library.write_text(
        "import threading\ndef work():\n    t = threading.Thread(target=int)\n"
        "    t.start()\n    t.join()\n"
    )
    line = f"sys.path.append({str(library.parent)!r}); import lib_with_threads as l; l.work()"
    bench.load(SCRIPT.replace("{line}", line))
    assert await bench.text() == "done"
    assert warnings == []
