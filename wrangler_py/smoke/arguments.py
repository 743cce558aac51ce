"""Checks from a command line, whose order says what belongs to what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wrangler_py.errors import UsageError
from wrangler_py.smoke.checks import METHODS, SOCKET, Check, Step

__all__ = ["BEGIN", "checks_from", "header"]

BEGIN = {f"--{method.lower()}": method for method in (*METHODS, SOCKET)}
"""The options that begin a check; every other one belongs to the check before it."""


def checks_from(options: Iterable[tuple[str, str]]) -> list[Check]:
    """The checks that ``options`` ask for, each an option and its value, in their order.

    Raises: UsageError.
    """
    checks: list[Check] = []
    for option, value in options:
        if option in BEGIN:
            checks.append(Check(BEGIN[option], path(value, option)))
        elif checks:
            checks[-1] = _with(checks[-1], option, value)
        else:
            raise UsageError(
                f"{option} stands before the check that it belongs to",
                hint=f"--get, --post, --ws, ... begin a check: `--get / {option} {value}`",
            )
    return checks


def path(value: str, where: str) -> str:
    """A path, which begins with a slash. Raises: UsageError."""
    if not value.startswith("/"):
        hint = "--url URL says which server is asked" if "://" in value else None
        raise UsageError(f'a path begins with /, not "{value}"', where=where, hint=hint)
    return value


def header(text: str, where: str) -> tuple[str, str]:
    """`Name: value`. Raises: UsageError."""
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError(f'a header is "Name: value", not "{text}"', where=where)
    return name.strip(), value.strip()


def _with(check: Check, option: str, value: str) -> Check:
    match option:
        case "--send" | "--expect":
            if not check.is_socket:
                hint = f"`--ws PATH {option} ...`"
                raise UsageError(f"{option} belongs to a --ws, not to {check.name}", hint=hint)
            return replace(check, steps=(*check.steps, Step(option[2:], value)))  # type: ignore[arg-type]
        case "--status":
            return replace(check, status=_status(value))
        case "--header":
            return replace(check, headers=(*check.headers, header(value, option)))
    if check.is_socket:
        raise UsageError(
            f"{option} belongs to a request, not to a --ws",
            hint="a WebSocket has --header, --status, --send and --expect",
        )
    if option == "--data":
        return replace(check, data=value)
    if option == "--expect-header":
        expected = (*check.expected_headers, header(value, option))
        return replace(check, expected_headers=expected)
    return replace(check, contains=(*check.contains, value))


def _status(value: str) -> int:
    if not value.isdecimal() or not 100 <= int(value) <= 599:
        raise UsageError(f'a status is a number like 200, not "{value}"', where="--status")
    return int(value)
