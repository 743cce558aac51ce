"""navigator, performance and reportError."""

from __future__ import annotations

import time

import pytest

from wrangler_py.context import IoContext
from wrangler_py.errors import NotEmulated
from wrangler_py.js.errors import JsException, error
from wrangler_py.web.navigator import navigator, performance, reportError


def test_navigator_says_what_workerd_says():
    assert navigator.userAgent == "Cloudflare-Workers"
    assert (navigator.hardwareConcurrency, navigator.language) == (1, "en")
    assert list(navigator.languages) == ["en"]
    assert str(navigator) == "[object Navigator]"


def test_send_beacon_is_not_emulated():
    with pytest.raises(NotEmulated, match="sendBeacon"):
        navigator.sendBeacon("http://a")


def test_performance_counts_whole_milliseconds_since_1970():
    before = time.time_ns() // 1_000_000
    now = performance.now()
    assert isinstance(now, int)
    assert before <= now <= time.time_ns() // 1_000_000
    assert performance.timeOrigin == 0


def test_report_error_reaches_the_context():
    seen = []
    with IoContext(
        None, "test", None, on_error=lambda exc, where: seen.append((str(exc), where))
    ).entered():
        reportError(error("x"))
        reportError("text")
    assert seen == [("Error: x", "reportError of test"), ("Error: text", "reportError of test")]


def test_report_error_needs_a_value():
    with pytest.raises(JsException, match="parameter 1 is not of type 'Value'"):
        reportError()
