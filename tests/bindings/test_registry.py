"""What stands on `env`, whatever kind it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from wrangler_py.bindings.registry import build_env
from wrangler_py.config.model import Config, ServiceBinding
from wrangler_py.errors import NotEmulated


def config_with(**keys: object) -> Config:
    return Config("me", Path("/me/entry.py"), "2026-11-01", **keys)  # type: ignore[arg-type]


def test_a_binding_that_is_not_emulated_stands_on_env_and_says_so_when_used():
    env = build_env(config_with(unread_bindings={"CACHE": "kv_namespaces"}), worker=None)
    assert [name for name, _ in env._entries()] == ["CACHE"]
    with pytest.raises(NotEmulated, match=r"env\.CACHE\.get: `kv_namespaces` is not emulated yet"):
        env.CACHE.get("key")


def test_a_variable_wins_over_what_is_not_emulated():
    config = config_with(vars={"AI": "text"}, unread_bindings={"AI": "ai"})
    assert build_env(config, worker=None).AI == "text"


def test_a_service_elsewhere_is_a_fetcher_that_says_so():
    env = build_env(config_with(services=(ServiceBinding("API", "other"),)), worker=None)
    assert env.API.constructor.name == "Fetcher"
    with pytest.raises(NotEmulated, match=r"env\.API\.fetch: the service 'other'") as caught:
        env.API.fetch("/")
    assert "a binding of a Worker to itself" in str(caught.value.hint)


def test_a_name_that_is_not_there_is_explained():
    env = build_env(config_with(vars={"A": "1"}), worker=None)
    assert env.constructor.name == "Object"
    with pytest.raises(AttributeError) as failure:
        env.MY_KV  # noqa: B018
    assert str(failure.value) == "MY_KV"
    assert "nothing is called MY_KV on `env`" in failure.value.__notes__[0]
