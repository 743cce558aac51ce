"""What an error page shows of a frame's variables."""

from __future__ import annotations

import sys

import pytest

from wrangler_py.bindings.registry import Env
from wrangler_py.server.error_page.values import (
    MASK,
    is_secret,
    shown_locals,
    without_parameters,
)


class Hostile:
    def __repr__(self) -> str:
        raise SystemExit("from repr")


class Self:
    """A worker's instance, as far as its `env` goes."""

    def __init__(self, env: object) -> None:
        self.env = env


class Wrapper:
    """The SDK's wrapper of `env`."""

    def __init__(self, env: Env) -> None:
        self._env = env


def here(**values: object) -> dict[str, str]:
    """What is shown of a function with these variables."""
    names = ", ".join(values)
    scope: dict[str, object] = {"sys": sys}
    exec(f"def function({names}):\n    return sys._getframe()", scope)
    function = scope["function"]
    return dict(shown_locals(function(**values)))  # type: ignore[operator]


@pytest.mark.parametrize(
    "name", ["api_key", "API_TOKEN", "password", "clientSecret", "Authorization", "session_id"]
)
def test_a_name_of_a_secret_is_known(name):
    assert is_secret(name)
    assert here(**{name: "abc"}) == {name: MASK}


@pytest.mark.parametrize("name", ["n", "message", "sessions", "clients", "body"])
def test_other_names_are_shown(name):
    assert here(**{name: "abc"}) == {name: "'abc'"}


def test_a_secret_inside_of_a_dict_is_masked():
    assert here(data={"user": "a", "token": "xyz"}) == {"data": f"{{'user': 'a', 'token': {MASK}}}"}


def test_a_secret_of_env_is_masked_under_any_name():
    env = Env({"API_TOKEN": "s3cr3t-value", "GREETING": "hello"})
    shown = here(self=Self(Wrapper(env)), header="Bearer s3cr3t-value", text="hello")
    assert shown["header"] == f"'Bearer {MASK}'"
    assert shown["text"] == "'hello'"


def test_env_is_named_only():
    env = Env({"GREETING": "hello"})
    assert here(env=env) == {"env": "<env>"}
    assert here(env=Wrapper(env)) == {"env": "<env>"}
    assert here(both=[env, 1]) == {"both": "[<env>, 1]"}


def test_a_repr_that_fails_is_said_so():
    assert here(value=Hostile()) == {"value": "<Hostile, whose repr() raised SystemExit>"}


@pytest.mark.parametrize(
    "value",
    ["x" * 10**7, b"x" * 10**7, list(range(10**6)), {n: n for n in range(10**5)}, "é" * 10**6],
    ids=["text", "bytes", "list", "dict", "letters"],
)
def test_a_large_value_is_short(value):
    assert len(here(value=value)["value"]) <= 300


def test_many_variables_are_cut():
    assert len(here(**{f"a{n}": n for n in range(100)})) == 40


def test_imports_and_definitions_are_no_variables():
    assert here(module=sys, function=here, cls=Self, value=1) == {"value": "1"}


def test_parameters_with_secret_names_are_masked():
    url = without_parameters("http://localhost/a?q=1&token=abc&key=&api_key=x#token=1")
    assert url == f"http://localhost/a?q=1&token={MASK}&key=&api_key={MASK}#token=1"
    assert here(url="http://a/?token=abc") == {"url": f"'http://a/?token={MASK}'"}
