"""The type of each kind of `env` entry, as Python sees it through the SDK.

Source: https://developers.cloudflare.com/workers/wrangler/configuration/#bindings
"""

from __future__ import annotations

__all__ = ["ANYTHING", "TYPES"]

ANYTHING = "Any"

TYPES: dict[str, str] = {
    # Kinds that `Config.bindings` holds.
    "analytics_engine_datasets": "AnalyticsEngineDataset",
    "assets": "Fetcher",
    "d1_databases": "D1Database",
    "hyperdrive": "Hyperdrive",
    "kv_namespaces": "KVNamespace",
    "queue_producers": "Queue",
    "r2_buckets": "R2Bucket",
    "ratelimits": "RateLimit",
    "secrets_store_secrets": "SecretsStoreSecret",
    "send_email": "SendEmail",
    "version_metadata": "WorkerVersionMetadata",
    "workflows": "Workflow",
    # Kinds that only Cloudflare has. What is not here is Any: it type-checks.
    "ai": "Ai",
    "browser": "Fetcher",
    "data_blobs": "ArrayBuffer",
    "dispatch_namespaces": "DispatchNamespace",
    "mtls_certificates": "Fetcher",
    "pipelines": "Pipeline",
    "text_blobs": "str",
    "vectorize": "Vectorize",
    "vpc_services": "Fetcher",
}
"""A key of the configuration (of `Config.bindings`, where that differs) to a class of `js`."""
