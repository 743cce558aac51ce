from __future__ import annotations

import pytest

from wrangler_py.errors import UsageError
from wrangler_py.typegen.files import MARK, generate
from wrangler_py.typegen.folder import Change, Kind, changes, write

FILES = {"js/__init__.pyi": f"{MARK} (1): x\n", "js/_env.pyi": f"{MARK} (1): y\n"}


def test_what_was_written_is_up_to_date(tmp_path):
    assert len(write(tmp_path, FILES)) == 2
    assert changes(tmp_path, FILES) == []
    assert write(tmp_path, FILES) == []


def test_each_difference_is_named_and_mended(tmp_path):
    write(tmp_path, {**FILES, "js/_old.pyi": f"{MARK} (0): z\n"})
    (tmp_path / "js" / "__init__.pyi").unlink()
    (tmp_path / "js" / "_env.pyi").write_text(f"{MARK} (0): other\n")
    expected = [
        Change("js/__init__.pyi", Kind.MISSING),
        Change("js/_env.pyi", Kind.STALE),
        Change("js/_old.pyi", Kind.LEFT_OVER),
    ]
    assert changes(tmp_path, FILES) == expected
    assert write(tmp_path, FILES) == expected
    assert not (tmp_path / "js" / "_old.pyi").exists()
    assert changes(tmp_path, FILES) == []


def test_what_somebody_wrote_by_hand_is_not_overwritten(tmp_path):
    own = tmp_path / "js" / "__init__.pyi"
    own.parent.mkdir()
    own.write_text("mine: int\n")
    with pytest.raises(UsageError, match="was not written by this command"):
        write(tmp_path, FILES)
    assert own.read_text() == "mine: int\n"
    assert not (tmp_path / "js" / "_env.pyi").exists()


def test_files_of_others_beside_ours_stay(tmp_path):
    others = [tmp_path / "js" / "own.pyi", tmp_path / "lib" / "__init__.pyi"]
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x: int\n")
    write(tmp_path, FILES)
    assert all(path.exists() for path in others)


def test_nothing_that_could_be_imported_is_written(config):
    # A `pyodide` that somebody installed must stay the one that Python finds.
    assert {name.rpartition(".")[2] for name in generate(config())} == {"pyi"}


def test_the_same_project_gives_the_same_files(config):
    more = {"vars": {"A": "x", "B": {"c": 1}}, "kv_namespaces": [{"binding": "KV", "id": "1"}]}
    assert generate(config(**more)) == generate(config(**more))


def test_the_header_tells_configurations_apart(config):
    def header(**more):
        return generate(config(**more))["js/_env.pyi"].partition("\n")[0]

    assert header().startswith(f"{MARK} (")
    assert header(vars={"A": "x"}) == header(vars={"A": "y"})
    assert len({header(), header(vars={"A": "x"}), header(compatibility_date="2025-01-01")}) == 3


def test_files_that_do_not_depend_on_the_project_are_always_the_same(config):
    one, other = generate(config()), generate(config(vars={"A": "x"}))
    assert {name for name in one if one[name] != other[name]} == {
        "js/_env.pyi",
        "js/_version.pyi",
        "pyodide/ffi/_version.pyi",
    }
