"""A case with our HTMLRewriter, answered as `record.mjs` answers it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from tests.bindings.steps import value
from wrangler_py.js.array import JsArray
from wrangler_py.js.errors import ERROR_CLASSES, JsException
from wrangler_py.js.null import jsnull
from wrangler_py.js.object import JsObject
from wrangler_py.web.html_rewriter import HTMLRewriter
from wrangler_py.web.response import Response

from .cases import Case, Ops

UNDEFINED = {"$undefined": True}
GIVE_THEMSELVES = frozenset(
    "before after prepend append replace remove removeAndKeepContent setInnerContent setAttribute "
    "removeAttribute".split()
)


async def play(case: Case) -> dict[str, Any]:
    player = _Player()
    answer: dict[str, Any] = {}
    try:
        await player.play(case, answer)
    except JsException as exc:
        answer["error"] = str(exc)
    if player.log:
        answer["log"] = player.log
    return answer


class _Player:
    def __init__(self) -> None:
        self.log: list[Any] = []
        self.kept: dict[str, Any] = {}

    async def play(self, case: Case, answer: dict[str, Any]) -> None:
        rewriter = HTMLRewriter.constructor.new()
        for number, (selector, handlers) in enumerate(case["on"]):
            given = self._handlers(number, handlers)
            if selector is None:
                result = rewriter.onDocument(given)
            else:
                result = rewriter.on(_argument(selector), given)
            assert result is rewriter
        source = _input(case)
        if "used" in case:
            await source.text()
        if "locked" in case:
            source.body.getReader()
        output = rewriter.transform(source)
        if "response" in case:
            answer["response"] = {
                "status": output.status,
                "statusText": output.statusText,
                "headers": [list(pair) for pair in output.headers._sorted()],
                "same": output is source,
                "used": source.bodyUsed,
                "null_body": output.body is jsnull,
            }
            output.headers.set("x-own", "1")
        if "twice" in case:
            try:
                rewriter.transform(source)
            except JsException as exc:
                answer["twice"] = str(exc)
        if output.body is not jsnull:
            await _read(output, answer)
        for name, op in case.get("late", ()):
            try:
                self._act("late", self.kept[name], op)
            except JsException as exc:
                self.log.append(["late", "caught", str(exc)])

    def _handlers(self, number: int, handlers: Any) -> Any:
        if not isinstance(handlers, dict) or "$undefined" in handlers:
            return _argument(handlers)
        return JsObject(
            {
                kind: self._doing(f"{number} {kind}", ops)
                if isinstance(ops, list)
                else _argument(ops)
                for kind, ops in handlers.items()
            }
        )

    def _doing(self, name: str, ops: Ops) -> Callable[[Any], Any]:
        def at_once(token: Any) -> None:
            for op in ops:
                self._act(name, token, op)

        async def later(token: Any) -> None:
            for op in ops:
                if op[0] == "sleep":
                    await asyncio.sleep(0)
                elif op[0] == "reject":
                    raise JsException("Error", op[1])
                else:
                    self._act(name, token, op)

        return later if any(op[0] in ("sleep", "reject") for op in ops) else at_once

    def _act(self, name: str, token: Any, op: list[Any]) -> None:
        what, *rest = op
        special = getattr(self, f"_{what.replace(' ', '_')}", None)
        if special is not None:
            special(name, token, *rest)
            return
        result = getattr(token, what)(*map(_argument, rest))
        if what not in GIVE_THEMSELVES:
            self.log.append([name, what, _shown(result)])
        elif result is not token:
            self.log.append([name, what, "not this"])

    def _get(self, name: str, token: Any, member: str) -> None:
        self.log.append([name, member, _shown(getattr(token, member))])

    def _set(self, _name: str, token: Any, member: str, content: Any) -> None:
        setattr(token, member, value(content))

    def _attributes(self, name: str, token: Any) -> None:
        self.log.append([name, "attributes", [list(pair) for pair in token.attributes]])

    def _mutate_while_iterating(self, _name: str, token: Any) -> None:
        iterator = token.attributes
        iterator.next()
        token.setAttribute("x", "1")
        iterator.next()

    def _next(self, name: str, token: Any) -> None:
        iterator = token.attributes
        step = iterator.next()
        shown = {"done": step.done, "value": list(step.value)}
        self.log.append([name, "next", shown, str(iterator)])

    def _throw(self, _name: str, _token: Any, message: str, kind: str = "Error") -> None:
        raise ERROR_CLASSES[kind].new(message)

    def _try(self, name: str, token: Any, op: list[Any]) -> None:
        try:
            self._act(name, token, op)
            self.log.append([name, "no error"])
        except JsException as exc:
            self.log.append([name, "caught", str(exc)])
        except AttributeError:  # Python's own word for a property that cannot be set
            text = f"TypeError: Cannot assign to read only property '{op[1]}' of object "
            self.log.append([name, "caught", f"{text}'#<{token.constructor.name}>'"])

    def _onEndTag(self, name: str, token: Any, ops: Ops) -> None:
        from wrangler_py.js.callbacks import create_proxy

        token.onEndTag(create_proxy(self._doing(f"{name} end", ops)))

    def _keep(self, _name: str, token: Any, key: str) -> None:
        self.kept[key] = token

    def _use(self, name: str, _token: Any, key: str, op: list[Any]) -> None:
        self._act(name, self.kept[key], op)

    def _text(self, name: str, token: Any) -> None:
        self.log.append([name, token.text, token.lastInTextNode])


def _argument(given: Any) -> Any:
    if isinstance(given, dict):
        if "stream" in given:
            return Response(given["stream"]).body
        if "response" in given:
            return Response(value(given["response"]))
        if "bytes" in given:
            return Response(value({"$bytes": list(given["bytes"].encode("latin-1"))})).body
    return value(given)


def _shown(found: Any) -> Any:
    if found is None:
        return UNDEFINED
    if found is jsnull:
        return None
    return list(found) if isinstance(found, JsArray) else found


def _input(case: Case) -> Any:
    if case.get("input") == "error":
        return Response.error()
    if "input" in case:
        return _argument(case["input"])
    headers = dict(case.get("headers", {}))
    if "type" in case:
        headers["content-type"] = case["type"]
    init = value(
        {
            "status": case.get("status", 200),
            "statusText": case.get("statusText", ""),
            "headers": headers,
        }
    )
    if "chunks" not in case:
        html = case["html"]
        data = None if html is None else value({"$bytes": list(_bytes(html, case))})
        return Response(data, init)
    response = Response(None, init)
    response._source = _chunks(case)
    return response


async def _chunks(case: Case) -> Any:
    for each in case["chunks"]:
        yield _bytes(each, case)
    if "fails" in case:
        raise JsException("Error", case["fails"])


def _bytes(text: str, case: Case) -> bytes:
    return text.encode("latin-1" if "latin1" in case else "utf-8")


async def _read(output: Any, answer: dict[str, Any]) -> None:
    data = b""
    reader = output.body.getReader()
    try:
        while not (step := await reader.read()).done:
            data += step.value.to_bytes()
    except JsException as exc:
        answer["failed"] = str(exc)
    try:
        answer["output"] = data.decode()
    except UnicodeDecodeError:
        answer["latin1"] = data.decode("latin-1")
