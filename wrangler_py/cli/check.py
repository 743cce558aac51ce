"""`pywrangler check`: what would fail at deploy or in production, printed like a linter does."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wrangler_py.annotations import annotate, summarize
from wrangler_py.cli.delegate import foreign_command
from wrangler_py.cli.worker_options import Asked, worker_options
from wrangler_py.errors import ExitCode
from wrangler_py.log import wants_color

if TYPE_CHECKING:
    from wrangler_py.check import Finding, Report

__all__ = ["check"]


class _Check(click.Command):
    """Ours, but for `check startup`, which is wrangler's."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **rest: Any,
    ) -> click.Context:
        if args[:1] == ["startup"] and not Path("startup").exists():
            return foreign_command("check").make_context(info_name, args, parent, **rest)
        return super().make_context(info_name, args, parent, **rest)


@click.command(cls=_Check, short_help="Find what would fail on Cloudflare.")
@worker_options
@click.option("--strict", is_flag=True, help="Warnings fail the check, too.")
@click.option(
    "--ignore", "ignored", multiple=True, metavar="RULE", help="Leave a rule out; repeatable."
)
@click.option(
    "--output-format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for programs.",
)
@click.option("--json", "form", flag_value="json", help="The same as --output-format json.")
def check(worker: Callable[[], Asked], strict: bool, ignored: tuple[str, ...], form: str) -> int:
    """Find what would fail when SCRIPT is deployed, or in production.

    Each find comes with its place, the reason and the fix. The script is imported once, and sends
    nothing. A comment `# pywrangler: ignore[RULE]` on a line leaves it alone.
    """
    # Imported late: it brings the runtime with it, which --help need not wait for.
    from wrangler_py.check import check as find
    from wrangler_py.check.render import as_json, as_text

    report = find(lambda: worker().config, ignored)
    text = (
        as_json(report)
        if form == "json"
        else as_text(report, color=wants_color(sys.stdout, os.environ))
    )
    click.echo(text)
    _annotate(report)
    if report.broken_config:
        return ExitCode.USAGE
    failed = report.errors or (strict and report.findings)
    return ExitCode.WORKER_FAILED if failed else ExitCode.OK


def _annotate(report: Report) -> None:
    for one in report.findings:
        message = f"{one.message}\n{one.rule.why}\nfix: {one.fix}"
        annotate(one.severity.value, message, one.path, one.line, title=one.code)
    if report.findings:
        rows = [(one.severity, one.code, _place(one), one.message) for one in report.findings]
        summarize("pywrangler check", ("", "rule", "where", "what"), rows)


def _place(one: Finding) -> str:
    from wrangler_py.check.render import shown  # as above

    return f"{shown(one.path)}:{one.line}"
