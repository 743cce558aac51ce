"""Random values in a module's own top level."""

from __future__ import annotations

import pytest

from wrangler_py.log import log
from wrangler_py.runtime.entropy import warn_of_entropy


@pytest.fixture
def found(monkeypatch):
    """The lines and names that a source is warned of."""
    said: list[str] = []
    monkeypatch.setattr(log, "warn_once", said.append)

    def found(source: str) -> list[str]:
        said.clear()
        warn_of_entropy("entry.py", source.encode())
        return [text.partition(" while")[0].removeprefix("entry.py:") for text in said]

    return found


WARNED = [
    ("import uuid\nID = uuid.uuid4()", "2: uuid.uuid4()"),
    ("import uuid\nID = str(uuid.uuid4().hex)", "2: uuid.uuid4()"),
    ("from uuid import uuid4 as make\nclass A:\n    ID = make()", "3: uuid.uuid4()"),
    ("import random as r\nif True:\n    r.choice([1])", "3: random.choice()"),
    ("import random\n@random.choice([staticmethod])\ndef f(): ...", "2: random.choice()"),
    ("import random\ndef f(x=random.random()): ...", "2: random.random()"),
    ("import secrets\nKEYS = [secrets.token_hex() for _ in range(2)]", "2: secrets.token_hex()"),
    ("import os\nSALT = os.urandom(8)", "2: os.urandom()"),
    ("from secrets import *\nimport random\nrandom.shuffle([])", "3: random.shuffle()"),
]


@pytest.mark.parametrize(("source", "warning"), WARNED)
def test_a_call_at_import_is_named_with_its_line(found, source, warning):
    assert found(source) == [warning]


SILENT = [
    "import uuid\ndef f():\n    return uuid.uuid4()",
    "import uuid\nf = lambda: uuid.uuid4()",
    "import random\nclass A:\n    async def f(self): return random.random()",
    "import random\nRNG = random.Random(5)",
    "import random\nrandom.seed(1)",
    "import uuid\nNAME = uuid.uuid5(uuid.NAMESPACE_DNS, 'x')",
    "import uuid\nif __name__ == '__main__':\n    print(uuid.uuid4())",
    "from mine import random\nrandom.choice()",
    "from . import random\nrandom.choice()",
    "class secrets:\n    get = print\nsecrets.get()",
]


@pytest.mark.parametrize("source", SILENT)
def test_nothing_is_said_of_calls_that_wait_or_draw_nothing(found, source):
    assert found(source) == []


async def test_a_worker_and_its_siblings_are_looked_at_when_loaded(bench, found, monkeypatch):
    said: list[str] = []
    monkeypatch.setattr(log, "warn_once", said.append)
    bench.write("sibling.py", "import uuid\nID = uuid.uuid4()\n")
    bench.load("""
        import sibling
        from workers import Response, WorkerEntrypoint
        class Default(WorkerEntrypoint):
            async def fetch(self, request):
                return Response("runs all the same")
        """)
    assert await bench.text() == "runs all the same"
    [warning] = said
    assert warning.startswith(f"{bench.folder / 'sibling.py'}:2: uuid.uuid4() while")
