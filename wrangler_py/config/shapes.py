"""The shape of a wrangler configuration: every key, its type, and what we do with it.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/ and the JSON Schema of
the npm package `wrangler`, which the tests compare this table with.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

__all__ = ["KEYS", "NOT_INHERITED", "TOP_LEVEL_ONLY", "Key", "OneOf", "Shape", "Use"]

Shape = Any
"""A type's name below; `[shape]` is a list, a dict an object whose keys end with `!` if they must
be there, a tuple stands for either. `OneOf` is a few fixed values."""

TEXT = "a string"
NUMBER = "a number"
FLAG = "true or false"
OBJECT = "an object"
LIST = "a list"
ANY = "anything"


class OneOf(tuple[Any, ...]):
    """A value out of a few."""

    __slots__ = ()


class Use(Enum):
    """What a key means here."""

    READ = "acted on"
    DEPLOY = "matters to bundling or deploying, not to a worker that runs here"
    CLOUDFLARE = "a binding that only exists on Cloudflare: named, and an error when used"


class Key(NamedTuple):
    shape: Shape
    use: Use


def _read(shape: Shape) -> Key:
    return Key(shape, Use.READ)


def _deploy(shape: Shape) -> Key:
    return Key(shape, Use.DEPLOY)


def _cloudflare(shape: Shape) -> Key:
    return Key(shape, Use.CLOUDFLARE)


def _bound(**keys: Shape) -> dict[str, Shape]:
    """A binding that may be wished `remote`."""
    return {"binding!": TEXT, **keys, "remote": FLAG}


_MIGRATION = {
    "tag!": TEXT,
    "new_classes": [TEXT],
    "new_sqlite_classes": [TEXT],
    "renamed_classes": [{"from!": TEXT, "to!": TEXT}],
    "transferred_classes": [{"from!": TEXT, "from_script!": TEXT, "to!": TEXT}],
    "deleted_classes": [TEXT],
}
_WORKFLOW = {
    "binding!": TEXT,
    "name!": TEXT,
    "class_name!": TEXT,
    "script_name": TEXT,
    "limits": {"steps": NUMBER},
    "concurrency": {"limit": NUMBER},
    "schedules": (TEXT, [TEXT]),
    "default_retention": {
        "success_retention": (NUMBER, TEXT),
        "error_retention": (NUMBER, TEXT),
    },
    "jurisdiction": OneOf(("eu", "fedramp", "us")),
}
_CONSUMER = {
    "queue!": TEXT,
    "type": OneOf(("worker",)),
    "max_batch_size": NUMBER,
    "max_batch_timeout": NUMBER,
    "max_retries": NUMBER,
    "dead_letter_queue": TEXT,
    "max_concurrency": (NUMBER, "null"),
    "visibility_timeout_ms": NUMBER,
    "retry_delay": NUMBER,
}
_ASSETS = {
    "directory": TEXT,
    "binding": TEXT,
    "html_handling": OneOf(
        ("auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none")
    ),
    "not_found_handling": OneOf(("single-page-application", "404-page", "none")),
    "base_path": TEXT,
    "run_worker_first": ([TEXT], FLAG),
}
_DEV = {
    "ip": TEXT,
    "port": NUMBER,
    "inspector_port": NUMBER,
    "inspector_ip": TEXT,
    "local_protocol": OneOf(("http", "https")),
    "upstream_protocol": OneOf(("https", "http")),
    "host": TEXT,
    "enable_containers": FLAG,
    "container_engine": (OBJECT, TEXT),
    "generate_types": FLAG,
}
_RULE_TYPES = OneOf(
    ("ESModule", "CommonJS", "CompiledWasm", "Text", "Data", "PythonModule", "PythonRequirement")
)
_TCP = {"protocol!": OneOf(("tcp",)), "port!": NUMBER, "address": TEXT}
_UDP = {
    "protocol!": OneOf(("udp",)),
    "port!": NUMBER,
    "address": TEXT,
    "idle_timeout_ms": NUMBER,
    "max_pending_bytes": NUMBER,
}

KEYS: dict[str, Key] = {
    "$schema": _deploy(TEXT),
    "env": _read(OBJECT),
    # The worker itself.
    "name": _read(TEXT),
    "main": _read(TEXT),
    "compatibility_date": _read(TEXT),
    "compatibility_flags": _read([TEXT]),
    "rules": _read([{"type!": _RULE_TYPES, "globs!": [TEXT], "fallthrough": FLAG}]),
    "find_additional_modules": _read(FLAG),
    "base_dir": _read(TEXT),
    "python_modules": _read({"exclude!": [TEXT]}),
    "dev": _read(_DEV),
    # What is on `env`.
    "vars": _read(OBJECT),
    "secrets": _read({"required": [TEXT]}),
    "durable_objects": _read(
        {
            "bindings": [
                {"name!": TEXT, "class_name!": TEXT, "script_name": TEXT, "environment": TEXT}
            ],
            "code_update_strategy": {
                "mode": OneOf(("immediate", "deferred")),
                "max_delay": NUMBER,
            },
        }
    ),
    "migrations": _read([_MIGRATION]),
    "exports": _read(OBJECT),
    "services": _read([_bound(**{"service!": TEXT, "entrypoint": TEXT, "props": OBJECT})]),
    "kv_namespaces": _read([_bound(id=TEXT, preview_id=TEXT)]),
    "d1_databases": _read(
        [
            _bound(
                database_name=TEXT,
                database_id=TEXT,
                jurisdiction=TEXT,
                preview_database_id=TEXT,
                migrations_table=TEXT,
                migrations_dir=TEXT,
                migrations_pattern=TEXT,
                database_internal_env=TEXT,
            )
        ]
    ),
    "r2_buckets": _read(
        [_bound(bucket_name=TEXT, preview_bucket_name=TEXT, jurisdiction=TEXT, local_dev=OBJECT)]
    ),
    "queues": _read(
        {"producers": [_bound(queue=TEXT, delivery_delay=NUMBER)], "consumers": [_CONSUMER]}
    ),
    "workflows": _read([_WORKFLOW]),
    "ratelimits": _read(
        [
            {
                "name!": TEXT,
                "namespace_id!": TEXT,
                "simple!": {"limit!": NUMBER, "period!": OneOf((10, 60))},
            }
        ]
    ),
    "analytics_engine_datasets": _read([_bound(dataset=TEXT)]),
    "version_metadata": _read({"binding!": TEXT}),
    "secrets_store_secrets": _read([{"binding!": TEXT, "store_id!": TEXT, "secret_name!": TEXT}]),
    "send_email": _read(
        [
            {
                "name!": TEXT,
                "destination_address": TEXT,
                "allowed_destination_addresses": [TEXT],
                "allowed_sender_addresses": [TEXT],
                "remote": FLAG,
            }
        ]
    ),
    "hyperdrive": _read([_bound(**{"id!": TEXT, "localConnectionString": TEXT})]),
    "assets": _read(_ASSETS),
    "triggers": _read({"crons": [TEXT], "events": LIST}),
    "tail_consumers": _read([{"service!": TEXT, "environment": TEXT}]),
    "streaming_tail_consumers": _read([{"service!": TEXT}]),
    # Only on Cloudflare.
    "ai": _cloudflare(_bound(staging=FLAG)),
    "ai_search": _cloudflare([_bound(**{"instance_name!": TEXT})]),
    "ai_search_namespaces": _cloudflare([_bound(**{"namespace!": TEXT})]),
    "agent_memory": _cloudflare([_bound(**{"namespace!": TEXT})]),
    "analytics": _cloudflare(_bound()),
    "artifacts": _cloudflare([_bound(**{"namespace!": TEXT})]),
    "browser": _cloudflare(_bound()),
    "dispatch_namespaces": _cloudflare([_bound(namespace=TEXT, outbound=OBJECT)]),
    "flagship": _cloudflare([_bound(app_id=TEXT)]),
    "images": _cloudflare(_bound()),
    "k2": _cloudflare([_bound(**{"stream!": TEXT})]),
    "media": _cloudflare(_bound()),
    "mtls_certificates": _cloudflare([_bound(**{"certificate_id!": TEXT})]),
    "pipelines": _cloudflare([_bound(stream=TEXT, pipeline=TEXT)]),
    "stream": _cloudflare(_bound()),
    "unsafe_hello_world": _cloudflare([{"binding!": TEXT, "enable_timer": FLAG}]),
    "vectorize": _cloudflare([_bound(**{"index_name!": TEXT})]),
    "vpc_networks": _cloudflare([_bound(tunnel_id=TEXT, network_id=TEXT)]),
    "vpc_services": _cloudflare([_bound(**{"service_id!": TEXT})]),
    "worker_loaders": _cloudflare([{"binding!": TEXT}]),
    "connect": _cloudflare([(_TCP, _UDP)]),
    "unsafe": _cloudflare(OBJECT),
    # Bundling and deploying.
    "access": _deploy(OBJECT),
    "account_id": _deploy(TEXT),
    "addresses": _deploy([TEXT]),
    "alias": _deploy(OBJECT),
    "build": _read({"command": TEXT, "cwd": TEXT, "watch_dir": (TEXT, [TEXT])}),
    "cache": _deploy(OBJECT),
    "cloudchamber": _deploy(OBJECT),
    "compliance_region": _deploy(OneOf(("public", "fedramp_high"))),
    "containers": _deploy(LIST),
    "data_blobs": _deploy(OBJECT),
    "define": _deploy(OBJECT),
    "dependencies_instrumentation": _deploy(OBJECT),
    "first_party_worker": _deploy(FLAG),
    "jsx_factory": _deploy(TEXT),
    "jsx_fragment": _deploy(TEXT),
    "keep_names": _deploy(FLAG),
    "keep_vars": _deploy(FLAG),
    "limits": _deploy({"cpu_ms": NUMBER, "subrequests": NUMBER}),
    "logfwdr": _deploy(OBJECT),
    "logpush": _deploy(FLAG),
    "minify": _deploy(FLAG),
    "no_bundle": _deploy(FLAG),
    "observability": _deploy(OBJECT),
    "pages_build_output_dir": _deploy(TEXT),
    "placement": _deploy(OBJECT),
    "preserve_file_names": _deploy(FLAG),
    "preview_urls": _deploy(FLAG),
    "previews": _deploy(OBJECT),
    "route": _read((TEXT, OBJECT)),
    "routes": _read(LIST),
    "send_metrics": _deploy(FLAG),
    "site": _deploy(OBJECT),
    "text_blobs": _deploy(OBJECT),
    "tsconfig": _deploy(TEXT),
    "upload_source_maps": _deploy(FLAG),
    "wasm_modules": _deploy(OBJECT),
    "workers_dev": _deploy(FLAG),
}

NOT_INHERITED = frozenset(
    """
    agent_memory ai ai_search ai_search_namespaces analytics analytics_engine_datasets artifacts
    browser cloudchamber connect containers d1_databases define dispatch_namespaces durable_objects
    flagship hyperdrive images k2 kv_namespaces media mtls_certificates pipelines queues r2_buckets
    ratelimits secrets secrets_store_secrets send_email services stream streaming_tail_consumers
    tail_consumers unsafe unsafe_hello_world vars vectorize version_metadata vpc_networks
    vpc_services worker_loaders workflows
    """.split()
)
"""An environment has these only if it says so itself."""

TOP_LEVEL_ONLY = frozenset(
    """
    $schema addresses alias data_blobs dependencies_instrumentation dev env keep_vars
    pages_build_output_dir send_metrics site text_blobs wasm_modules
    """.split()
)
"""An environment cannot have these."""
