"""What is stored of an instance: the numbers that wrangler's engine gives to states and events.

Source: https://developers.cloudflare.com/workflows/build/workers-api/#instancestatus
"""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Event", "Status", "Timer"]


class Status(IntEnum):
    """The state of an instance."""

    QUEUED = 0
    RUNNING = 1
    PAUSED = 2
    ERRORED = 3
    TERMINATED = 4
    COMPLETE = 5
    WAITING_FOR_PAUSE = 6
    WAITING = 7

    @property
    def text(self) -> str:
        """As a script reads it."""
        return "waitingForPause" if self is Status.WAITING_FOR_PAUSE else self.name.lower()

    @property
    def has_ended(self) -> bool:
        return self in (Status.ERRORED, Status.TERMINATED, Status.COMPLETE)


class Event(IntEnum):
    """An entry of an instance's log."""

    WORKFLOW_QUEUED = 0
    WORKFLOW_START = 1
    WORKFLOW_SUCCESS = 2
    WORKFLOW_FAILURE = 3
    WORKFLOW_TERMINATED = 4
    STEP_START = 5
    STEP_SUCCESS = 6
    STEP_FAILURE = 7
    SLEEP_START = 8
    SLEEP_COMPLETE = 9
    ATTEMPT_START = 10
    ATTEMPT_SUCCESS = 11
    ATTEMPT_FAILURE = 12
    WAIT_START = 14
    WAIT_COMPLETE = 15
    WAIT_TIMED_OUT = 16
    WORKFLOW_RUNNING = 26
    WORKFLOW_PAUSED = 27
    WORKFLOW_WAITING_FOR_PAUSE = 28
    WORKFLOW_WAITING = 29


class Timer(IntEnum):
    """Why an instance waits for a moment."""

    RETRY = 0
    SLEEP = 1
    TIMEOUT = 2
