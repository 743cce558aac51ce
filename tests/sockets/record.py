"""Record what sockets of workerd, through npm `miniflare`, answer to the steps of `table.py`.

python -m tests.sockets.record FOLDER_WITH_NODE_MODULES
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.recording import write_answers

from .servers import authority, servers
from .table import SCENARIOS

HERE = Path(__file__).parent
RECORDED = HERE / "recorded.json"


def placed(step: Any, ports: dict[str, int]) -> Any:
    """``step`` with ports for `$name`."""
    if isinstance(step, dict):
        return {key: placed(each, ports) for key, each in step.items()}
    if isinstance(step, list):
        return [placed(each, ports) for each in step]
    if isinstance(step, str) and "$" in step:
        before, _, name = step.partition("$")
        if name in ports:
            return f"{before}{ports[name]}" if before else ports[name]
    return step


def hidden(answers: Any, ports: dict[str, int]) -> Any:
    """``answers`` with `$name` for ports."""
    text = json.dumps(answers)
    for name, port in ports.items():
        text = text.replace(f":{port}", f":${name}")
    return json.loads(text)


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        ca, trusted = authority(Path(folder))
        _, strange = authority(Path(folder), "strange")
        async with servers(trusted, strange) as running:
            node = await asyncio.create_subprocess_exec(
                "node",
                str(HERE / "record.mjs"),
                sys.argv[1],
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=os.environ | {"NODE_EXTRA_CA_CERTS": str(ca)},
            )
            given = json.dumps(placed(SCENARIOS, running.ports))
            said, _ = await asyncio.wait_for(node.communicate(given.encode()), 120)
            answers = hidden(json.loads(said), running.ports)
    write_answers(RECORDED, answers, spread=True)


if __name__ == "__main__":
    asyncio.run(main())
