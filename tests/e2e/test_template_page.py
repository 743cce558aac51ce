"""The page of websocket-template in a real browser, while its Worker changes underneath."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from .processes import ROOT, Dev, dev

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser")

BROWSER = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = """
    --headless --no-sandbox --disable-gpu --disable-quic --no-first-run
    --disable-background-networking --disable-component-update --disable-sync
""".split()

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(BROWSER is None, reason="there is no chromium here"),
]


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def project(tmp_path) -> Path:
    return Path(shutil.copytree(ROOT / "templates" / "websocket-template", tmp_path / "project"))


@pytest.fixture
def served(project, tmp_path) -> Iterator[Dev]:
    with dev(cwd=project, folder=tmp_path) as running:
        yield running


@pytest.fixture
def page(browser, served):
    context = browser.new_context(viewport={"width": 900, "height": 800})
    context.set_default_timeout(10_000)
    sync_api.expect.set_options(timeout=10_000)
    opened = context.new_page()
    opened.wrong = []  # what the browser's console complains about
    opened.on("pageerror", lambda error: opened.wrong.append(str(error)))
    opened.goto(served.url)
    status(opened).to_have_text("connected")
    yield opened
    assert opened.wrong == []
    context.close()


def status(page):
    return sync_api.expect(page.locator("#status"))


def count(page):
    return sync_api.expect(page.locator("#count"))


def button(page, name):
    return page.get_by_role("button", name=name)


def take_picture(page, name: str) -> None:
    """For a person to look at, if SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_clicks_are_counted_by_the_worker(page):
    count(page).to_have_text("0")
    button(page, "Click me").click()
    button(page, "Click me").click()
    count(page).to_have_text("2")
    lines = page.locator("#log li")
    sync_api.expect(lines).to_have_count(2)
    sync_api.expect(lines.first).to_contain_text('{"type":"count","count":2}')
    assert page.locator("#log time").first.inner_text().count(":") == 2
    take_picture(page, "clicked")


def test_an_unknown_message_is_shown_as_an_error_until_the_next_click(page):
    alert = sync_api.expect(page.get_by_role("alert"))
    button(page, "Send an unknown message").click()
    alert.to_have_text("Unknown message: dance")
    take_picture(page, "error")
    button(page, "Click me").click()
    alert.to_be_empty()


def test_the_connection_is_closed_and_opened_again(page):
    button(page, "Click me").click()
    button(page, "Close the connection").click()
    status(page).to_have_text("closed")
    sync_api.expect(button(page, "Click me")).to_be_disabled()
    take_picture(page, "closed")
    button(page, "Connect again").click()
    status(page).to_have_text("connected")
    button(page, "Click me").click()
    count(page).to_have_text("1")


def test_after_a_save_the_next_click_is_answered_by_the_new_code(page, project, served):
    button(page, "Click me").click()
    count(page).to_have_text("1")
    script = project / "src" / "entry.py"
    script.write_text(script.read_text().replace("clicks += 1", "clicks += 100"))
    served.wait_said("updated and ready")
    status(page).to_have_text("connected")
    button(page, "Click me").click()
    count(page).to_have_text("100")


def test_a_save_that_does_not_load_leaves_the_page_connected(page, project, served):
    button(page, "Click me").click()
    script = project / "src" / "entry.py"
    good = script.read_text()
    script.write_text(good + "\ndef broken(:\n")
    served.wait_said("could not be loaded")
    button(page, "Click me").click()
    count(page).to_have_text("2")
    page.reload()
    sync_api.expect(page.get_by_text("The last save did not load")).to_be_visible()
    take_picture(page, "broken")
    script.write_text(good.replace("clicks += 1", "clicks += 7"))
    served.wait_said("updated and ready")
    status(page).to_have_text("connected")
    button(page, "Click me").click()
    count(page).to_have_text("7")


def test_the_page_comes_back_when_the_server_does(page, project, served, tmp_path):
    port = served.url.rpartition(":")[2]
    served.stop()
    status(page).to_contain_text("trying again")
    sync_api.expect(button(page, "Click me")).to_be_disabled()
    (tmp_path / "again").mkdir()
    with dev(cwd=project, folder=tmp_path / "again", port=port):
        status(page).to_have_text("connected")
        button(page, "Click me").click()
        count(page).to_have_text("1")


def test_it_is_as_good_in_the_dark_on_a_small_screen(browser, served):
    context = browser.new_context(
        viewport={"width": 360, "height": 700}, color_scheme="dark", reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(served.url)
    status(page).to_have_text("connected")
    button(page, "Click me").click()
    count(page).to_have_text("1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    take_picture(page, "dark")
    context.close()
