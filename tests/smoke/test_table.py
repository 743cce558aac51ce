from __future__ import annotations

import pytest

from wrangler_py.errors import ConfigError
from wrangler_py.smoke.checks import Check, Step
from wrangler_py.smoke.table import Table, read_table

TABLE = """
[project]
name = "x"

[tool.pywrangler.smoke]
timeout = 2.5

[[tool.pywrangler.smoke.checks]]
get = "/"
status = 200
contains = ["a", { b = 1 }]
headers = { Accept = "text/html" }
expect_headers = { Content-Type = "html" }

[[tool.pywrangler.smoke.checks]]
post = "/echo"
data = { greeting = "hello" }

[[tool.pywrangler.smoke.checks]]
ws = "/ws"
send = "CLICK"
expect = '"count":1'
steps = [{ send = { type = "click" }, expect = { count = 2 } }, { expect = ["a", "b"] }]
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> Table:
        (tmp_path / "pyproject.toml").write_text(text)
        return read_table(tmp_path)

    return write


def test_every_key_arrives(write):
    table = write(TABLE)
    assert table.timeout == 2.5
    assert table.checks == (
        Check(
            "GET",
            "/",
            200,
            headers=(("Accept", "text/html"),),
            contains=("a", '{"b": 1}'),
            expected_headers=(("Content-Type", "html"),),
            place=("pyproject.toml", 8),
        ),
        Check("POST", "/echo", data='{"greeting": "hello"}', place=("pyproject.toml", 15)),
        Check(
            "WS",
            "/ws",
            steps=(
                Step("send", "CLICK"),
                Step("expect", '"count":1'),
                Step("send", '{"type": "click"}'),
                Step("expect", '{"count": 2}'),
                Step("expect", "a"),
                Step("expect", "b"),
            ),
            place=("pyproject.toml", 19),
        ),
    )


def test_a_project_needs_none(write, tmp_path):
    assert read_table(tmp_path) == Table()
    assert write('[project]\nname = "x"\n') == Table()
    assert write("tool = 1\n") == Table()


WRONG = [
    ("checks = 1", 2, "checks are written as [[tool.pywrangler.smoke.checks]]"),
    ("timeout = 0", 2, "timeout is a number of seconds"),
    ("timeout = true", 2, "timeout is a number of seconds"),
    ("timeuot = 1", 2, 'did you mean "timeout"?'),
    ("checks = [1]", 2, "a check has one of get, post"),
    ("checks = [{}]", 2, "a check has one of get, post"),
    ("checks = [{ get = '/', ws = '/' }]", 2, "a check has one of get, post"),
    ("checks = [{ get = 'x' }]", 2, "get is a path that begins with /"),
    ("checks = [{ get = '/', status = '200' }]", 2, "status is a number like 200"),
    ("checks = [{ get = '/', statsu = 200 }]", 2, 'did you mean "status"?'),
    ("checks = [{ get = '/', send = 'x' }]", 2, 'there is no "send" here'),
    ("checks = [{ ws = '/', data = 'x' }]", 2, 'there is no "data" here'),
    ("checks = [{ get = '/', headers = 'a: b' }]", 2, "headers is a table of names"),
    ("checks = [{ ws = '/', steps = ['x'] }]", 2, "steps are a list of tables"),
    ("checks = [{ ws = '/', steps = [{ sned = 'x' }] }]", 2, 'did you mean "send"?'),
    ("[[tool.pywrangler.smoke.checks]]\nget = '/'\nstatus = 'x'", 4, "status is a number like 200"),
    ("checks = ]", 2, "not valid TOML"),
]


@pytest.mark.parametrize(("text", "line", "said"), WRONG)
def test_what_is_wrong_is_said_with_its_line(write, text, line, said):
    with pytest.raises(ConfigError) as caught:
        write(f"[tool.pywrangler.smoke]\n{text}\n")
    assert said in caught.value.render()
    assert (caught.value.where or "").startswith(f"pyproject.toml:{line}")
