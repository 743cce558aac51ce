from __future__ import annotations

import traceback

import pytest

from wrangler_py.errors import (
    ConfigError,
    ExitCode,
    NotEmulated,
    NotReady,
    PortInUse,
    ScriptError,
    UsageError,
    WranglerError,
)

CODES = [(ScriptError, 1), (UsageError, 2), (ConfigError, 2), (PortInUse, 3), (NotReady, 4)]


@pytest.mark.parametrize(("kind", "code"), CODES)
def test_each_error_has_the_exit_code_that_the_design_names(kind, code):
    assert kind("x").exit_code == code


def test_every_error_is_in_the_one_tree():
    assert all(issubclass(kind, WranglerError) for kind, _ in CODES)
    assert issubclass(NotEmulated, WranglerError)
    assert sorted(ExitCode) == [0, 1, 2, 3, 4]


def test_a_block_says_what_where_and_what_now():
    error = ConfigError("no `binding`", where="wrangler.toml:14 [vars]", hint="add\nit")
    assert error.render() == ("no `binding`\n    at wrangler.toml:14 [vars]\n    hint: add\n    it")


def test_an_error_without_place_and_hint_is_its_message():
    assert UsageError("bad flag").render() == "bad flag"
    assert str(UsageError("bad flag", where="x", hint="y")) == "bad flag"


def test_a_traceback_shows_where_and_hint():
    error = NotEmulated("caches.open()", hint="use caches.default")
    assert "hint: use caches.default" in "".join(traceback.format_exception(error))
