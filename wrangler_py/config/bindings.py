"""The kinds of `env` entries that a configuration can ask for, and how each is read.

Each has the identifier under which its state is kept: what `wrangler dev` keeps it under.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/#bindings
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from wrangler_py.config.assets import Assets, read_assets
from wrangler_py.config.source import Section
from wrangler_py.config.values import JsonValue
from wrangler_py.errors import ConfigError

__all__ = [
    "AnalyticsDataset",
    "Bindings",
    "D1Database",
    "Hyperdrive",
    "KvNamespace",
    "QueueConsumer",
    "QueueProducer",
    "R2Bucket",
    "RateLimit",
    "SecretsStoreSecret",
    "SendEmail",
    "ServiceBinding",
    "TailConsumer",
    "VersionMetadata",
    "WorkflowBinding",
    "read_bindings",
]


@dataclass(frozen=True, slots=True)
class ServiceBinding:
    """`env.<binding>`: another worker, or this one."""

    binding: str
    service: str
    entrypoint: str | None = None
    props: Mapping[str, JsonValue] = field(default_factory=dict)
    """What the bound entry point sees as `ctx.props`."""


@dataclass(frozen=True, slots=True)
class KvNamespace:
    binding: str
    id: str


@dataclass(frozen=True, slots=True)
class D1Database:
    binding: str
    id: str
    name: str | None = None
    migrations_dir: str | None = None
    """Relative to the configuration; None: `migrations`."""
    migrations_table: str = "d1_migrations"
    migrations_pattern: str | None = None


@dataclass(frozen=True, slots=True)
class R2Bucket:
    binding: str
    id: str
    """The bucket's name."""


@dataclass(frozen=True, slots=True)
class QueueProducer:
    binding: str
    queue: str
    delivery_delay: float | None = None
    """Seconds; None: the queue's own default, none."""


@dataclass(frozen=True, slots=True)
class QueueConsumer:
    """This worker's `queue()` takes what arrives in ``queue``."""

    queue: str
    max_batch_size: int = 5
    max_batch_timeout: float = 1
    """Seconds that a batch waits to be filled."""
    max_retries: int = 2
    dead_letter_queue: str | None = None
    max_concurrency: int | None = None
    retry_delay: float = 0
    """Seconds before a message that failed comes again."""


@dataclass(frozen=True, slots=True)
class WorkflowBinding:
    binding: str
    name: str
    class_name: str
    script_name: str | None = None
    step_limit: int | None = None


@dataclass(frozen=True, slots=True)
class RateLimit:
    binding: str
    namespace_id: str
    limit: int
    period: int
    """Seconds: 10 or 60."""


@dataclass(frozen=True, slots=True)
class AnalyticsDataset:
    binding: str
    dataset: str


@dataclass(frozen=True, slots=True)
class VersionMetadata:
    binding: str


@dataclass(frozen=True, slots=True)
class SecretsStoreSecret:
    binding: str
    store_id: str
    secret_name: str


@dataclass(frozen=True, slots=True)
class SendEmail:
    binding: str
    destination_address: str | None = None
    allowed_destination_addresses: tuple[str, ...] | None = None
    allowed_sender_addresses: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Hyperdrive:
    binding: str
    id: str
    local_connection_string: str | None = None


@dataclass(frozen=True, slots=True)
class TailConsumer:
    """The worker ``service`` gets a trace of each event of this one."""

    service: str


@dataclass(frozen=True, slots=True)
class Bindings:
    """Everything of a configuration that is bound, by kind."""

    services: tuple[ServiceBinding, ...] = ()
    kv_namespaces: tuple[KvNamespace, ...] = ()
    d1_databases: tuple[D1Database, ...] = ()
    r2_buckets: tuple[R2Bucket, ...] = ()
    queue_producers: tuple[QueueProducer, ...] = ()
    queue_consumers: tuple[QueueConsumer, ...] = ()
    workflows: tuple[WorkflowBinding, ...] = ()
    ratelimits: tuple[RateLimit, ...] = ()
    analytics_engine_datasets: tuple[AnalyticsDataset, ...] = ()
    version_metadata: VersionMetadata | None = None
    secrets_store_secrets: tuple[SecretsStoreSecret, ...] = ()
    send_email: tuple[SendEmail, ...] = ()
    hyperdrive: tuple[Hyperdrive, ...] = ()
    assets: Assets | None = None
    tail_consumers: tuple[TailConsumer, ...] = ()

    def names(self) -> Iterator[tuple[str, str]]:
        """Each name on `env`, and the kind that it is."""
        for kind in fields(self):
            value: Any = getattr(self, kind.name)
            for entry in value if isinstance(value, tuple) else (value,):
                name = getattr(entry, "binding", None)
                if name is not None:
                    yield name, kind.name


