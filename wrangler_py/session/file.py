"""A session's file: JSON Lines, a header and then one event in each line."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import UsageError
from .lines import Entry, decoded, encoded
from .rules import DEFAULT, Rules

__all__ = ["Session", "create", "header", "read", "to_line", "write"]

KIND = "wrangler-py session"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Session:
    """What was recorded."""

    path: Path
    header: Mapping[str, Any]
    rules: Rules
    entries: tuple[Entry, ...]
    cut: bool = False
    """Its last line is not whole: whoever wrote it was ended."""


def header(**facts: Any) -> dict[str, Any]:
    """The first line's object."""
    return {KIND: VERSION, **facts, "rules": DEFAULT}


def to_line(row: Mapping[str, Any]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def create(path: Path) -> BinaryIO:
    """A new file that only its owner reads: there are cookies in it.

    Raises:
        UsageError: it exists, or cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        return os.fdopen(os.open(path, flags, 0o600), "wb", buffering=0)
    except FileExistsError:
        hint = "delete it, or record to another file"
        raise UsageError(f"{path} exists", where="--record", hint=hint) from None
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}", where="--record") from None


def read(path: str | os.PathLike[str]) -> Session:
    """Read a session.

    Raises:
        UsageError: it is none.
    """
    path = Path(path)
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", where="session") from None
    head = _head(path, lines[0])
    rules = Rules.of(head.get("rules", {}), f"{path}:1 rules")
    entries: list[Entry] = []
    last = len(lines)
    for number, line in enumerate(lines[1:], 2):
        if not line.strip():
            continue
        try:
            entries.append(decoded(_object(line), number))
        except (KeyError, TypeError, ValueError) as error:
            if number == last:  # what is whole ends with a line feed
                return Session(path, head, rules, tuple(entries), cut=True)
            missing = f"there is no {error}" if isinstance(error, KeyError) else str(error)
            raise UsageError(f"this is no event: {missing}", where=f"{path}:{number}") from None
    _check(path, entries)
    return Session(path, head, rules, tuple(entries))


def _head(path: Path, line: bytes) -> dict[str, Any]:
    try:
        head = _object(line)
    except ValueError:
        head = {}
    if KIND not in head:
        hint = "`pywrangler dev --record FILE` writes one"
        raise UsageError("this is no recorded session", where=f"{path}:1", hint=hint)
    if head[KIND] != VERSION:
        text = f"this session has format {head[KIND]}, and this version reads {VERSION}"
        raise UsageError(text, where=f"{path}:1")
    return head


def _object(line: bytes) -> dict[str, Any]:
    row = json.loads(line.decode("utf-8", "surrogatepass"))
    if not isinstance(row, dict):
        raise ValueError("it is no JSON object")
    return row


def _check(path: Path, entries: Iterable[Entry]) -> None:
    """Each conversation begins with its request: an editor may have deleted it."""
    begun: set[int] = set()
    for entry in entries:
        row = entry.raw or {}
        if "request" in row:
            begun.add(entry.event.id)
        elif entry.event.id not in begun:
            text = f"there is no request {entry.event.id} above"
            raise UsageError(text, where=f"{path}:{entry.line}")


def write(session: Session, entries: Iterable[Entry]) -> None:
    """Replace the file's events; what did not change keeps its line as it was."""
    rows = [session.header]
    for entry in entries:
        rows.append(encoded(entry.event, entry.digest) if entry.raw is None else entry.raw)
    beside = session.path.with_name(f"{session.path.name}.new")
    beside.unlink(missing_ok=True)
    with create(beside) as file:
        file.write(b"".join(map(to_line, rows)))
    beside.replace(session.path)


def changed(entry: Entry, **facts: Any) -> Entry:
    """``entry`` with another event: its line is written anew."""
    return replace(entry, raw=None, digest=None, event=replace(entry.event, **facts))
