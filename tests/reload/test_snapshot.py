"""A save without a change is no change."""

from __future__ import annotations

import os

from wrangler_py.reload.snapshot import Snapshot


def test_a_new_content_is_a_change(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("one")
    snapshot = Snapshot([file])
    file.write_text("two")
    assert snapshot.changed() == {file}


def test_a_save_of_the_same_content_is_none(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("one")
    snapshot = Snapshot([file])
    file.write_text("one")
    os.utime(file, (1, 1))
    assert snapshot.changed() == set()
    assert snapshot.touched()


def test_a_file_that_goes_or_comes_is_a_change(tmp_path):
    here, there = tmp_path / "here.py", tmp_path / "there.py"
    here.write_text("x")
    snapshot = Snapshot([here, there])
    here.unlink()
    there.write_text("y")
    assert snapshot.changed() == {here, there}


def test_files_that_are_followed_on_keep_how_they_were_first_seen(tmp_path):
    file, other = tmp_path / "a.py", tmp_path / "b.py"
    file.write_text("seen")
    snapshot = Snapshot([file])
    file.write_text("saved while the code was being loaded")
    other.write_text("new")
    snapshot.follow([file, other])
    assert snapshot.changed() == {file}
