"""Files beside a script: those that go to Cloudflare with it are there, others are not."""

from __future__ import annotations

import pytest

from wrangler_py.config.modules import Modules, Rule
from wrangler_py.log import log

SCRIPT = """
import importlib.resources
from pathlib import Path
from workers import Response, WorkerEntrypoint

HERE = Path(__file__).parent

def read(path):
    with open(path) as file:
        return file.read()

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        try:
            return Response(str({expression}))
        except OSError as exc:
            return Response(f"{type(exc).__name__} {exc.__notes__}")
"""


@pytest.fixture
def warnings(monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(log, "warn", lambda text, **_: said.append(text))
    return said


async def got(bench, expression: str, **config) -> str:
    for name in ("page.html", "deep/query.sql", "data.bin", "notes.json", "pack/text.txt"):
        bench.write(name, name)
    bench.write("pack/__init__.py", "")
    bench.write("python_modules/lib/data.json", "vendored")
    bench.load(SCRIPT.replace("{expression}", expression), **config)
    return await bench.text()


READS = [
    ("(HERE / 'page.html').read_text()", "page.html"),
    ("(HERE / 'data.bin').read_bytes()", "b'data.bin'"),
    ("read(HERE / 'deep/query.sql')", "deep/query.sql"),
    ("importlib.resources.files('pack').joinpath('text.txt').read_text()", "pack/text.txt"),
    ("(HERE / 'entry.py').read_text()[:7]", "\nimport"),
    ("read(HERE / 'python_modules/lib/data.json')", "vendored"),
]


@pytest.mark.parametrize(("expression", "answer"), READS)
async def test_what_the_default_rules_take_along_can_be_read(bench, warnings, expression, answer):
    assert await got(bench, expression) == answer
    assert warnings == []


async def test_another_file_is_not_found_and_the_rule_for_it_is_told(bench):
    assert await got(bench, "(HERE / 'notes.json').read_text()") == (
        "FileNotFoundError ['hint: no rule takes it to Cloudflare; this one would: "
        '"rules": [{"type": "Text", "globs": ["**/*.json"], "fallthrough": true}]\']'
    )


async def test_a_rule_takes_another_file_along(bench):
    rules = (*Modules().rules, Rule("Text", ("**/*.json",), True))
    text = await got(bench, "(HERE / 'notes.json').read_text()", modules=Modules(rules))
    assert text == "notes.json"


async def test_what_is_excluded_of_python_modules_is_not_found(bench):
    modules = Modules(excluded=("**/*.json",))
    text = await got(bench, "open(HERE / 'python_modules/lib/data.json')", modules=modules)
    assert "`python_modules.exclude` leaves it behind" in text


async def test_at_import_a_file_is_not_found_either(bench):
    bench.write("notes.json", "{}")
    with pytest.raises(FileNotFoundError):
        bench.load("from pathlib import Path\n(Path(__file__).parent / 'notes.json').read_text()")


async def test_a_relative_path_is_pointed_out(bench, warnings, monkeypatch):
    monkeypatch.chdir(bench.folder)
    assert await got(bench, "read('page.html')") == "page.html"
    (warning,) = warnings
    assert warning.endswith(
        ": page.html is looked for in the current folder; on Cloudflare that fails "
        "(FileNotFoundError: it is another one there. Say `Path(__file__).parent / ...`)"
    )


async def test_writing_beside_the_script_is_pointed_out(bench, warnings):
    await got(bench, "(HERE / 'log.txt').write_text('x')")
    assert [text.partition("log.txt ")[2] for text in warnings] == [
        "is written; on Cloudflare that fails (PermissionError: files beside a script stay)"
    ]


async def test_a_file_elsewhere_is_nobodys_business(bench, warnings, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "x.json"
    assert await got(bench, f"Path({str(other)!r}).write_text('x')") == "1"
    assert await got(bench, f"Path({str(other)!r}).read_text()") == "x"
    assert warnings == []


async def test_without_additional_modules_only_the_script_goes(bench):
    bench.write("other.py", "")
    with pytest.raises(ModuleNotFoundError, match="No module named 'other'") as caught:
        bench.load("import other", modules=Modules(finds=False))
    assert "find_additional_modules" in caught.value.__notes__[0]


async def test_a_module_that_no_rule_takes_along_is_not_found(bench):
    bench.write("lib/__init__.py", "")
    bench.write("other.py", "")
    rules = (Rule("PythonModule", ("lib/*.py",)),)
    bench.load("import lib\nasync def on_fetch(r): pass", modules=Modules(rules))
    with pytest.raises(ModuleNotFoundError, match="No module named 'other'"):
        bench.load("import other", modules=Modules(rules))
