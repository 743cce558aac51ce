from __future__ import annotations

import pytest

from wrangler_py.typegen.checkers import advice

MYPY = '[tool.mypy]\nmypy_path = "typings"\n'
TY = '[tool.ty.environment]\nextra-paths = ["typings"]\n'


@pytest.fixture
def asked(tmp_path):
    def ask(text: str = "", folder: str = "typings", *others: str) -> list[str]:
        (tmp_path / "pyproject.toml").write_text(text)
        for name in others:
            (tmp_path / name).write_text("")
        return [one.checker for one in advice(tmp_path, tmp_path / folder)]

    return ask


CASES = [
    ("", ["mypy", "ty"]),
    (MYPY, ["ty"]),
    ('[tool.mypy]\nmypy_path = ["src", "./typings/"]\n', ["ty"]),
    ('[tool.mypy]\nmypy_path = "$MYPY_CONFIG_FILE_DIR/x:typings"\n', ["ty"]),
    (MYPY + TY, []),
    (MYPY + TY + '[tool.pyright]\nstubPath = "elsewhere"\n', ["pyright"]),
    ("not toml [", ["mypy", "ty"]),
    ("tool = 3", ["mypy", "ty"]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_a_project_does_not_say_is_said_to_it(asked, text, expected):
    assert asked(text) == expected


def test_pyright_has_to_be_told_of_another_folder(asked, tmp_path):
    assert asked("", "build/types") == ["mypy", "pyright", "ty"]
    lines = [one.lines for one in advice(tmp_path, tmp_path / "build" / "types")]
    assert lines[1] == '[tool.pyright]\nstubPath = "build/types"'


def test_a_checker_with_a_file_of_its_own_is_left_to_its_author(asked):
    assert asked("", "types", "mypy.ini", "pyrightconfig.json", "ty.toml") == []
