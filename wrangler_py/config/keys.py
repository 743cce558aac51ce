"""The keys that a wrangler configuration may hold, and what we do with each.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/
"""

from __future__ import annotations

__all__ = ["DEV_QUIET", "DEV_READ", "QUIET", "READ", "UNREAD"]

READ = frozenset(
    """
    name main compatibility_date compatibility_flags vars durable_objects migrations exports
    services dev
    """.split()
)
"""Acted on."""

QUIET = frozenset(
    """
    $schema account_id alias base_dir cache cloudchamber compliance_region define
    find_additional_modules first_party_worker jsx_factory jsx_fragment keep_names keep_vars
    legacy_env limits logfwdr logpush minify no_bundle observability pages_build_output_dir
    placement preserve_file_names preview_urls previews python_modules route routes rules
    send_metrics tsconfig upload_source_maps usage_model workers_dev
    """.split()
)
"""They matter to bundling or deploying, not to a worker that runs here."""

UNREAD = frozenset(
    """
    access agent_memory ai ai_search ai_search_namespaces analytics_engine_datasets artifacts assets
    browser build connect containers d1_databases data_blobs dispatch_namespaces env flagship
    hyperdrive images k2 kv_namespaces media mtls_certificates pipelines queues r2_buckets
    ratelimits secrets secrets_store_secrets send_email site stream streaming_tail_consumers
    tail_consumers text_blobs triggers unsafe unsafe_hello_world vectorize version_metadata
    vpc_networks vpc_services wasm_modules websearch worker_loaders workflows
    """.split()
)
"""A worker would notice them, and nothing here acts on them yet."""

DEV_READ = frozenset({"ip", "port"})
DEV_QUIET = frozenset(
    """
    container_engine enable_containers generate_types host inspector_ip inspector_port
    local_protocol upstream_protocol
    """.split()
)
