"""Ask real Pyodide in Node and write its answers down.

``python -m tests.conformance.record`` asks every row and writes ``recorded/``; with ``--check``
it writes nothing and fails where an answer differs from the recorded one; topics may be named.
Needs ``node`` and, the first time, ``npm``: the packages are kept in ``build/conformance``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conformance.table import (
    HERE,
    PROFILES,
    Answers,
    Row,
    load_answers,
    rows_of,
    save_answers,
    topics,
)

CACHE = HERE.parents[1] / "build" / "conformance"
FAULT = "SystemError"
STARTS = 5
PACKAGES = {"0.26": "0.26.0-alpha.4", "0.28.2": "0.28.2", "314": "314.0.6"}  # of npm's `pyodide`


def install() -> None:
    """Bring the packages that are missing into the cache."""
    missing = {p: v for p, v in PACKAGES.items() if not (home(p) / "pyodide.mjs").exists()}
    if not missing:
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    manifest = {
        "private": True,
        "dependencies": {f"pyodide-{p}": f"npm:pyodide@{v}" for p, v in PACKAGES.items()},
    }
    (CACHE / "package.json").write_text(json.dumps(manifest, indent=1), "utf-8")
    npm = program("npm")
    subprocess.run([npm, "install", "--no-audit", "--no-fund"], cwd=CACHE, check=True)


def home(profile: str) -> Path:
    return CACHE / "node_modules" / f"pyodide-{profile}"


def program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise SystemExit(f"{name} is not installed: the answers come from Pyodide in Node")
    return found


def ask(profile: str, rows: list[Row]) -> list[str]:
    """Answer ``rows`` in a fresh Pyodide of ``profile``.

    Now and then 0.26 starts in Node with a fault: every error becomes a SystemError. So no row
    may have one for its answer, and where one shows we start again.
    """
    for _ in range(STARTS):
        answers = ask_once(profile, rows)
        faulty = [row.id for row, answer in zip(rows, answers, strict=True) if FAULT in answer]
        if not faulty:
            return answers
    raise SystemExit(f"Pyodide {profile} breaks at {', '.join(faulty)}")


def ask_once(profile: str, rows: list[Row]) -> list[str]:
    request = {
        "evaluate": (HERE / "evaluate.py").read_text("utf-8"),
        "rows": [row.source for row in rows],
    }
    done = subprocess.run(
        [program("node"), str(HERE / "oracle.mjs"), str(home(profile))],
        input=json.dumps(request).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"Pyodide {profile} failed:\n{done.stderr.decode()[-2000:]}")
    answers: list[str] = json.loads(done.stdout)
    return answers


def ask_all(rows: list[Row]) -> dict[Row, Answers]:
    with ThreadPoolExecutor() as pool:
        columns = dict(zip(PROFILES, pool.map(lambda p: ask(p, rows), PROFILES), strict=True))
    return {row: {p: columns[p][i] for p in PROFILES} for i, row in enumerate(rows)}


def differences(topic: str, answers: dict[Row, Answers]) -> list[str]:
    """List what the recorded answers of ``topic`` say otherwise."""
    recorded = load_answers(topic)
    found = []
    for row, by_profile in answers.items():
        old = recorded.get(row.name, ("", {}))[1]
        if not old:
            found.append(f"{row.id}: new\n    {in_short(by_profile)}")
        elif old != by_profile:
            found.append(f"{row.id}: was\n    {in_short(old)}\n  is\n    {in_short(by_profile)}")
    gone = recorded.keys() - {row.name for row in answers}
    return found + [f"{topic}.{name}: recorded, but no row asks it" for name in sorted(gone)]


def in_short(by_profile: Answers) -> str:
    if len(set(by_profile.values())) == 1:
        return next(iter(by_profile.values()))
    return "\n    ".join(f"[{profile}] {answer}" for profile, answer in by_profile.items())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    parser.add_argument("topics", nargs="*", help="default: all")
    options = parser.parse_args()
    install()
    chosen = options.topics or topics()
    rows = [row for topic in chosen for row in rows_of(topic)]
    answers = ask_all(rows)
    found: list[str] = []
    for topic in chosen:
        of_topic = {row: by_profile for row, by_profile in answers.items() if row.topic == topic}
        found += differences(topic, of_topic)
        if not options.check:
            save_answers(topic, of_topic)
    print("\n".join(found))
    print(f"{len(rows)} rows, {len(PROFILES)} versions of Pyodide, {len(found)} changes")
    return 1 if options.check and found else 0


if __name__ == "__main__":
    sys.exit(main())
