"""Events that a test sets off: `scheduled()`, `email()` and `test()` of the worker that it runs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from email.message import Message
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ..bindings.email.outbox import Outbox, Sent
from ..runtime.test_event import run_test
from ..runtime.tracing import is_user_file
from .email import EmailResult, receive
from .scheduled import ScheduledResult, run

if TYPE_CHECKING:
    from ..runtime.worker import Worker

__all__ = ["EventTests", "users_part"]


class EventTests(ABC):
    """The part of a running worker that has its handlers run."""

    errors: list[BaseException]

    @abstractmethod
    def _loaded(self) -> Worker:
        """The worker under test."""

    @abstractmethod
    async def _background(self) -> None:
        """Let `waitUntil` work come to its end."""

    async def scheduled(
        self, cron: str = "", scheduled_time: datetime | float | None = None
    ) -> ScheduledResult:
        """Run the Worker's `scheduled()`, and what it gave to `waitUntil`.

        Args:
            scheduled_time: a datetime, or milliseconds since 1970; None: now.

        Raises:
            BaseException: what the handler raised.
        """
        before = list(self.errors)
        result = await run(self._loaded(), cron, scheduled_time)
        await self._background()
        self._raise_if_failed(result.outcome, before)
        return result

    async def email(
        self, message: str | bytes | Message, *, sender: str | None = None, to: str | None = None
    ) -> EmailResult:
        """Run the Worker's `email()` for a message, and what it gave to `waitUntil`.

        Args:
            sender: the envelope's; None: the address of `From`.
            to: the envelope's; None: the first address of `To`.

        Raises:
            ValueError: the message has no `Message-ID`, or no such address.
            BaseException: what the handler raised.
        """
        before = list(self.errors)
        came = await receive(self._loaded(), message, sender, to)
        await self._background()
        self._raise_if_failed(came.outcome, before)
        return came

    @property
    def sent_email(self) -> list[Sent]:
        """What the Worker sent, forwarded and replied, oldest first."""
        return self._loaded().stores.keep(Outbox).sent

    async def test(self) -> None:
        """Run the Worker's `test()` handler, as `workerd test` does, and its `waitUntil` work.

        Raises:
            BaseException: what the handler raised; a JsException if there is none.
        """
        await run_test(self._loaded())
        await self._background()

    def _raise_if_failed(self, outcome: str, before: list[BaseException]) -> None:
        """Raise what the handler raised, which none but the test needs to hear of then."""
        if outcome != "ok":
            failure = next(exc for exc in self.errors if exc not in before)
            self.errors.remove(failure)
            raise failure.with_traceback(users_part(failure, self._loaded().config.root))


def users_part(exc: BaseException, root: Path) -> TracebackType | None:
    """The traceback from the user's first frame on."""
    trace = exc.__traceback__
    while trace is not None and not is_user_file(trace.tb_frame.f_code.co_filename, root):
        trace = trace.tb_next
    return trace
