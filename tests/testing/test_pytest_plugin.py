"""The fixture, in a pytest of its own: each mode, each way to name the script."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKER = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        if request.url.endswith("/boom"):
            raise ValueError("no")
        return Response(getattr(self.env, "NAME", "nobody"))
"""
TEST = """
{mark}
async def test_it(worker):
    response = await worker.get("/")
    assert await response.text() == {expected!r}
"""
AUTO = "[pytest]\nasyncio_mode = auto\nasyncio_default_fixture_loop_scope = function\n"
STRICT = AUTO.replace("auto", "strict")


@pytest.fixture
def project(tmp_path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "entry.py").write_text(WORKER)
    (tmp_path / "wrangler.jsonc").write_text(
        '{"name": "p", "main": "src/entry.py", "compatibility_date": "2026-11-01",'
        ' "compatibility_flags": ["python_workers"]}'
    )
    (tmp_path / "pytest.ini").write_text(AUTO)
    return tmp_path


def pytest_in(project: Path, *arguments: str) -> tuple[int, str]:
    """Run pytest there with the plugin, which an installed package brings by itself."""
    installed = any(
        point.value == "wrangler_py.pytest_plugin" for point in entry_points(group="pytest11")
    )
    plugin = [] if installed else ["-p", "wrangler_py.pytest_plugin"]
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *plugin, *arguments],
        cwd=project,
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def write_test(project: Path, mark: str = "", expected: str = "nobody") -> None:
    (project / "test_it.py").write_text("import pytest\n" + TEST.format(**locals()))


def test_the_main_of_the_configuration_runs(project):
    write_test(project)
    code, said = pytest_in(project, "-W", "error", "--strict-markers")
    assert code == 0, said


def test_strict_mode_needs_no_more_than_its_own_mark(project):
    (project / "pytest.ini").write_text(STRICT)
    write_test(project, "@pytest.mark.asyncio")
    code, said = pytest_in(project, "-W", "error")
    assert code == 0, said
    assert "1 passed" in said


def test_it_gets_along_with_pytest_aiohttp(project):
    pytest.importorskip("pytest_aiohttp")
    (project / "test_it.py").write_text(
        "from aiohttp import web\n"
        "async def test_both(worker, aiohttp_client):\n"
        "    client = await aiohttp_client(web.Application())\n"
        "    assert (await client.get('/')).status == 404\n"
        "    assert (await worker.get('/')).status == 200\n"
    )
    code, said = pytest_in(project, "-W", "error")
    assert code == 0, said
    assert "1 passed" in said


def test_a_marker_names_another_script_and_options(project):
    (project / "other.py").write_text(WORKER.replace("nobody", "other"))
    write_test(project, "@pytest.mark.worker('other.py')", "other")
    code, said = pytest_in(project)
    assert code == 0, said
    write_test(project, "@pytest.mark.worker(vars={'NAME': 'Ada'})", "Ada")
    code, said = pytest_in(project)
    assert code == 0, said


def test_the_ini_file_may_name_the_script(project):
    (project / "wrangler.jsonc").unlink()
    (project / "pytest.ini").write_text(AUTO + "worker_entry = src/entry.py\n")
    write_test(project)
    code, said = pytest_in(project)
    assert code == 0, said


def test_the_project_is_found_from_another_folder(project):
    write_test(project)
    (project / "deeper").mkdir()
    (project / "test_it.py").rename(project / "deeper" / "test_it.py")
    code, said = pytest_in(project / "deeper", "-c", str(project / "pytest.ini"))
    assert code == 0, said


def test_an_uncaught_exception_fails_the_run_and_shows_the_users_line(project):
    (project / "test_it.py").write_text(
        "async def test_it(worker):\n    assert (await worker.get('/boom')).status == 500\n"
    )
    code, said = pytest_in(project)
    assert code == 1, said
    assert "1 passed, 1 error" in said
    assert 'raise ValueError("no")' in said
    assert "ValueError: no" in said
    assert "uncaught in fetch of the worker p" in said


def test_a_unit_test_imports_a_module_of_the_worker(project):
    (project / "src" / "words.py").write_text(
        "from js import URL\nfrom workers import Response\n"
        "def host(url): return URL.new(url).host\n"
    )
    (project / "pytest.ini").write_text(AUTO + "pythonpath = src\n")
    (project / "test_it.py").write_text(
        "from words import host\ndef test_it():\n    assert host('http://a.b/c') == 'a.b'\n"
    )
    code, said = pytest_in(project, "-W", "error")
    assert code == 0, said


def test_without_a_configuration_the_message_says_what_to_do(project):
    (project / "wrangler.jsonc").unlink()
    write_test(project)
    code, said = pytest_in(project)
    assert code == 1
    assert "no script was named, and there is no configuration here or above" in said


def test_without_pytest_asyncio_other_tests_run_on(project):
    (project / "test_it.py").write_text("def test_mine(): pass\ndef test_it(worker): pass\n")
    code, said = pytest_in(project, "-p", "no:asyncio", "-p", "no:aiohttp", "-k", "mine")
    assert code == 0, said


def test_a_project_that_is_no_worker_is_left_alone(tmp_path):
    (tmp_path / "test_it.py").write_text(
        "import sys\ndef test_it():\n"
        "    assert 'js' not in sys.modules\n"
        "    assert not any('facades' in type(f).__module__ for f in sys.meta_path)\n"
        "    assert 'wrangler_py.testing' not in sys.modules\n"
    )
    code, said = pytest_in(tmp_path)
    assert code == 0, said
