"""Files of instances: more than can be open."""

from __future__ import annotations

import sqlite3
from functools import partial

import pytest

from wrangler_py.bindings.workflows.file import InstanceFile
from wrangler_py.bindings.workflows.handles import Handle, Handles, allowed
from wrangler_py.clock import MACHINE

pytestmark = pytest.mark.once


@pytest.fixture
def handles():
    return Handles(2)


@pytest.fixture
def file_of(tmp_path, handles):
    def made(name: str) -> InstanceFile:
        connect = partial(sqlite3.connect, tmp_path / name, isolation_level=None)
        file = InstanceFile(Handle(handles, connect), MACHINE)
        if file.metadata is None:
            file.create("one", "flow", None)
        return file

    return made


def test_what_is_used_last_is_open_and_the_rest_is_kept(handles, file_of):
    files = [file_of(f"{n}.sqlite") for n in range(5)]
    for n, file in enumerate(files):
        file.put("n", n)
    assert [file.get("n") for file in files] == [0, 1, 2, 3, 4]
    assert len(handles) == 2


def test_a_transaction_keeps_its_file_open(handles, file_of):
    first = file_of("first.sqlite")
    with first.transaction():
        first.put("n", 1)
        for n in range(5):
            file_of(f"{n}.sqlite")
        assert first.get("n") == 1
    assert first.get("n") == 1
    for n in range(5):
        file_of(f"{n}.sqlite")
    assert len(handles) == 2


def test_there_are_not_more_than_the_process_may_have():
    assert 16 <= allowed() <= 256


def test_a_closed_file_is_not_opened_again(file_of):
    file = file_of("a.sqlite")
    file.close()
    with pytest.raises(sqlite3.ProgrammingError):
        file.get("n")
