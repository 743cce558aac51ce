"""The page of chat-room in real browsers, while its Worker changes underneath."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .processes import ROOT, Dev, dev

pytestmark = pytest.mark.once

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser")
expect = sync_api.expect

CONSTRUCTED = "        super().__init__(ctx, env)\n        print('constructed')\n"
MINT = "There is also mint, from the garden; it has been growing over the fence all summer."


@contextmanager
def chat_room(folder: Path) -> Iterator[Dev]:
    """`pywrangler dev` in a copy of the template, which a test may change."""
    project = Path(shutil.copytree(ROOT / "templates" / "chat-room", folder / "project"))
    with dev("--hibernate-after", "0.2", cwd=project, folder=folder) as running:
        yield running


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Dev]:
    """Serves the template as it is to all tests that change nothing."""
    with chat_room(tmp_path_factory.mktemp("chat-room")) as running:
        yield running


@pytest.fixture
def own(tmp_path) -> Iterator[Dev]:
    with chat_room(tmp_path) as running:
        yield running


@pytest.fixture
def room(request) -> str:
    """Each test has a room of its own."""
    return request.node.name.removeprefix("test_").replace("_", "-")[:32]


@pytest.fixture
def join(visitors, room):
    def come(at, name, **options):
        """Somebody who has come in; `sockets` are those that their page has opened."""
        page = visitors.come(f"{at.url}/room/{room}", **options)
        page.sockets = []
        page.on("websocket", lambda socket: page.sockets.append(socket))
        page.get_by_role("textbox", name="Your name").fill(name)
        page.get_by_role("button", name="Join").click()
        expect(page.locator("#status")).to_have_text("connected")
        return page

    return come


def say(page, text):
    page.get_by_role("textbox", name="Message").fill(text)
    page.get_by_role("button", name="Send").click()


def texts(page):
    return expect(page.locator("#log .text"))


def people(page):
    return expect(page.locator("#people li span:not(.face)"))


def save(at, project, old, new):
    """Change the script; the new code is there when this returns."""
    script = project / "src" / "room.py"
    source = script.read_text()
    assert old in source
    script.write_text(source.replace(old, new))
    at.wait_said("updated and ready")


def test_two_people_chat(served, join, picture):
    ada = join(served, "Ada")
    bob = join(served, "Bob")
    expect(ada.locator("#log .note")).to_have_text("Bob has joined")
    people(ada).to_have_text(["Ada (you)", "Bob"])
    say(ada, "Hello Bob, is the kettle on?")
    say(bob, "It is.\nGreen or black?")
    say(bob, MINT)
    for page in (ada, bob):
        texts(page).to_have_text(["Hello Bob, is the kettle on?", "It is.\nGreen or black?", MINT])
    picture(ada, "chat-ada")
    picture(bob, "chat-bob")


def test_markup_is_shown_as_it_was_written(served, join, room):
    ada, bob = join(served, "<i>Ada</i>"), join(served, "Bob")
    say(ada, "<img src=x onerror=\"document.title='broken'\">")
    texts(bob).to_have_text("<img src=x onerror=\"document.title='broken'\">")
    expect(bob.locator("#log .by b")).to_have_text("<i>Ada</i>")
    assert bob.locator("#log img, #log i, #people i").count() == 0
    assert bob.title() == f"#{room}"


def test_a_save_while_both_are_there_needs_no_new_connection(own, join, tmp_path):
    ada, bob = join(own, "Ada"), join(own, "Bob")
    say(ada, "before")
    texts(bob).to_have_text("before")
    save(
        own,
        tmp_path / "project",
        "deserializeAttachment(), text)",
        "deserializeAttachment(), text.upper())",
    )
    say(bob, "after")
    texts(ada).to_have_text(["before", "AFTER"])
    texts(bob).to_have_text(["before", "AFTER"])
    assert (len(ada.sockets), len(bob.sockets)) == (1, 1)
    people(ada).to_have_text(["Ada (you)", "Bob"])


def test_a_room_that_has_slept_goes_on(own, join, tmp_path):
    save(own, tmp_path / "project", "        super().__init__(ctx, env)\n", CONSTRUCTED)
    ada, bob = join(own, "Ada"), join(own, "Bob")
    say(ada, "good night")
    texts(bob).to_have_text("good night")
    constructed = own.said.count("constructed")
    ada.wait_for_timeout(1000)  # it sleeps after 0.2 s
    say(bob, "good morning")
    texts(ada).to_have_text(["good night", "good morning"])
    assert own.said.count("constructed") == constructed + 1
    assert (len(ada.sockets), len(bob.sockets)) == (1, 1)


def test_who_leaves_is_gone_from_the_list(served, join):
    ada, bob = join(served, "Ada"), join(served, "Bob")
    people(ada).to_have_text(["Ada (you)", "Bob"])
    bob.close()
    people(ada).to_have_text(["Ada (you)"])
    expect(ada.locator("#log .note").last).to_have_text("Bob has left")


def test_history_name_and_connection_come_back_with_the_server(own, join, tmp_path):
    ada = join(own, "Ada")
    say(ada, "remember this")
    texts(ada).to_have_text("remember this")
    port = own.url.rpartition(":")[2]
    own.stop()
    expect(ada.locator("#status")).to_contain_text("trying again")
    expect(ada.get_by_role("button", name="Send")).to_be_disabled()
    (tmp_path / "again").mkdir()
    with dev(cwd=tmp_path / "project", folder=tmp_path / "again", port=port):
        expect(ada.locator("#status")).to_have_text("connected")
        say(ada, "and this")
        texts(ada).to_have_text(["remember this", "and this"])
        ada.reload()
        texts(ada).to_have_text(["remember this", "and this"])


def test_the_name_and_the_room_can_be_changed(served, join):
    ada = join(served, "Ada")
    ada.get_by_role("button", name="You are Ada").click()
    ada.get_by_role("textbox", name="Your name").fill("Countess")
    ada.get_by_role("button", name="Join").click()
    people(ada).to_have_text(["Countess (you)"])
    ada.get_by_role("button", name="You are Countess").click()
    ada.get_by_role("textbox", name="Room").fill("engine")
    ada.get_by_role("button", name="Join").click()
    ada.wait_for_url(f"{served.url}/room/engine")
    people(ada).to_have_text(["Countess (you)"])


def test_it_is_as_good_in_the_dark_on_a_small_screen(served, join, picture):
    small = {"width": 360, "height": 640}
    ada = join(served, "Ada", viewport=small, color_scheme="dark")
    grace = join(served, "Grace Hopper, Rear Admiral, USN", color_scheme="dark")
    say(grace, "A ship in port is safe; but that is not what ships are built for.")
    say(ada, "https" + "a" * 80)
    texts(ada).to_have_count(2)
    assert ada.evaluate("document.documentElement.scrollWidth") <= 360
    picture(ada, "chat-dark-small")
    picture(grace, "chat-dark")


def test_the_first_visit_asks_for_a_name(visitors, served, picture):
    page = visitors.come(served.url)
    expect(page.get_by_role("dialog", name="Join the chat")).to_be_visible()
    expect(page.get_by_role("textbox", name="Your name")).to_be_focused()
    picture(page, "chat-join")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type("Ada")
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Message")).to_be_focused()
    expect(page.locator("#status")).to_have_text("connected")
    page.keyboard.type("typed")
    page.keyboard.press("Enter")
    texts(page).to_have_text("typed")
