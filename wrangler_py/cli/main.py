"""The command itself: which commands there are, and how a failure ends the process."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

import click

from wrangler_py import __version__
from wrangler_py.annotations import annotate_failure
from wrangler_py.cli.delegate import FOREIGN, foreign_command
from wrangler_py.cli.foreign_flags import FOREIGN_FLAGS
from wrangler_py.config.source import closest
from wrangler_py.errors import ExitCode, UsageError, WranglerError
from wrangler_py.log import Settings, log

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_OF_THE_DISK = frozenset(
    getattr(errno, name) for name in "EACCES EPERM EROFS ENOSPC EDQUOT ENOTDIR EEXIST".split()
)
"""What a place that is the user's to mend fails with."""

__all__ = ["COMMANDS", "command_named", "run"]

COMMANDS = tuple("check complete d1 dev exec init kv r2 replay smoke sync types ws".split())
"""Ours, by name; the module of each is imported when it is asked for."""

_INTERRUPTED = 128 + signal.SIGINT


def command_named(name: str) -> click.Command:
    """One of ours."""
    module = import_module(f"wrangler_py.cli.{name}")
    found: click.Command = getattr(module, "exec_" if name == "exec" else name)
    return found


class _Commands(click.Group):
    """Ours, then those of Cloudflare's tools; what is neither is guessed at."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in COMMANDS:
            return command_named(cmd_name)
        return foreign_command(cmd_name) if cmd_name in FOREIGN else None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        word = args[0]
        if word.startswith("-") or self.get_command(ctx, word) or ctx.resilient_parsing:
            return super().resolve_command(ctx, args)
        raise UsageError(f'there is no command "{word}"', hint=self._meant(ctx, word))

    def _meant(self, ctx: click.Context, word: str) -> str:
        if word.endswith((".py", os.sep)):
            return f"did you mean `pywrangler dev {word}`?"
        question = closest(word, [*self.list_commands(ctx), *FOREIGN])
        return question or "`pywrangler --help` lists the commands"

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Also the commands that are handed over."""
        from click.shell_completion import CompletionItem  # only while a shell completes

        foreign = [CompletionItem(name) for name in FOREIGN if name.startswith(incomplete)]
        return super().shell_complete(ctx, incomplete) + foreign

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Handed to Cloudflare's own tools"):
            formatter.write_text(", ".join(FOREIGN))


@click.group(
    cls=_Commands,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "-v", "--version", message="%(prog)s %(version)s (wrangler-py)")
def _pywrangler() -> None:
    """Run a Cloudflare Python Worker, unmodified, in this very Python.

    pywrangler dev script.py
    """


def run(argv: Sequence[str]) -> int:
    """Run one command line; the process's exit code. Nothing escapes but a bug."""
    if argv[:1] in (["dev"], ["smoke"], ["ws"]) and "--json" in argv:
        # Before anything is parsed: what is wrong with the command line is an object too.
        log.settings = Settings(json=True)
    try:
        result = _pywrangler.main(list(argv), prog_name="pywrangler", standalone_mode=False)
        return result if isinstance(result, int) else ExitCode.OK
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message())
        return ExitCode.OK
    except click.ClickException as error:
        return _failed(_ours(error))
    except WranglerError as error:
        return _failed(error)
    except OSError as error:
        if error.filename is None or error.errno not in _OF_THE_DISK:
            raise
        return _failed(UsageError(f"{os.fsdecode(error.filename)}: {error.strerror}"))
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    finally:
        _flush()


def _failed(error: WranglerError) -> int:
    log.failure(error)
    annotate_failure(error)
    return error.exit_code


def _ours(error: click.ClickException) -> UsageError:
    """What click found wrong, as one line and where to read more."""
    if isinstance(error, click.NoSuchOption):
        near = [name for name in error.possibilities or () if name not in FOREIGN_FLAGS]
        hint = f"did you mean {near[0]}?" if near else None
        return UsageError(f"there is no option {error.option_name}", hint=hint)
    context = error.ctx if isinstance(error, click.UsageError) else None
    hint = f"`{context.command_path} --help` lists what there is" if context else None
    message = " ".join(error.format_message().split())
    return UsageError(message[:1].lower() + message[1:], hint=hint)


def _flush() -> None:
    """Empty the standard streams now: a closed pipe must not be reported at interpreter exit."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
