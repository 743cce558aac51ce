"""Configuration files and command-line options, as frozen facts."""

from __future__ import annotations

from wrangler_py.config.bindings import Bindings, ServiceBinding
from wrangler_py.config.load import find_config, load_config
from wrangler_py.config.model import (
    CodeUpdateStrategy,
    Config,
    DevSettings,
    DurableObjectBinding,
    ExportedClass,
    JsonValue,
    Migration,
    RenamedClass,
    TransferredClass,
)
from wrangler_py.config.options import DEFAULT_IP, DEFAULT_PORT, Chosen, DevOptions, Overrides

__all__ = [
    "DEFAULT_IP",
    "DEFAULT_PORT",
    "Bindings",
    "Chosen",
    "CodeUpdateStrategy",
    "Config",
    "DevOptions",
    "DevSettings",
    "DurableObjectBinding",
    "ExportedClass",
    "JsonValue",
    "Migration",
    "Overrides",
    "RenamedClass",
    "ServiceBinding",
    "TransferredClass",
    "find_config",
    "load_config",
]
