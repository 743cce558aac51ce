"""The error page in a real browser: what a developer sees between a mistake and its correction."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from .processes import Dev, dev

pytestmark = pytest.mark.once

GOOD = """
from workers import Response, WorkerEntrypoint

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        return Response("<!doctype html><h1>It works</h1>", headers={"Content-Type": "text/html"})
"""
FAILING = """
from workers import Response, WorkerEntrypoint

def price(order):
    api_token = "tok-123456"
    return order["amount"] * order["count"]

class Default(WorkerEntrypoint):
    async def fetch(self, request):
        order = {"amount": 3, "name": "<b>tea</b>"}
        try:
            return Response(str(price(order)))
        except KeyError as exc:
            raise ValueError("no price for this order") from exc
"""


@pytest.fixture
def script(tmp_path) -> Path:
    path = tmp_path / "entry.py"
    path.write_text(textwrap.dedent(FAILING))
    return path


@pytest.fixture
def served(script, tmp_path) -> Iterator[Dev]:
    with dev("entry.py", cwd=tmp_path, folder=tmp_path) as running:
        yield running


@pytest.fixture
def expect():
    return pytest.importorskip("playwright.sync_api").expect


def asked_hosts(page) -> set[str]:
    """The hosts that the page asks from now on."""
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    return hosts


def test_it_shows_the_error_its_line_and_its_variables(visitors, served, expect, picture):
    page = visitors.come(served.url + "/buy?q=1&key=k-987")
    expect(page.locator("h1")).to_have_text("ValueError: no price for this order")
    expect(page.locator("header")).to_contain_text("Answered by version 1, loaded ")
    marked = page.locator("mark")
    expect(marked.first).to_have_text('raise ValueError("no price for this order") from exc')
    expect(page.get_by_text("Caused by: KeyError: 'count'")).to_be_visible()
    expect(marked.nth(1)).to_have_text('order["count"]')
    order = page.locator("td", has_text="{'amount': 3, 'name': '<b>tea</b>'}").nth(1)
    expect(order).to_be_hidden()
    page.get_by_text("Local variables").nth(1).click()
    expect(order).to_be_visible()
    picture(page, "error-page")
    variables = "".join(page.locator("details").all_text_contents())
    assert "api_token" in variables
    assert "tok-123456" not in variables
    assert "k-987" not in page.content()


def test_it_needs_nobody_but_itself(visitors, served, expect):
    page = visitors.come(served.url)
    hosts = asked_hosts(page)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.reload()
    expect(page.locator("h1")).to_contain_text("ValueError")
    assert hosts == {served.url.removeprefix("http://")}
    # The browser says that the answer was a 500, and nothing about the page.
    assert [text for text in complaints if "500" not in text] == []


@pytest.mark.parametrize(
    ("scheme", "is_dark"), [("dark", True), ("light", False)], ids=["dark", "light"]
)
def test_it_is_dark_or_light_as_the_developer_is(visitors, served, picture, scheme, is_dark):
    page = visitors.come(served.url, color_scheme=scheme)
    style = page.evaluate_handle("getComputedStyle(document.body)")
    colors = [style.evaluate(f"style => style.{name}") for name in ("backgroundColor", "color")]
    background, text = (sum(map(int, color[4:-1].split(", "))) for color in colors)
    assert (background < text) is is_dark
    picture(page, f"error-page-{scheme}")


def test_it_fits_a_small_screen_and_works_without_scripts(visitors, served, expect):
    page = visitors.come(
        served.url, viewport={"width": 360, "height": 700}, java_script_enabled=False
    )
    expect(page.locator("h1")).to_contain_text("ValueError")
    page.get_by_text("Local variables").first.click()
    expect(page.get_by_role("rowheader", name="order").first).to_be_visible()
    expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    box = page.locator("main").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 360


def test_the_traceback_is_copied(visitors, served, expect):
    page = visitors.come(served.url, permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("PythonError: Traceback (most recent call last):")


def test_from_a_mistake_to_its_correction(visitors, served, script, expect, picture):
    script.write_text(GOOD)
    served.wait_said("updated and ready|reloaded")
    page = visitors.come(served.url)
    expect(page.locator("h1")).to_have_text("It works")
    script.write_text(GOOD.replace("request):", "request:"))
    served.wait_said("could not be loaded")
    page.reload()
    expect(page.locator("h1")).to_have_text("It works")
    expect(page.get_by_role("alert")).to_contain_text("SyntaxError")
    picture(page, "error-page-banner")
    script.write_text(GOOD.replace("It works", "It works again"))
    page.wait_for_function("fetch('/').then(r => r.text()).then(t => t.includes('again'))")
    page.reload()
    expect(page.locator("h1")).to_have_text("It works again")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_code_that_never_loaded_is_shown_until_it_does(visitors, tmp_path, expect, picture):
    script = tmp_path / "entry.py"
    script.write_text(GOOD.replace("request):", "request:"))
    running = Dev("entry.py", cwd=tmp_path, folder=tmp_path)
    try:
        running.wait_said(r"http://localhost:\d+")
        url = running.said.split("http://localhost:")[1].split(",")[0].split()[0]
        page = visitors.come(f"http://localhost:{url}")
        expect(page.locator("h1")).to_contain_text("SyntaxError")
        expect(page.locator("header")).to_contain_text("did not load")
        expect(page.locator("mark").first).to_have_text("(")
        picture(page, "error-page-load")
        script.write_text(GOOD)
        running.wait_ready()
        page.reload()
        expect(page.locator("h1")).to_have_text("It works")
    finally:
        running.process.kill()
        running.process.wait(timeout=5)
