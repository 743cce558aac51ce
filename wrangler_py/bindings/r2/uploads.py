"""Uploads in parts, as far as they are kept.

Source: https://developers.cloudflare.com/r2/objects/multipart-objects/
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ...stores.stores import transaction
from .refusals import MIN_PART_SIZE, Refused, internal
from .store import Entry, R2Store, Written, new_version, packed

__all__ = ["abort", "begin", "complete", "put_part"]

_IN_PROGRESS, _COMPLETED, _ABORTED = range(3)


class _Part(NamedTuple):
    number: int
    size: int
    etag: str
    md5: str


def _id() -> str:
    return secrets.token_urlsafe(128)


def begin(
    store: R2Store, key: str, http_metadata: Mapping[str, Any], custom_metadata: Mapping[str, str]
) -> str:
    """The id of a new upload."""
    upload = _id()
    store.database.execute(
        "INSERT INTO _mf_multipart_uploads (upload_id, key, http_metadata, custom_metadata) "
        "VALUES (?, ?, ?, ?)",
        (upload, key, packed(http_metadata), packed(custom_metadata)),
    )
    return upload


def put_part(store: R2Store, key: str, upload: str, number: int, written: Written) -> str:
    """Set a part, which may have been there; its etag.

    Raises: Refused: there is no such upload, or it is over.
    """
    etag = _id()
    row = upload, number, written.blob, written.size, etag, written.digests["md5"].hex()
    try:
        with transaction(store.database) as database:
            if _state(store, key, upload) != _IN_PROGRESS:
                raise Refused(10024)
            old = database.execute(
                "DELETE FROM _mf_multipart_parts WHERE upload_id = ? AND part_number = ? "
                "RETURNING blob_id",
                (upload, number),
            ).fetchall()
            database.execute(
                "INSERT INTO _mf_multipart_parts "
                "(upload_id, part_number, blob_id, size, etag, checksum_md5) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                row,
            )
    except BaseException:
        store.forget([written.blob])
        raise
    store.forget([blob for (blob,) in old])
    return etag


def abort(store: R2Store, key: str, upload: str) -> None:
    """Forget an upload and its parts; nothing happens if it is over.

    Raises: Refused: there is no such upload.
    """
    with transaction(store.database):
        state = _state(store, key, upload)
        if state is None:
            raise internal()
        if state != _IN_PROGRESS:
            return
        stale = _drop_parts(store, upload)
        _end(store, upload, _ABORTED)
    store.forget(stale)


def complete(store: R2Store, key: str, upload: str, chosen: Sequence[tuple[int, str]]) -> Entry:
    """Make the object of the ``chosen`` parts (number and etag); others are forgotten.

    Raises: Refused.
    """
    with transaction(store.database):
        state = _state(store, key, upload)
        if state is None:
            raise internal()
        if state != _IN_PROGRESS:
            raise Refused(10024)
        parts = _chosen(store, upload, chosen)
        entry = _joined(store, key, upload, parts)
        stale = store.replace(entry, None, {})
        for part in parts:
            store.database.execute(
                "UPDATE _mf_multipart_parts SET object_key = ? "
                "WHERE upload_id = ? AND part_number = ?",
                (key, upload, part.number),
            )
        stale += _drop_parts(store, upload)
        _end(store, upload, _COMPLETED)
    store.forget(stale)
    return entry


def _chosen(store: R2Store, upload: str, chosen: Sequence[tuple[int, str]]) -> list[_Part]:
    if len({number for number, _ in chosen}) < len(chosen):
        raise internal()
    rows = store.database.execute(
        "SELECT part_number, size, etag, checksum_md5 FROM _mf_multipart_parts WHERE upload_id = ?",
        (upload,),
    )
    there = {part.number: part for part in (_Part(*row) for row in rows)}
    parts = []
    for number, etag in chosen:
        part = there.get(number)
        if part is None or part.etag != etag:
            raise Refused(10025)
        parts.append(part)
    if any(part.size < MIN_PART_SIZE for part in parts[:-1]):
        raise Refused(10011)
    parts.sort()
    _check_sizes([part.size for part in parts])
    return parts


def _check_sizes(sizes: Sequence[int]) -> None:
    """All parts but the last are equally large, and that one is no larger."""
    if any(size < MIN_PART_SIZE or size != sizes[0] for size in sizes[:-1]):
        raise Refused(10048)
    if len(sizes) > 1 and sizes[-1] > sizes[0]:
        raise Refused(10048)


def _joined(store: R2Store, key: str, upload: str, parts: Sequence[_Part]) -> Entry:
    (row,) = store.database.execute(
        "SELECT http_metadata, custom_metadata FROM _mf_multipart_uploads WHERE upload_id = ?",
        (upload,),
    ).fetchall()
    digests = b"".join(bytes.fromhex(part.md5) for part in parts)
    return Entry(
        key,
        new_version(),
        sum(part.size for part in parts),
        f"{hashlib.md5(digests, usedforsecurity=False).hexdigest()}-{len(parts)}",
        store.clock.now_ms(),
        {},
        json.loads(row[0]),
        json.loads(row[1]),
    )


def _state(store: R2Store, key: str, upload: str) -> int | None:
    found = store.database.execute(
        "SELECT state FROM _mf_multipart_uploads WHERE upload_id = ? AND key = ?", (upload, key)
    ).fetchone()
    return None if found is None else int(found[0])


def _end(store: R2Store, upload: str, state: int) -> None:
    store.database.execute(
        "UPDATE _mf_multipart_uploads SET state = ? WHERE upload_id = ?", (state, upload)
    )


def _drop_parts(store: R2Store, upload: str) -> list[str]:
    """Forget the parts of an upload that no object has."""
    gone = store.database.execute(
        "DELETE FROM _mf_multipart_parts WHERE upload_id = ? AND object_key IS NULL "
        "RETURNING blob_id",
        (upload,),
    )
    return [blob for (blob,) in gone.fetchall()]
