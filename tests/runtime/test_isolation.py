"""Workers of one process keep their modules apart, though names clash."""

import sys
import textwrap

import pytest

from wrangler_py.runtime import loader


@pytest.fixture
def load(tmp_path, bench):
    loaded = []

    def load(name, *, primary=False, previous=None, **files):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        for stem, source in files.items():
            (folder / f"{stem}.py").write_text(textwrap.dedent(source))
        code = loader.load_among_others(
            folder / "entry.py", folder, "314", previous, is_primary=primary
        )
        loaded.append(code)
        return code

    yield load
    for code in loaded:
        loader.unload(code)


ENTRY = """
import importlib, helper
WHO = helper.WHO
BY_NAME = importlib.import_module("helper").WHO
def later():
    import helper
    from lazy import WHO as lazy
    return helper.WHO, lazy
def by_itself():
    import only_in_a
"""


def both(load):
    a = load("a", primary=True, entry=ENTRY, helper="WHO = 'a'", lazy="WHO = 'a'", only_in_a="")
    b = load("b", entry=ENTRY, helper="WHO = 'b'", lazy="WHO = 'b'")
    return a, b


def test_each_imports_its_own_at_load(load):
    a, b = both(load)
    assert [(c.main.WHO, c.main.BY_NAME) for c in (a, b)] == [("a", "a"), ("b", "b")]


def test_an_import_in_a_handler_finds_its_own(load):
    a, b = both(load)
    assert (b.main.later(), a.main.later()) == (("b", "b"), ("a", "a"))
    assert (b.main.later(), a.main.later()) == (("b", "b"), ("a", "a"))


def test_between_imports_the_primary_ones_modules_are_found_by_name(load):
    a, b = both(load)
    b.main.later()
    assert sys.modules["entry"] is a.main
    assert sys.modules["helper"].WHO == "a"


def test_a_module_of_another_worker_is_not_there(load):
    a, b = both(load)
    a.main.by_itself()
    with pytest.raises(ModuleNotFoundError):
        b.main.by_itself()


def test_a_failed_load_changes_nothing(load):
    a, b = both(load)
    with pytest.raises(ZeroDivisionError):
        load("b", previous=b, entry="import helper\n1 / 0")
    assert (b.main.later(), a.main.later()) == (("b", "b"), ("a", "a"))


def test_a_new_load_leaves_the_other_worker_alone(load):
    a, b = both(load)
    new = load("b", previous=b, entry=ENTRY, helper="WHO = 'new'")
    assert (new.main.WHO, new.main.later(), a.main.later()) == ("new", ("new", "b"), ("a", "a"))


def test_classes_that_look_themselves_up_work_at_load(load):
    source = """
    from __future__ import annotations
    import pickle, typing
    from dataclasses import dataclass
    @dataclass
    class {0}:
        a: {0} | None = None
    HINTS = typing.get_type_hints({0})
    COPY = pickle.loads(pickle.dumps({0}()))
    """
    load("a", primary=True, entry=source.format("A"))
    code = load("b", entry=source.format("B"))
    assert code.main.HINTS == {"a": code.main.B | None}
    assert type(code.main.COPY) is code.main.B


def test_nothing_is_left_when_all_have_ended(load):
    before = set(sys.modules)
    for code in both(load):
        loader.unload(code)
    assert {"entry", "helper", "only_in_a"}.isdisjoint(set(sys.modules) - before)
    assert not [each for each in sys.meta_path if isinstance(each, loader._UserFinder)]
