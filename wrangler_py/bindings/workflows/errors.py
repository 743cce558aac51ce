"""The errors of Workflows: those that a script catches, and those that an instance ends by.

Source: https://developers.cloudflare.com/workflows/build/rules-of-workflows/
"""

from __future__ import annotations

from ...js.errors import JsException, error

__all__ = ["fatal", "internal", "is_not_retryable", "named", "refusal", "timed_out", "unprefixed"]

_NOT_RETRYABLE = "NonRetryableError"


def named(name: str, message: str) -> JsException:
    """An Error with a ``name`` that JavaScript does not know."""
    made = error(message)
    made.name = name
    return made


def fatal(message: str) -> JsException:
    return named("WorkflowFatalError", message)


def internal(message: str) -> JsException:
    return named("WorkflowInternalError", message)


def timed_out(ms: str) -> JsException:
    """``ms``: as JavaScript prints the number."""
    return named("WorkflowTimeoutError", f"Execution timed out after {ms}ms")


def refusal(message: str, code: str | None = None) -> JsException:
    """What the service says; its name does not cross the border, and is in the text."""
    return error(
        f"WorkflowError: {message}" if code is None else f"WorkflowError: ({code}) {message}"
    )


def is_not_retryable(exc: JsException) -> bool:
    """Whether ``exc`` ends the attempts of a step."""
    return exc.name == _NOT_RETRYABLE or exc.message.startswith(_NOT_RETRYABLE)


def unprefixed(exc: JsException) -> str:
    """The message of an error that must not be retried, which may have its name before it."""
    if exc.name == _NOT_RETRYABLE:
        return exc.message
    return exc.message.removeprefix(_NOT_RETRYABLE).removeprefix(":").lstrip()
