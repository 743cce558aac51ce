"""Bindings that lead to a class which their Worker does not export.

workerd does not start with one of these; here it is told, and using it fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..log import log
from .surroundings import Place
from .worker import Worker

__all__ = ["tell_dead_ends"]


def tell_dead_ends(places: Sequence[Place]) -> None:
    """Say which bindings between ``places`` lead nowhere, each once."""
    loaded = {each.config.name: each.worker for each in places if each.worker is not None}
    for worker in loaded.values():
        for text in (*_services(worker, loaded), *_objects(worker, loaded)):
            log.warn_once(text)


def _services(worker: Worker, loaded: dict[str, Worker]) -> Iterator[str]:
    for each in worker.config.bindings.services:
        target = loaded.get(each.service)
        if target is None or each.entrypoint in (None, *target.exported.entrypoints):
            continue
        yield (
            f'Worker "{worker.config.name}"\'s binding "{each.binding}" refers to service '
            f'"{each.service}" with a named entrypoint "{each.entrypoint}", but "{each.service}" '
            f"has no such named entrypoint.{_hint(target.exported.entrypoints)}"
        )


def _objects(worker: Worker, loaded: dict[str, Worker]) -> Iterator[str]:
    for each in worker.config.durable_objects:
        script = each.script_name or worker.config.name
        target = loaded.get(script)
        own = script == worker.config.name  # told with its migrations
        if own or target is None or each.class_name in target.durable_classes():
            continue
        yield (
            f'Worker "{worker.config.name}"\'s binding "{each.name}" refers to a Durable Object '
            f'namespace named "{each.class_name}" in service "{script}", but no such Durable '
            f"Object namespace is defined by that service.{_hint(target.durable_classes())}"
        )


def _hint(names: Iterable[str]) -> str:
    there_is = ", ".join(names)
    return f"\nhint: it exports {there_is}" if there_is else ""
