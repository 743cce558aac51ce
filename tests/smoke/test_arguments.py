from __future__ import annotations

import pytest

from wrangler_py.errors import UsageError
from wrangler_py.smoke.arguments import checks_from
from wrangler_py.smoke.checks import Check, Step


def test_what_follows_a_check_belongs_to_it():
    checks = checks_from(
        [
            ("--get", "/"),
            ("--contains", "a"),
            ("--header", "Accept: text/html"),
            ("--contains", "b"),
            ("--expect-header", "content-type:html"),
            ("--post", "/echo"),
            ("--data", "x"),
            ("--status", "201"),
        ]
    )
    assert checks == [
        Check(
            "GET",
            "/",
            headers=(("Accept", "text/html"),),
            contains=("a", "b"),
            expected_headers=(("content-type", "html"),),
        ),
        Check("POST", "/echo", 201, data="x"),
    ]


def test_a_conversation_keeps_its_order():
    (check,) = checks_from(
        [("--ws", "/ws"), ("--expect", "hi"), ("--send", "a"), ("--send", "b"), ("--expect", "c")]
    )
    assert check.steps == (
        Step("expect", "hi"),
        Step("send", "a"),
        Step("send", "b"),
        Step("expect", "c"),
    )


WRONG = [
    ([("--status", "200"), ("--get", "/")], "--status stands before the check"),
    ([("--get", "ws")], 'a path begins with /, not "ws"'),
    ([("--get", "http://x/")], "--url URL says which server"),
    ([("--get", "/"), ("--status", "ok")], 'a status is a number like 200, not "ok"'),
    ([("--get", "/"), ("--status", "1000")], 'a status is a number like 200, not "1000"'),
    ([("--get", "/"), ("--header", "x")], 'a header is "Name: value", not "x"'),
    ([("--get", "/"), ("--send", "x")], "--send belongs to a --ws, not to GET /"),
    ([("--ws", "/"), ("--contains", "x")], "--contains belongs to a request, not to a --ws"),
    ([("--ws", "/"), ("--data", "x")], "--data belongs to a request, not to a --ws"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_is_wrong_is_said(options, said):
    with pytest.raises(UsageError) as caught:
        checks_from(options)
    assert said in caught.value.render()


STATUSES = [  # the check, a status, what is wrong with it
    (Check("GET", "/"), 204, None),
    (Check("GET", "/"), 302, None),
    (Check("GET", "/"), 426, None),
    (Check("GET", "/"), 404, "expected a status below 400, got 404"),
    (Check("GET", "/", is_lenient=True), 404, None),
    (Check("GET", "/", is_lenient=True), 500, "expected a status below 500, got 500"),
    (Check("GET", "/", 404), 404, None),
    (Check("GET", "/", 404), 200, "expected status 404, got 200"),
    (Check("WS", "/"), 101, None),
    (Check("WS", "/"), 426, "expected status 101, got 426"),
    (Check("WS", "/", 403), 101, "expected status 403, got 101"),
]


@pytest.mark.parametrize(("check", "status", "problem"), STATUSES)
def test_a_status_is_judged(check, status, problem):
    assert check.status_problem(status) == problem
