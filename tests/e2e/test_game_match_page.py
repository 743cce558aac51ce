"""The page of game-match in real browsers: players, spectators, and the clock."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .processes import ROOT, Dev, dev

pytestmark = pytest.mark.once

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright drives the browser")
expect = sync_api.expect


@contextmanager
def game_match(folder: Path, *arguments: str) -> Iterator[Dev]:
    """`pywrangler dev` in a copy of the template, which a test may change."""
    project = Path(shutil.copytree(ROOT / "templates" / "game-match", folder / "project"))
    with dev("--hibernate-after", "0.2", *arguments, cwd=project, folder=folder) as running:
        yield running


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Dev]:
    """Serves the template as it is to all tests that change nothing."""
    with game_match(tmp_path_factory.mktemp("game-match")) as running:
        yield running


@pytest.fixture
def come(visitors):
    def open_page(url, **options):
        """Somebody who has opened a match; `sockets` are those that their page has opened."""
        page = visitors.come(
            "about:blank", **{"viewport": {"width": 700, "height": 800}, **options}
        )
        page.sockets = []
        page.on("websocket", lambda socket: page.sockets.append(socket))
        page.goto(url)
        expect(page.locator("#status")).to_contain_text("connected")
        return page

    return open_page


@pytest.fixture
def players(served, come):
    """Two who have met in a new match."""
    x = come(served.url)
    return x, come(x.url)


def says(page):
    return expect(page.locator("#now"))


def board(page):
    """What the cells of the board hold, by their labels."""
    labels = [cell.get_attribute("aria-label") for cell in page.locator("#board button").all()]
    return "".join(label.split()[-1].replace("free", ".") for label in labels)


def put(page, row, column):
    page.get_by_role("button", name=f"Row {row}, column {column}: free").click()


def is_put(page, row, column, mark):
    cell = page.get_by_role("button", name=f"Row {row}, column {column}: {mark}")
    expect(cell.locator("svg")).to_be_visible()


def test_a_game_is_played_to_a_win(served, come, players, picture):
    x, o = players
    third = come(x.url)
    says(x).to_have_text("Your turn")
    says(o).to_have_text("It is X's turn")
    turns = [(x, 2, 2), (o, 1, 1), (x, 1, 3), (o, 3, 1), (x, 1, 2), (o, 2, 1)]
    for player, row, column in turns[:5]:
        says(player).to_have_text("Your turn")
        put(player, row, column)
    says(o).to_have_text("Your turn")
    picture(o, "game-turn")
    put(o, *turns[5][1:])
    says(o).to_have_text("You have won")
    says(x).to_have_text("O has won")
    says(third).to_have_text("O has won")
    for page in (x, o, third):
        assert board(page) == "OXXOX.O.."
        expect(page.locator("#board .won")).to_have_count(3)
    picture(x, "game-lost")
    picture(third, "game-watched")


def test_after_a_game_there_is_another_one(players):
    x, o = players
    for player, row, column in ((x, 1, 1), (o, 2, 1), (x, 1, 2), (o, 2, 2), (x, 1, 3)):
        says(player).to_have_text("Your turn")
        put(player, row, column)
    says(x).to_have_text("You have won")
    x.get_by_role("button", name="Play again").click()
    says(o).to_have_text("Your turn")
    assert board(o) == "." * 9
    put(o, 2, 2)
    is_put(x, 2, 2, "O")


def test_two_tabs_of_one_browser_are_two_players(served, come, picture):
    first = come(served.url)
    says(first).to_have_text("Waiting for somebody to play with")
    picture(first, "game-waiting")
    with first.context.expect_page() as opened:
        first.get_by_role("link", name="Open it in a second tab").click()
    second = opened.value
    says(second).to_have_text("It is X's turn")
    says(first).to_have_text("Your turn")
    first.reload()
    says(first).to_have_text("Your turn")
    put(first, 1, 1)
    says(second).to_have_text("Your turn")


def test_it_is_played_with_the_keyboard(players):
    x, o = players
    x.get_by_role("button", name="Row 1, column 1").focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        x.keyboard.press(key)
    is_put(o, 2, 2, "X")
    assert x.get_by_role("button", name="Row 2, column 2: X").evaluate(
        "cell => cell === document.activeElement"
    )


def test_a_player_who_is_away_is_waited_for(come, players, picture):
    x, o = players
    put(x, 2, 2)
    o.goto("about:blank")
    expect(x.locator("#clock")).to_have_text(re.compile(r"O is away, and loses in \d+ s"))
    picture(x, "game-away")
    third = come(x.url)
    says(third).to_have_text("It is O's turn")
    o.go_back()
    says(o).to_have_text("Your turn")
    expect(x.locator("#clock")).to_have_text(re.compile(r"\d+ s left"))


def test_a_free_seat_can_be_taken_by_who_watches(tmp_path, come):
    with game_match(tmp_path, "--var", "AWAY_SECONDS:0.1") as quick:
        x = come(quick.url)
        o, third = come(x.url), come(x.url)
        o.close()
        says(x).to_have_text("O has left: you have won")
        x.get_by_role("button", name="Play again").click()
        third.get_by_role("button", name="Take the free seat").click()
        says(third).to_have_text("Your turn")


def test_a_match_ends_when_nobody_moves(tmp_path, come):
    with game_match(tmp_path, "--var", "MOVE_SECONDS:1.5") as quick:
        x = come(quick.url)
        o = come(x.url)
        says(x).to_have_text("You took too long: O has won")
        says(o).to_have_text("X took too long: you have won")


def test_a_save_in_the_middle_of_a_game_needs_no_new_connection(tmp_path, come):
    with game_match(tmp_path) as own:
        x = come(own.url)
        o = come(x.url)
        put(x, 2, 2)
        is_put(o, 2, 2, "X")
        rules = tmp_path / "project" / "src" / "game.py"
        source = rules.read_text()
        assert "It is not your turn" in source
        rules.write_text(
            source.replace('ending: str = ""', 'ending: str = ""\n    saved: str = ""')
        )
        own.wait_said("updated and ready")
        put(o, 1, 1)
        is_put(x, 1, 1, "O")
        assert board(x) == "O...X...."
        assert (len(x.sockets), len(o.sockets)) == (1, 1)


def test_it_is_as_good_in_the_dark_on_a_small_screen(served, come, picture):
    small = {"width": 360, "height": 640}
    x = come(served.url, viewport=small, color_scheme="dark")
    o = come(x.url, viewport=small, color_scheme="dark")
    put(x, 2, 2)
    says(o).to_have_text("Your turn")
    put(o, 1, 3)
    is_put(x, 1, 3, "O")
    assert x.evaluate("document.documentElement.scrollWidth") <= 360
    picture(x, "game-dark-small")
