"""The fixture, in a pytest of its own: each mode, each way to name the script.

One run answers several tests: a pytest takes a second to start.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
import asyncio
from workers import DurableObject, Response, WorkerEntrypoint

CALLS = 0

class Room(DurableObject):
    def greet(self, name):
        return f"{self.env.GREETING}, {name}!"

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        global CALLS
        CALLS += 1
        if request.url.endswith("/boom"):
            raise ValueError("no")
        if request.url.endswith("/later"):
            self.ctx.waitUntil(self.later())
        return Response(getattr(self.env, "NAME", "nobody"))

    async def later(self):
        await asyncio.sleep(0.05)
        raise ValueError("too late")
"""
WORDS = """
from js import URL
from workers import Response

def host(url):
    return URL.new(url).host
"""
CONFIG = """{
  "name": "p", "main": "src/entry.py", "compatibility_date": "2026-11-01",
  "compatibility_flags": ["python_workers"]
}"""
INI = """[pytest]
asyncio_mode = auto
asyncio_default_fixture_loop_scope = function
"""
TESTS = """
import pytest
from aiohttp import web

async def text(worker):
    return await (await worker.get("/")).text()

async def test_main_of_the_configuration(worker):
    assert await text(worker) == "nobody"

@pytest.mark.worker("other.py")
async def test_another_script(worker):
    assert await text(worker) == "other"

@pytest.mark.worker(vars={"NAME": "Ada"})
async def test_options(worker):
    assert await text(worker) == "Ada"

async def test_beside_pytest_aiohttp(worker, aiohttp_client):
    client = await aiohttp_client(web.Application())
    assert (await client.get("/")).status == 404
    assert await text(worker) == "nobody"

def test_a_module_of_the_worker_is_imported():
    from words import host
    assert host("http://a.b/c") == "a.b"

async def test_uncaught_in_the_background(worker):
    assert (await worker.get("/later")).status == 200

def test_a_module_that_is_no_main():
    import words
    assert words.__name__ == "words"

def test_an_object_is_made_and_called():
    from types import SimpleNamespace
    from unittest.mock import Mock
    from entry import Room
    room = Room(Mock(), SimpleNamespace(GREETING="Hi"))
    assert room.greet("Ada") == "Hi, Ada!"

def test_a_response_is_made():
    from workers import Response
    assert Response("x", status=201).status == 201

async def test_what_is_imported_meanwhile_is_the_running_workers(worker):
    import entry
    assert entry.CALLS == 0
    assert await text(worker) == "nobody"
    assert entry.CALLS == 1

def test_what_was_imported_before_is_another():
    from entry import CALLS
    assert CALLS == 0

async def test_uncaught(worker):
    assert (await worker.get("/boom")).status == 500
"""


@dataclass
class Run:
    code: int
    said: str

    def outcomes(self, name: str) -> list[str]:
        """What the summary says of a test: PASSED, FAILED, ERROR."""
        return re.findall(rf"^([A-Z]+) test_it\.py::{name}\b", self.said, re.MULTILINE)


def pytest_in(project: Path, *arguments: str) -> Run:
    """Run pytest there with the plugin, which an installed package brings by itself."""
    installed = any(
        point.value == "wrangler_py.pytest_plugin" for point in entry_points(group="pytest11")
    )
    plugin = [] if installed else ["-p", "wrangler_py.pytest_plugin"]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", *plugin, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    return Run(done.returncode, done.stdout + done.stderr)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_dot_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


@pytest.fixture(scope="module")
def configured(tmp_path_factory) -> Run:
    """A project with a configuration, in auto mode."""
    pytest.importorskip("pytest_aiohttp")
    project = write(
        tmp_path_factory.mktemp("configured"),
        src__entry_dot_py=WORKER,
        src__words_dot_py=WORDS,
        other_dot_py=WORKER.replace("nobody", "other"),
        wrangler_dot_jsonc=CONFIG,
        pytest_dot_ini=INI,
        test_it_dot_py=TESTS,
    )
    return pytest_in(project, "-W", "error", "--strict-markers")


@pytest.mark.parametrize(
    "name",
    [
        "test_main_of_the_configuration",
        "test_another_script",
        "test_options",
        "test_beside_pytest_aiohttp",
        "test_a_module_of_the_worker_is_imported",
        "test_a_module_that_is_no_main",
        "test_an_object_is_made_and_called",
        "test_a_response_is_made",
        "test_what_is_imported_meanwhile_is_the_running_workers",
        "test_what_was_imported_before_is_another",
    ],
)
def test_in_a_project_with_a_configuration(configured, name):
    assert configured.outcomes(name) == ["PASSED"], configured.said


