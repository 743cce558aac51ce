"""`pywrangler dev` at work: one worker, served, watched, and swapped when its files change."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from ..config import DevOptions, load_config
from ..config.model import Config
from ..durable.objects import Objects
from ..errors import ExitCode, PortInUse, WranglerError
from ..facades import install
from ..log import log
from ..runtime import modules
from ..runtime.loop import instrument
from ..runtime.tracing import Frame
from ..runtime.uncaught import tell_of_coroutines
from ..runtime.worker import OnError, Surroundings, Worker
from ..server.app import Server
from ..server.outgoing import Network
from ..server.scheduled import offer_scheduled
from ..stores.stores import Stores
from ..terminal.session import Session
from . import process
from .crons import BY_HAND, Crons
from .ready_file import ReadyFile
from .running import Announcement
from .snapshot import Snapshot
from .swap import RELOADED, files_of, swap, tell
from .watch import changes
from .watchdog import Watchdog

if TYPE_CHECKING:
    from ..session.recorder import Recorder


class DevServer:
    """A worker behind a port; the host that the server asks for it."""

    def __init__(self, options: DevOptions) -> None:
        self.options = options
        self.config: Config = options.config
        self.worker: Worker | None = None
        self.error: BaseException | None = None
        self.on_error: OnError = tell
        self.network = Network()
        self.objects = Objects(options.state_path, options.hibernate_after)
        self.stores = Stores(options.state_path)
        self.server = Server(self)
        self.objects.on_replace = lambda owner: self.server.close_sockets_of(owner, *RELOADED)
        offer_scheduled(self.server.endpoints, self, test=options.test_scheduled)
        self._crons = Crons(self)
        self.port = options.port
        self.snapshot = Snapshot()
        self._ready_file = ReadyFile(options.ready_file)
        self._announcement = Announcement(self.config.root)
        self._background: list[asyncio.Task[None]] = []
        self._watchdog: Watchdog | None = None
        self._recorder: Recorder | None = None
        self._stopping = self._is_ready = False
        self.session: Session | None = None
        """The person at the terminal, if there is to be one."""

    @property
    def root(self) -> Path:
        return self.config.root

    @property
    def surroundings(self) -> Surroundings:
        return Surroundings(self.network, self.on_error, self.objects, stores=self.stores)

    @property
    def is_watched(self) -> bool:
        return self.options.reload

    @property
    def open_sockets(self) -> int:
        return sum(not each.is_closing for each in self.server.sockets)

    @property
    def url(self) -> str:
        host = f"[{self.options.ip}]" if ":" in self.options.ip else self.options.ip
        return f"http://{host}:{self.port}"

    async def start(self) -> None:
        """Load the worker and listen, unless it does not load and nothing will change that.

        Raises:
            PortInUse: somebody else listens there, and the port was asked for.
            UsageError: the ready file or the recording cannot be written.
        """
        self._ready_file.check()
        self._prepare_recording()
        instrument(asyncio.get_running_loop())
        install()
        modules.provide()
        self.snapshot.take(files_of(self))
        # Guarded before the first line of the worker runs: an import may be what never ends.
        self._guard(self.snapshot if self.options.reload else Snapshot())
        loaded = swap(self, self.config)
        self.snapshot.follow(files_of(self))
        self._show_bindings()
        if self._stopping or not (loaded or self.options.reload):
            return
        if self.session is not None:
            log.show("⎔ Starting local server...\n")
        self.port = await self._listen()
        self._record()
        self._announcement.write(self.url, self.port, self.config.name)
        if loaded:
            self._tell_ready()
        else:
            self._tell_waiting()
        if self.options.crons:
            self._crons.start()
        if self.session is not None:
            self.session.listen()

    def _tell_ready(self) -> None:
        self._is_ready = True
        log.ready(self.url, worker=self.config.name)
        self._ready_file.write(self.url, self.port, self.config.name)
        if self.config.crons and not self.options.crons:
            log.info_once(BY_HAND.format(url=self.url))

    def _tell_waiting(self) -> None:
        text = f"Listening on {self.url}, where the error is shown until a save loads"
        log.event("listening", text, prefix=True, url=self.url, worker=self.config.name)

    def _prepare_recording(self) -> None:
        if self.options.record is not None:
            from ..session.recorder import Recorder  # few sessions are recorded

            self._recorder = Recorder(self.options.record)

    def _record(self) -> None:
        if self._recorder is not None:
            self._recorder.begin(worker=self.config.name, url=self.url)
            self.server.watch(self._recorder)

    def _show_bindings(self) -> None:
        worker, session = self.worker, self.session
        if session is not None:
            session.show_bindings(self.config, () if worker is None else worker.durable_classes())

    async def _listen(self) -> int:
        """Take the port that was asked for, or the first free one from the default on."""
        options = self.options
        ports = range(options.port, options.port + (1 if options.port_is_explicit else 20))
        for port in ports:
            try:
                return await self.server.start(options.ip, port)
            except PortInUse:
                if port == ports[-1]:
                    raise
                log.debug(f"port {port} is in use")
        raise AssertionError("unreachable")

    def watch(self) -> None:
        """Reload on save, from now on."""
        watching = asyncio.create_task(self._watch())
        watching.add_done_callback(_tell_if_failed)
        self._background.append(watching)

    def _guard(self, snapshot: Snapshot) -> None:
        """Notice code that never gives way; break it off when ``snapshot`` changes."""
        self._watchdog = Watchdog(
            self.config.root, snapshot, _tell_blocked, self._reload_if_changed
        )
        self._watchdog.start()

    def break_off(self) -> None:
        """End code that does not give way: the server is to stop."""
        self._stopping = True
        if self._watchdog is not None:
            self._watchdog.break_off()

    async def _watch(self) -> None:
        async for changed in changes(self.snapshot):
            self.reload(changed)

    def _reload_if_changed(self) -> None:
        """Endless code was broken off: the new code must run before another event does."""
        if changed := self.snapshot.changed():
            self.reload(changed)

    def reload(self, changed: set[Path]) -> bool:
        """Take in changed files; whether the new code serves."""
        # Taken before the load: a save during it is a change again.
        self.snapshot.take(self.snapshot.files)
        config = self._config(changed)
        return config is not None and self._swap(config, changed)

    def reload_anyway(self) -> None:
        """Load everything again, changed or not."""
        changed = self.snapshot.changed()
        self.snapshot.take(self.snapshot.files)
        config = self._config(set(self.config.files))
        if config is not None:
            self._swap(config, changed)

    def _swap(self, config: Config, changed: set[Path]) -> bool:
        loaded = swap(self, config, changed)
        self.snapshot.follow(files_of(self))
        if loaded:
            self._crons.look_again()
            self._show_bindings()
        if loaded and self.server.is_listening:
            if self._is_ready:
                self._ready_file.write(self.url, self.port, self.config.name)
            else:
                self._tell_ready()
        return loaded

    def _config(self, changed: set[Path]) -> Config | None:
        """The configuration, read again if its file changed; None when it is wrong."""
        if changed.isdisjoint(self.config.files):
            return self.config
        try:
            return load_config(self.options.overrides, Path.cwd())
        except WranglerError as error:
            log.failure(error)
            return None

    def close_sockets(self, worker: Worker, code: int, reason: str) -> int:
        return self.server.close_sockets(worker, code, reason)

    async def close(self) -> None:
        """Say goodbye to every socket, end the worker, free the port."""
        if self.server.is_listening:
            log.close()
        self._ready_file.remove()
        self._announcement.remove()
        if self._watchdog is not None:
            self._watchdog.stop()
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._crons.close()
        await self.server.close()
        if self._recorder is not None:
            self._recorder.close()
        self.objects.close()
        self.stores.close()
        if self.worker is not None:
            self.worker.close()
        await self.network.close()


def _tell_if_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (exc := task.exception()) is not None:
        log.error(f"files are no longer watched: {exc!r}; start again to reload on save")


def _tell_blocked(line: Frame, seconds: float) -> None:
    log.warn(
        f"the worker has been running for {seconds:.1f} s without giving way, so nothing else is "
        f"served:\n  {line.path}:{line.line} in {line.function}\n    {line.source}\n"
        "hint: a loop needs an `await` in it; saving the file breaks it off"
    )


def run(options: DevOptions) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit code."""
    tell_of_coroutines(options.config.root)
    try:
        if options.debugger is not None:
            from .debugger import listen  # few have one

            listen(options.debugger)
        return process.run(_serve(options))
    except KeyboardInterrupt:
        return ExitCode.OK


async def _serve(options: DevOptions) -> int:
    server = DevServer(options)
    stop = process.stop_signal(server.break_off, lambda _: session.restore())

    def stop_now() -> None:
        if not stop.done():
            stop.set_result(0)

    server.session = session = Session(server, stop_now, interactive=options.interactive)
    try:
        await server.start()
        if server.worker is None and not options.reload:
            return ExitCode.WORKER_FAILED
        if options.reload:
            server.watch()
        await stop
        return ExitCode.OK
    finally:
        session.close()
        await server.close()
