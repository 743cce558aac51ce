"""Each template, as `pywrangler init` writes it: it runs, its own tests pass, its code is tidy."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import aiohttp.web
import pytest

from wrangler_py.cli.scaffold import create_project, list_templates, templates_folder
from wrangler_py.config import Overrides, load_config
from wrangler_py.testing import run_worker

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(list_templates())


def run(*command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )


@pytest.fixture(params=TEMPLATES)
def project(request, tmp_path, monkeypatch) -> Path:
    """A new project out of each template."""
    monkeypatch.chdir(tmp_path)
    create_project(Path("my-worker"), request.param)
    return tmp_path / "my-worker"


def test_there_are_the_three():
    assert {"hello", "websocket-client", "websocket-template"} <= set(TEMPLATES)


def test_its_own_tests_pass(project):
    installed = any(
        point.value == "wrangler_py.pytest_plugin" for point in entry_points(group="pytest11")
    )
    plugin = [] if installed else ["-p", "wrangler_py.pytest_plugin"]
    done = run("pytest", "-W", "error", "-p", "no:cacheprovider", *plugin, cwd=project)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


async def test_it_runs(project):
    async with run_worker(folder=project) as worker:
        assert worker.config.name == "my-worker"
        async with worker.get("/") as response:
            assert response.status == 200
        assert worker.logs == []


def test_its_code_is_tidy(project):
    if find_spec("ruff") is None:
        pytest.skip("ruff is part of the `dev` extra")
    # By the rules of ruff itself: whoever starts a project has no configuration yet.
    for command in (("check", "--isolated"), ("format", "--check", "--isolated")):
        done = run("ruff", *command, "--no-cache", ".", cwd=project)
        assert done.returncode == 0, done.stdout


def test_its_configuration_needs_no_remark(project, capsys):
    config = load_config(Overrides(), project)
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert config.main == project / "src" / "entry.py"
    assert config.cloudflare_only == {}


def test_nothing_of_the_template_is_left_in_it(project, request):
    template = request.node.callspec.params["project"]
    description = tomllib.loads((project / "pyproject.toml").read_text())
    assert description["project"]["name"] == "my-worker"
    assert (project / "README.md").read_text().startswith("# my-worker\n")
    assert f'"{template}"' not in (project / "wrangler.jsonc").read_text()


def test_its_tools_are_those_of_a_cloudflare_project_and_ours(project):
    groups = tomllib.loads((project / "pyproject.toml").read_text())["dependency-groups"]
    names = {requirement.split(">")[0].split("[")[0] for requirement in groups["dev"]}
    assert {"wrangler-py", "pytest", "pytest-asyncio", "workers-py"} <= names


def test_its_readme_names_what_it_is_tested_and_deployed_with(project):
    readme = (project / "README.md").read_text()
    for command in ("pywrangler dev", "pytest", "pywrangler deploy"):
        assert f"`{command}`" in readme


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_page_asks_for_anything_from_elsewhere(template):
    for path in (templates_folder() / template / "src").rglob("*"):
        if path.is_file() and path.suffix in (".py", ".html", ".css", ".js"):
            text = path.read_text(encoding="utf-8")
            assert "https://" not in text, path
            assert "src=" not in text, path


async def test_the_relay_passes_a_close_on_from_the_server(tmp_path, monkeypatch, aiohttp_server):
    async def close_at_once(request):
        socket = aiohttp.web.WebSocketResponse()
        await socket.prepare(request)
        await socket.close(code=4002, message=b"full")
        return socket

    app = aiohttp.web.Application()
    app.router.add_get("/", close_at_once)
    target = str((await aiohttp_server(app)).make_url("/")).replace("http:", "ws:")
    monkeypatch.chdir(tmp_path)
    create_project(Path("relay"), "websocket-client")
    async with run_worker(folder="relay", vars={"TARGET_URL": target}) as worker:
        async with asyncio.timeout(5), worker.ws_connect("/relay") as socket:
            messages = [message.data async for message in socket]
        assert messages == [f"connected to {target.replace('ws:', 'http:')}"]
        assert socket.close_code == 4002
