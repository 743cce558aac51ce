"""Record what npm `miniflare` answers to the messages of `table_email.py`.

python -m tests.server.record_email FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.recording import ask_node, write_answers

from .table_email import CASES

HERE = Path(__file__).parent
RECORDED = HERE / "recorded" / "email.json"


def normalised(text: str) -> str:
    """``text`` without what differs from run to run, and without the frames of a stack."""
    text = re.sub(r"<[A-Za-z0-9]{36}@", "<ID@", text)
    text = re.sub(r"----=_[\w-]+", "----=_B", text)
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "TIME", text)
    text = re.sub(r"Date: [^\\\r\n]+", "Date: TIME", text)
    return re.sub(r"\n    at [^\n]*", "", text)


def facts(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer as it is recorded."""
    text = normalised(answer["text"])
    if answer["type"] == "application/json":
        return answer | {"text": json.loads(text), "seen": json.loads(normalised(_text(answer)))}
    return answer | {"text": text, "seen": json.loads(normalised(_text(answer)))}


def _text(answer: dict[str, Any]) -> str:
    return json.dumps(answer["seen"], ensure_ascii=False)


def main() -> None:
    answers = ask_node(HERE / "record_email.mjs", sys.argv[1], CASES)
    write_answers(RECORDED, {name: facts(answer) for name, answer in answers.items()})


if __name__ == "__main__":
    main()
