"""`--live-reload` in a real browser."""

from __future__ import annotations

import pytest

from .processes import dev

pytestmark = pytest.mark.once

WORKER = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        VERSION
        return Response("<!doctype html><h1>VERSION</h1>", headers={"Content-Type": "text/html"})
"""


def version(text, line=""):
    return WORKER.replace("        VERSION\n", line).replace("VERSION", text)


def test_a_page_follows_the_code(visitors, tmp_path):
    expect = pytest.importorskip("playwright.sync_api").expect
    script, public = tmp_path / "entry.py", tmp_path / "public"
    script.write_text(version("one"))
    public.mkdir()
    (public / "style.html").write_text("<p>first")
    options = ("entry.py", "--live-reload", "--assets", "public")
    with dev(*options, cwd=tmp_path, folder=tmp_path) as served:
        page, files = visitors.come(served.url), visitors.come(served.url + "/style")
        expect(page.locator("h1")).to_have_text("one")
        script.write_text(version("two", "        raise ValueError('not yet')\n"))
        expect(page.locator("h1")).to_have_text("ValueError: not yet")
        script.write_text(version("three"))
        expect(page.locator("h1")).to_have_text("three")
        expect(files.locator("p")).to_have_text("first")
        (public / "style.html").write_text("<p>second")
        expect(files.locator("p")).to_have_text("second")
