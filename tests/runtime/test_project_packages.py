"""A script imports what `pywrangler sync` installed, and its own modules before that."""

from __future__ import annotations

from wrangler_py.packages import installed

SCRIPT = """
import synced_one
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response(synced_one.WHOSE)
"""


async def test_a_package_that_was_installed_is_imported(bench):
    folder = installed(bench.folder).folder
    folder.mkdir(parents=True)
    (folder / "synced_one.py").write_text("WHOSE = 'installed'")
    bench.load(SCRIPT)
    assert await bench.text() == "installed"


async def test_a_module_of_the_script_s_own_goes_before_it(bench):
    folder = installed(bench.folder).folder
    folder.mkdir(parents=True)
    (folder / "synced_one.py").write_text("WHOSE = 'installed'")
    bench.write("synced_one.py", "WHOSE = 'own'")
    bench.load(SCRIPT)
    assert await bench.text() == "own"
