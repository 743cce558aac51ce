from __future__ import annotations

import pytest

from wrangler_py.check import Severity, check
from wrangler_py.config import Overrides, load_config

BASE = "from workers import WorkerEntrypoint, DurableObject, Response\n"


CONNECTS = """import socket
s = socket.socket()
try:
    s.connect(("127.0.0.1", 9))
finally:
    s.close()
"""


@pytest.mark.parametrize(
    ("source", "code", "line", "said"),
    [
        ("x = 1\nraise ValueError('no')\n", "load", 2, "ValueError: no"),
        ("import js\nx = js.fetch('http://x').y\n", "io-at-import", 2, "js.fetch"),
        (CONNECTS, "io-at-import", 4, "connect while"),
        ("import sys\nsys.exit('bye')\n", "load", 2, "SystemExit: bye"),
        ("from js import NoSuchThing\n", "load", 1, "cannot import name"),
        ("import src.other\n", "load", 1, "No module named 'src'"),
        ("def f():\n    import os\n    return os.urandom(1)\n", None, 0, ""),
    ],
)
def test_what_loading_raises_is_found_at_its_line(checked, source, code, line, said):
    found = [one for one in checked(source).findings if one.severity is Severity.ERROR]
    assert [(one.code, one.line) for one in found] == ([(code, line)] if code else [])
    assert all(said in one.message for one in found)


def test_what_a_module_prints_is_kept(checked, capfd):
    checked("import sys\nprint('hello')\nimport asyncio\nasync def f(): pass\nf()\n")
    assert capfd.readouterr() == ("", "")


def test_a_failure_in_another_module_is_found_there(checked, places):
    report = checked("import other\n", {"other.py": "\n1 / 0\n"})
    assert places(report) == [("load", "other.py", 2)]


def test_a_process_that_the_source_does_not_show_is_found_when_it_starts(checked, places):
    source = "import subprocess, sys\nrun = getattr(subprocess, 'run')\n"
    found = places(checked(source + "run([sys.executable, '-c', ''])\n"))
    assert found == [("processes", "entry.py", 3)]


def test_a_package_that_is_not_installed_is_a_warning(checked):
    report = checked("import surely_not_installed_here\n")
    by_code = {one.code: one for one in report.findings}
    assert by_code["load"].severity is Severity.WARNING
    assert "not installed here" in by_code["load"].message


def test_a_syntax_error_is_found_once_in_every_file_that_is_imported(checked, places):
    report = checked("import a\n", {"a.py": "import b\n", "b.py": "x = (\n"})
    assert places(report) == [("syntax", "b.py", 1)]
    assert report.errors == 1


def test_a_syntax_error_that_nothing_imports_is_a_warning(checked):
    report = checked("", {"draft.py": "def\n"})
    assert [(one.code, one.severity.value) for one in report.findings] == [("syntax", "warning")]


def test_a_syntax_error_in_the_main_module_is_the_only_finding(checked, places):
    assert places(checked("import curses\nx = = 1\n")) == [("syntax", "entry.py", 2)]


def test_installed_packages_and_hidden_folders_are_not_the_projects(checked):
    files = {"python_modules/x.py": "def", ".venv/y.py": "def", "env/z.py": "def"}
    assert checked("", {**files, "env/pyvenv.cfg": ""}).findings == []


# What the module exports.

HANDLERS = [
    ("x = 1\n", [("missing-handler", 1)]),
    ("class Default:\n    pass\n", [("missing-handler", 1)]),
    (BASE + "class Default(WorkerEntrypoint):\n    pass\n", [("no-fetch", 2)]),
    (BASE + "class Default(WorkerEntrypoint):\n    async def add(self, a): return a\n", []),
    (BASE + "class Default(WorkerEntrypoint):\n    async def queue(self, *a): pass\n", []),
    ("async def on_fetch(request, env): pass\n", [("legacy-handler", 1)]),
    ("x = 1\nasync def fetch(request): pass\n", [("legacy-handler", 2)]),
]


@pytest.mark.parametrize(("source", "expected"), HANDLERS)
def test_a_worker_needs_a_handler(checked, source, expected):
    found = [(one.code, one.line) for one in checked(source, handler="").findings]
    assert found == expected


def test_a_worker_of_durable_objects_alone_is_a_warning(checked):
    (one,) = checked(BASE + "class Room(DurableObject): pass\n", handler="").findings
    assert (one.code, one.severity) == ("missing-handler", Severity.WARNING)


def test_an_old_date_knows_handlers_at_module_level(checked):
    source = "from workers import Response\nasync def on_fetch(request):\n    return Response('')\n"
    assert checked(source, handler="", compatibility_date="2025-06-01").findings == []


def test_a_script_without_a_configuration_is_checked_alone(checked, tmp_path):
    checked("f = lambda: input()\n", {"broken.py": "def"})
    (tmp_path / "wrangler.json").unlink()
    report = check(lambda: load_config(Overrides(script=tmp_path / "entry.py"), tmp_path))
    assert [(one.code, one.path.name) for one in report.findings] == [
        ("terminal-input", "entry.py")
    ]
    assert report.files == 1
