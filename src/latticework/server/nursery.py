"""Where children come from: forked from a process that holds the data, or started afresh.

Where the system can fork, one process is forked before anything else runs. It does nothing but
hold the loaded data, fork a child when asked, and pass the child's line to the server; so a new
child has the data at once, and the server, with its event loop, never forks. Elsewhere (Windows)
a child is started as a new process that reads the data from N-Quads.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn, Protocol

import pyoxigraph as ox

from latticework.server import worker
from latticework.server.limits import Limits

_ORDER = struct.Struct("!i")
"""To the keeper: the child to end, or 0."""
_REPORT = struct.Struct("!ii")
"""From the keeper, with the line of the new child: its number, and how the old one ended."""
_LINE = 3
"""The descriptor of a child's line, the only one that it has besides the standard three."""

_STACK = 16 << 20
"""Bytes of stack of a child; the engine recurses."""


@dataclass(frozen=True)
class Child:
    """A process that answers questions, and the line to it."""

    pid: int
    line: socket.socket


class Nursery(Protocol):
    """Makes children and ends them."""

    async def replace(self, pid: int) -> tuple[Child, int]:
        """A new child in place of another (0 for none), and the signal that ended the other."""

    def close(self) -> None:
        """End all children."""


def nursery(store: ox.Store, limits: Limits) -> Nursery:
    """The best nursery that the system allows."""
    if hasattr(os, "fork") and hasattr(socket, "send_fds"):
        return ForkNursery(store, limits)
    return SpawnNursery(store, limits)


def computed(pid: int) -> float | None:
    """Seconds that a process has computed so far, where the system tells.

    Linux has a clock for every process, by the number that ``clock_getcpuclockid(3)`` makes.
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:  # it has ended
        return None


def graph_names(store: ox.Store) -> frozenset[str]:
    """The IRIs of the named graphs."""
    return frozenset(graph.value for graph in store.named_graphs())


class ForkNursery:
    """Children forked by a keeper, a process forked from this one."""

    def __init__(self, store: ox.Store, limits: Limits) -> None:
        self.store, self.limits, self.graphs = store, limits, graph_names(store)
        self._turn = asyncio.Lock()
        self._start()

    def _start(self) -> None:
        """Fork the keeper."""
        ours, theirs = socket.socketpair()
        gc.collect()
        self.keeper = os.fork()
        if self.keeper == 0:
            _run_and_exit(self._keep, theirs.fileno())
        theirs.close()
        ours.setblocking(False)
        self.line = ours

    async def replace(self, pid: int) -> tuple[Child, int]:
        """A new child in place of another; see :class:`Nursery`."""
        async with self._turn:
            try:
                return await self._ordered(pid)
            except OSError:  # somebody ended the keeper, and its children with it
                self.close()
                self._start()
                return await self._ordered(0)

    async def _ordered(self, pid: int) -> tuple[Child, int]:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self.line, _ORDER.pack(pid))
        ready: asyncio.Future[None] = loop.create_future()
        loop.add_reader(self.line, _settle, ready)
        try:
            await ready
        finally:
            loop.remove_reader(self.line)
        report, lines, _, _ = socket.recv_fds(self.line, _REPORT.size, 1)
        if len(report) < _REPORT.size or not lines:
            raise ConnectionError("the keeper is gone")
        number, ended = _REPORT.unpack(report)
        return Child(number, socket.socket(fileno=lines[0])), ended

    def close(self) -> None:
        """End the keeper, which ends its children."""
        self.line.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.waitpid(self.keeper, 0)

    def _keep(self, line: int) -> None:
        """The life of the keeper: fork a child at each order, until the line is closed."""
        os.dup2(line, _LINE)
        os.closerange(_LINE + 1, os.sysconf("SC_OPEN_MAX"))
        gc.freeze()  # the children share what is here; do not touch it
        orders = socket.socket(fileno=_LINE)
        children: set[int] = set()
        try:
            while len(order := orders.recv(_ORDER.size, socket.MSG_WAITALL)) == _ORDER.size:
                (old,) = _ORDER.unpack(order)
                ended = _end(old) if old in children else 0
                children.discard(old)
                ours, theirs = socket.socketpair()
                number = os.fork()
                if number == 0:
                    _run_and_exit(self._work, ours.fileno())
                children.add(number)
                ours.close()
                socket.send_fds(orders, [_REPORT.pack(number, ended)], [theirs.fileno()])
                theirs.close()
        finally:
            for child in children:
                _end(child)

    def _work(self, line: int) -> None:
        """The life of a child."""
        os.dup2(line, _LINE)
        os.closerange(_LINE + 1, os.sysconf("SC_OPEN_MAX"))
        threading.stack_size(_STACK)
        thread = threading.Thread(target=self._serve)
        thread.start()
        thread.join()

    def _serve(self) -> None:
        """Answer questions, in a thread that is younger than the fork.

        The engine keeps the state of its chance (``RAND``, ``UUID``) by thread, and a fork copies
        it: in the first thread, all children would draw the same.
        """
        worker.confine(self.limits, _LINE)
        worker.serve(socket.socket(fileno=_LINE), self.store, self.limits, self.graphs)


def _run_and_exit(life: object, line: int) -> NoReturn:
    """Live as a forked process: silent, deaf to Ctrl-C, and never back into the parent's code."""
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        silent = os.open(os.devnull, os.O_RDWR)
        line = os.dup(line) if line < _LINE else line
        for end in range(_LINE):
            os.dup2(silent, end)
        life(line)  # type: ignore[operator]
    finally:
        os._exit(0)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


def _end(child: int) -> int:
    """End a child, if it has not ended by itself, and say by which signal it did."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


class SpawnNursery:
    """Children started as new processes, each of which reads the data."""

    def __init__(self, store: ox.Store, limits: Limits) -> None:
        self.limits = limits
        self.data = store.dump(format=ox.RdfFormat.N_QUADS)
        self.context = multiprocessing.get_context("spawn")
        self.children: dict[int, multiprocessing.process.BaseProcess] = {}

    async def replace(self, pid: int) -> tuple[Child, int]:
        """A new child in place of another; see :class:`Nursery`."""
        return await asyncio.get_running_loop().run_in_executor(None, self._replace, pid)

    def _replace(self, pid: int) -> tuple[Child, int]:
        ended = self._end(pid)
        ours, theirs = socket.socketpair()
        child = self.context.Process(
            target=_spawned, args=(theirs, self.data, self.limits), daemon=True
        )
        child.start()
        theirs.close()
        assert child.pid is not None
        self.children[child.pid] = child
        return Child(child.pid, ours), ended

    def _end(self, pid: int) -> int:
        child = self.children.pop(pid, None)
        if child is None:
            return 0
        child.kill()
        child.join()
        return max(0, -(child.exitcode or 0))

    def close(self) -> None:
        """End all children."""
        for pid in list(self.children):
            self._end(pid)


def _spawned(line: socket.socket, data: bytes, limits: Limits) -> None:
    """The life of a child that was started afresh."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    store = ox.Store()
    store.bulk_load(data, format=ox.RdfFormat.N_QUADS)
    worker.confine(limits, line.fileno())
    worker.serve(line, store, limits, graph_names(store))
