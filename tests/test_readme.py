"""What the documentation shows is run: README.md and each page of docs/.

Every page has a folder of its own, and its fenced blocks are taken in order:

* ` ```python worker.py ` (any language, then a file name): the block is written to that file;
* ` ```python ` alone must compile;
* ` ```console `: a line `$ command` is run, the lines below it are what it prints. `...` stands for
  anything, also for whole lines; a duration like `(4ms)` matches any other.
  `pywrangler dev ...` is started and keeps running: it must print its lines by the end of the page.
  It gets a free port, and `localhost:8787` means that port wherever the page says it.
  Commands other than `pywrangler`, `python`, `pytest` and `curl` (`pip`, `make`, `npx`, ...) are
  not run;
* a block after a line `<!-- not run: why -->` is left alone, and so is every other language.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(
    r"^(?P<skip><!-- not run: .+ -->\n+)?(?P<ticks>```+)(?P<info>[^\n`]*)\n"
    r"(?P<body>.*?)^(?P=ticks)$",
    re.MULTILINE | re.DOTALL,
)
# An installed package brings its pytest plugin by itself.
INSTALLED = any(p.value == "wrangler_py.pytest_plugin" for p in entry_points(group="pytest11"))
PLUGIN = [] if INSTALLED else ["-p", "wrangler_py.pytest_plugin"]
OURS = {
    "pywrangler": [sys.executable, "-m", "wrangler_py"],
    "python": [sys.executable],
    "python3": [sys.executable],
    "pytest": [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *PLUGIN],
    "curl": ["curl", "--silent", "--show-error"],
}
SHOWN_ADDRESS = "localhost:8787"
START_SECONDS = 20


@dataclass(frozen=True)
class Block:
    language: str
    file: str | None
    body: str
    line: int


@dataclass
class Server:
    process: subprocess.Popen[str]
    expected: str
    address: str
    said: Path


@dataclass
class Page:
    """One page being followed, in a folder of its own."""

    folder: Path
    servers: list[Server] = field(default_factory=list)

    def follow(self, block: Block) -> None:
        if block.file:
            path = self.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
        elif block.language == "python":
            compile(block.body, f"line {block.line}", "exec")
        elif block.language == "console":
            for command, expected in commands(block.body):
                self.type(command, expected)

    def type(self, command: str, expected: str) -> None:
        words = shlex.split(command, comments=True)
        if not words or words[0] not in OURS or not shutil.which(OURS[words[0]][0]):
            return
        line = [*OURS[words[0]], *(self.placed(word) for word in words[1:])]
        if words[:2] == ["pywrangler", "dev"] and "--help" not in words:
            self.start(line, expected)
            return
        done = subprocess.run(
            line, cwd=self.folder, env=environ(), capture_output=True, text=True, timeout=50,
            check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert matches(self.placed(expected), said), f"$ {command}\n{said}"

    def start(self, line: list[str], expected: str) -> None:
        number = len(self.servers)
        ready, said = self.folder / f".ready-{number}", self.folder / f".said-{number}"
        with said.open("w", encoding="utf-8") as out:
            process = subprocess.Popen(
                [*line, "--port", "0", "--ready-file", str(ready)],
                cwd=self.folder, env=environ(), stdout=out, stderr=out, text=True,
            )  # fmt: skip
        self.servers.append(Server(process, expected, "", said))
        deadline = time.monotonic() + START_SECONDS
        while not ready.exists():
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < deadline, f"not ready: {said.read_text()}"
            time.sleep(0.01)  # a file can only be looked for
        self.servers[-1].address = json.loads(ready.read_text())["url"].removeprefix("http://")

    def placed(self, text: str) -> str:
        address = self.servers[-1].address if self.servers else SHOWN_ADDRESS
        return text.replace(SHOWN_ADDRESS, address)

    def finish(self) -> None:
        for server in self.servers:
            server.process.terminate()
        for server in self.servers:
            server.process.wait(timeout=10)
        for server in self.servers:
            expected = server.expected.replace(SHOWN_ADDRESS, server.address)
            said = server.said.read_text(encoding="utf-8")
            assert matches(f"...\n{expected}\n...", said), said


def environ() -> dict[str, str]:
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}


def blocks(text: str) -> Iterator[Block]:
    for found in FENCE.finditer(text):
        words = found["info"].split()
        if words and not found["skip"]:
            file = words[1] if len(words) > 1 else None
            yield Block(words[0], file, found["body"], text.count("\n", 0, found.start()) + 1)


def commands(body: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, with what it prints."""
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, _, expected = part.partition("\n")
        yield command, expected.strip()


def matches(expected: str, said: str) -> bool:
    """Whether ``said`` is what a page shows, its gaps and durations aside."""
    pattern = ""
    for line in expected.strip().splitlines():
        if line.strip() == "...":
            pattern += r"(?:.*\n)*"
        else:
            exact = re.escape(line).replace(r"\.\.\.", ".*")
            pattern += re.sub(r"\\\(\d+ms\\\)", r"\\(\\d+ms\\)", exact) + r"\n"
    return re.fullmatch(pattern, f"{said.strip()}\n" if said.strip() else "") is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_shows_happens(page, tmp_path):
    if not page.exists():
        pytest.skip(f"there is no {page.name}")
    following = Page(tmp_path)
    try:
        for block in blocks(page.read_text(encoding="utf-8")):
            following.follow(block)
    finally:
        following.finish()


def test_blocks_are_found_with_their_file_and_line():
    text = "# A\n\n```python w.py\nx\n```\n\n```\nno\n```\n"
    skipped = "<!-- not run: why -->\n```console\n$ x\n```\n"
    assert list(blocks(text + skipped)) == [Block("python", "w.py", "x\n", 3)]


def test_commands_are_found_with_what_they_print():
    assert list(commands("$ a\n1\n2\n$ b\n")) == [("a", "1\n2"), ("b", "")]


@pytest.mark.parametrize(
    ("expected", "said", "same"),
    [
        ("a", "a\n", True),
        ("a", "b", False),
        ("a.c", "abc", False),
        ("GET / 200 OK (4ms)", "GET / 200 OK (123ms)", True),
        ("GET / 200 OK (4ms)", "GET / 404 OK (4ms)", False),
        ("first\n...\nlast", "first\n1\n2\nlast", True),
        ("first\n...\nlast", "first\nlast", True),
        ("first\n...\nlast", "last", False),
        ("...\nlast", "last", True),
        ("a ... c", "a b c", True),
    ],
)
def test_what_is_printed_is_compared_with_its_gaps(expected, said, same):
    assert matches(expected, said) is same


def test_a_page_is_really_followed(tmp_path):
    page = Page(tmp_path)
    text = "```python a/x.py\nprint(6 * 7)\n```\n```console\n$ python a/x.py\n42\n$ make it\n```\n"
    for block in blocks(text):
        page.follow(block)
    with pytest.raises(AssertionError):
        page.type("python a/x.py", "43")
    with pytest.raises(SyntaxError):
        page.follow(Block("python", None, "def", 1))
