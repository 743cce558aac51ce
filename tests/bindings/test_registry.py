"""What stands on `env`, whatever kind it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from wrangler_py.bindings.registry import build_env
from wrangler_py.config.model import Config
from wrangler_py.errors import NotEmulated


def config_with(**keys: object) -> Config:
    return Config("me", Path("/me/entry.py"), "2026-11-01", **keys)  # type: ignore[arg-type]


def test_a_binding_that_only_cloudflare_has_stands_on_env_and_says_so_when_used():
    env = build_env(config_with(cloudflare_only={"AI": "ai"}), worker=None)
    assert [name for name, _ in env._entries()] == ["AI"]
    with pytest.raises(NotEmulated, match=r"env\.AI\.run: `ai` only exists on Cloudflare"):
        env.AI.run("model")


@pytest.mark.parametrize(
    ("key", "class_name"),
    [("ai", "Ai"), ("vectorize", "VectorizeIndexImpl"), ("mtls_certificates", "Fetcher")],
)
def test_what_only_cloudflare_has_is_of_the_class_that_it_is_there(key, class_name):
    env = build_env(config_with(cloudflare_only={"IT": key}), worker=None)
    assert env.IT.constructor.name == class_name


def test_a_secret_goes_over_a_variable():
    config = config_with(vars={"KEY": "shown"}, secrets={"KEY": "hidden"})
    assert build_env(config, worker=None).KEY == "hidden"


def test_a_name_that_is_not_there_is_explained():
    env = build_env(config_with(vars={"A": "1"}), worker=None)
    assert env.constructor.name == "Object"
    with pytest.raises(AttributeError) as failure:
        env.MY_KV  # noqa: B018
    assert str(failure.value) == "MY_KV"
    assert "nothing is called MY_KV on `env`: bindings" in failure.value.__notes__[0]


def test_a_name_that_is_nearly_there_is_asked_for():
    env = build_env(config_with(vars={"GREETING": "1"}), worker=None)
    with pytest.raises(AttributeError) as failure:
        env.GREETNG  # noqa: B018
    assert failure.value.__notes__[0].endswith('on `env`: did you mean "GREETING"?')
