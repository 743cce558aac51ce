"""Completion as shells do it: bash (and zsh, fish where they are) run our script for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wrangler_py.cli import run
from wrangler_py.cli.complete import NAMES, SHELLS

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def commands(tmp_path_factory) -> Path:
    """A folder with our commands, as pip would install them."""
    folder: Path = tmp_path_factory.mktemp("bin")
    for name in NAMES:
        path = folder / name
        path.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m wrangler_py "$@"\n')
        path.chmod(0o755)
    return folder


@pytest.fixture
def project(tmp_path) -> Path:
    for name in (
        "worker.py",
        "work.txt",
        "src/entry.py",
        ".hidden.py",
        "wrk/x",
        "__pycache__/w.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    return tmp_path


def asked(shell: str, words: list[str], project: Path, command: Path | None = None) -> list[str]:
    """What click's protocol answers, as values."""
    line = [str(command)] if command else [sys.executable, "-m", "wrangler_py"]
    before = {"COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    if shell == "fish":
        before["COMP_CWORD"] = words[-1]
    done = subprocess.run(
        line,
        cwd=project,
        env={
            **os.environ,
            **before,
            "PYTHONPATH": str(ROOT),
            "_PYWRANGLER_COMPLETE": f"{shell}_complete",
        },
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    if shell in ("zsh", "powershell"):
        return done.stdout.splitlines()[1::3]
    return [line.split(",", 1)[1].split("\t")[0] for line in done.stdout.splitlines() if line]


LINES = [
    (["d"], ["d1", "dev", "delete", "deploy"]),
    (["ty"], ["types"]),
    (["whoa"], ["whoami"]),
    (["dev", "--hib"], ["--hibernate-after"]),
    (["dev", "--log-level", ""], ["debug", "log", "info", "warn", "error", "none"]),
    (["dev", "w"], ["worker.py", "wrk/"]),
    (["dev", "src/"], ["src/entry.py"]),
    (["types", "--pa"], ["--path"]),
    (["init", "--template", "chat"], ["chat-room"]),
    (["init", "-t", "websocket-"], ["websocket-client", "websocket-template"]),
    (["complete", "p"], ["powershell"]),
    (["nonsense", "x"], []),
]


@pytest.mark.parametrize(("words", "expected"), LINES, ids=lambda words: " ".join(words))
def test_what_may_come_next_is_known(words, expected, project):
    found = asked("bash", ["pywrangler", *words], project)
    if words == ["d"]:
        found = [each for each in found if each in expected]
    assert found == expected


@pytest.mark.parametrize("shell", ["zsh", "fish", "powershell"])
def test_every_shell_gets_the_same_answers(shell, project):
    words = ["pywrangler", "init", "--template", "websocket-"]
    assert asked(shell, words, project) == ["websocket-client", "websocket-template"]


BASH = """
source <({command} complete bash)
COMP_WORDS=({words}); COMP_CWORD={last}
compopt() {{ :; }}
function=$(complete -p {name} | sed 's/.*-F \\([^ ]*\\).*/\\1/')
$function {name}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["vers"], ["versions"]),
        (["dev", "--log-level", "wa"], ["warn"]),
        (["dev", "w"], ["worker.py", "wrk/"]),
    ],
    ids=lambda words: " ".join(words),
)
def test_bash_completes_both_commands(name, words, expected, project, commands):
    if shutil.which("bash") is None:
        pytest.skip("there is no bash here")
    text = BASH.format(command=name, name=name, words=" ".join([name, *words]), last=len(words))
    assert shell_says(["bash", "--norc", "-c", text], project, commands) == expected


ZSH = """
autoload -Uz compinit && compinit -D
eval "$({name} complete zsh)"
whence -w _{function}_completion
"""


@pytest.mark.parametrize("name", NAMES)
def test_zsh_takes_the_script(name, project, commands):
    if shutil.which("zsh") is None:
        pytest.skip("there is no zsh here")
    function = name.replace("-", "_")
    text = ZSH.format(name=name, function=function)
    said = shell_says(["zsh", "-f", "-c", text], project, commands)
    assert said == [f"_{function}_completion: function"]


@pytest.mark.parametrize("name", NAMES)
def test_fish_completes_both_commands(name, project, commands):
    if shutil.which("fish") is None:
        pytest.skip("there is no fish here")
    text = f"{name} complete fish | source; complete -C '{name} vers'"
    said = shell_says(["fish", "--no-config", "-c", text], project, commands)
    assert [line.split("\t")[0] for line in said] == ["versions"]


def shell_says(line: list[str], project: Path, commands: Path) -> list[str]:
    path = os.pathsep.join([str(commands), os.environ["PATH"]])
    done = subprocess.run(
        line,
        cwd=project,
        env={**os.environ, "PATH": path, "HOME": str(project)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_for_every_name_of_the_command(shell, capsys):
    assert run(["complete", shell]) == 0
    script = capsys.readouterr().out
    assert f"{shell}_complete" in script
    marks = {
        "bash": "-F _{0}_completion {1}",
        "zsh": "compdef _{0}_completion {1}",
        "fish": "--command {1} ",
        "powershell": "-CommandName {1} ",
    }
    for name in NAMES:
        assert marks[shell].format(name.replace("-", "_"), name) in script


GUESSES = [
    ({"SHELL": "/usr/bin/zsh"}, ["zsh"]),
    ({"SHELL": "/opt/fish"}, ["fish"]),
    ({"PSModulePath": "x"}, ["powershell"]),
    ({"SHELL": "/bin/tcsh"}, [*SHELLS]),
    ({}, [*SHELLS]),
]


@pytest.mark.parametrize(("environ", "expected"), GUESSES)
def test_without_a_shell_it_says_what_to_put_where(environ, expected, capsys, monkeypatch):
    for name in ("SHELL", "PSModulePath"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert run(["complete"]) == 0
    said = capsys.readouterr().out
    assert [shell for shell in SHELLS if f"{shell}: add to " in said] == expected
    assert all(SHELLS[shell][0] in said for shell in expected)


def test_an_unknown_shell_is_a_mistake(capsys):
    assert run(["complete", "tcsh"]) == 2
    assert "tcsh" in capsys.readouterr().err


def test_completing_waits_for_nothing_that_serving_needs(project):
    code = (
        "import os, sys; os.environ['_PYWRANGLER_COMPLETE'] = 'bash_complete'\n"
        "os.environ.update(COMP_WORDS='pywrangler dev w', COMP_CWORD='2')\n"
        "from wrangler_py.cli import run\n"
        "try: run([])\n"
        "except SystemExit: pass\n"
        "heavy = {'aiohttp', 'watchfiles', 'workers', 'rich', 'cryptography'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
