"""`pywrangler kv`: the keys of a namespace on this machine."""

from __future__ import annotations

import base64
import binascii
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wrangler_py.cli.local_state import LOCAL, PartlyForeign, Project, project_options
from wrangler_py.cli.worker_options import PATH
from wrangler_py.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from wrangler_py.stores.key_values import KeyValues

__all__ = ["kv"]


@click.group(cls=PartlyForeign, foreign="namespace", short_help="Read and write KV locally.")
def kv() -> None:
    """Read and write the KV namespaces of a project on this machine."""


@kv.group()
def key() -> None:
    """Read and write single keys."""


@kv.group()
def bulk() -> None:
    """Read and write many keys, from a file of JSON."""


def _preview(ctx: click.Context, _option: click.Parameter, wanted: bool | None) -> bool | None:
    """A binding means its `preview_id`, if it has one, as in `wrangler dev`: there is no choice."""
    if wanted is False and ctx.params.get("namespace_id") is None:
        raise UsageError(
            "a binding has its preview_id here, where there is one, as in `wrangler dev`",
            where="--no-preview",
            hint="--namespace-id ID says which namespace is meant",
        )
    return wanted


def _namespace(function: Callable[..., int]) -> Callable[..., int]:
    options = [
        click.option("--binding", metavar="NAME", help="The namespace that `env` has so."),
        click.option("--namespace-id", metavar="ID", help="The namespace itself.", is_eager=True),
        click.option("--preview/--no-preview", hidden=True, default=None, callback=_preview),
    ]
    function = project_options(function)
    for option in reversed(options):
        option(function)
    return function


def _chosen(project: Project, binding: str | None, namespace_id: str | None) -> tuple[str, str]:
    """The id, and how the namespace is called to a person."""
    if (binding is None) == (namespace_id is None):
        raise UsageError("say which namespace: --binding NAME or --namespace-id ID, one of them")
    if namespace_id is not None:
        return namespace_id, f'id: "{namespace_id}"'
    bound = project.config.bindings.kv_namespaces if project.config else ()
    for each in bound:
        if each.binding == binding:
            return each.id, f'binding: "{binding}" (id: "{each.id}")'
    known = ", ".join(each.binding for each in bound) or "there are none"
    raise UsageError(
        f"no KV namespace is bound to {binding}",
        where="--binding",
        hint=f"KV namespaces of the configuration: {known}",
    )


def _store(stores: Any, name: str) -> KeyValues:
    from wrangler_py.stores.key_values import KeyValues  # SQLite only for commands that use it

    return KeyValues(stores, name)


def _checked(check: Callable[..., Any], *args: Any) -> Any:
    """What a limit of KV says, as an error of the command line."""
    from wrangler_py.js.errors import JsException

    try:
        return check(*args)
    except JsException as exc:
        raise UsageError(str(exc)) from None


def _value(value: str | None, path: Path | None) -> bytes:
    if (value is None) == (path is None):
        raise UsageError("give a value, or --path FILE, one of them")
    if path is None:
        assert value is not None
        return value.encode("utf-8", "surrogateescape")
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", where="--path") from None


def _json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError(f"that is no JSON: {error}", where=where) from None


@key.command("put")
@click.argument("name", metavar="KEY")
@click.argument("value", required=False)
@_namespace
@click.option("--path", type=PATH, metavar="FILE", help="Read the value from a file.")
@click.option("--ttl", type=int, metavar="SECONDS", help="Forget it after so long, 60 or more.")
@click.option("--expiration", type=int, metavar="TIME", help="Forget it then: seconds since 1970.")
@click.option("--metadata", metavar="JSON", help="Keep this beside the value.")
def key_put(
    project: Project,
    name: str,
    value: str | None,
    binding: str | None,
    namespace_id: str | None,
    preview: bool | None,
    path: Path | None,
    ttl: int | None,
    expiration: int | None,
    metadata: str | None,
) -> int:
    """Set KEY."""
    found, shown = _chosen(project, binding, namespace_id)
    data = _value(value, path)
    kept = None if metadata is None else json.dumps(_json(metadata, "--metadata"))
    with project.stores() as stores:
        _put(_store(stores, found), name, data, (expiration, ttl), kept)
    what = f"the contents of {path}" if path else f'the value "{value}"'
    beside = "" if metadata is None else f' with metadata "{metadata}"'
    click.echo(f'{LOCAL}\nWriting {what} to key "{name}" on namespace {shown}{beside}.')
    return ExitCode.OK


def _put(
    store: KeyValues,
    name: str,
    data: bytes,
    lifetime: tuple[int | None, int | None],
    metadata: str | None,
) -> None:
    from wrangler_py.bindings.kv import limits

    _checked(limits.check_key, "PUT", name)
    expires = _checked(limits.expires_at, int(time.time()), *lifetime)
    _checked(limits.check_metadata, metadata)
    _checked(limits.check_size, len(data))
    store.put(name, data, expires, metadata)


