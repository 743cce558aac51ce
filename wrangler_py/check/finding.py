"""One thing that was found, and all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from wrangler_py.check.rules import RULES, Rule, Severity

__all__ = ["Finding", "Report", "is_ignored"]

_IGNORE = re.compile(r"(?:#|//)\s*pywrangler:\s*ignore(?:\[([^\]]*)\])?")


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken at a place; what is None is the rule's own."""

    code: str
    message: str
    path: Path
    line: int = 1
    column: int = 1
    """Counted from 1."""
    length: int = 1
    """How many characters are meant."""
    source: str = ""
    """The line itself."""
    own_severity: Severity | None = None
    own_fix: str | None = None

    @property
    def rule(self) -> Rule:
        return RULES[self.code]

    @property
    def severity(self) -> Severity:
        return self.own_severity or self.rule.severity

    @property
    def fix(self) -> str:
        return self.own_fix or self.rule.fix


@dataclass(slots=True)
class Report:
    """What a check found, in the order of the files."""

    findings: list[Finding] = field(default_factory=list)
    files: int = 0
    ignored: frozenset[str] = frozenset()
    """The codes of rules that are left out."""
    broken_config: bool = False
    """Nothing but the configuration could be checked."""

    @property
    def errors(self) -> int:
        return sum(each.severity is Severity.ERROR for each in self.findings)

    @property
    def warnings(self) -> int:
        return len(self.findings) - self.errors

    def add(self, findings: Iterable[Finding], *, lines_only: bool = False) -> None:
        """Take what is new and not ignored.

        ``lines_only``: these know lines but no columns, so one of the same rule and line is theirs.
        """
        for one in findings:
            known = [
                each
                for each in self.findings
                if (each.code, each.path, each.line) == (one.code, one.path, one.line)
                and (lines_only or each.column == one.column)
            ]
            if not known and one.code not in self.ignored and not is_ignored(one):
                self.findings.append(one)

    def sort(self, main: Path) -> None:
        """The main module first, then the others by name; each from its top to its end."""
        self.findings.sort(key=lambda one: (one.path != main, one.path, one.line, one.column))


def is_ignored(finding: Finding) -> bool:
    """Whether a comment on the line says that this is meant to be."""
    said = _IGNORE.search(finding.source)
    if said is None:
        return False
    return said[1] is None or finding.code in re.split(r"[\s,]+", said[1])
