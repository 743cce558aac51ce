"""A Worker's own classes as its bindings: without a configuration, and in `ctx.exports`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..bindings.classes import explanation, names_for
from ..bindings.durable_objects import configuration
from ..js.object import JsObject
from ..log import log

if TYPE_CHECKING:
    from ..config.model import Config
    from .worker import Worker

__all__ = ["bind_exported", "exports_of"]


def bind_exported(worker: Worker) -> Config:
    """Bind each class under its own name, and say so; the configuration that would do it."""
    exported = worker.exported
    if exported.durable_objects:
        names = names_for(exported.durable_objects)
        for name, class_name in names.items():
            worker.env._props.setdefault(name, worker.namespace(class_name))
        log.info_once(explanation(names, configuration(names)))
    if exported.workflows:
        from ..bindings import workflows  # few workers have some

        return workflows.bind_exported(worker, names_for(exported.workflows))
    return worker.config


def exports_of(worker: Worker) -> JsObject:
    """Its entry points and objects, as bindings."""
    from ..bindings.service import Loopback  # only workers that call themselves need it

    names = {"default": None} | {name: name for name in worker.exported.entrypoints}
    found: dict[str, Any] = {
        key: Loopback(lambda: worker, name, direct=True) for key, name in names.items()
    }
    found |= {name: worker.namespace(name) for name in worker.exported.durable_objects}
    return JsObject(found)
