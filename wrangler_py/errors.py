"""The one tree of errors: what happened, where, and what to do now."""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar

__all__ = [
    "ConfigError",
    "ExitCode",
    "NotEmulated",
    "NotReady",
    "PortInUse",
    "ScriptError",
    "UsageError",
    "WranglerError",
]


class ExitCode(IntEnum):
    """What the process says to whoever started it."""

    OK = 0
    WORKER_FAILED = 1
    USAGE = 2
    PORT_IN_USE = 3
    NOT_READY = 4


class WranglerError(Exception):
    """Something the user can act on.

    ``where`` is a place they can open (`wrangler.toml:14 [vars]`), ``hint`` says what to do. Both
    become notes of the exception, so a traceback shows them too.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.WORKER_FAILED

    def __init__(self, message: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint
        for note in self.notes():
            self.add_note(note)

    def notes(self) -> list[str]:
        """The lines below the message: where, then the hint."""
        place = [f"at {self.where}"] if self.where else []
        return [*place, *([f"hint: {self.hint}"] if self.hint else [])]

    def render(self) -> str:
        """One block: the message, and below it, indented, where and hint."""
        lines = [self.message, *self.notes()]
        return "\n".join(lines).replace("\n", "\n    ")


class ConfigError(WranglerError):
    """A configuration file, or what it asks for, is wrong."""

    exit_code = ExitCode.USAGE


class UsageError(WranglerError):
    """The command line is wrong."""

    exit_code = ExitCode.USAGE


class ScriptError(WranglerError):
    """The user's own code did not load or failed."""


class PortInUse(WranglerError):
    """Somebody else listens where we were told to."""

    exit_code = ExitCode.PORT_IN_USE


class NotReady(WranglerError):
    """The worker did not answer in time."""

    exit_code = ExitCode.NOT_READY


class NotEmulated(WranglerError):
    """Cloudflare has it, this tool does not: raised where a worker uses it, never before."""
