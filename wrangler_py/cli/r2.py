"""`pywrangler r2`: the objects of a bucket on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from wrangler_py.cli.local_state import LOCAL, PartlyForeign, Project, project_options
from wrangler_py.cli.worker_options import PATH
from wrangler_py.errors import ExitCode, UsageError, WranglerError

if TYPE_CHECKING:
    from wrangler_py.bindings.r2.store import R2Store

__all__ = ["r2"]

_CHUNK = 1 << 18


@click.group(
    cls=PartlyForeign, foreign="bucket bulk sql", short_help="Read and write R2 objects locally."
)
def r2() -> None:
    """Read and write the R2 buckets of a project on this machine."""


@r2.group("object")
def object_() -> None:
    """Read and write objects: BUCKET/KEY."""


def _path(text: str) -> tuple[str, str]:
    bucket, slash, key = text.partition("/")
    if not bucket or not slash or not key:
        raise UsageError(f'an object is BUCKET/KEY, not "{text}"')
    return bucket, key


def _store(stores: Any, bucket: str) -> R2Store:
    from wrangler_py.bindings.r2.store import R2Store  # SQLite only for commands that use it

    return R2Store(stores, bucket)


def _refused(_ctx: click.Context, option: click.Parameter, value: str | None) -> None:
    if value is not None:
        raise UsageError(
            "buckets on this machine have none, so it would change nothing",
            where=max(option.opts, key=len),
            hint="leave it out",
        )


_METADATA = {
    "content_type": "contentType",
    "content_disposition": "contentDisposition",
    "content_encoding": "contentEncoding",
    "content_language": "contentLanguage",
    "cache_control": "cacheControl",
}


@object_.command()
@click.argument("path", metavar="BUCKET/KEY")
@project_options
@click.option("-f", "--file", type=PATH, help="The file to read.")
@click.option("-p", "--pipe", is_flag=True, help="Read standard input.")
@click.option("--ct", "--content-type", "content_type", metavar="TYPE")
@click.option("--cd", "--content-disposition", "content_disposition", metavar="TEXT")
@click.option("--ce", "--content-encoding", "content_encoding", metavar="NAME")
@click.option("--cl", "--content-language", "content_language", metavar="TAG")
@click.option("--cc", "--cache-control", "cache_control", metavar="TEXT")
@click.option("--expires", metavar="DATE", help="As in the header of that name.")
@click.option("-s", "--storage-class", hidden=True, expose_value=False, callback=_refused)
@click.option("-J", "--jurisdiction", hidden=True, expose_value=False, callback=_refused)
@click.option("-y", "--force", is_flag=True, hidden=True)
def put(
    project: Project,
    path: str,
    file: Path | None,
    pipe: bool,
    expires: str | None,
    force: bool,
    **headers: str | None,
) -> int:
    """Set an object."""
    bucket, key = _path(path)
    metadata: dict[str, Any] = {
        _METADATA[name]: value for name, value in headers.items() if value is not None
    }
    if expires is not None:
        metadata["cacheExpiry"] = _date(expires)
    with _source(file, pipe) as source, project.stores() as stores:
        click.echo(f'{LOCAL}\nCreating object "{key}" in bucket "{bucket}".')
        _put(_store(stores, bucket), key, source, metadata)
    click.echo("Upload complete.")
    return ExitCode.OK


def _date(text: str) -> int:
    from wrangler_py.js.date import parse

    found = parse(text)
    if found != found:
        raise UsageError(f'"{text}" is no date', where="--expires")
    return int(found)


@contextmanager
def _source(file: Path | None, pipe: bool) -> Iterator[BinaryIO]:
    if (file is None) != pipe:
        raise UsageError("say where it comes from: --file FILE or --pipe, one of them")
    if file is None:
        yield sys.stdin.buffer
        return
    try:
        opened = file.open("rb")
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}", where="--file") from None
    with opened:
        yield opened


def _put(store: R2Store, key: str, source: BinaryIO, metadata: dict[str, Any]) -> None:
    from wrangler_py.bindings.r2 import content, refusals

    _check(key)
    written = content.write_pieces(store, iter(lambda: source.read(_CHUNK), b""))
    try:
        refusals.check_size(written.size)
    except refusals.Refused as exc:
        store.forget([written.blob])
        raise UsageError(exc.text) from None
    store.put(key, written, {}, metadata, {})


def _check(key: str) -> None:
    from wrangler_py.bindings.r2 import refusals

    try:
        refusals.check_key(key)
    except refusals.Refused as exc:
        raise UsageError(exc.text) from None


@object_.command()
@click.argument("path", metavar="BUCKET/KEY")
@project_options
@click.option("-f", "--file", type=PATH, help="Where to write it.  [default: the key, here]")
@click.option("-p", "--pipe", is_flag=True, help="Write to standard output.")
@click.option("-J", "--jurisdiction", hidden=True, expose_value=False, callback=_refused)
def get(project: Project, path: str, file: Path | None, pipe: bool) -> int:
    """Read an object."""
    bucket, key = _path(path)
    with project.stores() as stores:
        store = _store(stores, bucket)
        if not pipe:
            click.echo(f'{LOCAL}\nDownloading "{key}" from "{bucket}".')
        found = store.find(key)
        if found is None:
            raise WranglerError("The specified key does not exist.", where=path)
        if pipe:
            _copy(store, found[1], sys.stdout.buffer)
            return ExitCode.OK
        target = file or Path(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                _copy(store, found[1], out)
        except OSError as error:
            raise UsageError(f"cannot write {target}: {error.strerror}", where="--file") from None
    click.echo("Download complete.")
    return ExitCode.OK


def _copy(store: R2Store, pieces: Any, out: BinaryIO) -> None:
    for blob, _ in pieces:
        with store.blobs.open(blob) as file:
            while chunk := file.read(_CHUNK):
                out.write(chunk)


@object_.command()
@click.argument("path", metavar="BUCKET/KEY")
@project_options
@click.option("-J", "--jurisdiction", hidden=True, expose_value=False, callback=_refused)
@click.option("-y", "--force", is_flag=True, hidden=True)
def delete(project: Project, path: str, force: bool) -> int:
    """Forget an object."""
    bucket, key = _path(path)
    click.echo(f'{LOCAL}\nDeleting object "{key}" from bucket "{bucket}".')
    _check(key)
    with project.stores() as stores:
        _store(stores, bucket).delete([key])
    click.echo("Delete complete.")
    return ExitCode.OK