@key.command("get")
@click.argument("name", metavar="KEY")
@_namespace
@click.option("--text", is_flag=True, help="Write the value as text, with a line end.")
def key_get(
    project: Project,
    name: str,
    binding: str | None,
    namespace_id: str | None,
    preview: bool | None,
    text: bool,
) -> int:
    """Write the value of KEY to standard output."""
    chosen, _ = _chosen(project, binding, namespace_id)
    with project.stores() as stores:
        found = _store(stores, chosen).get(name)
    if found is None:
        click.echo("Value not found")
    elif text:
        click.echo(found[0].decode("utf-8", "replace"))
    else:
        sys.stdout.buffer.write(found[0])
    return ExitCode.OK


@key.command("list")
@_namespace
@click.option("--prefix", default="", help="Only keys that start so.")
def key_list(
    project: Project,
    binding: str | None,
    namespace_id: str | None,
    preview: bool | None,
    prefix: str,
) -> int:
    """Write the keys as JSON, with their metadata and expiration."""
    chosen, _ = _chosen(project, binding, namespace_id)
    keys: list[dict[str, Any]] = []
    with project.stores() as stores:
        store, cursor, more = _store(stores, chosen), None, True
        while more:
            page = store.list(prefix, cursor=cursor)
            for entry in page.entries:
                shown: dict[str, Any] = {"name": entry.key}
                if entry.expiration is not None:
                    shown["expiration"] = entry.expiration
                if entry.metadata is not None:
                    shown["metadata"] = json.loads(entry.metadata)
                keys.append(shown)
            cursor, more = page.cursor, page.cursor is not None
    click.echo(json.dumps(keys, indent=2, ensure_ascii=False))
    return ExitCode.OK


@key.command("delete")
@click.argument("name", metavar="KEY")
@_namespace
def key_delete(
    project: Project, name: str, binding: str | None, namespace_id: str | None, preview: bool
) -> int:
    """Forget KEY."""
    chosen, shown = _chosen(project, binding, namespace_id)
    with project.stores() as stores:
        _store(stores, chosen).delete(name)
    click.echo(f'{LOCAL}\nDeleting the key "{name}" on namespace {shown}.')
    return ExitCode.OK


@bulk.command("put")
@click.argument("file", type=PATH)
@_namespace
def bulk_put(
    project: Project, file: Path, binding: str | None, namespace_id: str | None, preview: bool
) -> int:
    """Set every key of FILE: [{"key": ..., "value": ..., "base64"?, "expiration_ttl"?,
    "expiration"?, "metadata"?}, ...]."""
    chosen, _ = _chosen(project, binding, namespace_id)
    pairs = [_pair(each, f"{file}[{n}]") for n, each in enumerate(_list(file))]
    with project.stores() as stores:
        store = _store(stores, chosen)
        for pair in pairs:
            _put(store, *pair)
    click.echo(f"{LOCAL}\nSuccess!")
    return ExitCode.OK


def _list(file: Path) -> list[Any]:
    found = _json(_value(None, file).decode("utf-8", "replace"), str(file))
    if not isinstance(found, list):
        raise UsageError("a JSON array is expected", where=str(file))
    return found


def _pair(pair: Any, where: str) -> tuple[str, bytes, tuple[int | None, int | None], str | None]:
    if not isinstance(pair, dict) or not all(
        isinstance(pair.get(name), str) for name in ("key", "value")
    ):
        raise UsageError("a key-value pair has `key` and `value`, both text", where=where)
    data = pair["value"].encode("utf-8", "surrogatepass")
    if pair.get("base64"):
        try:
            data = base64.b64decode(data, validate=True)
        except binascii.Error:
            raise UsageError("the value is no base64", where=where) from None
    lifetime = pair.get("expiration"), pair.get("expiration_ttl")
    metadata = pair.get("metadata")
    return pair["key"], data, lifetime, None if metadata is None else json.dumps(metadata)


def _keys(file: Path) -> list[str]:
    keys = [each.get("name") if isinstance(each, dict) else each for each in _list(file)]
    found = [each for each in keys if isinstance(each, str)]
    if len(found) < len(keys):
        raise UsageError("a key is text", where=str(file))
    return found


@bulk.command("get")
@click.argument("file", type=PATH)
@_namespace
def bulk_get(
    project: Project, file: Path, binding: str | None, namespace_id: str | None, preview: bool
) -> int:
    """Write the values of the keys that FILE lists, as JSON."""
    chosen, _ = _chosen(project, binding, namespace_id)
    shown: dict[str, Any] = {}
    with project.stores() as stores:
        store = _store(stores, chosen)
        for name in _keys(file):
            found = store.get(name)
            text = None if found is None else {"value": found[0].decode("utf-8", "replace")}
            shown[name] = text
    click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    return ExitCode.OK


@bulk.command("delete")
@click.argument("file", type=PATH)
@_namespace
@click.option("-f", "--force", is_flag=True, help="Do not ask.")
def bulk_delete(
    project: Project,
    file: Path,
    binding: str | None,
    namespace_id: str | None,
    preview: bool | None,
    force: bool,
) -> int:
    """Forget every key that FILE lists."""
    chosen, shown = _chosen(project, binding, namespace_id)
    keys = _keys(file)
    if not force and sys.stdin.isatty():
        click.confirm(f"Delete the keys of {file} from namespace {shown}?", abort=True)
    with project.stores() as stores:
        _store(stores, chosen).delete(*keys)
    click.echo(f"{LOCAL}\nSuccess!")
    return ExitCode.OK
