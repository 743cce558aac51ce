"""Run a Worker in a test: a real server on a real port, in the test's own event loop."""

from .logs import LogEntry
from .running import RunningWorker, run_worker
from .scheduled import ScheduledResult
from .websocket import SocketClosed, UpgradeRefused, WebSocketClient

__all__ = [
    "LogEntry",
    "RunningWorker",
    "ScheduledResult",
    "SocketClosed",
    "UpgradeRefused",
    "WebSocketClient",
    "run_worker",
]
