"""What a configuration says, after every check: plain frozen facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from wrangler_py.config.bindings import Bindings
from wrangler_py.config.build import Build
from wrangler_py.config.modules import Modules
from wrangler_py.config.values import JsonValue

__all__ = [
    "CodeUpdateStrategy",
    "Config",
    "DevSettings",
    "DurableObjectBinding",
    "ExportedClass",
    "JsonValue",
    "Migration",
    "RenamedClass",
    "TransferredClass",
]


@dataclass(frozen=True, slots=True)
class DurableObjectBinding:
    """`env.<name>`: a namespace of ``class_name``, in another worker if ``script_name`` says so."""

    name: str
    class_name: str
    script_name: str | None = None
    environment: str | None = None


@dataclass(frozen=True, slots=True)
class CodeUpdateStrategy:
    """When new code reaches a running object: at once, or when it sleeps."""

    mode: Literal["immediate", "deferred"] = "immediate"
    max_delay: float = 300
    """Seconds a deferred update may wait."""


@dataclass(frozen=True, slots=True)
class RenamedClass:
    """One `renamed_classes` entry of a migration."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class TransferredClass:
    """One `transferred_classes` entry: the class came from another script."""

    source: str
    source_script: str
    target: str


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the history of Durable Object classes."""

    tag: str
    new_classes: tuple[str, ...] = ()
    new_sqlite_classes: tuple[str, ...] = ()
    renamed_classes: tuple[RenamedClass, ...] = ()
    deleted_classes: tuple[str, ...] = ()
    transferred_classes: tuple[TransferredClass, ...] = ()


@dataclass(frozen=True, slots=True)
class ExportedClass:
    """One entry of the `exports` map, which replaces migrations."""

    type: str = "durable-object"
    storage: Literal["sqlite", "legacy-kv"] | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class DevSettings:
    """The `dev` section; None where it says nothing."""

    ip: str | None = None
    port: int | None = None
    host: str | None = None
    """What requests seem to be sent to; None: where they are sent to."""
    host_is_inferred: bool = False
    """From a route."""
    local_protocol: str | None = None
    """`http` or `https`: how it is served."""
    upstream_protocol: str | None = None
    """`http` or `https`, with ``host``; None: as it is served."""


@dataclass(frozen=True, slots=True)
class Config:
    """One worker's configuration, with what the command line changed already in it."""

    name: str
    main: Path
    """The script, absolute; of assets alone a path that does not exist."""
    compatibility_date: str
    """`YYYY-MM-DD`: such strings order as the dates do."""
    compatibility_flags: tuple[str, ...] = ()
    vars: Mapping[str, JsonValue] = field(default_factory=dict)
    durable_objects: tuple[DurableObjectBinding, ...] = ()
    code_update_strategy: CodeUpdateStrategy = CodeUpdateStrategy()
    migrations: tuple[Migration, ...] = ()
    exports: Mapping[str, ExportedClass] = field(default_factory=dict)
    bindings: Bindings = field(default_factory=Bindings)
    modules: Modules = field(default_factory=Modules)
    """Which files go to Cloudflare with the script."""
    crons: tuple[str, ...] = ()
    dev: DevSettings = DevSettings()
    path: Path | None = None
    """The file that was read; None: the script stands alone."""
    redirected: Path | None = None
    """The file that sent us to ``path``, which a build tool made."""
    build: Build | None = None
    environment: str | None = None
    """The `env.NAME` that was chosen."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """From `.dev.vars` or `.env`; they go over `vars` and are never shown."""
    secret_files: tuple[Path, ...] = ()
    """Where secrets are looked for, those that do not exist included."""
    cloudflare_only: Mapping[str, str] = field(default_factory=dict)
    """Names on `env` whose kind cannot be had on one machine, each with its key."""
    is_assets_only: bool = False
    """There is no script: static files are all that is served."""

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file whose change means another configuration."""
        own = [path for path in (self.path, self.redirected) if path is not None]
        built = () if self.build is None else self.build.sources()
        return (*own, *self.secret_files, *built)

    @property
    def root(self) -> Path:
        """The project's folder: where the configuration is, else where the script is."""
        if self.redirected is not None:  # <root>/.wrangler/deploy/config.json
            return self.redirected.parents[2]
        return (self.path or self.main).parent
