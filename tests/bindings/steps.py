"""Steps that a binding takes alike here and in workerd: what `table_*.py` is made of.

A step is ``{"on": name, "calls": [[member, *arguments], ...]}``: each member is read from, or
called on, what the one before gave, and awaited; the first from `env.<name>`, or from what an
earlier step kept with ``"as": name``. ``"quiet": true``: the answer differs from run to run;
``"hide": [names]``: these members of it do. ``"rest": ms``: so much time passes before it;
``"until": [status, ...]``: it is taken again and again until its answer has one of these.

Arguments are JSON, but for `{"$undefined": 1}`, `{"$bytes": [1, 2]}` (a Uint8Array), `{"$buffer":
[...]}` (an ArrayBuffer), `{"$date": ms}`, `{"$stream": text}`, `{"$fixed": text}` (a stream whose
length is known), `{"$fill": [byte, length]}` (a Uint8Array), `{"$blob": text}`,
`{"$headers": {...}}`, `{"$number": "NaN"}`, `{"$email": [from, to, raw]}`,
`{"$known": name or names}`.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from wrangler_py.bindings.email.message import EmailMessage
from wrangler_py.js.array import JsArray
from wrangler_py.js.buffers import ArrayBuffer, TypedArray, Uint8Array
from wrangler_py.js.date import Date
from wrangler_py.js.errors import JsException
from wrangler_py.js.map_set import JsMap
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.js.proxy import JsProxy
from wrangler_py.web.blob import Blob
from wrangler_py.web.headers import Headers
from wrangler_py.web.response import Response
from wrangler_py.web.streams_fixed import FixedLengthStream

Step = dict[str, Any]
Answer = dict[str, Any]

RECORDED = Path(__file__).parent / "recorded"


def do(on: str, *calls: list[Any], **options: Any) -> Step:
    """A step: ``do("KV", ["get", "key"])``."""
    return {"on": on, "calls": list(calls), **options}


def recorded(name: str) -> dict[str, list[Answer]]:
    """What workerd answered, by scenario."""
    answers: dict[str, list[Answer]] = json.loads((RECORDED / f"{name}.json").read_text())
    return answers


def normalised(table: Any, answers: list[Answer]) -> list[Answer]:
    """``answers`` without what a table says differs from run to run, or from machine to machine:
    `HIDDEN` and `LEFT_OUT`, names of members, and `NORMALISE`, (pattern, replacement) of errors."""
    found = [_hidden(answer, getattr(table, "HIDDEN", ())) for answer in answers]
    found = [_without(answer, getattr(table, "LEFT_OUT", ())) for answer in found]
    for answer in found:
        for pattern, replacement in getattr(table, "NORMALISE", ()):
            if "error" in answer:
                answer["error"] = re.sub(pattern, replacement, answer["error"], flags=re.DOTALL)
    return found


async def _no_rest(_ms: int) -> None:
    raise NotImplementedError


async def run(
    env: JsObject, steps: list[Step], rest: Callable[[int], Awaitable[None]] = _no_rest
) -> list[Answer]:
    """The same steps with our bindings; call it as code of an event.

    ``rest(ms)`` lets time pass.
    """
    known: dict[str, Any] = dict(env._entries())
    answers: list[Answer] = []
    for step in steps:
        if "rest" in step:
            await rest(step["rest"])
        try:
            at = await _taken(known, step)
            for _ in range(500 if "until" in step else 0):
                if at.status in step["until"]:
                    break
                await rest(10)
                at = await _taken(known, step)
            if "as" in step:
                known[step["as"]] = at
            shown = "..." if step.get("quiet") else await show(at)
            answers.append({"ok": _hidden(shown, step.get("hide", ()))})
        except JsException as exc:
            answers.append({"error": str(exc)})
    return answers


async def _taken(known: dict[str, Any], step: Step) -> Any:
    at = known[step["on"]]
    for name, *arguments in step["calls"]:
        member = getattr(at, name)
        at = member(*(value(each, known) for each in arguments)) if callable(member) else member
        at = await at if inspect.isawaitable(at) else at
    return at


def value(plain: Any, known: dict[str, Any] | None = None) -> Any:
    """An argument as JavaScript would pass it."""
    if plain is None:
        return jsnull
    if isinstance(plain, list):
        return JsArray([value(each, known) for each in plain])
    if not isinstance(plain, dict):
        return plain
    ((key, content), *_) = plain.items() or [("", None)]
    match key:
        case "$undefined":
            return None
        case "$bytes":
            return Uint8Array._of(bytes(content))
        case "$buffer":
            return ArrayBuffer._of(bytes(content))
        case "$date":
            return Date(content)
        case "$stream":
            return Response(content).body
        case "$fixed":
            return _fixed(content)
        case "$fill":
            return Uint8Array._of(bytes(content[:1]) * content[1])
        case "$blob":
            return Blob(JsArray([content]))
        case "$headers":
            return Headers(value(content))
        case "$number":
            return float(content)
        case "$email":
            return EmailMessage(*(value(each) for each in content))
        case "$known":
            assert known is not None
            several = isinstance(content, list)
            return JsArray([known[each] for each in content]) if several else known[content]
    return JsObject({name: value(each, known) for name, each in plain.items()})


def _hidden(shown: Any, names: Sequence[str]) -> Any:
    if isinstance(shown, list):
        return [_hidden(each, names) for each in shown]
    if not isinstance(shown, dict):
        return shown
    return {name: "..." if name in names else _hidden(each, names) for name, each in shown.items()}


def _without(shown: Any, names: Sequence[str]) -> Any:
    if isinstance(shown, list):
        return [_without(each, names) for each in shown]
    if not isinstance(shown, dict):
        return shown
    return {name: _without(each, names) for name, each in shown.items() if name not in names}


def _fixed(text: str) -> Any:
    ends = FixedLengthStream(len(text))
    writer = ends.writable.getWriter()
    writer.write(Uint8Array._of(text.encode()))
    writer.close()
    return ends.readable


async def show(found: Any) -> Any:
    """A result as the recorder writes it."""
    if found is None:
        return {"$undefined": True}
    if found is jsnull:
        return None
    if isinstance(found, float) and not (found == found and abs(found) != float("inf")):
        return {"$number": {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}[str(found)]}
    if not isinstance(found, JsProxy):
        return found
    if isinstance(found, JsMap):
        return {"$map": [[key, await show(each)] for key, each in found._pairs()]}
    if isinstance(found, Date):
        return {"$date": found.toISOString()}
    if isinstance(found, ArrayBuffer):
        return {"$buffer": list(found.to_bytes())}
    if isinstance(found, TypedArray):
        return {"$bytes": list(found.to_bytes())}
    if isinstance(found, JsArray):
        return [await show(each) for each in found]
    kind = found.constructor.name
    if kind == "ReadableStream":
        return {"$stream": await Response(found).text()}
    shown = {name: await show(each) for name, each in _members(found)}
    return shown if kind == "Object" else {"$kind": kind, **shown}


def _members(found: JsProxy) -> list[tuple[str, Any]]:
    """Own properties and getters, but no functions and no streams, sorted."""
    names = {name for name, _ in found._entries()} if hasattr(found, "_entries") else set()
    names |= {name for name in vars(found) if not name.startswith("_")}
    for cls in type(found).__mro__:
        names |= {
            name
            for name, each in vars(cls).items()
            if isinstance(each, property) and not name.startswith("_")
        }
    names -= {"constructor", "js_id", "typeof"}
    members = [(name, getattr(found, name)) for name in sorted(names)]
    return [
        (name, each)
        for name, each in members
        if not callable(each) and getattr(type(each), "_js_name", "") != "ReadableStream"
    ]
