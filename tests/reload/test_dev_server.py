"""What `pywrangler dev` asks of the system."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from wrangler_py.reload.process import allow_many_files

resource = pytest.importorskip("resource")


@pytest.fixture
def limit() -> Iterator[int]:
    """This process with few files; the hard limit."""
    set_limit = resource.setrlimit  # the real one, whatever a test puts in its place
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    set_limit(resource.RLIMIT_NOFILE, (min(soft, 512), hard))
    yield hard
    set_limit(resource.RLIMIT_NOFILE, (soft, hard))


def test_as_many_files_may_be_open_as_the_system_allows(limit):
    allow_many_files()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == limit
    assert soft == hard or soft == 10_240


def test_a_hard_limit_that_the_system_refuses_is_no_error(limit, monkeypatch):
    real, asked = resource.setrlimit, []

    def refusing(which, limits):
        asked.append(limits[0])
        if limits[0] == limit:
            raise ValueError("current limit exceeds maximum limit")
        real(which, limits)

    monkeypatch.setattr(resource, "setrlimit", refusing)
    allow_many_files()
    assert asked == [limit, 10_240]
