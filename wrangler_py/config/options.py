"""What the command line asked for, as one frozen value that the server reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wrangler_py.config.model import Config

__all__ = [
    "DEFAULT_IP",
    "DEFAULT_PORT",
    "Chosen",
    "DebuggerOptions",
    "DevOptions",
    "Https",
    "Overrides",
]

DEFAULT_IP = "localhost"
DEFAULT_PORT = 8787


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the command line says about the worker; laid again over a re-read file."""

    script: Path | None = None
    config: Path | None = None
    name: str | None = None
    vars: Mapping[str, str] = field(default_factory=dict)
    compatibility_date: str | None = None
    compatibility_flags: tuple[str, ...] = ()
    environment: str | None = None
    """`-e`; None: what CLOUDFLARE_ENV says."""
    env_files: tuple[Path, ...] = ()
    """`--env-file`, instead of the usual ones; the later one wins."""
    assets: Path | None = None
    """`--assets`, instead of the configuration's directory."""
    host: str | None = None
    """What requests seem to be sent to."""
    routes: tuple[str, ...] = ()
    """Instead of those of the configuration."""
    upstream_protocol: str | None = None
    infers_host: bool = True
    """Whether the host of the first route is meant where none is named."""


@dataclass(frozen=True, slots=True)
class DebuggerOptions:
    """Where an editor may attach."""

    host: str
    port: int
    """0: any free port."""
    wait: bool = False
    """Whether nothing is loaded before one has."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A Worker that the command line names."""

    config: Config
    overrides: Overrides = Overrides()
    """What to lay over the file when it is read again; its paths are absolute."""


@dataclass(frozen=True, slots=True)
class Https:
    """To be reached by https; without files with a certificate that is made for this user."""

    key: Path | None = None
    certificate: Path | None = None


@dataclass(frozen=True, slots=True)
class DevOptions:
    """One `pywrangler dev`."""

    config: Config
    """The primary Worker's: the port is its own."""
    overrides: Overrides = Overrides()
    """What to lay over the file when it is read again; its paths are absolute."""
    ip: str = DEFAULT_IP
    port: int = DEFAULT_PORT
    """0: any free port."""
    port_is_explicit: bool = False
    """Whether somebody named the port: a named one that is taken is an error, the default moves."""
    ready_file: Path | None = None
    json: bool = False
    reload: bool = True
    hibernate_after: float = 10
    """Seconds without an event after which a Durable Object sleeps."""
    interactive: bool | None = None
    """Whether single keys do something; None: on a real terminal."""
    debugger: DebuggerOptions | None = None
    crons: bool = False
    """Whether cron triggers fire on time."""
    test_scheduled: bool = False
    """Whether `/__scheduled` is ours."""
    record: Path | None = None
    """A new file for what passes between clients and the worker."""
    live_reload: bool = False
    """Whether pages load themselves again on a save."""
    https: Https | None = None
    """None: http."""
    persist_to: Path | None = None
    """Where state lives; None: `.wrangler/state` in the project."""

    others: tuple[Chosen, ...] = ()
    """Workers that run beside it, reached by bindings."""

    @property
    def state_path(self) -> Path:
        """The folder that holds `do/`, `kv/`, ... in the layout that wrangler writes."""
        return (self.persist_to or self.config.root / ".wrangler" / "state") / "v3"
