"""Code comes in fresh, whole, or not at all."""

from __future__ import annotations

import os
import sys

import pytest

from wrangler_py.errors import ScriptError
from wrangler_py.js.errors import JsException

ENTRY = """
    from workers import Response, WorkerEntrypoint
    from helper import text
    class Default(WorkerEntrypoint):
        async def fetch(self, request):
            return Response(text())
    """


async def test_siblings_and_packages_are_found_beside_the_script(bench):
    bench.write("package/__init__.py", "")
    bench.write("package/inner.py", "def text(): return 'from the package'")
    bench.write("helper.py", "from package.inner import text")
    bench.load(ENTRY)
    assert await bench.text() == "from the package"


async def test_a_saved_sibling_is_read_again_within_the_same_second(bench):
    helper = bench.write("helper.py", "def text(): return 'one'")
    bench.load(ENTRY)
    before = helper.stat()
    helper.write_text("def text(): return 'two'")
    os.utime(helper, ns=(before.st_atime_ns, before.st_mtime_ns))
    bench.load()
    assert await bench.text() == "two"


async def test_a_handler_may_import_late(bench):
    bench.write("late.py", "value = 'late'")
    bench.load("""
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                import late
                return Response(late.value)
        """)
    assert await bench.text() == "late"


async def test_a_failed_load_leaves_the_last_good_modules(bench):
    bench.write("helper.py", "def text(): return 'good'")
    bench.load(ENTRY)
    good = sys.modules["helper"]
    bench.write("helper.py", "def text(): return 'bad'")
    bench.write("entry.py", "import helper\nraise RuntimeError('at import')")
    with pytest.raises(RuntimeError, match="at import"):
        bench.load()
    assert sys.modules["helper"] is good
    assert await bench.text() == "good"


async def test_a_failed_load_names_the_file_that_is_missing(bench):
    bench.write("entry.py", "import nowhere")
    with pytest.raises(ModuleNotFoundError) as caught:
        bench.load()
    assert bench.folder / "nowhere.py" in caught.value.__wrangler_files__


async def test_a_file_that_is_not_utf_8_is_named(bench):
    helper = bench.write("helper.py", "")
    helper.write_bytes(b"def text():\n    return 'caf\xe9'\n")
    with pytest.raises(SyntaxError, match="codec can't decode byte 0xe9") as caught:
        bench.load(ENTRY)
    assert caught.value.filename == str(helper)


async def test_an_import_through_src_gets_productions_note(bench):
    bench.write("entry.py", "import src.helper")
    with pytest.raises(ModuleNotFoundError) as caught:
        bench.load()
    assert "statement shouldn't include a 'src.' prefix" in caught.value.__notes__[0]


async def test_data_that_is_opened_at_import_belongs_to_the_code(bench):
    data = bench.write("page.html", "<p>hello")
    worker = bench.load("""
        from pathlib import Path
        from workers import Response, WorkerEntrypoint
        PAGE = (Path(__file__).parent / "page.html").read_text()
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(PAGE)
        """)
    assert data in worker.code.files
    assert await bench.text() == "<p>hello"


async def test_a_vendored_sdk_wins(bench):
    bench.write(
        "python_modules/workers/__init__.py",
        """
        from js import Response
        class WorkerEntrypoint:
            def __init__(self, ctx, env): self.env = env
        class DurableObject: pass
        class WorkflowEntrypoint: pass
        def handler(function): return function
        def python_from_rpc(value): return value
        def python_to_rpc(value): return value
        VENDORED = True
        """,
    )
    try:
        bench.load("""
            import workers
            class Default(workers.WorkerEntrypoint):
                async def fetch(self, request):
                    return workers.Response.new(str(workers.VENDORED))
            """)
        assert await bench.text() == "True"
    finally:
        (bench.folder / "python_modules").rename(bench.folder / "elsewhere")
        bench.load("x = 1")
    assert not hasattr(sys.modules["workers"], "VENDORED")


async def test_a_script_that_is_not_there_says_so(bench):
    with pytest.raises(ScriptError, match=r"entry\.py does not exist"):
        bench.load()


async def test_a_script_named_as_a_library_module_does_not_replace_it(bench):
    import json

    bench.write("json.py", "x = 1")
    bench.load("""
        import json
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(json.dumps([1]))
        """)
    assert await bench.text() == "[1]"
    assert sys.modules["json"] is json


@pytest.mark.parametrize("call", ["js.setTimeout(print, 5)", "js.crypto.randomUUID()"])
async def test_timers_and_random_values_are_refused_in_global_scope(bench, call):
    bench.write("entry.py", f"import js\n{call}")
    with pytest.raises(JsException, match="Disallowed operation called within global scope"):
        bench.load()


async def test_fetch_in_global_scope_is_a_rejected_promise(bench):
    bench.load("""
        import js
        from workers import Response, WorkerEntrypoint
        promise = js.fetch("http://test")
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                try:
                    await promise
                except Exception as error:
                    return Response(error.message)
        """)
    assert (await bench.text()).startswith("Disallowed operation called within global scope")


async def test_the_pyodide_of_the_compatibility_date_is_seen(bench):
    source = """
        import pyodide
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response(pyodide.__version__)
        """
    bench.load(source, compatibility_date="2025-10-01")
    assert await bench.text() == "0.28.2"
    bench.load(source, compatibility_date="2026-11-01")
    assert (await bench.text()).startswith("314.")
