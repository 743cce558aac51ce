"""The rows and their recorded answers.

A table is a module ``table_<topic>.py`` with ``ROWS``: a name and a piece of Python. A row's
answer is its ``result``, or its last expression; ``await`` is allowed. The names at hand are in
``evaluate.fresh_scope``. Topics that begin with ``web`` are about the host: only what Node and
workerd do alike has a place there.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"
PROFILES = ("0.26", "0.28.2", "314")

Answers = dict[str, str]  # by profile


@dataclass(frozen=True)
class Row:
    """One expression; ``name`` is unique in its topic."""

    topic: str
    name: str
    source: str

    @property
    def id(self) -> str:
        return f"{self.topic}.{self.name}"

    @property
    def digest(self) -> str:
        """Changes with the source, so that an answer to an older question is noticed."""
        return hashlib.sha256(self.source.encode()).hexdigest()[:8]


def topics() -> list[str]:
    return sorted(path.stem.removeprefix("table_") for path in HERE.glob("table_*.py"))


def rows_of(topic: str) -> list[Row]:
    module = importlib.import_module(f"tests.conformance.table_{topic}")
    return [Row(topic, name, dedent(text).strip()) for name, text in module.ROWS.items()]


def all_rows() -> list[Row]:
    return [row for topic in topics() for row in rows_of(topic)]


def load_answers(topic: str) -> dict[str, tuple[str, Answers]]:
    """Return, by row name, the digest of the question and the answer of each profile."""
    path = RECORDED / f"{topic}.json"
    if not path.exists():
        return {}
    return {
        name: (entry["row"], _spread(entry["answer"]))
        for name, entry in json.loads(path.read_text("utf-8")).items()
    }


def save_answers(topic: str, answers: dict[Row, Answers]) -> None:
    entries = {
        row.name: {"row": row.digest, "answer": _gather(by_profile)}
        for row, by_profile in answers.items()
    }
    RECORDED.mkdir(exist_ok=True)
    text = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
    (RECORDED / f"{topic}.json").write_text(text, "utf-8")


def _gather(by_profile: Answers) -> str | Answers:
    """Write an answer that all profiles share once."""
    distinct = set(by_profile.values())
    return distinct.pop() if len(distinct) == 1 else by_profile


def _spread(answer: str | Answers) -> Answers:
    return dict.fromkeys(PROFILES, answer) if isinstance(answer, str) else answer
