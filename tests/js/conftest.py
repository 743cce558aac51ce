"""`js` and `pyodide` are importable, and each Pyodide can be chosen by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wrangler_py.facades import install
from wrangler_py.js import profile

install()


@pytest.fixture(params=list(profile.PROFILES))
def every_profile(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test once per version of Pyodide."""
    with profile.use(profile.PROFILES[request.param]):
        yield request.param
