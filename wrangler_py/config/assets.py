"""Static assets: where the files are, and which requests they answer.

Source: https://developers.cloudflare.com/workers/static-assets/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from wrangler_py.config.source import Section
from wrangler_py.errors import ConfigError

__all__ = ["Assets", "HtmlHandling", "NotFoundHandling", "Routing", "check_assets", "read_assets"]

HtmlHandling = Literal["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"]
NotFoundHandling = Literal["none", "404-page", "single-page-application"]

MAX_RULES = 100
MAX_RULE_LENGTH = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z\d+.-]*:")
_NO_DIRECTORY = (
    "The `assets` property in your configuration is missing the required `directory` property."
)
_NO_BINDING = (
    "run_worker_first=true set without an assets binding: every request invokes the Worker, which "
    'has no way to the assets. Add a "binding" to "assets"'
)
_NO_RULES = "No `run_worker_first` rules were provided; must provide at least 1 rule."
_TOO_MANY = (
    "Too many `run_worker_first` rules were provided; {0} rules provided exceeds max of 100."
)
_ONLY_EXCEPTIONS = (
    "Only negative `run_worker_first` rules were provided; must provide at least 1 non-negative "
    "rule"
)


@dataclass(frozen=True, slots=True)
class Routing:
    """Paths, `*` standing for anything: whose requests go where without a look at the files."""

    to_worker: tuple[str, ...]
    to_assets: tuple[str, ...] = ()
    """Exceptions from ``to_worker``."""


@dataclass(frozen=True, slots=True)
class Assets:
    """Static files, served before or behind the worker."""

    directory: str = ""
    """Relative to the configuration; the command line's is absolute."""
    binding: str | None = None
    html_handling: HtmlHandling = "auto-trailing-slash"
    not_found_handling: NotFoundHandling = "none"
    run_worker_first: bool | Routing = False
    """For which requests; or always, or never."""
    base_path: str = "/"
    """What stands before each path; it begins and ends with a slash."""


def read_assets(file: Section) -> Assets | None:
    """The `assets` of ``file``; a directory that it does not name is "".

    Raises: ConfigError for what no deployment would take.
    """
    entry = file.table("assets")
    if entry is None:
        return None
    first = entry.raw("run_worker_first")
    html: tuple[HtmlHandling, ...] = get_args(HtmlHandling)
    missing: tuple[NotFoundHandling, ...] = get_args(NotFoundHandling)
    if entry.raw("directory") == "":
        raise ConfigError(
            "The assets directory cannot be an empty string.", where=entry.where("directory")
        )
    return Assets(
        entry.path_text("directory") or "",
        entry.text("binding"),
        entry.choice("html_handling", html) or "auto-trailing-slash",
        entry.choice("not_found_handling", missing) or "none",
        _routing(entry) if isinstance(first, list) else bool(first),
        _base_path(entry),
    )


def check_assets(file: Section, notices: list[str], *, is_alone: bool, is_named: bool) -> None:
    """Hold the `assets` of ``file`` against the rest of the Worker.

    Args:
        is_alone: there is no script.
        is_named: the command line names the directory.

    Raises: ConfigError for what `wrangler dev` would not serve.
    """
    entry = file.table("assets")
    if entry is None:
        return
    if not is_named and "directory" not in entry:
        raise ConfigError(_NO_DIRECTORY, where=entry.where(), hint='add "directory": "./public"')
    if is_alone and "binding" in entry:
        raise ConfigError(
            "Cannot use assets with a binding in an assets-only Worker.",
            where=entry.where("binding"),
            hint="remove the `binding` of `assets`, or add a script: `main`",
        )
    if is_alone and entry.raw("run_worker_first"):
        raise ConfigError(
            "Cannot set run_worker_first without a Worker script.",
            where=entry.where("run_worker_first"),
            hint="remove `run_worker_first`, or add a script: `main`",
        )
    if entry.raw("run_worker_first") is True and "binding" not in entry:
        notices.append(f"{_NO_BINDING} ({entry.where('run_worker_first')})")


def _routing(entry: Section) -> Routing:
    rules = entry.texts("run_worker_first")
    if complaint := _complaint(rules):
        raise ConfigError(
            complaint,
            where=entry.where("run_worker_first"),
            hint='paths such as "/api/*", and exceptions such as "!/api/docs/*"',
        )
    exceptions = tuple(rule[1:] for rule in rules if rule.startswith("!"))
    return Routing(tuple(rule for rule in rules if rule.startswith("/")), exceptions)


def _complaint(rules: tuple[str, ...]) -> str | None:
    """What is wrong with a list of `run_worker_first`."""
    if not rules:
        return _NO_RULES
    if len(rules) > MAX_RULES:
        return _TOO_MANY.format(len(rules))
    exceptions = [rule for rule in rules if rule.startswith("!/")]
    paths = [rule for rule in rules if rule.startswith("/")]
    if exceptions and not paths:
        return _ONLY_EXCEPTIONS
    wrong = [*_malformed(rules), *_superfluous(paths), *_superfluous(exceptions)]
    return "\n".join(["Invalid routes in `run_worker_first`:", *wrong]) if wrong else None


def _malformed(rules: Iterable[str]) -> Iterator[str]:
    for rule in rules:
        if rule.startswith("!") and not rule.startswith("!/"):
            yield f"'{rule}': negative rules must start with '!/'"
        elif not rule.startswith(("/", "!/")):
            yield f"'{rule}': rules must start with '/' or '!/'"


def _superfluous(rules: list[str]) -> Iterator[str]:
    """What is too long, or said already."""
    for index, rule in enumerate(rules):
        if len(rule) > MAX_RULE_LENGTH:
            yield f"'{rule}': all rules must be less than {MAX_RULE_LENGTH} characters in length"
        if rule in rules[:index]:
            yield f"'{rule}': rule is a duplicate; rules must be unique"
        if rule.endswith("*"):
            covered = [other for other in rules if other != rule and other.startswith(rule[:-1])]
            yield from (f"'{other}': rule '{rule}' makes it redundant" for other in covered)


def _base_path(entry: Section) -> str:
    text = entry.text("base_path")
    if text is None:
        return "/"
    if complaint := _bad_base_path(text):
        raise ConfigError(
            f"Invalid assets base_path: {complaint}",
            where=entry.where("base_path"),
            hint='it is a path, such as "/docs"',
        )
    steps: list[str] = []
    for step in text.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return f"/{'/'.join(steps)}/" if steps else "/"


def _bad_base_path(text: str) -> str | None:
    if not text:
        return "The value must not be empty."
    if text.startswith("//") or _SCHEME.match(text):
        return "The value must be a pathname, not a URL."
    if "\\" in text:
        return "The value must not contain backslashes."
    if _CONTROL.search(text):
        return "The value must not contain control characters."
    if "?" in text or "#" in text:
        return "The value must not contain query strings or fragments."
    if "%" in text:
        return "The value must not contain percent-encoded sequences."
    return None
