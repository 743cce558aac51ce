"""Run a Worker in a test: a real server on a real port, in the test's own event loop."""

from .logs import LogEntry
from .running import RunningWorker, run_worker

__all__ = ["LogEntry", "RunningWorker", "run_worker"]
