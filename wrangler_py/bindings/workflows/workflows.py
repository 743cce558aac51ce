"""All workflows of a project and their instances, which outlive the code that they run.

Instances that were queued or running when the process ended go on when their code is loaded.

Source: https://developers.cloudflare.com/workflows/
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import Context
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from ...clock import MACHINE
from ...config.bindings import WorkflowBinding
from ...js.errors import JsException
from ...log import log
from ...stores.stores import Stores
from .file import InstanceFile
from .handles import Handle, Handles, allowed
from .instance import Instance
from .life import Code

__all__ = ["Definition", "Workflows"]

DEFAULT_STEP_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Definition:
    """One workflow."""

    name: str
    class_name: str
    code: Callable[[], Code | None]
    """The code that its instances run; None: it is not loaded."""
    step_limit: int = DEFAULT_STEP_LIMIT


class Workflows:
    """Those of one project; `stores.keep(Workflows)` is the one."""

    def __init__(self, stores: Stores) -> None:
        self.clock = stores.clock
        self.turns = 0
        """Grows while something happens."""
        self.attempts: set[asyncio.Task[None]] = set()
        """Steps that are being carried out."""
        self._stores = stores
        self._handles = Handles(None if stores.folder is None else allowed())
        self._definitions: dict[str, Definition] = {}
        self._codes: dict[str, Code] = {}
        self._instances: dict[tuple[str, str], Instance] = {}
        """Those that are awake; in memory, all."""
        self._stranded: set[tuple[str, str]] = set()
        """Those that wait for their class."""
        self._happened: dict[tuple[str, str], asyncio.Future[None]] = {}
        self._waking: set[asyncio.Task[None]] = set()

    def use(self, code: Code) -> None:
        """``code`` is about to be in charge of its workflows: running instances go on with it."""
        self._codes[code.config.name] = code
        for each in code.config.bindings.workflows:
            if each.script_name in (None, code.config.name):
                _tell_missing(each, code)
                self.define(each, self._finder(code.config.name))
        with suppress(RuntimeError):  # whoever only looks at a worker has no loop
            Context().run(asyncio.get_running_loop().call_soon, self._go_on)

    def define(self, binding: WorkflowBinding, code: Callable[[], Code | None]) -> Definition:
        """The workflow that a binding names."""
        limit = binding.step_limit or DEFAULT_STEP_LIMIT
        is_new = binding.name not in self._definitions
        made = Definition(binding.name, binding.class_name, code, limit)
        self._definitions[made.name] = made
        for instance in self._instances.values():
            if instance.definition.name == made.name:
                instance.definition = made
        if is_new:
            self._wake_stored(made)
        return made

    def own(self, binding: WorkflowBinding, code: Code) -> Definition:
        """The workflow of a binding of ``code``, whose class is its own."""
        found = self._definitions.get(binding.name)
        if found is None:  # everything was forgotten since ``code`` was loaded
            self.use(code)
            found = self._definitions[binding.name]
        return found

    def others(self, binding: WorkflowBinding, code: Callable[[], Code | None]) -> Definition:
        """The same, whose class is another Worker's; what that one says of it goes before."""
        found = self._definitions.get(binding.name)
        return self.define(binding, code) if found is None else found

    def _finder(self, script: str) -> Callable[[], Code | None]:
        def find() -> Code | None:
            code = self._codes.get(script)
            return None if code is None or code.retired else code

        return find

    def _go_on(self) -> None:
        """Whatever runs replaced code begins anew with the new."""
        for instance in list(self._instances.values()):
            life, code = instance.life, instance.definition.code()
            if life is not None and code is not None and life.code is not code:
                instance.life = None
                life.end()
                instance.start()
        stranded, self._stranded = self._stranded, set()
        for name, instance_id in stranded:
            with self.at(self._definitions[name], instance_id) as instance:
                instance.start()

    def wait_for_class(self, instance: Instance) -> None:
        """``instance`` is to go on when its class is there."""
        self._stranded.add((instance.definition.name, instance.id))

    @contextmanager
    def at(self, definition: Definition, instance_id: str) -> Iterator[Instance]:
        """An instance, for a block; it need not exist."""
        key = definition.name, instance_id
        instance = self._instances.get(key)
        if instance is None:
            instance = Instance(self, definition, instance_id, self._open(definition, instance_id))
            self._instances[key] = instance
        try:
            yield instance
        finally:
            if instance.life is None:
                self.rest(instance)

    def exists(self, definition: Definition, instance_id: str) -> bool:
        """Whether there is such an instance."""
        if (definition.name, instance_id) not in self._instances:
            path = self._path(definition, instance_id)
            if path is None or not path.exists():
                return False
        with self.at(definition, instance_id) as instance:
            return instance.exists

    def rest(self, instance: Instance) -> None:
        """Nothing runs there: its file may be closed."""
        key = instance.definition.name, instance.id
        if self._instances.get(key) is not instance:
            return
        if self._stores.folder is None and instance.exists:
            return  # its file is in memory
        del self._instances[key]
        instance.file.close()

    def forget(self, instance: Instance) -> None:
        """It was deleted, and its files go with it."""
        key = instance.definition.name, instance.id
        if self._instances.pop(key, None) is not None:
            instance.file.close()
        self._tell(key)
        path = self._path(instance.definition, instance.id)
        if path is not None:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing runs any more; what is stored goes on the next time."""
        for task in self._waking:
            task.cancel()
        for instance in list(self._instances.values()):
            if instance.life is not None:
                instance.life.end()
        for instance in list(self._instances.values()):
            instance.file.close()
        self._instances.clear()

    def happened(self, definition: Definition, instance_id: str) -> asyncio.Future[None]:
        """What is done when something has happened to an instance."""
        key = definition.name, instance_id
        if key not in self._happened:
            self._happened[key] = asyncio.get_running_loop().create_future()
        return self._happened[key]

    def _tell(self, key: tuple[str, str]) -> None:
        waiting = self._happened.pop(key, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)

    def _open(self, definition: Definition, instance_id: str) -> InstanceFile:
        class_name = f"workflows-{definition.name}"
        connect = partial(self._stores.open, "workflows", class_name, instance_id)
        tell = partial(self._tell, (definition.name, instance_id))
        return InstanceFile(Handle(self._handles, connect), self.clock, tell)

    def _path(self, definition: Definition, instance_id: str) -> Path | None:
        class_name = f"workflows-{definition.name}"
        return self._stores.database_path("workflows", class_name, instance_id)

    def _wake_stored(self, definition: Definition) -> None:
        path = self._path(definition, "")
        if path is None or not path.parent.is_dir():
            return
        with suppress(RuntimeError):
            create = asyncio.get_running_loop().create_task
            task = Context().run(create, self._wake(definition, path.parent))
            self._waking.add(task)
            task.add_done_callback(self._waking.discard)

    async def _wake(self, definition: Definition, folder: Path) -> None:
        """Start the instances of ``folder`` that have not ended."""
        for path in sorted(folder.glob("*.sqlite")):
            await asyncio.sleep(0)  # there may be many
            if path.stem == "metadata":  # wrangler's index of alarms
                continue
            instance_id = _unfinished(path)
            if instance_id is not None:
                with self.at(self._definitions[definition.name], instance_id) as instance:
                    instance.start()


def _tell_missing(binding: WorkflowBinding, code: Code) -> None:
    main, name = code.config.main.name, binding.class_name
    if name not in code.exported.workflows:
        log.warn_once(
            f"env.{binding.binding} is bound to the class {name}, which {main} does not export: "
            f"its instances fail\nhint: define `class {name}(WorkflowEntrypoint)` in {main}, or "
            "import it there"
        )


def _unfinished(path: Path) -> str | None:
    """The id of the instance in a file, if it has not ended."""
    try:
        handle = Handle(Handles(None), partial(sqlite3.connect, path, isolation_level=None))
        try:
            file = InstanceFile(handle, MACHINE)
            metadata = file.metadata
            if metadata is None or file.status.has_ended:
                return None
            return str(metadata.instance.id)
        finally:
            handle.close()
    except (sqlite3.Error, JsException, AttributeError, ValueError) as exc:
        log.warn(f"{path} is no instance of a workflow that can be read: {exc}")
        return None
