"""What a case may say.

``html`` (text, or None for no body) or ``chunks``; ``latin1``: they are bytes; ``fails``: the body
fails after its chunks; ``type``, ``status``, ``statusText``, ``headers`` of the response;
``input``: another one. ``on``: selectors (None: the document) with handlers, each a list of
operations:

``[method, ...]`` calls it, ``["get", name]`` and ``["set", name, value]``, ``["text"]`` (a chunk's
text and whether it is the last), ``["attributes"]``, ``["throw", message]``, ``["reject", why]``,
``["sleep"]``, ``["try", operation]``, ``["onEndTag", operations]``, ``["keep", name]``. ``late``:
what is done with what was kept when all is over. ``response``: the response is told of, too.
"""

from __future__ import annotations

from typing import Any

Case = dict[str, Any]
Ops = list[list[Any]]


def case(html: str | None, *on: Any, **more: Any) -> Case:
    return {"html": html, "on": [list(each) for each in on], **more}


def element(selector: str, *ops: list[Any]) -> tuple[str, dict[str, Ops]]:
    return selector, {"element": list(ops)}


def each(selector: str | None, kind: str, *ops: list[Any]) -> tuple[str | None, dict[str, Ops]]:
    return selector, {kind: list(ops)}
