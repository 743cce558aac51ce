"""What would fail when a Worker is deployed, or in production, found before."""

from __future__ import annotations

from wrangler_py.check.finding import Finding, Report
from wrangler_py.check.rules import RULES, Rule, Severity
from wrangler_py.check.run import check

__all__ = ["RULES", "Finding", "Report", "Rule", "Severity", "check"]
