"""Static assets that a deployment would refuse, and rules of theirs that are passed over.

Source: https://developers.cloudflare.com/workers/static-assets/
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wrangler_py.bindings.assets import headers, ignore, redirects
from wrangler_py.bindings.assets.directory import MAX_COUNT, MAX_SIZE, Asset, Directory
from wrangler_py.bindings.assets.rules import Remark
from wrangler_py.check.finding import Finding
from wrangler_py.check.rules import Severity
from wrangler_py.config.assets import Assets
from wrangler_py.config.model import Config

__all__ = ["assets"]

_PAGES = "_worker.js"
"""What Cloudflare Pages calls the code of a site."""


def assets(config: Config, wanted: Assets) -> tuple[int, list[Finding]]:
    """How many files ``wanted`` of ``config`` names, and what is wrong with them."""
    root = (config.root / wanted.directory).resolve()
    if not root.is_dir():
        message = f"the assets directory does not exist: {wanted.directory}"
        return 0, [Finding("assets", message, config.path or root)]
    directory = Directory(root)
    files = list(_files_in(directory))
    return len(files), [*_rules(root, wanted), *_unfit(files, root), *_private(directory, config)]


def _rules(root: Path, wanted: Assets) -> Iterator[Finding]:
    """Lines of `_headers` and `_redirects` that are passed over."""
    handles_html = wanted.html_handling != "none"
    found: dict[str, list[Remark]] = {
        redirects.NAME: redirects.parse(
            _read(root / redirects.NAME), handles_html=handles_html
        ).remarks,
        headers.NAME: headers.parse(_read(root / headers.NAME)).remarks,
    }
    for name, remarks in found.items():
        for remark in remarks:
            line = remark.number or 1
            yield Finding("asset-rule", remark.message, root / name, line, source=remark.line)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def _unfit(files: list[Asset], root: Path) -> Iterator[Finding]:
    """Files that Cloudflare does not take."""
    if len(files) > MAX_COUNT:
        yield Finding("assets", f"{len(files):,} files, and not up to {MAX_COUNT:,}", root)
    is_asked = not (root / ignore.NAME).is_file()
    for asset in files:
        if asset.size > MAX_SIZE:
            message = f"a file of {asset.size / 2**20:.1f} MiB, and not up to 25 MiB"
            yield Finding("assets", message, Path(asset.file))
        if is_asked and asset.path.startswith(f"/{_PAGES}"):
            message = f"{asset.path[1:]} is code of Cloudflare Pages, and everybody could read it"
            fix = f"name it in {ignore.NAME}; an empty {ignore.NAME} says that it is meant"
            yield Finding("assets", message, Path(asset.file), own_fix=fix)


def _private(directory: Directory, config: Config) -> Iterator[Finding]:
    """Files that are not for everybody, the script among them."""
    found = directory.private()
    if config.main.is_relative_to(directory.root):
        script = directory.find(f"/{config.main.relative_to(directory.root).as_posix()}")
        found += [script] if script else []
    for asset in found:
        message = f"{asset.path[1:]} would be published with the assets"
        fix = f"serve a directory of its own, or name the file in {ignore.NAME}"
        yield Finding(
            "assets", message, Path(asset.file), own_severity=Severity.WARNING, own_fix=fix
        )


def _files_in(directory: Directory) -> Iterator[Asset]:
    """Every asset; a folder that several links lead to counts once."""
    seen: set[str] = set()
    for folder, folders, names in os.walk(directory.root, followlinks=True):
        seen.add(os.path.realpath(folder))
        folders[:] = [
            name for name in folders if os.path.realpath(os.path.join(folder, name)) not in seen
        ]
        below = Path(folder).relative_to(directory.root).as_posix()
        prefix = "" if below == "." else f"/{below}"
        found = (directory.find(f"{prefix}/{name}") for name in names)
        yield from (asset for asset in found if asset is not None)
