"""The page of a failure, as HTML."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from wrangler_py.errors import ConfigError
from wrangler_py.server.error_page.page import HEADERS, page
from wrangler_py.server.error_page.request import Seen

HERE = Path(__file__).parent
SEEN = Seen("POST", "http://localhost/a?<b>", (("Cookie", "id=1"),), "Answered by version 3")


def shown(exc: BaseException, root: Path = HERE) -> str:
    return page(exc, root, SEEN)


def raised(function: Any, *args: Any) -> BaseException:
    try:
        function(*args)
    except BaseException as exc:
        return exc
    raise AssertionError


def fail(text: str) -> None:
    local = {"greeting": "<hi>"}
    raise ValueError(text, local["greeting"]) if text == "two" else ValueError(text)


def cause() -> None:
    try:
        fail("first")
    except ValueError as exc:
        raise KeyError("second") from exc


def context() -> None:
    try:
        fail("first")
    except ValueError:
        {}["second"]


def deep(levels: int) -> None:
    deep(levels - 1) if levels else fail("deep")


def test_everything_is_escaped():
    html = shown(raised(fail, "<script>alert(1)</script>"))
    assert "<script>alert" not in html
    assert html.count("&lt;script&gt;alert(1)") > 3  # title, headline, variables, traceback
    assert "http://localhost/a?&lt;b&gt;" in html
    assert "{&#x27;greeting&#x27;: &#x27;&lt;hi&gt;&#x27;}" in html


def test_the_failing_part_of_the_line_is_marked():
    html = shown(raised(context))
    assert "<mark>{}[&quot;second&quot;]</mark>" in html
    assert html.count("<mark>") == 4  # and its caller, and two of its context


def test_columns_are_characters_even_behind_wide_ones():
    html = shown(raised(lambda: ("é→", fail("x"))))
    assert "<mark>fail(&quot;x&quot;)</mark>" in html


def test_the_chain_is_told_from_its_end():
    html = shown(raised(cause))
    assert html.index("KeyError") < html.index("Caused by: ValueError: first")
    html = shown(raised(context))
    assert "Raised while this was being handled: ValueError: first" in html


def test_each_member_of_a_group_has_its_source():
    group = ExceptionGroup("both", [raised(fail, "a"), raised(cause)])  # type: ignore[list-item]
    html = shown(group)
    assert "<h2>1: ValueError: a</h2>" in html
    assert "<h2>2: KeyError: &#x27;second&#x27;</h2>" in html
    assert html.count("class=group") == 2


def test_a_deep_stack_is_cut_in_its_middle():
    html = shown(raised(deep, 100))
    assert "more frames" in html
    assert html.count("<h3>") == 12


def test_a_line_opens_in_an_editor(tmp_path):
    html = shown(raised(fail, "x"))
    line = fail.__code__.co_firstlineno + 2
    assert re.search(rf'href="vscode://file/[^"]+/test_page\.py:{line}:\d+"', html)


def test_the_place_of_a_syntax_error_is_marked(tmp_path):
    script = tmp_path / "entry.py"
    script.write_text("def f(:\n    pass\n")
    html = shown(raised(compile, script.read_text(), str(script), "exec"), tmp_path)
    assert "def f(<mark>:</mark>" in html
    assert "SyntaxError" in html


def test_an_error_of_ours_has_its_place_and_its_hint():
    html = shown(ConfigError("no main", where="wrangler.toml:3", hint="add `main`"))
    assert "<h1>no main</h1>" in html
    assert "at wrangler.toml:3" in html
    assert "hint: add `main`" in html


def test_addresses_in_hints_are_links():
    exc = raised(fail, "x")
    exc.add_note("hint: read this: https://example.com/a?b=c.")
    assert 'read this: <a href="https://example.com/a?b=c" rel=noreferrer>' in shown(exc)


def test_nothing_is_asked_of_anybody():
    html = shown(raised(cause))
    assert not re.search(r"<(?:img|iframe|form|base)|@import|url\(| src=", html)
    links = re.findall(r"href=[\"']?([^\"'> ]+)", html)
    assert [link for link in links if not link.startswith(("vscode://file/", "data:,"))] == []


def test_the_policy_allows_the_pages_own_script_and_nothing_else():
    policy = dict(HEADERS)["Content-Security-Policy"]
    (script,) = re.findall(r"<script>(.*?)</script>", shown(raised(cause)), re.DOTALL)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe-inline" not in policy.replace("style-src 'unsafe-inline'", "")


def test_who_answered_and_what_was_asked_are_there_without_credentials():
    html = shown(raised(cause))
    assert "Answered by version 3" in html
    assert "<th scope=row>Method</th><td>POST</td>" in html
    assert "id=1" not in html


@pytest.mark.parametrize("text", ["", "two"])
def test_odd_messages_are_shown(text):
    assert "<h1>ValueError" in shown(raised(fail, text))
