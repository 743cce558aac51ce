"""Install a project's packages into a folder of its own, with uv or pip.

The environment that runs this tool stays as it is. A new folder is filled and takes the old
one's place, so that what a failure or a Ctrl-C leaves behind is what was there before.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import UsageError, WranglerError
from ..programs import run_to_its_end
from .declared import Declared
from .installed import Installed

__all__ = ["install"]


def install(declared: Declared, into: Installed, say: Callable[[str], None]) -> None:
    """Make ``into`` hold what is declared. ``say`` gets the installer's lines.

    Raises: UsageError: there is no installer; WranglerError: it failed.
    """
    into.folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".new-", dir=into.folder.parent) as scratch:
        target, wanted = Path(scratch, "packages"), Path(scratch, "requirements.txt")
        target.mkdir()
        wanted.write_text("".join(f"{each}\n" for each in declared.requirements), "utf-8")
        if declared.requirements:
            _run([*_installer(), "--target", str(target), "-r", str(wanted)], declared, say)
        into.write_stamp(target, declared)
        _replace(target, into.folder, Path(scratch, "old"))


def _installer() -> list[str]:
    if find_spec("pip") is not None:
        pip = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check"]
        return [*pip, "--quiet", "--upgrade"]
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--python", sys.executable]
    raise UsageError(
        "there is neither pip nor uv to install packages with",
        hint=f"`{sys.executable} -m ensurepip` brings pip",
    )


def _run(line: list[str], declared: Declared, say: Callable[[str], None]) -> None:
    # In the project's folder: a requirement may be a path.
    if run_to_its_end(line, declared.path.parent, say) != 0:
        raise WranglerError(
            "the packages could not be installed",
            where=f"{declared.path} [project] dependencies",
            hint="what the installer said stands above; what was installed before is still there",
        )


def _replace(new: Path, place: Path, old: Path) -> None:
    if place.exists():
        place.rename(old)
    new.rename(place)
