"""`pywrangler dev` at work: Workers served, watched, and swapped when their files change."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .. import context
from ..config import DevOptions
from ..config.model import Config
from ..durable.objects import Objects
from ..errors import ExitCode, PortInUse
from ..facades import install
from ..log import log
from ..runtime import modules
from ..runtime.connections import tell_dead_ends
from ..runtime.loop import instrument
from ..runtime.tracing import Frame
from ..runtime.uncaught import tell_of_coroutines
from ..runtime.worker import Worker
from ..server.app import Server
from ..server.email import offer_email
from ..server.listening import in_url
from ..server.scheduled import offer_scheduled
from ..terminal.session import Session
from . import process
from .advice import tell_lacking, tell_unknown_flags
from .crons import BY_HAND, Crons
from .place import Building, LocalWorker, check_names
from .ready_file import ReadyFile
from .running import Announcement
from .snapshot import Snapshot
from .watch import DEBOUNCE_MS, STEP_MS, changes
from .watchdog import Watchdog

if TYPE_CHECKING:
    from ..session.recorder import Recorder


class DevServer(Building):
    """Workers behind a port, which is the primary one's."""

    def __init__(self, options: DevOptions) -> None:
        super().__init__(options)
        check_names([options.config, *(each.config for each in options.others)])
        self.primary = LocalWorker(self, options.config, options.overrides)
        self.workers.append(self.primary)
        for each in options.others:
            self.workers.append(LocalWorker(self, each.config, each.overrides))
        self.server = Server(self.primary, renames=True, live_reload=options.live_reload)
        offer_scheduled(self.server.endpoints, self.primary, test=options.test_scheduled)
        offer_email(self.server.endpoints, self.primary)
        self._crons = [Crons(each) for each in self.workers]
        self.port = options.port
        self.snapshot = Snapshot()
        self._ready_file = ReadyFile(options.ready_file)
        self._announcement = Announcement(self.config.root)
        if self.several:
            log.whose = _whose
        self._background: list[asyncio.Task[None]] = []
        self._watchdog: Watchdog | None = None
        self._recorder: Recorder | None = None
        self._stopping = self._is_ready = False
        self.certificate: Path | None = None
        """What a client has to trust; None: http."""
        self.session: Session | None = None
        """The person at the terminal, if there is to be one."""

    @property
    def config(self) -> Config:
        """The primary Worker's."""
        return self.primary.config

    @property
    def worker(self) -> Worker | None:
        """The primary Worker's code."""
        return self.primary.worker

    @property
    def error(self) -> BaseException | None:
        """Why the primary Worker's latest code did not load."""
        return self.primary.error

    @property
    def objects(self) -> list[Objects]:
        """The Durable Objects of each Worker."""
        return [each.objects for each in self.workers]

    @property
    def unloaded(self) -> LocalWorker | None:
        """The first Worker that has no code yet."""
        return next((each for each in self.workers if each.worker is None), None)

    @property
    def url(self) -> str:
        scheme = "http" if self.options.https is None else "https"
        return f"{scheme}://{in_url(self.options.ip)}:{self.port}"

    async def start(self) -> None:
        """Load the Workers and listen, unless one does not load and nothing will change that.

        Raises:
            PortInUse: somebody else listens there, and the port was asked for.
            UsageError: the ready file or the recording cannot be written.
        """
        self._ready_file.check()
        self._prepare_recording()
        instrument(asyncio.get_running_loop())
        install()
        modules.provide()
        self.snapshot.take(self._files())
        # Guarded before the first line of the worker runs: an import may be what never ends.
        self._guard(self.snapshot if self.options.reload else Snapshot())
        tell_unknown_flags(each.config for each in self.workers)
        tell_lacking(each.config.root for each in self.workers)
        loaded = self._load_all()
        self.snapshot.follow(self._files())
        self._show_bindings()
        if self._stopping or not (loaded or self.options.reload):
            return
        if self.session is not None:
            log.show("⎔ Starting local server...\n")
        self.port = await self._listen()
        self._record()
        self._announcement.write(self.url, self.port, self.config.name, self.certificate)
        if loaded:
            self._tell_ready()
        else:
            self._tell_waiting()
        if self.options.crons:
            for crons in self._crons:
                crons.start()
        if self.session is not None:
            self.session.listen()

    def _load_all(self) -> bool:
        """Load each Worker; whether all did."""
        for each in self.workers:
            if not self._stopping:
                each.load(each.config)
        return self.unloaded is None

    def _files(self) -> set[Path]:
        return set().union(*(each.files for each in self.workers))

    def _tell_ready(self) -> None:
        self._is_ready = True
        log.ready(self.url, worker=self.config.name)
        self._ready_file.write(self.url, self.port, self.config.name)
        if any(each.config.crons for each in self.workers) and not self.options.crons:
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
        tell_dead_ends(self.workers)
        if self.session is not None:
            self.session.show_bindings(self.workers)

    async def _listen(self) -> int:
        """Take the port that was asked for, or the first free one from the default on."""
        options, tls = self.options, self._tls()
        ports = range(options.port, options.port + (1 if options.port_is_explicit else 20))
        for port in ports:
            try:
                return await self.server.start(options.ip, port, tls)
            except PortInUse:
                if port == ports[-1]:
                    raise
                log.debug(f"port {port} is in use")
        raise AssertionError("unreachable")

    def _tls(self) -> ssl.SSLContext | None:
        if self.options.https is None:
            return None
        from ..server.certificate import server_context  # only for https

        context, self.certificate = server_context(self.options.https)
        return context

    def watch(self) -> None:
        """Reload on save, from now on."""
        watching = asyncio.create_task(self._watch())
        watching.add_done_callback(_tell_if_failed)
        self._background.append(watching)

        if self.options.live_reload:
            watching = asyncio.create_task(self._watch_assets())
            watching.add_done_callback(_tell_if_failed)
            self._background.append(watching)

    async def _watch_assets(self) -> None:
        """Assets are read when they are asked for; a page that shows them is to ask again."""
        from watchfiles import awatch  # as `changes` does

        folders = {
            each.config.root / each.config.bindings.assets.directory
            for each in self.workers
            if each.config.bindings.assets is not None
        }
        if found := [folder for folder in folders if folder.is_dir()]:
            async for _ in awatch(*found, watch_filter=None, step=STEP_MS, debounce=DEBOUNCE_MS):
                self.server.reload_pages()

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
        return self._reload((each for each in self.workers if changed & each.files), changed)

    def reload_anyway(self) -> None:
        """Load everything again, changed or not."""
        changed = self.snapshot.changed()
        self.snapshot.take(self.snapshot.files)
        self._reload(self.workers, changed, anyway=True)

    def _reload(
        self, those: Iterable[LocalWorker], changed: set[Path], *, anyway: bool = False
    ) -> bool:
        """Load ``those`` again, as ``changed`` was saved; whether each did."""
        loaded = True
        for each in list(those):
            config = each.read_again(changed, anyway=anyway)
            loaded = config is not None and each.load(config, changed & each.files) and loaded
        self.snapshot.follow(self._files())
        for crons in self._crons:
            crons.look_again()
        self._show_bindings()
        if loaded:
            self.server.reload_pages()
        if self.server.is_listening and self.unloaded is None:
            if self._is_ready:
                self._ready_file.write(self.url, self.port, self.config.name)
            else:
                self._tell_ready()
        return loaded

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
        for crons in self._crons:
            await crons.close()
        await self.server.close()
        if self._recorder is not None:
            self._recorder.close()
        await super().close()
        log.whose = lambda: None


def _whose() -> str | None:
    owner = context.current()
    return None if owner is None else owner.worker.config.name


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
        if server.unloaded is not None and not options.reload:
            return ExitCode.WORKER_FAILED
        if options.reload:
            server.watch()
        await stop
        return ExitCode.OK
    finally:
        session.close()
        await server.close()
