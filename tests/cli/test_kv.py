"""`pywrangler kv`: what is written is read again, and what is wrong is said."""

from __future__ import annotations

import json

import pytest

from wrangler_py.cli.main import run

WHICH = ["--namespace-id", "n"]


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def said(capfd, *line: str) -> str:
    assert run(["kv", *line]) == 0
    return str(capfd.readouterr().out)


def test_a_key_that_was_put_is_got_byte_for_byte(capfd):
    said(capfd, "key", "put", "k", "é", *WHICH)
    assert said(capfd, "key", "get", "k", *WHICH) == "é"


def test_putting_says_where_and_what(capfd):
    out = said(capfd, "key", "put", "k", "v", *WHICH, "--metadata", '{"a": 1}')
    assert out.startswith("Resource location: local")
    assert 'Writing the value "v" to key "k" on namespace id: "n" with metadata' in out


def test_a_list_has_metadata_and_expiration(capfd):
    said(capfd, "key", "put", "k", "v", *WHICH, "--metadata", "[1]", "--expiration", "2147480000")
    listed = json.loads(said(capfd, "key", "list", *WHICH))
    assert listed == [{"name": "k", "expiration": 2147480000, "metadata": [1]}]


def test_a_deleted_key_is_gone(capfd):
    said(capfd, "key", "put", "k", "v", *WHICH)
    said(capfd, "key", "delete", "k", *WHICH)
    assert said(capfd, "key", "get", "k", *WHICH) == "Value not found\n"


def test_many_keys_come_from_a_file(capfd, tmp_path):
    pairs = [{"key": "a", "value": "1"}, {"key": "b", "value": "Mg==", "base64": True}]
    (tmp_path / "pairs.json").write_text(json.dumps(pairs))
    (tmp_path / "keys.json").write_text('["a", "b", "none"]')
    said(capfd, "bulk", "put", "pairs.json", *WHICH)
    got = json.loads(said(capfd, "bulk", "get", "keys.json", *WHICH))
    assert got == {"a": {"value": "1"}, "b": {"value": "2"}, "none": None}
    said(capfd, "bulk", "delete", "keys.json", "--force", *WHICH)
    assert json.loads(said(capfd, "key", "list", *WHICH)) == []


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["key", "put", "k", *WHICH], "give a value, or --path FILE"),
        (["key", "get", "k"], "say which namespace"),
        (["key", "get", "k", "--binding", "KV"], "no KV namespace is bound to KV"),
        (["key", "put", "k", "v", *WHICH, "--ttl", "5"], "at least 60"),
        (["key", "put", "k", "v", *WHICH, "--metadata", "{"], "that is no JSON"),
        (["key", "put", "", "v", *WHICH], "Key name cannot be empty"),
        (["key", "get", "k", *WHICH, "--remote"], "npx wrangler kv key get --remote"),
        (["bulk", "put", "none.json", *WHICH], "cannot read none.json"),
    ],
)
def test_what_is_wrong_is_said(capfd, line, message):
    assert run(["kv", *line]) == 2
    assert message in capfd.readouterr().err


def test_a_binding_means_its_preview_namespace(capfd, tmp_path):
    bound = {"binding": "KV", "id": "real", "preview_id": "preview"}
    config = {"name": "x", "main": "x.py", "kv_namespaces": [bound]}
    (tmp_path / "wrangler.json").write_text(json.dumps(config))
    (tmp_path / "x.py").touch()
    said(capfd, "key", "put", "k", "v", "--binding", "KV", "--preview")
    assert said(capfd, "key", "get", "k", "--namespace-id", "preview") == "v"
    assert run(["kv", "key", "get", "k", "--binding", "KV", "--no-preview"]) == 2
    assert "--namespace-id ID says which" in capfd.readouterr().err
    said(capfd, "key", "get", "k", "--namespace-id", "real", "--no-preview")


def test_a_file_of_variables_is_told_to_change_nothing(capfd, monkeypatch):
    told: list[str] = []
    monkeypatch.setattr("wrangler_py.cli.local_state.log.debug", told.append)
    said(capfd, "key", "list", *WHICH, "--env-file", "none")
    assert told == ["--env-file changes nothing here: no variable is read"]


def test_the_script_of_the_configuration_need_not_be_there(capfd, tmp_path):
    bound = {"binding": "KV", "id": "n"}
    config = {"name": "x", "main": "built/later.js", "kv_namespaces": [bound]}
    (tmp_path / "wrangler.json").write_text(json.dumps(config))
    said(capfd, "key", "put", "k", "v", "--binding", "KV")
    assert said(capfd, "key", "get", "k", *WHICH) == "v"