def test_an_uncaught_exception_fails_the_test_and_shows_the_users_line(configured):
    assert configured.outcomes("test_uncaught") == ["FAILED"], configured.said
    assert configured.code == 1
    assert "running.py" not in configured.said
    assert 'raise ValueError("no")' in configured.said
    assert "uncaught in fetch of GET /" in configured.said


def test_what_fails_in_the_background_is_an_error_when_the_worker_ends(configured):
    outcomes = configured.outcomes("test_uncaught_in_the_background")
    assert outcomes == ["PASSED", "ERROR"], configured.said
    assert 'raise ValueError("too late")' in configured.said


def test_strict_mode_and_an_ini_option_that_names_the_script(tmp_path):
    write(
        tmp_path,
        src__entry_dot_py=WORKER,
        pytest_dot_ini=INI.replace("auto", "strict") + "worker_entry = src/entry.py\n",
        test_it_dot_py="import pytest\n@pytest.mark.asyncio\nasync def test_strict(worker):\n"
        "    assert await (await worker.get('/')).text() == 'nobody'\n",
    )
    run = pytest_in(tmp_path, "-W", "error")
    assert run.outcomes("test_strict") == ["PASSED"], run.said
    assert run.code == 0


def test_a_project_that_is_no_worker_is_left_alone_and_told_what_the_fixture_needs(tmp_path):
    write(
        tmp_path,
        pytest_dot_ini=INI,
        test_it_dot_py="import sys\n"
        "def test_alone():\n"
        "    assert 'js' not in sys.modules\n"
        "    assert not any('facades' in type(f).__module__ for f in sys.meta_path)\n"
        "    assert 'wrangler_py.testing' not in sys.modules\n"
        "async def test_needs(worker): pass\n",
    )
    run = pytest_in(tmp_path)
    assert run.outcomes("test_alone") == ["PASSED"], run.said
    assert run.outcomes("test_needs") == ["ERROR"]
    assert "no script was named, and there is no configuration here or above" in run.said


def test_without_pytest_asyncio_other_tests_run_on(tmp_path):
    write(tmp_path, test_it_dot_py="def test_mine(): pass\ndef test_needs(worker): pass\n")
    code = (
        "import sys\n"
        "class Hidden:\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'pytest_asyncio': raise ImportError(name)\n"
        "sys.meta_path.insert(0, Hidden())\n"
        "import pytest, wrangler_py.pytest_plugin as plugin\n"
        "sys.exit(pytest.main(['-rA'], plugins=[plugin]))\n"
    )
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    run = Run(done.returncode, done.stdout + done.stderr)
    assert run.outcomes("test_mine") == ["PASSED"], run.said
    assert "the `worker` fixture needs pytest-asyncio" in run.said


def test_several_workers_below_one_root_each_have_their_tests(tmp_path):
    for name in ("one", "two"):
        write(
            tmp_path / name,
            src__entry_dot_py=WORKER.replace("nobody", name),
            wrangler_dot_jsonc=CONFIG,
            **{
                f"tests__test_{name}_dot_py": "async def test_it(worker):\n"
                f"    assert await (await worker.fetch('/')).text() == '{name}'\n"
            },
        )
    write(tmp_path, pytest_dot_ini=INI + "addopts = --import-mode=importlib\n")
    run = pytest_in(tmp_path, "-W", "error")
    assert "2 passed" in run.said, run.said


def test_the_plugin_can_be_left_out(tmp_path):
    write(
        tmp_path,
        src__entry_dot_py=WORKER,
        wrangler_dot_jsonc=CONFIG,
        pytest_dot_ini=INI,
        test_it_dot_py="import sys\ndef test_alone():\n    assert 'js' not in sys.modules\n",
    )
    run = pytest_in(tmp_path, "-p", "no:wrangler_py", "-p", "no:wrangler_py.pytest_plugin")
    assert run.outcomes("test_alone") == ["PASSED"], run.said


IMPORTS = """
import sys
import pytest
before = set(sys.modules)
import wrangler_py.pytest_plugin
print(sorted({name for name in set(sys.modules) - before}))
"""


def test_whoever_has_no_worker_pays_for_one_module():
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=50,
        check=True,
    )
    assert done.stdout.strip() == "['wrangler_py', 'wrangler_py.pytest_plugin']"


def test_processes_of_xdist_do_not_disturb_each_other(tmp_path):
    pytest.importorskip("xdist")
    write(
        tmp_path,
        src__entry_dot_py=WORKER,
        wrangler_dot_jsonc=CONFIG,
        pytest_dot_ini=INI,
        test_it_dot_py="import pytest\n@pytest.mark.parametrize('n', range(8))\n"
        "async def test_it(worker, n):\n"
        "    assert await (await worker.fetch('/')).text() == 'nobody'\n",
    )
    run = pytest_in(tmp_path, "-W", "error", "-n", "2")
    assert "8 passed" in run.said, run.said
