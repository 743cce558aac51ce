"""The host that a Worker sees: that of its first route, as `wrangler dev` has it."""

from __future__ import annotations

import json

import pytest

from wrangler_py.config import Overrides, load_config
from wrangler_py.errors import ConfigError

BASE = {
    "main": "entry.py",
    "compatibility_date": "2026-01-01",
    "compatibility_flags": ["python_workers"],
}

HOSTS = [
    ({}, None),
    ({"routes": ["example.com/*"]}, "example.com"),
    ({"routes": [{"pattern": "a.example.com", "custom_domain": True}, "b.com/*"]}, "a.example.com"),
    ({"route": "https://example.com/a*"}, "example.com"),
    ({"route": {"pattern": "*.example.org/x*", "zone_name": "example.org"}}, "example.org"),
    ({"route": {"pattern": "*/x", "zone_name": "zone.org"}}, "zone.org"),
    ({"route": "*example.com/x"}, "example.com"),
    ({"route": "r.com/*", "dev": {"host": "dev.test"}}, "dev.test"),
    ({"dev": {"host": "dev.test", "upstream_protocol": "https"}}, "dev.test"),
]


@pytest.fixture
def load(tmp_path):
    def load(keys, **overrides):
        (tmp_path / "entry.py").touch()
        (tmp_path / "wrangler.json").write_text(json.dumps({**BASE, **keys}))
        return load_config(Overrides(**overrides), tmp_path).dev

    return load


@pytest.mark.parametrize(("keys", "host"), HOSTS)
def test_a_configuration_means_a_host(load, keys, host):
    assert load(keys).host == host


def test_the_command_line_goes_before_the_file(load):
    file = {"routes": ["example.com/*"]}
    assert load(file, host="flag.test").host == "flag.test"
    assert load(file, routes=("*.r.test/*",)).host == "r.test"
    assert load(file, upstream_protocol="https").upstream_protocol == "https"


def test_the_host_of_a_route_can_be_left_out(load):
    assert load({"routes": ["example.com/*"]}, infers_host=False).host is None
    assert load({"dev": {"host": "dev.test"}}, infers_host=False).host == "dev.test"


def test_a_route_without_a_host_is_an_error(load):
    with pytest.raises(ConfigError, match="the first route names no host"):
        load({"routes": ["*/x"]})
