"""Whether an answer holds what is expected of it."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["holds", "is_json"]


def holds(expected: str, answer: str) -> bool:
    """Whether ``expected`` is a part of ``answer``.

    A JSON object is compared by its members: the answer must have them and may have more. In any
    other text of JSON, blanks between the signs do not count.
    """
    if expected in answer:
        return True
    try:
        value = json.loads(answer)
    except ValueError:
        return False
    wanted = _object(expected)
    if wanted is not None:
        return _has(value, wanted)
    loose = json.dumps(value, ensure_ascii=False)
    dense = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return expected in dense or expected in loose


def is_json(text: str) -> bool:
    """Whether ``text`` is a JSON object or array."""
    try:
        return isinstance(json.loads(text), dict | list)
    except ValueError:
        return False


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _has(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, dict):
        return isinstance(value, dict) and all(
            key in value and _has(value[key], each) for key, each in wanted.items()
        )
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted  # Python takes 1 for true, JSON does not
    return bool(value == wanted)
