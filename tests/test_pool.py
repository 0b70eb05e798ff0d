"""Questions are answered in children: whole or cut, in time or not at all."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from latticework.errors import (
    Busy,
    InputError,
    LatticeworkError,
    NoAnswer,
    NoSuchForm,
    QueryProblem,
    QueryRefused,
    TooMuch,
)
from latticework.server import nursery, worker
from latticework.server.forms import TABLES
from latticework.server.kept_answers import Kept
from latticework.server.limits import DEFAULT, Limits
from latticework.server.pool import Answer, Pool

QUICK = replace(DEFAULT, seconds=1.5, cpu_seconds=5, memory=200, rows=1_000, answer=2, workers=3)
ALL = "SELECT * { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")


@pytest.fixture(scope="module")
def store() -> ox.Store:
    found = ox.Store()
    one, value = ox.NamedNode("http://e/g"), ox.NamedNode("http://e/value")
    for number in range(2_000):
        thing = ox.NamedNode(f"http://e/{number}")
        found.add(ox.Quad(thing, value, ox.Literal(number), one))
    return found


def within(store: ox.Store, limits: Limits, act: Callable[[Pool], Awaitable[Any]]) -> Any:
    """Do something with an open pool."""
    pool = Pool(store, limits)

    async def run() -> Any:
        await pool.open()
        try:
            return await act(pool)
        finally:
            await pool.close()

    return asyncio.run(run())


async def outcome(asked: Awaitable[Answer]) -> Answer | LatticeworkError:
    try:
        return await asked
    except LatticeworkError as error:
        return error


# Answers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("media", TABLES)
def test_an_answer_is_what_the_store_says(store: ox.Store, media: str) -> None:
    query = "SELECT ?s ?o { ?s ?p ?o FILTER(?o < 9) } ORDER BY ?o"
    answer = within(store, QUICK, lambda pool: pool.answer(query, media))
    found = store.query(query, use_default_graph_as_union=True)
    assert answer.body == found.serialize(format=TABLES[media])
    assert (answer.media_type, answer.truncated) == (media, False)
    assert 0 < answer.milliseconds < 1_500


def test_an_answer_of_exactly_the_limit_is_whole_and_one_row_more_is_cut(store: ox.Store) -> None:
    async def act(pool: Pool) -> None:
        for form in ("json", "xml", "csv", "tsv"):
            whole = await pool.answer(f"{ALL} LIMIT 1000", form)
            cut = await pool.answer(f"{ALL} LIMIT 1001", form)
            assert not whole.truncated
            assert cut.truncated
            if form != "csv":
                assert rows(cut.body, TABLES[cut.media_type]) == 1_000
        triples = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT "
        assert not (await pool.answer(triples + "1000")).truncated
        assert (await pool.answer(triples + "1001")).truncated

    within(store, QUICK, act)


def rows(body: bytes, form: ox.QueryResultsFormat) -> int:
    found = ox.parse_query_results(body, format=form)
    assert isinstance(found, ox.QuerySolutions)
    return sum(1 for _ in found)


NASTY = st.text(st.sampled_from("\"'\\{}[],:<>/result \n\r\tx\u2028é"), max_size=8)


NASTIER = st.sampled_from(["}},{", '"},{"', "<result>", '""', "\n"])


@given(st.lists(st.none() | NASTY | NASTIER, min_size=3, max_size=9), st.integers(1, 9))
def test_a_table_is_cut_between_rows_whatever_stands_in_them(
    values: list[str | None], most: int
) -> None:
    terms = " ".join("UNDEF" if v is None else str(ox.Literal(v)) for v in values)
    for form in TABLES.values():
        found = ox.Store().query(f"SELECT ?x {{ VALUES ?x {{ {terms} }} }}")
        body = found.serialize(format=form)
        cut, truncated = worker.cut(body, form, most)
        if len(body) < 2 * most:
            continue
        assert truncated == (len(values) > most)
        if not truncated:
            assert cut == body
        elif form == ox.QueryResultsFormat.CSV:
            assert body.startswith(cut)
            few = " ".join(terms_of(values[:most]))
            expected = ox.Store().query(f"SELECT ?x {{ VALUES ?x {{ {few} }} }}")
            assert cut == expected.serialize(format=form)
        else:
            assert rows(cut, form) == most


def terms_of(values: list[str | None]) -> list[str]:
    return ["UNDEF" if v is None else str(ox.Literal(v)) for v in values]


def test_an_answer_is_kept_unless_it_changes(store: ox.Store) -> None:
    async def act(pool: Pool) -> None:
        query = "SELECT * { ?s ?p ?o } LIMIT 3"
        first = await pool.answer(query, "csv")
        assert await pool.answer(query, "csv") is first
        assert (await pool.answer(query, "tsv")).body != first.body
        assert (await pool.answer(query, "csv", under=["http://e/g"])).body != first.body
        for changing in ("RAND()", "uuid()", "STRUUID()"):
            query = f"SELECT ({changing} AS ?x) {{}}"
            found = await asyncio.gather(*(pool.answer(query) for _ in range(9)))
            assert len({answer.body for answer in found}) == 9

    list(store.query("SELECT (RAND() AS ?x) {}"))  # chance has begun before the children are born
    within(store, QUICK, act)


def test_what_is_kept_is_bounded() -> None:
    kept: Kept[Answer] = Kept(1_600)
    for number in range(1_000):
        kept.keep(str(number).encode(), Answer(b"x" * 90, "text/csv", False, 1))
        kept.get(b"0")
    assert set(kept.answers) >= {b"0", b"999"}
    assert sum(len(q) + len(a.body) for q, a in kept.answers.items()) + kept.left == 1_600
    assert kept.left >= 0
    kept.keep(b"large", Answer(b"x" * 200, "text/csv", False, 1))
    assert kept.get(b"large") is None


def test_errors_come_back_as_they_were_raised(store: ox.Store) -> None:
    async def act(pool: Pool) -> None:
        for query, form, kind in (
            ("SELECT ?s {", "json", QueryProblem),
            ("SELECT ?s { ?s }", "json", QueryProblem),
            ("LOAD <file:///etc/passwd>", "json", QueryRefused),
            ("ASK {}", "ttl", NoSuchForm),
            ("ASK {}", "nonsense", NoSuchForm),
            (f"SELECT ({'CONCAT(' * 1}{','.join(['STR(?s)'] * 300)}) AS ?x) {{ ?s ?p ?o }}", "csv",
             TooMuch),
        ):  # fmt: skip
            error = await outcome(pool.answer(query, form))
            assert type(error) is kind, error
            assert error.phrase.message != str(error) or "{" not in error.phrase.message

    within(store, QUICK, act)


@pytest.mark.slow
def test_the_same_answers_from_children_that_were_not_forked(
    store: ox.Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("latticework.server.pool.nursery", nursery.SpawnNursery)

    async def act(pool: Pool) -> None:
        answer = await pool.answer("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "csv")
        assert answer.body.split() == [b"n", b"2000"]
        assert "longer than" in str(await outcome(pool.answer(ENDLESS)))
        assert (await pool.answer("ASK {}")).body

    within(store, replace(QUICK, workers=2, seconds=3), act)


# Limits ------------------------------------------------------------------------------------------


def test_a_runaway_ends_at_its_limit_and_says_which(store: ox.Store) -> None:
    async def act(pool: Pool) -> None:
        begin = time.monotonic()
        late = await outcome(pool.answer(ENDLESS))
        assert "longer than 1.5 s" in str(late)
        assert 1.4 < time.monotonic() - begin < 2.5
        assert "more than 200 MB of memory" in str(await outcome(pool.answer(HUNGRY)))
        assert (await pool.answer("ASK {}")).body

    within(store, QUICK, act)


@pytest.mark.slow
def test_a_limit_of_computing_holds_for_each_query(store: ox.Store) -> None:
    async def act(pool: Pool) -> None:
        error = await outcome(pool.answer(ENDLESS))
        assert "more than 1 s of computing" in str(error)
        for _ in range(5):
            await pool.answer("ASK {}")

    within(store, replace(QUICK, cpu_seconds=1, seconds=9), act)


def test_a_crash_of_the_engine_costs_one_child(store: ox.Store) -> None:
    deep = "ASK " + "{" * 9_000 + "}" * 9_000
    open_door = replace(QUICK, nesting=10**6, parts=10**6)

    async def act(pool: Pool) -> None:
        assert "crashed the engine" in str(await outcome(pool.answer(deep)))
        assert (await pool.answer("ASK {}")).body

    within(store, open_door, act)


def test_small_questions_are_answered_beside_runaways(store: ox.Store) -> None:
    async def act(pool: Pool) -> tuple[list[Any], list[float]]:
        runaways = [asyncio.create_task(outcome(pool.answer(ENDLESS))) for _ in range(16)]
        took = []
        while not all(task.done() for task in runaways):
            begin = time.monotonic()
            await pool.answer(f"{ALL} LIMIT 5 # {len(took)}", small=True)  # never a kept answer
            took.append(time.monotonic() - begin)
            await asyncio.sleep(0.01)
        return [task.result() for task in runaways], took

    ended, took = within(store, QUICK, act)
    assert all(isinstance(error, NoAnswer) for error in ended)
    assert len(took) > 2
    assert max(took) < 1.5


def test_the_queue_is_bounded_and_says_when_to_come_back(store: ox.Store) -> None:
    async def act(pool: Pool) -> list[Any]:
        return await asyncio.gather(*(outcome(pool.answer(ENDLESS)) for _ in range(12)))

    ended = within(store, replace(QUICK, queue=2), act)
    busy = [error for error in ended if isinstance(error, Busy)]
    assert len(busy) >= 7
    assert all(error.retry_after == 2 for error in busy)
    assert all(type(error) in (Busy, NoAnswer) for error in ended)


def test_a_running_query_is_cancelled_by_its_name(store: ox.Store) -> None:
    async def act(pool: Pool) -> None:
        task = asyncio.create_task(outcome(pool.answer(ENDLESS, name="mine")))
        await asyncio.sleep(0.2)
        assert isinstance(await outcome(pool.answer("ASK {}", name="mine")), InputError)
        begin = time.monotonic()
        assert not pool.cancel("other")
        assert pool.cancel("mine")
        assert "cancelled" in str(await task)
        assert time.monotonic() - begin < 0.5
        assert not pool.cancel("mine")

    within(store, QUICK, act)


def test_a_question_that_nobody_waits_for_is_given_up(store: ox.Store) -> None:
    async def act(pool: Pool) -> None:
        for delay in (0, 0.01, 0.2):
            task = asyncio.create_task(pool.answer(ENDLESS))
            await asyncio.sleep(delay)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        begin = time.monotonic()
        await asyncio.gather(*(pool.answer("ASK {}") for _ in range(6)))
        assert time.monotonic() - begin < 1
        assert pool._running_long == 0

    within(store, QUICK, act)


def test_children_and_their_keeper_may_be_ended_from_outside(store: ox.Store) -> None:
    async def act(pool: Pool) -> None:
        for child in list(pool._children):
            os.kill(child.pid, signal.SIGKILL)
        assert (await pool.answer("ASK {}")).body
        assert isinstance(pool._nursery, nursery.ForkNursery)
        os.kill(pool._nursery.keeper, signal.SIGKILL)
        assert "longer than" in str(await outcome(pool.answer(ENDLESS)))
        for _ in range(9):
            assert (await pool.answer("ASK {}")).body

    within(store, QUICK, act)


def resident(pids: list[int]) -> int:
    """Bytes of memory of some processes that they share with none."""
    total = 0
    for pid in pids:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Private_Dirty"):
                total += int(line.split()[1]) * 1024
    return total


def test_a_child_that_answered_a_long_question_is_replaced(store: ox.Store) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?c < 500) FILTER(?c != ?f) }"

    async def act(pool: Pool) -> tuple[set[int], set[int]]:
        before = {child.pid for child in pool._children}
        assert b"999500" in (await pool.answer(query)).body
        while len(pool._idle) < 3:
            await asyncio.sleep(0.01)
        return before, {child.pid for child in pool._children}

    before, after = within(store, replace(QUICK, small=0.001, seconds=9), act)
    assert len(before & after) == 2


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells")
def test_memory_is_back_after_runaways(store: ox.Store) -> None:
    async def act(pool: Pool) -> tuple[int, int]:
        await asyncio.gather(*(pool.answer(ALL) for _ in range(9)))
        before = resident([child.pid for child in pool._children])
        hungry = [HUNGRY, "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"] * 3
        await asyncio.gather(*(outcome(pool.answer(query)) for query in hungry))
        while len(pool._idle) < QUICK.workers:
            await asyncio.sleep(0.01)
        return before, resident([child.pid for child in pool._children])

    before, after = within(store, QUICK, act)
    assert after < before + 20_000_000


def test_all_children_end_with_the_pool(store: ox.Store) -> None:
    async def act(pool: Pool) -> list[int]:
        task = asyncio.create_task(outcome(pool.answer(ENDLESS)))
        await asyncio.sleep(0.1)
        task.cancel()
        assert isinstance(pool._nursery, nursery.ForkNursery)
        return [pool._nursery.keeper, *(child.pid for child in pool._children)]

    for pid in within(store, QUICK, act):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


# What a child cannot do --------------------------------------------------------------------------


def confined(act: Callable[[], object]) -> str:
    """What comes of doing something in a confined child."""
    hole = os.open(os.devnull, os.O_RDONLY)  # leaves a number free below the socket's
    ours, theirs = socket.socketpair()
    child = os.fork()
    if child == 0:
        said = "done"
        try:
            os.close(hole)
            worker.confine(QUICK, theirs.fileno())
            os.closerange(theirs.fileno() + 1, 1 << 12)
            act()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
        theirs.sendall(said[:999].encode())
        os._exit(0)
    theirs.close()
    os.close(hole)
    os.waitpid(child, 0)
    return ours.recv(999).decode()


def test_a_child_can_open_neither_file_nor_connection(tmp_path: Path) -> None:
    file = tmp_path / "canary"
    file.write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        service = f"ASK {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
        assert "Too many open files" in confined(file.read_text)
        assert "Too many open files" in confined(lambda: socket.create_connection(("127.0.0.1", 1)))
        assert "Error" in confined(lambda: ox.Store().query(service))
        load = f"LOAD <{address}>"
        assert "Error" in confined(lambda: ox.Store().update(load))
        with pytest.raises(TimeoutError):
            canary.accept()


def test_a_child_cannot_take_more_memory() -> None:
    assert "MemoryError" in confined(lambda: bytearray(400_000_000))
    assert confined(lambda: bytearray(50_000_000)) == "done"


def test_limits_have_to_make_sense() -> None:
    for wrong in ({"seconds": 0}, {"rows": -1}, {"memory": float("nan")}, {"workers": 1}):
        with pytest.raises(InputError):
            replace(DEFAULT, **wrong)
