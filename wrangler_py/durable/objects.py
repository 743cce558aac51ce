"""All Durable Objects of a server: they outlive the code that they run.

Source: https://developers.cloudflare.com/durable-objects/
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..clock import MACHINE, Clock
from ..context import IoContext
from ..js.errors import error
from .classes import tell_problems, tell_removed
from .ids import DurableObjectId, IdFactory, unique_key

# Imported when the first object is: they take 50 ms, and most Workers have no objects.
if TYPE_CHECKING:
    from .actor import Actor
    from .alarms import Alarms
    from .database import Memory
    from .instance import Code
    from .storage import StorageRules

HIBERNATE_AFTER = 10.0


class Objects:
    """The registry: one `Actor` per class and id."""

    def __init__(
        self,
        state_path: Path | None = None,
        hibernate_after: float = HIBERNATE_AFTER,
        *,
        in_memory: bool = False,
        clock: Clock = MACHINE,
    ) -> None:
        """``state_path`` None: in a temporary folder that goes with this registry.

        ``in_memory``: no files; what is stored lasts as long as this registry.
        """
        self.clock = clock
        self._memory: dict[tuple[str, str], Memory] | None = {} if in_memory else None
        self.on_replace: Callable[[IoContext], None] = lambda _: None
        """Hears of an instance that new code replaces, while its sockets can still be closed."""
        self.hibernate_after = hibernate_after
        self._state_path = state_path
        self._temporary: tempfile.TemporaryDirectory[str] | None = None
        self._actors: dict[tuple[str, str], Actor] = {}
        self._code: Code | None = None

    @cached_property
    def alarms(self) -> Alarms:
        """When which object is to be woken."""
        from .alarms import Alarms

        return Alarms(self._find, self.clock.now_ms)

    @property
    def code(self) -> Code:
        """The code that new instances run."""
        if self._code is None:
            raise error("The Worker is not loaded.")
        return self._code

    @property
    def is_unused(self) -> bool:
        """Whether no code was ever put in charge."""
        return self._code is None

    def keep_deferred(self, code: Code) -> None:
        """``code`` is about to be in charge: mark what goes on with the old one for a while."""
        if code.config.code_update_strategy.mode == "deferred":
            for actor in self._actors.values():
                if actor.instance is not None:
                    actor.instance.context.keeps_code = True

    def use(self, code: Code) -> None:
        """``code`` is in charge from now on; running instances go as its strategy says."""
        before, self._code = self._code, code
        tell_problems(code.config, code.durable_classes())
        self._open_alarms(code)
        if before is None:
            return
        tell_removed(code.config, before.durable_classes(), code.durable_classes())
        strategy = code.config.code_update_strategy
        for actor in list(self._actors.values()):
            if strategy.mode == "deferred":
                actor.replace_later(strategy.max_delay)
            else:
                actor.replace()

    def actor(self, class_name: str, actor_id: DurableObjectId) -> Actor:
        """The object of that id; it has an instance when it gets an event."""
        key = class_name, actor_id.toString()
        actor = self._actors.get(key)
        if actor is None:
            from .actor import Actor

            store = self._store(key)
            index = store / "metadata.sqlite" if isinstance(store, Path) else None
            self.alarms.open(class_name, index)
            actor = self._actors[key] = Actor(self, class_name, actor_id, store)
        return actor

    def _store(self, key: tuple[str, str]) -> Path | Memory:
        """Where an object keeps its state."""
        if self._memory is None:
            return self._folder(key[0])
        if key not in self._memory:
            from .database import Memory

            self._memory[key] = Memory()
        return self._memory[key]

    def forget(self, actor: Actor) -> None:
        """Its id is free for another object."""
        key = actor.class_name, actor.id.toString()
        if self._actors.get(key) is actor:
            del self._actors[key]

    def hibernate(self) -> int:
        """Evict every idle instance now; how many are still awake."""
        actors = list(self._actors.values())
        return sum(not actor.hibernate() for actor in actors)

    def all(self) -> list[Actor]:
        """The objects that are known: they have an instance, or a socket."""
        return list(self._actors.values())

    def awake(self) -> list[Actor]:
        """The objects that have an instance."""
        return [actor for actor in self._actors.values() if actor.instance is not None]

    def ids(self, class_name: str) -> list[DurableObjectId]:
        """The objects of a class that exist: they are awake, or have stored something."""
        found = {actor.id.toString() for actor in self.awake() if actor.class_name == class_name}
        if self._memory is not None:
            stored = self._memory.items()
            found |= {key[1] for key, kept in stored if key[0] == class_name and not kept.is_empty}
        else:
            files = self._folder(class_name).glob("*.sqlite")
            found |= {path.stem for path in files if path.stem != "metadata"}
        factory = IdFactory(unique_key(self.code.config.name, class_name))
        return [factory.from_string(text) for text in sorted(found)]

    def erase(self) -> None:
        """Begin anew: no object, no storage, no alarm; sockets end, and stubs find new objects.

        Only what is in memory can be erased.
        """
        assert self._memory is not None
        actors = list(self._actors.values())
        for actor in actors:
            actor.hibernation.end_all()
        code = self._code
        self.close()
        for actor in actors:
            actor.gone = True
        vars(self).pop("alarms", None)
        self._code = code
        self._memory = {}

    def rules(self, code: Code, class_name: str) -> StorageRules:
        """What the configuration says about a class's storage."""
        from .storage import StorageRules

        config = code.config
        export = config.exports.get(class_name)
        legacy = export is not None and export.storage == "legacy-kv"
        for migration in config.migrations:
            legacy = legacy or class_name in migration.new_classes
        deletes = code.compat.has("delete_all_deletes_alarm")
        return StorageRules(sqlite=not legacy, delete_all_deletes_alarm=deletes)

    def close(self) -> None:
        """The server stops: commit what is to be committed, forget the rest."""
        if "alarms" in vars(self):
            self.alarms.close()
        for actor in list(self._actors.values()):
            actor.close()
        self._actors.clear()
        for memory in (self._memory or {}).values():
            memory.close()
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def _folder(self, class_name: str) -> Path:
        if self._state_path is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="wrangler-py-")
            self._state_path = Path(self._temporary.name)
        return self._state_path / "do" / unique_key(self.code.config.name, class_name)

    def _open_alarms(self, code: Code) -> None:
        """Alarms that were set before this start, or before a class was named."""
        if self._state_path is None:
            return
        for class_name in code.durable_classes():
            path = self._folder(class_name) / "metadata.sqlite"
            if path.exists():
                self.alarms.open(class_name, path)

    def _find(self, class_name: str, actor_id: str, name: str | None) -> Actor:
        factory = IdFactory(unique_key(self.code.config.name, class_name))
        found = factory.from_string(actor_id)
        if name is not None:
            found.name = name
        return self.actor(class_name, found)
