"""Questions and the children that answer them.

Every child answers one question at a time. A question that takes longer than a moment
(``Limits.small``) is a long one; long ones may hold all places but one, so that small questions
always find a place. A long question that has no place gives up its child and waits until it may
begin again. The deadline runs from the question's arrival, waiting and all: then its child is
ended and another takes its place. A child that has answered a long question is not used again,
so that memory is given back.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, cast

import pyoxigraph as ox

from latticework import errors
from latticework.errors import Busy, InputError, LatticeworkError, NoAnswer
from latticework.server.kept_answers import Kept
from latticework.server.limits import MB, Limits
from latticework.server.nursery import Child, computed, graph_names, nursery
from latticework.server.worker import LENGTHS, pack

LESS_URGENT: Final = 10
"""How far a long question stands back behind small ones for the processor."""

_KILLED: Final = 9
"""The signal by which somebody else ends a child; its question gets another chance."""

_SHORTEST: Final = 0.01
"""Seconds between two looks at how long a question has computed."""
_PAUSE: Final = 0.5
"""Seconds after which it is tried again to make a child."""


@dataclass(frozen=True)
class Answer:
    """A whole answer: its bytes, their media type, and whether rows were left out."""

    body: bytes
    media_type: str
    truncated: bool
    milliseconds: float
    """From the start of the query to its last byte, without waiting."""


@dataclass(eq=False)
class _Job:
    """A question that waits or runs."""

    message: bytes
    future: asyncio.Future[Answer]
    name: str
    small: bool
    child: _Child | None = None
    tried: bool = False
    """Whether a child was ended from outside while it had this question."""
    timers: list[asyncio.TimerHandle] = field(default_factory=list)


class Pool:
    """Answers questions over a store in children; :meth:`open` it within the event loop.

    It is made before the event loop runs, as it may fork.
    """

    def __init__(self, store: ox.Store, limits: Limits) -> None:
        self.limits, self.graphs = limits, graph_names(store)
        self._nursery = nursery(store, limits)
        self._kept: Kept[Answer] = Kept(limits.kept * MB)
        self._idle: deque[_Child] = deque()
        self._children: set[_Child] = set()
        self._small: deque[_Job] = deque()
        self._fresh: deque[_Job] = deque()
        self._long: deque[_Job] = deque()
        self._running_long = 0
        self._names: dict[str, _Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def open(self) -> None:
        """Bring the children into being."""
        for _ in range(self.limits.workers):
            await self._renew(0, None)

    async def close(self) -> None:
        """End the children; questions that wait or run get no answer."""
        self.give_up()
        for task in list(self._tasks):
            task.cancel()
        for child in list(self._children):
            child.leave()
        self._nursery.close()

    def give_up(self) -> None:
        """Tell all who wait that there will be no answer."""
        self._closed = True
        running = [child.job for child in self._children if child.job is not None]
        for job in [*self._small, *self._fresh, *self._long, *running]:
            self._fail(job, NoAnswer("the server is closing down"))

    async def answer(
        self,
        sparql: str,
        form: str = "",
        *,
        accept: str = "",
        default: Sequence[str] = (),
        under: Sequence[str] = (),
        small: bool = False,
        name: str = "",
    ) -> Answer:
        """Answer one question.

        Args:
            sparql: a SELECT, ASK, CONSTRUCT or DESCRIBE.
            form: how it is to be written, as a media type or a short name such as ``csv``.
            accept: or else what the client takes, as an ``Accept`` header.
            default: the graphs that are the default graph; all together by default.
            under: the graphs that ``GRAPH`` sees; all by default.
            small: one of our own that is known to be small; it goes before others.
            name: by which it may be cancelled.

        Raises:
            QueryProblem: the query cannot be run.
            NoSuchForm: the answer does not come in that form.
            TooMuch: the answer is too large.
            NoAnswer: it ran into a limit, or was cancelled.
            Busy: too many wait already.

        """
        if self._closed:
            raise NoAnswer("the server is closing down")
        head = {"form": form, "accept": accept, "default": [*default], "named": [*under]}
        message = pack(head, sparql.encode())
        if kept := self._kept.get(message):
            return kept
        if not self._idle and len(self._small) + len(self._fresh) >= self.limits.queue:
            raise self._busy()
        if name and name in self._names:
            raise InputError("a query by the name '{name}' is running; choose another", name=name)
        loop = asyncio.get_running_loop()
        job = _Job(message, loop.create_future(), name, small)
        job.timers.append(loop.call_later(self.limits.seconds, self._late, job))
        if name:
            self._names[name] = job
        (self._small if small else self._fresh).append(job)
        try:
            self._dispatch()
            return await job.future
        finally:
            self._forget(job)

    def cancel(self, name: str) -> bool:
        """Cancel the query of that name; whether there was one."""
        job = self._names.get(name)
        if job is None:
            return False
        self._fail(job, NoAnswer("the query was cancelled"))
        self._forget(job)
        return True

    # Who runs ------------------------------------------------------------------------------------

    def _dispatch(self) -> None:
        """Give idle children what waits: long questions to all places but one, then the others."""
        while self._idle:
            if self._long and self._running_long < self.limits.workers - 1:
                job, long = self._long.popleft(), True
            elif self._small or self._fresh:
                job, long = (self._small or self._fresh).popleft(), False
            else:
                return
            child = self._idle.popleft()
            child.job, job.child = job, child
            if long:
                self._hold_back(child)
            else:
                child.computed = computed(child.pid)
                self._watch(child, job, self.limits.small)
            child.send(job.message)

    def _watch(self, child: _Child, job: _Job, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        job.timers.append(loop.call_later(max(seconds, _SHORTEST), self._overrun, child, job))

    def _overrun(self, child: _Child, job: _Job) -> None:
        """A question turns out to be long: it goes on if it may, or waits to begin again."""
        if child.job is not job:
            return
        now = computed(child.pid)
        if now is not None and child.computed is not None:
            left = self.limits.small - (now - child.computed)
            if left > 0:  # the machine is busy with other things, not the child with this one
                self._watch(child, job, left)
                return
        if self._running_long < self.limits.workers - 1:
            self._hold_back(child)
        else:
            job.child = None
            self._long.append(job)
            self._end(child)

    def _hold_back(self, child: _Child) -> None:
        child.long = True
        self._running_long += 1
        with suppress(OSError, AttributeError):  # no such thing as priorities
            os.setpriority(os.PRIO_PROCESS, child.pid, LESS_URGENT)

    def _late(self, job: _Job) -> None:
        """The deadline of a question."""
        if job.child is None:
            self._fail(job, self._busy())
        else:
            self._fail(
                job,
                NoAnswer(
                    "the query took longer than {seconds:g} s; ask for less (LIMIT, fewer "
                    "patterns, a narrower filter)",
                    seconds=self.limits.seconds,
                ),
            )
        self._forget(job)

    def _busy(self) -> Busy:
        return Busy(
            "the server has too much to do; come back in {retry_after} s",
            retry_after=math.ceil(self.limits.seconds),
        )

    def _fail(self, job: _Job, error: LatticeworkError) -> None:
        if not job.future.done():
            job.future.set_exception(error)

    def _forget(self, job: _Job) -> None:
        """A question is over, or nobody waits for it any more."""
        for timer in job.timers:
            timer.cancel()
        if job.name and self._names.get(job.name) is job:
            del self._names[job.name]
        if job.child is not None:
            child, job.child = job.child, None
            self._end(child)
        for waiting in (self._small, self._fresh, self._long):
            with suppress(ValueError):
                waiting.remove(job)

    # Children ------------------------------------------------------------------------------------

    def answered(self, child: _Child, head: dict[str, Any], body: bytes) -> None:
        """A child has answered."""
        job = child.job
        assert job is not None
        child.job = job.child = None
        if "error" in head:
            kind = getattr(errors, head["error"])
            self._fail(job, kind(head["message"], **head["values"]))
        elif not job.future.done():
            answer = Answer(body, head["media"], head["truncated"], head["milliseconds"])
            job.future.set_result(answer)
            if head["constant"]:
                self._kept.keep(job.message, answer)
        if child.long:
            self._end(child)
        else:
            self._idle.append(child)
        self._dispatch()

    def lost(self, child: _Child) -> None:
        """A child has ended by itself: a limit of the system, or a crash."""
        if child in self._children:
            job, child.job = child.job, None
            if job is not None:
                job.child = None
            self._end(child, job)

    def _end(self, child: _Child, job: _Job | None = None) -> None:
        """End a child and put another in its place; ``job`` is what it died of."""
        self._children.discard(child)
        with suppress(ValueError):
            self._idle.remove(child)
        child.job = None
        if child.long:
            child.long = False
            self._running_long -= 1
        child.leave()
        if not self._closed:
            task = asyncio.get_running_loop().create_task(self._renew(child.pid, job))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _renew(self, pid: int, job: _Job | None) -> None:
        while True:
            try:
                made, ended = await self._nursery.replace(pid)
                break
            except OSError:  # the system has no room for another process now
                await asyncio.sleep(_PAUSE)
        if job is not None and ended == _KILLED and not job.tried and not job.future.done():
            job.tried = True
            self._long.append(job)
        elif job is not None:
            self._fail(job, self._why(ended))
        loop = asyncio.get_running_loop()
        _, child = await loop.create_connection(lambda: _Child(self, made), sock=made.line)
        self._children.add(child)
        self._idle.append(child)
        self._dispatch()

    def _why(self, ended: int) -> NoAnswer:
        """What the end of a child means."""
        if ended == getattr(signal, "SIGXCPU", -1):
            return NoAnswer(
                "the query took more than {seconds} s of computing; ask for less",
                seconds=self.limits.cpu_seconds,
            )
        if ended == signal.SIGSEGV:
            return NoAnswer("the query crashed the engine; write it simpler")
        return NoAnswer(
            "the query took more than {memory} MB of memory; ask for less, or without ORDER BY, "
            "GROUP BY and DISTINCT over everything",
            memory=self.limits.memory,
        )


class _Child(asyncio.Protocol):
    """The line to a child."""

    def __init__(self, pool: Pool, made: Child) -> None:
        self.pool, self.pid = pool, made.pid
        self.job: _Job | None = None
        self.long = False
        self.computed: float | None = None
        self.got = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.WriteTransport, transport)

    def send(self, message: bytes) -> None:
        """Ask a question."""
        self.transport.write(message)

    def leave(self) -> None:
        """Close the line."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take a piece of an answer."""
        self.got += data
        if len(self.got) < LENGTHS.size:
            return
        head, body = LENGTHS.unpack_from(self.got)
        begin = LENGTHS.size + head
        if len(self.got) < begin + body:
            return
        answer = bytes(self.got[begin:])
        said = json.loads(self.got[LENGTHS.size : begin])
        self.got.clear()
        if self.job is not None:
            self.pool.answered(self, said, answer)

    def connection_lost(self, error: Exception | None) -> None:
        """The child is gone."""
        self.pool.lost(self)
