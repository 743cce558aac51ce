"""What an error page shows of the request."""

from __future__ import annotations

import pytest

from wrangler_py.server.error_page.request import shown_headers
from wrangler_py.server.error_page.values import MASK


@pytest.mark.parametrize(
    "name", ["Authorization", "cookie", "Proxy-Authorization", "X-API-Key", "CF-Access-Token"]
)
def test_what_authenticates_is_masked(name):
    assert shown_headers([(name, "abc"), ("Accept", "*/*")]) == [(name, MASK), ("Accept", "*/*")]
