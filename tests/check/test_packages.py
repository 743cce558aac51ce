from __future__ import annotations

import pytest

from wrangler_py.check import Severity
from wrangler_py.check.stdlib import read_data


def project(*dependencies: str) -> dict[str, str]:
    listed = "\n".join(f'  "{one}",' for one in dependencies)
    return {"pyproject.toml": f'[project]\nname = "p"\ndependencies = [\n{listed}\n]\n'}


def test_a_pure_package_that_is_declared_is_fine(checked):
    assert checked("import click\n", project("click>=8")).findings == []


def test_a_package_of_pyodide_is_fine_though_it_is_compiled(checked):
    assert checked("import aiohttp\n", project("aiohttp")).findings == []


def test_a_compiled_package_that_is_not_in_pyodide_is_found_where_it_is_declared(checked):
    (one,) = checked("import watchfiles\n", project("click", "watchfiles>=1")).findings
    assert (one.code, one.severity) == ("native-package", Severity.ERROR)
    assert (one.path.name, one.line, one.column) == ("pyproject.toml", 5, 4)


def test_a_compiled_package_that_a_dependency_brings_is_a_warning(checked, monkeypatch):
    monkeypatch.setattr(
        "wrangler_py.check.declared.metadata.requires",
        lambda name: {"click": ["watchfiles", "uvloop; extra == 'fast'"]}.get(name),
    )
    (one,) = checked("import click\n", project("click")).findings
    assert (one.code, one.severity) == ("native-package", Severity.WARNING)
    assert one.message.startswith("click brings watchfiles")


def test_requirements_for_other_platforms_are_not_followed(checked, monkeypatch):
    monkeypatch.setattr(
        "wrangler_py.check.declared.metadata.requires",
        lambda name: {"click": ["watchfiles; sys_platform == 'linux'"]}.get(name),
    )
    assert checked("import click\n", project("click")).findings == []


def test_an_import_that_nothing_brings_is_found(checked):
    (one,) = checked("import idna\n", project("click")).findings
    assert (one.code, one.severity, one.line) == ("undeclared-package", Severity.ERROR, 1)
    assert one.fix == 'add "idna" to `dependencies` in pyproject.toml'


def test_an_import_that_a_dependency_brings_is_fine(checked):
    assert checked("import yarl, multidict\n", project("aiohttp")).findings == []


def test_without_a_pyproject_an_import_is_a_warning(checked):
    (one,) = checked("import click\n").findings
    assert (one.code, one.severity) == ("undeclared-package", Severity.WARNING)


def test_what_may_be_missing_need_not_be_declared(checked):
    source = "try:\n    import idna\nexcept ImportError:\n    idna = None\n"
    assert checked(source, project("click")).findings == []


def test_a_dependency_that_is_unknown_is_a_warning(checked):
    report = checked("", project("surely-not-installed"))
    assert [(one.code, one.severity.value) for one in report.findings] == [
        ("unknown-package", "warning")
    ]


def test_a_dependency_of_pyodide_need_not_be_installed(checked):
    assert checked("", project("scikit-learn")).findings == []


def test_a_requirements_file_declares_as_well(checked):
    report = checked("import click\n", {"requirements.txt": "# ours\nclick==8.2 # pinned\n-r x\n"})
    assert report.findings == []


def test_a_vendored_package_needs_no_declaration(checked):
    files = {"python_modules/vendored_thing/__init__.py": "", **project("click")}
    assert checked("import vendored_thing\n", files).findings == []


@pytest.mark.parametrize(("magic", "count"), [(b"\x7fELF", 1), (b"\0asm", 0)])
def test_a_vendored_binary_must_be_webassembly(checked, tmp_path, magic, count):
    folder = tmp_path / "python_modules" / "thing"
    folder.mkdir(parents=True)
    (folder / "fast.so").write_bytes(magic + b"rest")
    found = checked("").findings
    assert [one.code for one in found] == ["native-package"] * count


def test_time_zones_come_with_a_package(checked):
    source = "from zoneinfo import ZoneInfo\nf = lambda: ZoneInfo('Europe/Berlin')\n"
    assert [one.code for one in checked(source).findings] == ["time-zones"]
    assert checked(source, project("tzdata")).findings == []


@pytest.mark.parametrize("profile", ["0.26", "0.28.2", "314"])
def test_the_tables_know_every_pyodide(profile):
    assert {"tkinter", "curses", "venv"} <= set(read_data("stdlib.json")["missing"][profile])
    assert read_data("pyodide_packages.json")[profile]
    assert "numpy" in read_data("pyodide_packages.json")["every"]
