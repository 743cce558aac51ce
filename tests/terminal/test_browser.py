"""Which browser is started, and which never is."""

from __future__ import annotations

import os
import sys
import time
import webbrowser
from pathlib import Path

import pytest

from wrangler_py.terminal.browser import open_page

URL = "http://localhost:8787/?a=1&b=2"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its scripts are others")


@pytest.fixture
def note(tmp_path) -> Path:
    return tmp_path / "note"


def script(folder: Path, note: Path, name: str = "browser") -> str:
    """A browser that writes down what it was asked for, and waits."""
    path = folder / name
    path.write_text(f'#!/bin/sh\necho "$@" > {note}.part; mv {note}.part {note}; exec sleep 1\n')
    path.chmod(0o755)
    return str(path)


def read(note: Path) -> str:
    deadline = time.monotonic() + 10
    while not note.exists():
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return note.read_text().strip()


def test_the_one_that_is_named_gets_the_address_and_is_not_waited_for(tmp_path, note):
    began = time.monotonic()
    assert open_page(URL, {"BROWSER": script(tmp_path, note)})
    assert time.monotonic() - began < 0.9
    assert read(note) == URL


def test_the_address_goes_where_the_command_says(tmp_path, note):
    assert open_page(URL, {"BROWSER": f"{script(tmp_path, note)} --new %s --quiet"})
    assert read(note) == f"--new {URL} --quiet"


def test_the_first_that_can_be_started_is(tmp_path, note):
    named = os.pathsep.join(["", "w3m", str(tmp_path / "missing"), script(tmp_path, note)])
    assert open_page(URL, {"BROWSER": named})
    assert read(note) == URL


@pytest.mark.parametrize("name", ["lynx", "w3m", "/usr/bin/elinks", "links -g"])
def test_one_that_draws_in_the_terminal_is_none(name):
    assert not open_page(URL, {"BROWSER": name})


def test_without_a_name_the_library_finds_one(monkeypatch):
    opened = []

    class Found:
        name = basename = "firefox"

        def open(self, url: str) -> bool:
            opened.append(url)
            return True

    monkeypatch.setattr(webbrowser, "get", Found)
    assert open_page(URL, {})
    Found.basename = "w3m"
    assert not open_page(URL, {})
    assert opened == [URL]


def test_without_any_browser_it_says_so(monkeypatch):
    def get() -> None:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", get)
    assert not open_page(URL, {})
