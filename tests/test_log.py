from __future__ import annotations

import errno
import io
import json
from collections.abc import Iterator
from threading import Thread

import pytest

from wrangler_py import log as log_module
from wrangler_py.errors import ConfigError
from wrangler_py.log import Level, Log, Settings, wants_color


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def err() -> io.StringIO:
    return io.StringIO()


def make(out: io.StringIO, err: io.StringIO, **settings: object) -> Log:
    return Log(Settings(out=out, err=err, **settings))  # type: ignore[arg-type]


def objects(stream: io.StringIO) -> Iterator[dict[str, object]]:
    return map(json.loads, stream.getvalue().splitlines())


def test_the_ready_line_is_the_one_that_everybody_greps(out, err):
    make(out, err).ready("http://localhost:8787", port=8787)
    assert out.getvalue() == "[wrangler:info] Ready on http://localhost:8787\n"
    assert err.getvalue() == ""


def test_a_request_line_reads_as_wrangler_writes_it(out, err):
    make(out, err).request("GET", "/ws", 101, "Switching Protocols", 3.6)
    assert out.getvalue() == "[wrangler:info] GET /ws 101 Switching Protocols (4ms)\n"


@pytest.mark.parametrize(
    ("status", "tint"), [(101, 34), (200, 32), (302, 34), (404, 33), (500, 31)]
)
def test_a_status_has_the_colour_of_its_class(out, err, status, tint):
    make(out, err, color=True).request("GET", "/", status, "Why", 12)
    assert out.getvalue() == (
        "\033[32m[wrangler:info]\033[0m \033[1mGET\033[0m / "
        f"\033[1;{tint}m{status} Why\033[0m \033[90m(12ms)\033[0m\n"
    )


def test_the_request_that_a_websocket_began_with_has_its_number(out, err):
    make(out, err).request("GET", "/ws", 101, "Switching Protocols", 3.6, 3)
    assert out.getvalue() == "[wrangler:info] GET /ws 101 Switching Protocols (4ms) #3\n"


def test_a_reload_names_what_changed_but_not_all_of_it(out, err):
    log = make(out, err)
    log.reload(11.6)
    log.reload(12, ["src/entry.py"], "(1 WebSocket kept)")
    log.reload(13, ["a.py", "b.py", "c.py", "d.py", "e.py"])
    assert out.getvalue() == (
        "⎔ Local server updated and ready in 12 ms\n"
        "⎔ Local server updated and ready in 12 ms: src/entry.py (1 WebSocket kept)\n"
        "⎔ Local server updated and ready in 13 ms: a.py, b.py, c.py, 2 more\n"
    )


def test_what_other_threads_say_waits_while_a_person_types(out, err):
    log = make(out, err)

    def elsewhere() -> None:
        log.warn("from elsewhere")

    with log.held():
        thread = Thread(target=elsewhere)
        thread.start()
        thread.join()
        log.info("from here")
        assert out.getvalue() == "[wrangler:info] from here\n"
        assert err.getvalue() == ""
    assert err.getvalue() == "▲ [WARNING] from elsewhere\n"


def test_what_is_for_eyes_is_not_for_programs_and_the_other_way_round(out, err):
    for_eyes, for_programs = make(out, err), make(out, err, json=True)
    for_eyes.fact("opened", socket=1)
    for_programs.show("a table\n")
    for_programs.answer("a list")
    assert out.getvalue() == ""
    for_programs.fact("opened", socket=1)
    assert [(entry["event"], entry["socket"]) for entry in objects(out)] == [("opened", 1)]


def test_an_answer_is_given_at_every_level(out, err):
    log = make(out, err, level=Level.NONE)
    log.show("a table\n")
    log.answer("a list")
    assert out.getvalue() == "a list\n"


def test_the_banner_is_as_wide_as_its_name(out, err):
    make(out, err).banner("1.2.3")
    assert out.getvalue() == "\n ⛅️ wrangler-py 1.2.3\n─────────────────────\n"


def test_a_path_cannot_write_escapes_to_the_terminal(out, err):
    make(out, err).request("GET", "/\x1b[2J\n", 200, "OK", 1)
    assert out.getvalue() == "[wrangler:info] GET /\\x1b[2J\\n 200 OK (1ms)\n"


def test_a_status_without_reason_leaves_no_gap(out, err):
    make(out, err).request("GET", "/", 299, "", 1)
    assert out.getvalue() == "[wrangler:info] GET / 299 (1ms)\n"


def test_console_lines_are_bare_except_warnings_and_errors(out, err):
    log = make(out, err)
    for level in ("log", "info", "debug", "warn", "error"):
        log.console(level, f"a {level} line")
    assert out.getvalue() == "a log line\na info line\na debug line\n"
    assert err.getvalue() == "▲ [WARNING] a warn line\n✘ [ERROR] a error line\n"


def test_messages_carry_their_level(out, err):
    log = make(out, err, level=Level.DEBUG)
    log.debug("d")
    log.info("i")
    log.warn("w")
    log.error("e")
    assert out.getvalue() == "[wrangler:debug] d\n[wrangler:info] i\n"
    assert err.getvalue() == "▲ [WARNING] w\n✘ [ERROR] e\n"


