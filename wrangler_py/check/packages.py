"""Packages: whether a deployment gets them, and whether they run in WebAssembly.

Source: https://developers.cloudflare.com/workers/languages/python/packages/
"""

from __future__ import annotations

import ast
import importlib.metadata as metadata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from wrangler_py.check.declared import Declared, Dependency, normal, read_declared
from wrangler_py.check.finding import Finding
from wrangler_py.check.project import Project, imported_modules, vendor_folders
from wrangler_py.check.rules import Severity
from wrangler_py.check.source import Source
from wrangler_py.check.stdlib import is_standard, read_data

__all__ = ["packages", "vendored_binaries"]

_PROVIDED = frozenset({"js", "pyodide", "pyodide_js", "workers", "asgi", "micropip"})
"""What the runtime and its SDK bring."""
_CALLED_OTHERWISE = {
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "multipart": "python-multipart",
    "OpenSSL": "pyopenssl",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""Packages that are imported under another name, for when they are not installed."""
_PURE_TOO = frozenset(
    """
    anyio charset-normalizer coverage frozenlist multidict mypy-extensions propcache
    setproctitle tornado websockets wrapt yarl
    """.split()
)
"""Installed with compiled parts, and published without, too."""
_BINARY = (".so", ".pyd", ".dylib")
_WASM_MAGIC = b"\0asm"


class _Import(NamedTuple):
    source: Source
    node: ast.AST
    module: str
    guarded: bool


def packages(project: Project) -> Iterator[Finding]:
    """What imports and dependencies come to on Cloudflare."""
    imports = list(_third_party(project))
    declared = read_declared(project.config, project.python)
    if imports:
        installed = metadata.packages_distributions()
        for one in imports:
            yield from _imported(one, project, declared, installed)
    for name, by in declared.brought_by.items():
        yield from _brought(name, by, project)
    yield from _time_zones(project, declared)


def vendored_binaries(project: Project) -> Iterator[Finding]:
    """Compiled files in `python_modules` that are not WebAssembly."""
    for folder in vendor_folders(project.config):
        for path in sorted(folder.rglob("*")):
            if path.suffix in _BINARY and path.is_file():
                with path.open("rb") as file:
                    if file.read(4) != _WASM_MAGIC:
                        message = "compiled for a computer, not for WebAssembly"
                        fix = "`pywrangler sync` fetches packages as Pyodide has them"
                        yield Finding("native-package", message, path, own_fix=fix)


def _third_party(project: Project) -> Iterator[_Import]:
    """The first import of each module that is neither the project's nor the platform's."""
    root = project.config.main.parent
    places = [root, *vendor_folders(project.config)]
    seen: set[str] = set()
    for source in project.sources:
        for site in source.sites:
            if not isinstance(site.node, ast.Import | ast.ImportFrom):
                continue
            if isinstance(site.node, ast.ImportFrom) and site.node.level:
                continue
            for name in imported_modules(site.node):
                top = name.partition(".")[0]
                if top in seen or top in _PROVIDED or is_standard(top):
                    continue
                if not any((p / top).is_dir() or (p / f"{top}.py").exists() for p in places):
                    seen.add(top)
                    yield _Import(source, site.node, top, site.guarded)


def _imported(
    one: _Import, project: Project, declared: Declared, installed: Mapping[str, list[str]]
) -> Iterator[Finding]:
    names = [normal(name) for name in installed.get(one.module, [])]
    names = names or [normal(_CALLED_OTHERWISE.get(one.module, one.module))]
    if one.guarded or any(name in declared.brought_by for name in names):
        return
    if declared.path is None:
        message = f"`{one.module}` is imported, and there is no pyproject.toml that declares it"
        severity = Severity.WARNING
        yield one.source.find("undeclared-package", one.node, message, severity=severity)
    elif declared.complete:  # else one that is not installed here may bring it
        where = declared.path.name
        message = f"`{one.module}` is imported, and {where} declares nothing that brings it"
        fix = f'add "{names[0]}" to `dependencies` in {where}'
        yield one.source.find("undeclared-package", one.node, message, fix=fix)
    if not _is_in_pyodide(names[0], project.profile) and _is_native(names[0]):
        message = f"{names[0]} has compiled code and is not in Pyodide"
        yield one.source.find("native-package", one.node, message)


def _brought(name: str, by: Dependency, project: Project) -> Iterator[Finding]:
    if _is_in_pyodide(name, project.profile):
        return
    native = _is_native(name)
    place = (by.path, by.line, *_place_in(by.source, by.name))
    if native is None and name == by.name:
        message = f"{name} is neither installed here nor in Pyodide"
        yield Finding("unknown-package", message, *place, by.source)
    elif native:
        through = "" if name == by.name else f"{by.name} brings "
        message = f"{through}{name}, which has compiled code and is not in Pyodide"
        # A resolver for Pyodide may well choose another version that has none.
        severity = None if name == by.name else Severity.WARNING
        yield Finding("native-package", message, *place, by.source, severity)


def _place_in(line: str, name: str) -> tuple[int, int]:
    """Column and length of a package's name in a line that declares it."""
    at = normal(line).find(name)
    return (at + 1, len(name)) if at >= 0 else (1, 1)


def _is_in_pyodide(name: str, profile: str) -> bool:
    return name in _pyodide_packages(profile)


@cache
def _pyodide_packages(profile: str) -> frozenset[str]:
    table = read_data("pyodide_packages.json")
    return frozenset(table["every"]) | frozenset(table[profile])


def _is_native(name: str) -> bool | None:
    """Whether the installed package holds compiled code; None: it is not installed."""
    if name in _PURE_TOO:
        return False
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None
    if "Root-Is-Purelib: true" in (found.read_text("WHEEL") or ""):
        return False
    return any(Path(str(file)).suffix in _BINARY for file in found.files or [])


def _time_zones(project: Project, declared: Declared) -> Iterator[Finding]:
    vendored = any((folder / "tzdata").is_dir() for folder in vendor_folders(project.config))
    if vendored or "tzdata" in declared.brought_by:
        return
    severity = None if declared.complete else Severity.WARNING
    for source in project.sources:
        for _, call, name in source.calls:
            if name == "zoneinfo.ZoneInfo":
                message = "`ZoneInfo(...)` without the package tzdata"
                yield source.find("time-zones", call, message, severity=severity)
