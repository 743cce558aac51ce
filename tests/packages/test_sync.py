"""`pywrangler sync`: what is declared can be imported by a Worker, and by nobody else."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from wrangler_py.cli.main import run
from wrangler_py.packages import installed, read_declared
from wrangler_py.packages.install import _installer
from wrangler_py.packages.vendored import foreign_names
from wrangler_py.reload.advice import tell_lacking
from wrangler_py.runtime.project_packages import provide_packages

from .wheels import wheel

pytestmark = pytest.mark.once


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project whose dependencies come from wheels beside it."""
    wheel(tmp_path / "wheels", "inner_one", "1.0", "WORD = 'inner'")
    wheel(tmp_path / "wheels", "outer_one", "1.0", "from inner_one import WORD", ("inner_one",))
    wheel(tmp_path / "wheels", "outer_one", "2.0", "WORD = 'newer'")
    for name in ("PIP_NO_INDEX", "UV_NO_INDEX"):
        monkeypatch.setenv(name, "1")
    for name in ("PIP_FIND_LINKS", "UV_FIND_LINKS"):
        monkeypatch.setenv(name, str(tmp_path / "wheels"))
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    yield folder
    provide_packages(tmp_path, ())


def declare(project: Path, *requirements: str) -> None:
    text = f'[project]\nname = "x"\nversion = "1"\ndependencies = {json.dumps(requirements)}\n'
    (project / "pyproject.toml").write_text(text)


def test_what_is_declared_is_installed_beside_the_project_with_what_it_needs(project, capfd):
    declare(project, "outer_one<2")
    assert run(["sync"]) == 0
    folder = installed(project).folder
    assert folder.is_relative_to(project / ".wrangler" / "packages")
    assert (folder / "outer_one.py").read_text() == "from inner_one import WORD"
    assert (folder / "inner_one.py").is_file()
    assert importlib.util.find_spec("outer_one") is None
    provide_packages(project, ())
    assert importlib.util.find_spec("outer_one") is not None
    capfd.readouterr()

    written = installed(project).stamp.stat().st_mtime_ns
    assert run(["sync"]) == 0
    assert "Nothing changed" in capfd.readouterr().out
    assert installed(project).stamp.stat().st_mtime_ns == written

    declare(project, "outer_one")
    assert run(["sync"]) == 0
    assert (folder / "outer_one.py").read_text() == "WORD = 'newer'"
    assert not (folder / "inner_one.py").exists()


def test_a_failure_leaves_what_was_installed_and_says_what_the_installer_said(project, capfd):
    folder = installed(project).folder
    folder.mkdir(parents=True)
    (folder / "kept.py").touch()
    declare(project, "there_is_no_such_package")
    assert run(["sync"]) == 1
    out, err = capfd.readouterr()
    assert "there_is_no_such_package" in out
    assert "the packages could not be installed" in err
    assert str(project / "pyproject.toml") in err
    assert [each.name for each in folder.iterdir()] == ["kept.py"]
    assert [each.name for each in folder.parent.iterdir()] == [folder.name]


def test_without_dependencies_nothing_is_asked_for(project, monkeypatch):
    monkeypatch.setattr("wrangler_py.packages.install._installer", lambda: 1 / 0)
    declare(project)
    assert run(["sync", "--force"]) == 0
    assert installed(project).are(read_declared(project))


def test_without_an_installer_it_says_what_brings_one(project, monkeypatch, capfd):
    monkeypatch.setattr("wrangler_py.packages.install.find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "")
    declare(project, "outer_one")
    assert run(["sync"]) == 2
    assert "-m ensurepip` brings pip" in capfd.readouterr().err


def test_uv_installs_where_there_is_no_pip(monkeypatch):
    monkeypatch.setattr("wrangler_py.packages.install.find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: "/bin/uv")
    assert _installer()[:3] == ["/bin/uv", "pip", "install"]
    assert _installer()[-2:] == ["--python", sys.executable]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "there is no pyproject.toml"),
        ("[project\n", "cannot be read"),
        ('[project]\ndependencies = "x"\n', "must be a list of strings"),
    ],
)
def test_what_is_wrong_is_said(project, capfd, text, message):
    if text is not None:
        (project / "pyproject.toml").write_text(text)
    assert run(["sync"]) == 2
    assert message in capfd.readouterr().err


def test_dev_tells_what_is_declared_and_not_there(project, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("wrangler_py.reload.advice.log.warn_once", told.append)
    declare(project, "aiohttp>=3", "outer_one[x]>=1", 'never_here; sys_platform == "x"')
    tell_lacking([project, project])
    (warning,) = told
    assert warning == (
        "pyproject.toml declares outer_one, which cannot be imported here: "
        "`pywrangler sync` installs it"
    )
    told.clear()
    declare(project, "aiohttp>=3")
    tell_lacking([project])
    assert told == []
    installed(project).folder.mkdir(parents=True)
    tell_lacking([project])
    assert told == ["pyproject.toml has changed since `pywrangler sync`: run it again"]


def test_a_copy_for_pyodide_gives_way_to_one_for_this_python(project):
    vendored = project / "python_modules"
    (vendored / "two_faced").mkdir(parents=True)
    (vendored / "two_faced" / "__init__.py").touch()
    (vendored / "two_faced" / "core.cpython-313-wasm32-emscripten.so").touch()
    (vendored / "plain_one.py").touch()
    assert foreign_names(vendored) == {"two_faced"}
    sys.path.insert(0, str(vendored))
    provide_packages(project, [str(vendored)])
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.util.find_spec("two_faced")
    assert "`pywrangler sync` installs it" in caught.value.__notes__[0]
    assert importlib.util.find_spec("plain_one") is not None

    own = installed(project).folder
    own.mkdir(parents=True)
    (own / "two_faced.py").touch()
    provide_packages(project, [str(vendored)])
    found = importlib.util.find_spec("two_faced")
    assert found is not None
    assert found.origin == str(own / "two_faced.py")