def test_an_error_of_ours_is_one_block(out, err):
    make(out, err).failure(ConfigError("no `binding`", where="wrangler.toml:14", hint="add it"))
    assert err.getvalue() == "✘ [ERROR] no `binding`\n    at wrangler.toml:14\n    hint: add it\n"


def test_the_same_warning_is_said_once(out, err):
    log = make(out, err)
    log.warn_once("not read yet")
    log.warn_once("not read yet")
    log.warn_once("another")
    assert err.getvalue().count("▲") == 2


SHOWN = {
    Level.NONE: set(),
    Level.ERROR: {"error"},
    Level.WARN: {"error", "warn"},
    Level.INFO: {"error", "warn", "info", "ready", "request", "reload"},
    Level.LOG: {"error", "warn", "info", "ready", "request", "reload", "log"},
    Level.DEBUG: {"error", "warn", "info", "ready", "request", "reload", "log", "debug"},
}


@pytest.mark.parametrize("level", SHOWN)
def test_a_level_shows_itself_and_what_is_graver(level):
    shown = set()
    calls = {
        "error": lambda log: log.error("x"),
        "warn": lambda log: log.warn("x"),
        "info": lambda log: log.info("x"),
        "ready": lambda log: log.ready("http://x"),
        "request": lambda log: log.request("GET", "/", 200, "OK", 1),
        "reload": lambda log: log.reload(5),
        "log": lambda log: log.console("log", "x"),
        "debug": lambda log: log.debug("x"),
    }
    for name, call in calls.items():
        stream = io.StringIO()
        log = make(stream, stream, level=level)
        call(log)
        if stream.getvalue():
            shown.add(name)
    assert shown == SHOWN[level]


def test_json_is_one_object_a_line_with_an_event_name(out, err):
    log = make(out, err, json=True)
    log.ready("http://localhost:1", port=1)
    log.request("GET", "/", 200, "OK", 1.23456)
    log.console("warn", "two\nlines ✘")
    log.warn("careful")
    log.error("broken")
    log.reload(7.5, version=2)
    log.close(reason="SIGTERM")
    log.event("socket", "not shown", code=1001)
    entries = list(objects(out))
    assert [entry["event"] for entry in entries] == [
        "ready", "request", "log", "message", "error", "reload", "close", "socket",
    ]  # fmt: skip
    assert entries[0]["url"] == "http://localhost:1"
    assert entries[0]["port"] == 1
    assert (entries[1]["status"], entries[1]["ms"]) == (200, 1.235)
    assert (entries[2]["level"], entries[2]["message"]) == ("warn", "two\nlines ✘")
    assert entries[5]["version"] == 2
    assert entries[7]["code"] == 1001
    assert all(isinstance(entry["timestamp"], int) for entry in entries)
    assert err.getvalue() == ""


def test_json_keeps_the_parts_of_an_error_apart(out, err):
    make(out, err, json=True).failure(ConfigError("what", where="f:1", hint="do"))
    (entry,) = objects(out)
    assert entry["event"] == "error"
    assert entry["kind"] == "ConfigError"
    assert [entry["message"], entry["where"], entry["hint"]] == ["what", "f:1", "do"]


def test_json_never_has_colours(out, err):
    log = make(out, err, json=True, color=True)
    log.request("GET", "/", 200, "OK", 1)
    assert "\033" not in out.getvalue()


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, True),
        ({"NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "CI": "1", "TERM": "dumb"}, True),
        ({"CLICOLOR": "0"}, False),
        ({"CLICOLOR": "1"}, True),
        ({"TERM": "dumb"}, False),
        ({"CI": "true"}, False),
    ],
)
def test_a_terminal_is_coloured_unless_the_environment_objects(environ, expected):
    assert wants_color(Terminal(), environ) is expected


def test_what_is_no_terminal_is_coloured_only_by_force():
    assert not wants_color(io.StringIO(), {})
    assert not wants_color(io.StringIO(), {"CLICOLOR": "1"})
    assert wants_color(io.StringIO(), {"FORCE_COLOR": "1"})


def test_a_stream_that_cannot_spell_a_sign_gets_an_escape(err):
    raw = io.BytesIO()
    narrow = io.TextIOWrapper(raw, encoding="ascii")
    Log(Settings(out=narrow, err=err)).console("log", "snow ☃ \ud800")
    assert raw.getvalue() == b"snow \\u2603 \\ud800\n"


def test_a_reader_that_went_away_stops_nothing(err):
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    class Hung(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.EIO, "the terminal was closed")

    closed = io.StringIO()
    closed.close()
    for stream in (Gone(), Hung(), closed):
        Log(Settings(out=stream, err=err)).ready("http://localhost:1")
    assert err.getvalue() == ""


def test_settings_are_replaced_by_one_assignment(out, err):
    log = make(out, err, level=Level.NONE)
    log.info("not heard")
    assert not log.enabled(Level.ERROR)
    log.settings = Settings(level=Level.INFO, out=out, err=err)
    log.info("heard")
    assert out.getvalue() == "[wrangler:info] heard\n"


def test_the_current_log_writes_to_the_process_own_streams(capsys):
    log_module.log.info("hello")
    log_module.log.warn("careful")
    captured = capsys.readouterr()
    assert captured.out == "[wrangler:info] hello\n"
    assert captured.err == "▲ [WARNING] careful\n"
