"""Flags of `wrangler dev` that we do not have: passed over, or refused with the reason.

Scripts that call wrangler can so call us. Source: `wrangler dev --help`, 4.164.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from wrangler_py.errors import UsageError

__all__ = ["FOREIGN_FLAGS", "HARMLESS", "REFUSED", "foreign_flags", "passed_over"]

_F = TypeVar("_F", bound=Callable[..., Any])

_HARMLESS_SWITCHES = """
    -l,--local --latest --no-latest --bundle --no-bundle --minify --types
    --upload-source-maps --install-skills
""".split()
_HARMLESS_VALUES = """
    --inspector-port --inspector-ip --jsx-factory --jsx-fragment --tsconfig --alias --define
    --container-engine --profile
""".split()
_REFUSED_SWITCHES = {
    "-r,--remote": "a Worker runs on this machine; on Cloudflare's: `npx wrangler dev --remote`",
    "--tunnel": "no tunnel is opened; `cloudflared tunnel --url http://localhost:8787` does it",
}
_NO_TUNNEL = _REFUSED_SWITCHES["--tunnel"]
_REFUSED_VALUES = {
    "--tunnel-name": _NO_TUNNEL,
    "--tunnel-allowed-mail": _NO_TUNNEL,
}


FOREIGN_FLAGS = frozenset(
    name
    for names in (
        *_HARMLESS_SWITCHES,
        *_HARMLESS_VALUES,
        *_REFUSED_SWITCHES,
        *_REFUSED_VALUES,
    )
    for name in names.split(",")
)
HARMLESS = frozenset(
    name for names in (*_HARMLESS_SWITCHES, *_HARMLESS_VALUES) for name in names.split(",")
)
REFUSED = {
    name: reason
    for names, reason in {**_REFUSED_SWITCHES, **_REFUSED_VALUES}.items()
    for name in names.split(",")
}
"""Why each of those that are refused is."""
_MET = f"{__name__}.met"


def foreign_flags(command: _F) -> _F:
    """Teach ``command`` every flag of wrangler's, hidden from its help."""
    for names in _HARMLESS_SWITCHES:
        command = _option(names, _pass_over, is_flag=True)(command)
    for names in _HARMLESS_VALUES:
        command = _option(names, _pass_over, multiple=True)(command)
    for names, reason in _REFUSED_SWITCHES.items():
        command = _option(names, _refuse(reason), is_flag=True)(command)
    for names, reason in _REFUSED_VALUES.items():
        command = _option(names, _refuse(reason), multiple=True)(command)
    return command


def passed_over(context: click.Context) -> list[str]:
    """The harmless flags of this command line."""
    return list(context.meta.get(_MET, ()))


def _option(
    names: str,
    callback: Callable[[click.Context, click.Parameter, Any], None],
    *,
    is_flag: bool = False,
    multiple: bool = False,
) -> Callable[[_F], _F]:
    return click.option(
        *names.split(","),
        callback=callback,
        is_flag=is_flag,
        multiple=multiple,
        hidden=True,
        expose_value=False,
    )


def _pass_over(context: click.Context, flag: click.Parameter, value: object) -> None:
    if value:
        context.meta.setdefault(_MET, []).append(flag.opts[-1])


def _refuse(reason: str) -> Callable[[click.Context, click.Parameter, object], None]:
    def refuse(context: click.Context, flag: click.Parameter, value: object) -> None:
        if value:
            raise UsageError(f"{flag.opts[-1]} is not supported", hint=reason)

    return refuse
