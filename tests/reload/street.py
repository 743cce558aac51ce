"""Several Workers in the test's own process."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import aiohttp

from wrangler_py.config import Chosen, DevOptions, Overrides, load_config
from wrangler_py.reload.dev_server import DevServer


class Street:
    """Workers side by side on disk, and a server that watches them."""

    def __init__(self, folder: Path, client: aiohttp.ClientSession) -> None:
        self.folder, self.client = folder, client
        self.server: DevServer

    def put(self, name: str, source: str, **keys: Any) -> None:
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        (folder / "entry.py").write_text(textwrap.dedent(source))
        (folder / "helper.py").write_text(f"WHO = {name!r}\n")
        whole = {
            "name": name,
            "main": "entry.py",
            "compatibility_date": "2026-11-01",
            "compatibility_flags": ["python_workers"],
            **keys,
        }
        (folder / "wrangler.json").write_text(json.dumps(whole))

    async def start(self, *names: str) -> None:
        chosen = []
        for name in names:
            overrides = Overrides(config=self.folder / name / "wrangler.json")
            chosen.append(Chosen(load_config(overrides, self.folder), overrides))
        first, *others = chosen
        options = DevOptions(
            first.config,
            first.overrides,
            "127.0.0.1",
            0,
            port_is_explicit=True,
            others=tuple(others),
        )
        self.server = DevServer(options)
        await self.server.start()
        self.server.watch()

    async def run(self, expression: str) -> Any:
        """What Worker a gets for an expression."""
        async with self.client.post(self.server.url, data=expression) as answer:
            assert answer.status == 200, await answer.text()
            return await answer.json(content_type=None)
