"""`env.WORKFLOW` as a script sees it: the workflow, and its instances.

Implements: https://developers.cloudflare.com/workflows/build/workers-api/
Differs: `params` that cannot be stored are refused, instead of an instance that never is.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from asyncio import Future
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from ...config.bindings import WorkflowBinding
from ...config.model import Config
from ...js.array import JsArray
from ...js.callbacks import member
from ...js.convert import to_string
from ...js.errors import error, type_error
from ...js.null import is_nullish, jsnull
from ...js.object import JsObject
from ...js.proxy import JsProxy
from ...log import log
from ...web.not_running import NotRunning
from ..classes import explanation, row_of
from ..operation import operation
from .batches import MOST, Entry, batch_of, is_id, legacy_batch
from .errors import refusal
from .instance import Instance
from .subscription import Subscription, read_options
from .workflows import Definition, Workflows

__all__ = ["InstanceImpl", "WorkflowImpl", "bind_exported", "bindings", "rows"]

_ADDRESS = re.compile(r"[a-zA-Z0-9, */#_-]{1,271}", re.ASCII)
_TYPE = re.compile(r"[a-zA-Z0-9_][a-zA-Z0-9_-]{0,99}", re.ASCII)
NOT_FOUND = "instance.not_found"


class WorkflowImpl(JsProxy):
    """A workflow. Each method returns a promise."""

    def __init__(self, registry: Callable[[], tuple[Workflows, Definition]]) -> None:
        self._registry = registry

    def create(self, options: Any = None) -> Future[Any]:
        return operation(self._create, options)

    def createBatch(self, options: Any = None) -> Future[Any]:
        return operation(self._create_batch, options)

    def get(self, id: Any = None) -> Future[Any]:
        return operation(self._get, id)

    def deleteBatch(self, ids: Any = None) -> Future[Any]:
        return operation(self._delete_batch, ids)

    def _create(self, options: Any) -> InstanceImpl:
        if options is jsnull:
            raise type_error("Cannot read properties of null (reading 'id')")
        given = member(options, "id")
        instance_id = str(uuid.uuid4()) if given is None else given
        if not is_id(instance_id):
            raise refusal("Workflow instance has invalid id")
        workflows, definition = self._registry()
        if given is not None and workflows.exists(definition, instance_id):
            message = f'Workflow instance with id "{instance_id}" already exists'
            raise refusal(message, "instance.already_exists")
        return self._made(instance_id, member(options, "params"))

    def _made(self, instance_id: str, params: Any) -> InstanceImpl:
        workflows, definition = self._registry()
        with workflows.at(definition, instance_id) as instance:
            instance.create(JsObject() if params is None else params)
        return InstanceImpl(instance_id, self._registry)

    def _get(self, instance_id: Any) -> InstanceImpl:
        workflows, definition = self._registry()
        text = to_string(instance_id)
        if not workflows.exists(definition, text):
            raise error(NOT_FOUND)
        return InstanceImpl(text, self._registry)

    async def _create_batch(self, options: Any) -> Any:
        is_legacy = isinstance(options, JsArray)
        entries = legacy_batch(options) if is_legacy else batch_of(options)
        workflows, definition = self._registry()
        existing = {
            each.id for each in entries if each.id and workflows.exists(definition, each.id)
        }
        created: list[Any] = []
        errors: list[Any] = []
        seen: set[str] = set()
        for index, each in enumerate(entries):
            if each.id in seen:
                errors.append(_entry_error(index, each, 10415, "duplicate_in_batch"))
            elif each.id in existing:
                errors.append(_entry_error(index, each, 10405, "already_exists"))
            else:
                created.append(self._made(each.id or str(uuid.uuid4()), each.params))
                await asyncio.sleep(0)  # each is a file
            seen |= {each.id} if each.id else set()
        if is_legacy:
            return JsArray(created)
        return JsObject({"created": JsArray(created), "errors": JsArray(errors)})

    def _delete_batch(self, ids: Any) -> JsObject:
        if not isinstance(ids, JsArray):
            raise refusal("Provided argument is invalid", "body")
        wanted = list(ids)
        if len(wanted) > MOST:
            message = f"batchDeleteInstances only supports {MOST} instances at a time"
            raise refusal(message, "body")
        if not wanted:
            raise refusal("batchDeleteInstances should have at least 1 instance", "body")
        if not all(isinstance(each, str) and _ADDRESS.fullmatch(each) for each in wanted):
            raise refusal("Instance ID is invalid", "instance.invalid_id")
        workflows, definition = self._registry()
        there = {each for each in wanted if workflows.exists(definition, each)}
        for each in there:
            with workflows.at(definition, each) as instance:
                instance.delete()
        message = f"workflows.api.error.{NOT_FOUND}"
        return JsObject(
            {
                "deleted": JsArray([JsObject({"id": each}) for each in wanted if each in there]),
                "errors": JsArray(
                    [
                        JsObject({"id": each, "code": 10400, "message": message})
                        for each in wanted
                        if each not in there
                    ]
                ),
            }
        )


class InstanceImpl(JsProxy):
    """An instance. Each method returns a promise."""

    def __init__(
        self, instance_id: str, registry: Callable[[], tuple[Workflows, Definition]]
    ) -> None:
        self.id = instance_id
        self._registry = registry

    def status(self) -> Future[Any]:
        return operation(self._with, Instance.status)

    def pause(self) -> Future[Any]:
        return operation(self._with, Instance.pause)

    def resume(self) -> Future[Any]:
        return operation(self._with, Instance.resume)

    def terminate(self, options: Any = None) -> Future[Any]:
        # `rollback` is for steps that have one, and none has here.
        return operation(self._with, Instance.terminate)

    def restart(self, options: Any = None) -> Future[Any]:
        origin = None if is_nullish(options) else member(options, "from")
        return operation(self._with, Instance.restart, origin)

    def sendEvent(self, event: Any = None) -> Future[Any]:
        return operation(self._send, event)

    def delete(self) -> Future[Any]:
        return operation(self._delete)

    def subscribe(self, options: Any = None) -> Future[Any]:
        return operation(self._subscribe, options)

    def _subscribe(self, options: Any) -> Subscription:
        self._with(lambda instance: None)
        cursor, wanted = read_options(options)
        return Subscription(self._registry, self.id, cursor, wanted)

    def _with(self, act: Callable[..., Any], *args: Any) -> Any:
        workflows, definition = self._registry()
        if not workflows.exists(definition, self.id):
            raise error(NOT_FOUND)
        with workflows.at(definition, self.id) as instance:
            return act(instance, *args)

    def _send(self, event: Any) -> None:
        self._with(lambda instance: None)
        if is_nullish(event):
            shown = "null" if event is jsnull else "undefined"
            raise type_error(f"Cannot read properties of {shown} (reading 'payload')")
        kind = to_string(member(event, "type"))
        if not _TYPE.fullmatch(kind):
            log.warn_once(
                f'Cloudflare refuses the type "{kind}" of an event: at most 100 of the characters '
                "a-z, A-Z, 0-9, - and _ are taken"
            )
        self._with(Instance.send, kind, member(event, "payload"))

    def _delete(self) -> None:
        workflows, definition = self._registry()
        if not workflows.exists(definition, self.id):
            raise refusal("Instance does not exist", NOT_FOUND)
        with workflows.at(definition, self.id) as instance:
            instance.delete()


def _entry_error(index: int, entry: Entry, code: int, reason: str) -> JsObject:
    message = f"workflows.api.error.instance.{reason}"
    return JsObject({"index": index, "id": entry.id, "code": code, "message": message})


def bindings(config: Config, worker: Any) -> Iterator[tuple[str, Any]]:
    """The workflows of ``config``."""
    for each in config.bindings.workflows:
        yield each.binding, WorkflowImpl(_registry_of(each, worker))


def _registry_of(
    binding: WorkflowBinding, worker: Any
) -> Callable[[], tuple[Workflows, Definition]]:
    """What finds the workflow of a binding, whoever's it is."""
    script = binding.script_name
    own = script in (None, worker.config.name)

    def find() -> tuple[Workflows, Definition]:
        workflows = worker.stores.keep(Workflows)
        if own:
            return workflows, workflows.own(binding, worker)
        try:
            worker.peer(script)
        except NotRunning as exc:
            raise exc.for_script() from None
        return workflows, workflows.others(binding, lambda: worker.peer(script))

    return find


def bind_exported(worker: Any, names: Mapping[str, str]) -> Config:
    """Put a workflow of each class on `env`; the configuration that would say so.

    ``names``: of the binding, and of its class.
    """
    found = tuple(
        WorkflowBinding(name, name.lower().replace("_", "-"), class_name)
        for name, class_name in names.items()
    )
    before: Config = worker.config
    config = replace(before, bindings=replace(before.bindings, workflows=found))
    for name, value in bindings(config, worker):
        worker.env._props.setdefault(name, value)
    entries = [
        {"binding": each.binding, "name": each.name, "class_name": each.class_name}
        for each in found
    ]
    log.info_once(explanation(names, {"workflows": entries}))
    return config


def rows(config: Config, _classes: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Each workflow with its class."""
    for each in config.bindings.workflows:
        yield row_of(config, each.binding, each.class_name, each.script_name, "Workflow")