def read_bindings(file: Section) -> Bindings:
    """All the kinds of ``file``.

    Raises: ConfigError for a value that no deployment would take.
    """
    queues = file.table("queues")
    metadata = file.table("version_metadata")
    return Bindings(
        services=tuple(map(_service, file.tables("services"))),
        kv_namespaces=tuple(map(_kv, file.tables("kv_namespaces"))),
        d1_databases=tuple(map(_d1, file.tables("d1_databases"))),
        r2_buckets=tuple(map(_r2, file.tables("r2_buckets"))),
        queue_producers=tuple(map(_producer, queues.tables("producers"))) if queues else (),
        queue_consumers=tuple(map(_consumer, queues.tables("consumers"))) if queues else (),
        workflows=tuple(map(_workflow, file.tables("workflows"))),
        ratelimits=tuple(map(_rate_limit, file.tables("ratelimits"))),
        analytics_engine_datasets=tuple(map(_dataset, file.tables("analytics_engine_datasets"))),
        version_metadata=None if metadata is None else VersionMetadata(_binding(metadata)),
        secrets_store_secrets=tuple(map(_stored_secret, file.tables("secrets_store_secrets"))),
        send_email=tuple(map(_send_email, file.tables("send_email"))),
        hyperdrive=tuple(map(_hyperdrive, file.tables("hyperdrive"))),
        assets=read_assets(file),
        tail_consumers=tuple(
            TailConsumer(entry.needed("service", 'add "service": "name-of-a-worker"'))
            for entry in file.tables("tail_consumers")
        ),
    )


def _binding(entry: Section) -> str:
    return entry.needed("binding", 'add "binding": "NAME"; the worker reads it as `env.NAME`')


def _service(entry: Section) -> ServiceBinding:
    props = entry.table("props")
    return ServiceBinding(
        _binding(entry),
        entry.needed("service", 'add "service": "name-of-a-worker"'),
        entry.text("entrypoint"),
        {} if props is None else props.value,
    )


def _kv(entry: Section) -> KvNamespace:
    binding = _binding(entry)
    return KvNamespace(binding, entry.text("preview_id") or entry.text("id") or binding)


def _d1(entry: Section) -> D1Database:
    binding = _binding(entry)
    return D1Database(
        binding,
        entry.text("preview_database_id") or entry.text("database_id") or binding,
        entry.text("database_name"),
        entry.text("migrations_dir"),
        entry.text("migrations_table") or "d1_migrations",
        entry.text("migrations_pattern"),
    )


def _r2(entry: Section) -> R2Bucket:
    binding = _binding(entry)
    return R2Bucket(
        binding, entry.text("preview_bucket_name") or entry.text("bucket_name") or binding
    )


def _producer(entry: Section) -> QueueProducer:
    binding = _binding(entry)
    delay = entry.number("delivery_delay", 0, 43_200)
    return QueueProducer(binding, entry.text("queue") or binding, delay)


def _consumer(entry: Section) -> QueueConsumer:
    default = QueueConsumer("")
    concurrency = entry.number("max_concurrency", 1, 250)
    return QueueConsumer(
        entry.needed("queue", 'add "queue": "name-of-the-queue"'),
        int(_or(entry.number("max_batch_size", 1, 100), default.max_batch_size)),
        _or(entry.number("max_batch_timeout", 0, 60), default.max_batch_timeout),
        int(_or(entry.number("max_retries", 0, 100), default.max_retries)),
        entry.text("dead_letter_queue"),
        None if concurrency is None else int(concurrency),
        _or(entry.number("retry_delay", 0, 43_200), default.retry_delay),
    )


def _or(value: float | None, default: float) -> float:
    return default if value is None else value


_WORKFLOW_NAME = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,63}", re.ASCII)


def _workflow(entry: Section) -> WorkflowBinding:
    limits = entry.table("limits")
    steps = limits.number("steps", 1, 25_000) if limits else None
    name = entry.needed("name", 'add "name": "my-workflow"')
    if not _WORKFLOW_NAME.fullmatch(name):
        raise ConfigError(
            f'"{name}" is no name for a workflow',
            where=entry.where("name"),
            hint="it has 1 to 64 letters, digits, underscores and hyphens, no hyphen at the start",
        )
    return WorkflowBinding(
        _binding(entry),
        name,
        entry.needed("class_name", 'add "class_name": "MyWorkflow", a class of the script'),
        entry.text("script_name"),
        None if steps is None else int(steps),
    )


def _rate_limit(entry: Section) -> RateLimit:
    simple = entry.table("simple")
    assert simple is not None, "validated"
    return RateLimit(
        entry.needed("name", 'add "name": "LIMITER"; the worker reads it as `env.LIMITER`'),
        entry.needed("namespace_id", 'add "namespace_id": "1001"'),
        int(_or(simple.number("limit", 1, 2**53), 1)),
        int(_or(simple.number("period", 10, 60), 60)),
    )


def _dataset(entry: Section) -> AnalyticsDataset:
    binding = _binding(entry)
    return AnalyticsDataset(binding, entry.text("dataset") or binding)


def _stored_secret(entry: Section) -> SecretsStoreSecret:
    return SecretsStoreSecret(
        _binding(entry),
        entry.needed("store_id", 'add "store_id": "..."'),
        entry.needed("secret_name", 'add "secret_name": "..."'),
    )


def _send_email(entry: Section) -> SendEmail:
    one, several = "destination_address", "allowed_destination_addresses"
    if one in entry and several in entry:
        raise ConfigError(f"`{one}` and `{several}` exclude each other", where=entry.where(several))
    return SendEmail(
        entry.needed("name", 'add "name": "MAIL"; the worker reads it as `env.MAIL`'),
        entry.text(one),
        entry.texts(several) if several in entry else None,
        entry.texts("allowed_sender_addresses") if "allowed_sender_addresses" in entry else None,
    )


def _hyperdrive(entry: Section) -> Hyperdrive:
    return Hyperdrive(
        _binding(entry),
        entry.needed("id", 'add "id": "..."'),
        entry.text("localConnectionString"),
    )
