"""Compatibility dates and flags: which behaviour of the platform a worker asked for.

Implements: https://developers.cloudflare.com/workers/configuration/compatibility-flags/
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from . import context
from .js import profile as pyodide
from .js.profile import PROFILES, Profile


class Flag(NamedTuple):
    """A switch: on from ``date`` on, unless the worker names ``disable``."""

    enable: str
    disable: str | None
    date: str | None
    """None: only by name."""


FLAGS: dict[str, Flag] = {
    flag.enable: flag
    for flag in (
        Flag(
            "fetch_refuses_unknown_protocols",
            "fetch_treats_unknown_protocols_as_http",
            "2021-11-10",
        ),
        Flag("web_socket_compression", "no_web_socket_compression", "2023-08-15"),
        Flag("set_event_target_this", "no_set_event_target_this", "2025-08-01"),
        Flag("python_no_global_handlers", "disable_python_no_global_handlers", "2025-08-14"),
        Flag(
            "strip_authorization_on_cross_origin_redirect",
            "retain_authorization_on_cross_origin_redirect",
            "2025-09-01",
        ),
        Flag(
            "assets_navigation_prefers_asset_serving",
            "assets_navigation_has_no_effect",
            "2025-04-01",
        ),
        Flag("python_workers_20250116", "no_python_workers_20250116", "2025-09-29"),
        Flag(
            "websocket_close_reason_byte_limit",
            "no_websocket_close_reason_byte_limit",
            "2026-03-03",
        ),
        Flag("websocket_standard_binary_type", "no_websocket_standard_binary_type", "2026-03-17"),
        Flag("web_socket_auto_reply_to_close", "web_socket_manual_reply_to_close", "2026-04-07"),
        Flag("enable_python_external_sdk", "disable_python_external_sdk", "2026-04-21"),
        Flag("python_workers_314", "no_python_workers_314", "2026-09-08"),
        Flag(
            "spec_compliant_dispatch_exceptions",
            "no_spec_compliant_dispatch_exceptions",
            "2026-09-15",
        ),
        Flag(
            "python_workflows_implicit_dependencies",
            "no_python_workflows_implicit_dependencies",
            "2026-02-25",
        ),
        Flag(
            "python_request_headers_preserve_commas",
            "disable_python_request_headers_preserve_commas",
            "2026-02-17",
        ),
        Flag(
            "workflows_preserve_non_retryable_error_message",
            "workflows_replace_non_retryable_error_message",
            "2026-05-14",
        ),
        Flag("delete_all_deletes_alarm", "delete_all_preserves_alarm", "2026-02-24"),
        Flag("pedantic_wpt", "non_pedantic_wpt", None),
        Flag("python_workers", None, None),
        Flag("nodejs_compat", "no_nodejs_compat", None),
    )
}


_KNOWN = Path(__file__).parent / "check" / "data" / "compatibility_flags.json"


@cache
def flag_names() -> frozenset[str]:
    """Every name of a flag that the runtime was known to have."""
    rows = json.loads(_KNOWN.read_text(encoding="utf-8"))
    pairs = [(row[0], row[1]) for row in rows]
    pairs += [(flag.enable, flag.disable) for flag in FLAGS.values()]
    return frozenset(name for pair in pairs for name in pair if name)


@dataclass(frozen=True, slots=True)
class Compat:
    """What a worker's compatibility date and flags amount to."""

    date: str
    flags: tuple[str, ...] = ()
    enabled: frozenset[str] = field(default_factory=frozenset)
    profile: Profile = pyodide.LATEST

    def has(self, flag: str) -> bool:
        return flag in self.enabled


def resolve(date: str, flags: Iterable[str] = ()) -> Compat:
    """The behaviour of a worker with this compatibility date (YYYY-MM-DD) and these flags.

    A flag that is unknown here is kept, and reads as enabled: newer ones than ours exist.
    """
    named = tuple(flags)
    disabled = {flag.enable for flag in FLAGS.values() if flag.disable in named}
    enabled = {flag.enable for flag in FLAGS.values() if flag.date and flag.date <= date}
    enabled = (enabled | set(named)) - disabled
    return Compat(date, named, frozenset(enabled), _profile(enabled))


def _profile(enabled: set[str]) -> Profile:
    if enabled & {"python_workers_314", "python_workers_20260610"}:
        return PROFILES["314"]
    return PROFILES["0.28.2" if "python_workers_20250116" in enabled else "0.26"]


LATEST = resolve("2026-11-01")


def current() -> Compat:
    """The behaviour that the running code asked for."""
    owner = context.current()
    return LATEST if owner is None else owner.compat
