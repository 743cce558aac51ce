from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from wrangler_py.reload.running import Announcement, find_running


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


@pytest.fixture
def port(listener) -> int:
    return listener.getsockname()[1]


def announce(root: Path, port: int, **changes: object) -> Path:
    Announcement(root).write(f"http://127.0.0.1:{port}", port, "chat")
    file = root / ".wrangler" / "dev" / f"{port}.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
    return file


def test_a_server_is_found_from_below(tmp_path, port):
    announce(tmp_path, port)
    below = tmp_path / "src" / "deep"
    below.mkdir(parents=True)
    found = find_running(below)
    assert found
    assert (found.url, found.port) == (f"http://127.0.0.1:{port}", port)
    assert (found.worker, found.root, found.pid) == ("chat", tmp_path, os.getpid())


def test_the_nearest_project_wins_and_the_port_chooses(tmp_path, port):
    with socket.create_server(("127.0.0.1", 0)) as other:
        outer = other.getsockname()[1]
        announce(tmp_path, outer)
        inner = tmp_path / "inner"
        announce(inner, port)
        found = [find_running(inner), find_running(inner, outer), find_running(inner, 1)]
    assert [server and server.port for server in found] == [port, outer, None]


def test_of_several_in_one_project_the_newest_wins(tmp_path, port):
    with socket.create_server(("127.0.0.1", 0)) as other:
        newer = other.getsockname()[1]
        announce(tmp_path, port, started=1000)
        announce(tmp_path, newer, started=2000)
        found = find_running(tmp_path)
    assert found
    assert found.port == newer


def test_a_dead_process_is_not_found_though_somebody_listens_there(tmp_path, port):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    announce(tmp_path, port, pid=dead.pid)
    assert find_running(tmp_path) is None


def test_where_nobody_listens_is_not_found_though_the_process_is_alive(tmp_path, listener, port):
    announce(tmp_path, port)
    listener.close()
    assert find_running(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"url": 1}'])
def test_a_file_that_is_not_ours_is_passed_over(tmp_path, port, text):
    announce(tmp_path, port).with_name("x.json").write_text(text)
    assert find_running(tmp_path) is not None


def test_what_is_taken_back_leaves_nothing(tmp_path, port):
    announcement = Announcement(tmp_path)
    announcement.write("http://x", port, "chat")
    announcement.remove()
    assert list(tmp_path.iterdir()) == []
    announcement.remove()


def test_what_others_keep_there_stays(tmp_path, port):
    state = tmp_path / ".wrangler" / "state"
    state.mkdir(parents=True)
    announcement = Announcement(tmp_path)
    announcement.write("http://x", port, "chat")
    announcement.remove()
    assert list((tmp_path / ".wrangler").iterdir()) == [state]


def test_a_place_that_cannot_be_written_to_stops_nobody(tmp_path):
    (tmp_path / ".wrangler").write_text("a file")
    announcement = Announcement(tmp_path)
    announcement.write("http://x", 1, "chat")
    announcement.remove()
