"""What a smoke run says: a line for each check, a count, and what GitHub shows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from ..annotations import annotate, summarize
from ..errors import ExitCode
from ..log import Log
from ..runtime.tracing import user_frames
from .checks import Check
from .client import Outcome

__all__ = ["Report"]

_WORDS = {True: "ok", False: "FAIL"}
_LATE = "after the checks"


class Report:
    """One run's report; ``voice`` writes it."""

    def __init__(self, voice: Log, root: Path) -> None:
        """``root``: the project, whose lines may be named."""
        self._voice = voice
        self._root = root
        self._rows: list[tuple[str, str, str]] = []
        self._failed = 0
        self._started = time.perf_counter()

    def add(
        self, outcome: Outcome, said: Sequence[str] = (), uncaught: Sequence[BaseException] = ()
    ) -> None:
        """A check is done; meanwhile the worker has ``said`` something, and not caught some."""
        check = outcome.check
        surprises = () if check.expects_failure else uncaught
        problems = [*outcome.problems, *(f"uncaught {self._named(exc)}" for exc in surprises)]
        if outcome.answer is not None and not surprises:
            problems.insert(1, f"with {outcome.answer}")
        if check.is_probe and not problems:
            return
        self._line(check.name, problems, said, status=outcome.status, ms=outcome.ms)
        for exc in surprises:
            self._annotate(check, problems, exc)
        if problems and not surprises:
            self._annotate(check, problems)

    def add_late(self, said: Sequence[str], uncaught: Sequence[BaseException]) -> None:
        """What the worker did not catch when all was done: its sockets were closed, it ended."""
        if uncaught:
            problems = [f"uncaught {self._named(exc)}" for exc in uncaught]
            self._line(_LATE, problems, said)
            for exc in uncaught:
                self._annotate(None, problems, exc)

    def finish(self) -> ExitCode:
        """The count; the exit code."""
        seconds = time.perf_counter() - self._started
        count, failed = len(self._rows), self._failed
        checks = f"{count} check{'' if count == 1 else 's'}"
        outcome = f"{failed} failed" if failed else "all ok"
        self._voice.event(
            "result",
            f"\n{checks}, {outcome} ({seconds:.1f} s)",
            ok=not failed,
            checks=count,
            failed=failed,
        )
        summarize("pywrangler smoke", ("", "check", "what came"), self._rows)
        return ExitCode.WORKER_FAILED if failed else ExitCode.OK

    def _line(
        self,
        name: str,
        problems: Sequence[str],
        said: Sequence[str],
        status: int | None = None,
        ms: float = 0,
    ) -> None:
        ok = not problems
        word = _WORDS[ok]
        head = f"{name} {status or ''}".rstrip() + (f" ({ms:.0f}ms)" if ms else "")
        lines = [f"{word:<4}  {head}", *(f"      {problem}" for problem in problems)]
        if not ok:
            lines += [f"      | {line}" for line in said]
        self._voice.event(
            "check",
            "\n".join(lines),
            check=name,
            ok=ok,
            status=status,
            ms=round(ms, 3),
            problems=list(problems),
            worker=[] if ok else list(said),
        )
        self._failed += not ok
        self._rows.append(("✅" if ok else "❌", name, "\n".join(problems) or str(status or "")))

    def _annotate(
        self, check: Check | None, problems: Sequence[str], exc: BaseException | None = None
    ) -> None:
        frames = [] if exc is None else user_frames(exc, self._root)
        file, line = (frames[-1].path, frames[-1].line) if frames else (None, None)
        if not frames and check is not None and check.place is not None:
            file, line = check.place
        name = _LATE if check is None else check.name
        annotate("error", "\n".join(problems), file, line, f"smoke: {name}")

    def _named(self, exc: BaseException) -> str:
        frames = user_frames(exc, self._root)
        where = ""
        if frames:
            path = Path(frames[-1].path).relative_to(self._root).as_posix()
            where = f" ({path}:{frames[-1].line})"
        return f"{type(exc).__name__}: {exc}{where}"
