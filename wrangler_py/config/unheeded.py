"""What a configuration says that changes nothing here, though it would in `wrangler dev`."""

from __future__ import annotations

from collections.abc import Iterator

from wrangler_py.config.shapes import KEYS, Use
from wrangler_py.config.source import Section
from wrangler_py.log import log

__all__ = ["UNHEEDED", "UNHEEDED_OF_DEV", "unheeded"]

UNHEEDED = {
    "access": "nobody is let in by Cloudflare Access here",
    "containers": "no container is started here: `ctx.container` of an object refuses",
    "data_blobs": "only Workers without modules have it: say it by `rules`",
    "site": "Workers Sites are not emulated: use `assets`",
    "streaming_tail_consumers": "tails are not streamed here",
    "text_blobs": "only Workers without modules have it: say it by `rules`",
    "wasm_modules": "only Workers without modules have it",
}
"""Keys that would mean something in `wrangler dev`."""
_WORKFLOWS = {
    "concurrency": "as many instances run at once as are created, as in `wrangler dev`",
    "schedules": "no instance is created by itself here, as in `wrangler dev`",
}
UNHEEDED_OF_DEV = (
    "inspector_port",
    "inspector_ip",
    "container_engine",
    "enable_containers",
    "generate_types",
)


def unheeded(file: Section) -> Iterator[str]:
    """What to tell its author."""
    for key, why in UNHEEDED.items():
        if key in file:
            yield f"`{key}`: {why} ({file.where(key)})"
    yield from _remote(file)
    for workflow in file.tables("workflows"):
        yield from (
            f"`{key}` of a workflow: {why} ({workflow.where(key)})"
            for key, why in _WORKFLOWS.items()
            if key in workflow
        )
    dev = file.table("dev")
    for key in UNHEEDED_OF_DEV:
        if dev is not None and key in dev:
            log.debug(f"dev.{key} changes nothing here")


def _remote(file: Section) -> Iterator[str]:
    """Bindings that `wrangler dev` would reach on Cloudflare."""
    for key in file:
        if KEYS.get(key) is None or KEYS[key].use is not Use.READ:
            continue
        value = file.raw(key)
        entries = value.get("producers") if isinstance(value, dict) else value
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if isinstance(entry, dict) and entry.get("remote") is True:
                inside = (key, "producers") if isinstance(value, dict) else (key,)
                where = file.place((*inside, index, "remote"))
                yield f"`remote` is passed over: what is here is on this machine ({where})"
