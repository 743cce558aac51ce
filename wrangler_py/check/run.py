"""The whole check of one Worker."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from wrangler_py.check import calls, handlers, javascript
from wrangler_py.check.config_file import ConfigFile
from wrangler_py.check.configuration import (
    bound_classes,
    environment_reads,
    flags,
    unknown_bindings,
)
from wrangler_py.check.finding import Finding, Report
from wrangler_py.check.loading import Loaded, heard, load_worker
from wrangler_py.check.notices import noticed, refused
from wrangler_py.check.packages import packages, vendored_binaries
from wrangler_py.check.project import Project, read_project, vendor_folders
from wrangler_py.check.rules import RULES, Severity
from wrangler_py.check.source import Source
from wrangler_py.check.stdlib import blocked_modules
from wrangler_py.config.model import Config
from wrangler_py.config.source import closest
from wrangler_py.errors import ConfigError, UsageError

__all__ = ["check"]

_OF_SOURCE: tuple[Callable[[Source, Project], Iterator[Finding]], ...] = (
    blocked_modules,
    calls.impossible_calls,
    calls.random_values,
    calls.calls_at_import,
    javascript.borrowed_callbacks,
    javascript.wrong_containers,
    javascript.missing_new,
    javascript.evaluated_text,
    javascript.missing_awaits,
    javascript.null_comparisons,
    javascript.socket_misuse,
    handlers.handler_signatures,
)
_LARGEST = 10 * 1024 * 1024


def check(load: Callable[[], Config], ignored: Iterable[str] = ()) -> Report:
    """Find what would fail when the Worker is deployed, or in production.

    The script is imported once; nothing of it leaves this machine.

    Args:
        load: reads the configuration; what it warns of is found, too.
        ignored: the codes of rules to leave out.

    Raises: ConfigError without a line to show it at, UsageError.
    """
    report = Report(ignored=_known(ignored))
    try:
        with heard() as said:
            config = load()
    except ConfigError as error:
        found = refused(error, Path.cwd())
        if found is None:
            raise
        report.add([found])
        report.broken_config = True
        return report
    project = read_project(config)
    report.files = project.files
    report.add(project.broken)
    for source in project.sources:
        for rule in _OF_SOURCE:
            report.add(rule(source, project))
    report.add(packages(project))
    report.add(vendored_binaries(project))
    report.add(_size(project))
    if config.bindings.assets is not None:
        from wrangler_py.check.assets import assets  # few Workers have any

        count, unfit = assets(config, config.bindings.assets)
        report.files += count
        report.add(unfit)
    has_no_main = config.is_assets_only or any(one.path == config.main for one in project.broken)
    loaded = Loaded() if has_no_main else load_worker(project)
    report.add(_configured(project, loaded, said))
    report.add(_causes(loaded.findings, report), lines_only=True)
    if loaded.exports is not None and project.main is not None:
        report.add(handlers.exported_handlers(project.main, project, loaded.exports))
    report.sort(config.main)
    return report


def _known(codes: Iterable[str]) -> frozenset[str]:
    for code in codes:
        if code not in RULES:
            raise UsageError(f'there is no rule "{code}"', hint=closest(code, RULES))
    return frozenset(codes)


def _configured(project: Project, loaded: Loaded, said: list[str]) -> Iterator[Finding]:
    """What is to be said of the configuration file, if there is one."""
    config = project.config
    if config.path is None:
        return
    file = ConfigFile(config.path, config.environment)
    yield from noticed(said, file)
    yield from flags(file, project)
    if loaded.exports is not None:
        yield from bound_classes(file, project, loaded.exports)
    names = file.binding_names() | set(config.vars) | set(config.secrets)
    for source in project.sources:
        yield from unknown_bindings(source, names)
        yield from environment_reads(source, {*config.vars, *config.secrets})


def _causes(findings: list[Finding], report: Report) -> Iterator[Finding]:
    """Without failures of lines that hold an error anyway: those follow from it."""
    wrong = {(one.path, one.line) for one in report.findings if one.severity is Severity.ERROR}
    yield from (one for one in findings if one.code != "load" or (one.path, one.line) not in wrong)


def _size(project: Project) -> Iterator[Finding]:
    """More than any plan takes, even if it compresses to a third."""
    folders = vendor_folders(project.config)
    total = sum(
        os.path.getsize(os.path.join(folder, name))
        for place in folders
        for folder, _, names in os.walk(place)
        for name in names
        if not name.endswith(".pyc")
    )
    if total > 3 * _LARGEST:
        message = f"the packages in python_modules have {total / 2**20:.0f} MB"
        yield Finding("size", message, project.config.main)
