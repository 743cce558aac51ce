"""Templates: where they are, which there are, and how one becomes a project.

A template is a real project that runs as it stands; so a new project is a copy of it, with its own
name and a compatibility date of today.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from wrangler_py.config.dates import today
from wrangler_py.config.source import closest
from wrangler_py.config.worker import name_from
from wrangler_py.errors import UsageError

__all__ = ["DEFAULT_TEMPLATE", "create_project", "list_templates", "templates_folder"]

DEFAULT_TEMPLATE = "websocket-template"

NEWEST_TRIED = "2026-11-17"
"""The newest compatibility date whose behaviour was compared with the real runtime."""

_LEFT_BEHIND = {"__pycache__", "node_modules", "uv.lock", ".wrangler", "typings"}
_LEFT_BEHIND_LIKE = re.compile(r"\.venv.*|\.\w+_cache|.*\.py[co]")


def templates_folder() -> Path:
    """The folder that holds the templates: of a checkout, or of what was installed."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_templates"
    return installed if installed.is_dir() else package.parent / "templates"


def list_templates() -> dict[str, str]:
    """Each template's name, with the first sentence of its README."""
    folders = sorted(path.parent for path in templates_folder().glob("*/wrangler.jsonc"))
    return {folder.name: _description(folder / "README.md") for folder in folders}


def create_project(target: Path, template: str, *, force: bool = False) -> str:
    """Copy ``template`` into ``target``; the new Worker's name.

    ``force`` allows a folder that holds something: files of the same name are overwritten, nothing
    is deleted. Raises: UsageError.
    """
    source = _find(template)
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file", hint="name a folder that is not there yet")
    if not force and target.is_dir() and any(target.iterdir()):
        hint = "--force writes into it; files of the same name are overwritten, none is deleted"
        raise UsageError(f"{target} is not empty", hint=hint)
    name = name_from(Path(f"{target.resolve().name}.py"))
    for path in _files(source):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        _rename(copy, template, name)
    return name


def _find(template: str) -> Path:
    known = list_templates()
    if template not in known:
        names = f"there are {', '.join(known)}" if known else "none is installed"
        hint = closest(template, known) or names
        raise UsageError(f'there is no template "{template}"', hint=hint)
    return templates_folder() / template


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _LEFT_BEHIND or _LEFT_BEHIND_LIKE.fullmatch(path.name):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path


def _rename(path: Path, old: str, new: str) -> None:
    """Put the new name, and a date, where the files of a project say them."""
    name = re.escape(old)
    date = min(today(), NEWEST_TRIED)
    edits = {
        "wrangler.jsonc": [
            (rf'("name"\s*:\s*"){name}"', rf'\g<1>{new}"'),
            (r'("compatibility_date"\s*:\s*")[^"]*"', rf'\g<1>{date}"'),
        ],
        "pyproject.toml": [(rf'(?m)^(name\s*=\s*"){name}"', rf'\g<1>{new}"')],
        "README.md": [(rf"\A(#\s*){name}\b", rf"\g<1>{new}")],
    }.get(path.name)
    if edits:
        text = path.read_text(encoding="utf-8")
        for pattern, replacement in edits:
            text = re.sub(pattern, replacement, text, count=1)
        path.write_text(text, encoding="utf-8")


def _description(readme: Path) -> str:
    """The first sentence below the title."""
    if not readme.is_file():
        return ""
    lines = readme.read_text(encoding="utf-8").splitlines()
    paragraph: list[str] = []
    for line in (line.strip() for line in lines):
        if line and not line.startswith("#"):
            paragraph.append(line)
        elif paragraph:
            break
    return re.split(r"(?<=\.)\s", " ".join(paragraph), maxsplit=1)[0]
