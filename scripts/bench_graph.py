"""The graph beside what one would otherwise take: cold questions, build, export, question set.

    scripts/bench graph [--json] [--only JOB ...] [--sizes 10000 100000] [--smallest]

Every number is a ratio of one run. The two sides of a job run in turn, each in a process of its
own, and the median of the ratios counts. Where both sides give rows, as many must come back.
docs/performance.md says what is compared with what, and why.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from math import inf
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import owlrl
import pyoxigraph as ox
import pyshacl
import rdflib
from rich.console import Console
from rich.table import Table

from latticework.build import Built, build
from latticework.catalogue import questions
from latticework.export import to_turtle
from latticework.graph import KnowledgeGraph
from latticework.resources import folder
from world import write_world

FORK = multiprocessing.get_context("fork")

Action = Callable[[], Any]


@dataclass(frozen=True)
class Plan:
    """What to measure, and how often."""

    scratch: Path
    sizes: Sequence[int]
    """Triples of the made-up worlds."""
    rounds: int = 5
    cap: float = 120
    """Seconds after which a run is stopped; it then counts as having taken so long."""
    question_cap: float = 10
    """The same for one named question."""

    def graphs(self) -> Iterator[tuple[str, Path]]:
        """The shipped graph, and made-up worlds of its shape, with the names they have here."""
        yield "shipped graph", folder("graph")
        for size in self.sizes:
            place = self.scratch / f"world-{size}"
            if not place.is_dir():
                write_world(place, size)
            yield f"{size:,} triples", place


@dataclass(frozen=True)
class Result:
    """A job, and how many times as fast as its peer we did it."""

    job: str
    data: str
    beside: str
    ratio: float
    at_least: bool = False
    """Whether the peer had to be stopped, so that the ratio is a lower bound."""


# Measuring ---------------------------------------------------------------------------------------


def timed(action: Action, cap: float) -> tuple[float, Any]:
    """Seconds that an action takes in a process of its own, and its answer; infinite if stopped."""
    receiver, sender = FORK.Pipe(duplex=False)
    child = FORK.Process(target=_measure, args=(action, sender))
    child.start()
    sender.close()
    seconds, answer = receiver.recv() if receiver.poll(cap) else (inf, None)
    child.kill()
    child.join()
    return seconds, answer


def _measure(action: Action, sender: Connection) -> None:
    """Run an action, a short one up to five times; send the median time and the answer."""
    gc.freeze()  # what the parent holds is no garbage of ours
    times: list[float] = []
    while not times or (len(times) < 5 and sum(times) < 0.1):
        start = perf_counter()
        answer = action()
        times.append(perf_counter() - start)
    sender.send((median(times), answer))


def compare(
    plan: Plan,
    job: str,
    data: str,
    beside: str,
    ours: Action,
    theirs: Action,
    same: Callable[[Any, Any], bool] = lambda one, other: True,
) -> Result:
    """Run two sides in turn; ``same`` says whether their answers are."""
    ratios = []
    for _ in range(plan.rounds):
        own, answer = timed(ours, plan.cap)
        other, their_answer = timed(theirs, plan.cap)
        if own == inf:
            raise RuntimeError(f"{job}, {data}: stopped after {plan.cap} seconds")
        if other == inf:
            return Result(job, data, beside, plan.cap / own, at_least=True)
        if not same(answer, their_answer):
            raise AssertionError(f"{job}, {data}, beside {beside}: the answers differ")
        ratios.append(other / own)
    return Result(job, data, beside, median(ratios))


# Jobs on the shipped graph -----------------------------------------------------------------------


def cold(plan: Plan) -> Iterator[Result]:
    """A question on the command line beside the import of rdflib alone, both as whole processes."""
    ask = [str(Path(sys.executable).with_name("latticework")), "ask", "in-one-not-in-the-other"]
    peer = [sys.executable, "-c", "import rdflib"]
    base = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    base["PYTHONPYCACHEPREFIX"] = str(plan.scratch / "bytecode")
    for data, cache in (("kept", str(plan.scratch / "cache")), ("built anew", os.devnull)):
        run = partial(
            subprocess.run, env=base | {"XDG_CACHE_HOME": cache}, check=True, capture_output=True
        )
        for command in (ask, peer):
            run(command)  # once before, so that either side finds its bytecode
        sides = (lambda run=run, command=command: run(command) and None for command in (ask, peer))
        yield compare(plan, f"ask, cold, data {data}", "shipped graph", "import rdflib", *sides)


def building(plan: Plan) -> Iterator[Result]:
    """Parse, validate and derive."""
    ontology = folder("ontology")
    own = [ontology / f"{name}.ttl" for name in ("latticework", "alignments", "concepts")]

    def theirs(files: Sequence[Path], *, close: bool) -> bool:
        whole = rdflib.Graph()
        for file in files:
            whole.parse(file, format="turtle")
        shapes = rdflib.Graph().parse(ontology / "shapes.ttl", format="turtle")
        conforms, _, _ = pyshacl.validate(whole, shacl_graph=shapes, allow_warnings=True)
        if close:
            owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(whole)
        return bool(conforms)

    for name, graph in plan.graphs():
        files = [*own, *sorted(graph.rglob("*.ttl"))]
        for beside, close in (("rdflib, pySHACL", False), ("rdflib, pySHACL, owlrl (RDFS)", True)):
            yield compare(
                plan, "build: parse, validate, derive", name, beside,
                lambda graph=graph: bool(build(graph=graph).sources),
                partial(theirs, files, close=close),
                lambda one, other: one and other,
            )  # fmt: skip


def exporting(plan: Plan) -> Iterator[Result]:
    """Write everything as Turtle."""

    def same(one: str, other: str) -> bool:
        sizes = {
            len({q.triple for q in ox.parse(t, format=ox.RdfFormat.TURTLE)}) for t in (one, other)
        }
        return len(sizes) == 1

    for name, folder_ in plan.graphs():
        built, graph = _both(folder_)
        yield compare(
            plan, "export as Turtle", name, "rdflib's serialiser",
            partial(to_turtle, built), partial(graph.serialize, format="turtle"), same,
        )  # fmt: skip


def asking(plan: Plan) -> Iterator[Result]:
    """All named questions with their defaults, one after the other."""
    for name, folder_ in plan.graphs():
        yield from _asking(plan, name, *_both(folder_))


def _asking(plan: Plan, name: str, built: Built, graph: rdflib.Graph) -> Iterator[Result]:
    ours = KnowledgeGraph(built.store)

    def bare(text: str) -> Sequence[Any]:
        solutions = built.store.query(text, use_default_graph_as_union=True)
        return [tuple(solution) for solution in solutions]

    def by_rdflib(text: str) -> Sequence[Any]:
        return list(graph.query(text))

    def together(beside: str, theirs: Callable[[str], Sequence[Any]], rounds: int) -> Result:
        ratios, stopped = [], 0
        for _ in range(rounds):
            own, other, stopped = 0.0, 0.0, 0
            for asked in questions():
                seconds, rows = timed(lambda asked=asked: len(ours.ask(asked.name)), plan.cap)
                peer, found = timed(lambda asked=asked: len(theirs(asked.text)), plan.question_cap)
                if rows and found not in (rows, None):  # rdflib makes a row of no groups
                    raise AssertionError(f"{asked.name}, beside {beside}: the answers differ")
                own, other = own + seconds, other + min(peer, plan.question_cap)
                stopped += peer == inf
            ratios.append(other / own)
        beside += f" ({stopped} stopped after {plan.question_cap:g} s)" if stopped else ""
        return Result("all named questions", name, beside, median(ratios), bool(stopped))

    yield together("bare pyoxigraph", bare, plan.rounds)
    yield together("rdflib's evaluator", by_rdflib, 1)


def _both(graph: Path) -> tuple[Built, rdflib.Graph]:
    """The data set, and the same statements in an rdflib graph."""
    built = build(graph=graph)
    return built, rdflib.Graph().parse(data=to_turtle(built), format="turtle")


# The command -------------------------------------------------------------------------------------

JOBS = {"cold": cold, "build": building, "export": exporting, "questions": asking}


def measure(plan: Plan, jobs: Sequence[str]) -> Iterator[Result]:
    """Do the jobs one after the other."""
    # In this order: a build that has once run in this process would hang in its children.
    for job in (job for job in JOBS if job in jobs):
        print(f"bench: {job}", file=sys.stderr)
        for one in JOBS[job](plan):
            print(f"bench: {one.data}, beside {one.beside}: {one.ratio:.3g}", file=sys.stderr)
            yield one


def smallest(plan: Plan) -> Plan:
    """One round over the shipped graph, to see that everything works."""
    return replace(plan, sizes=[], rounds=1, cap=60, question_cap=1)


def show(results: Sequence[Result]) -> None:
    """Print a table."""
    table = Table(box=None, pad_edge=False)
    for name in ("job", "data", "beside"):
        table.add_column(name)
    table.add_column("times as fast", justify="right")
    for one in results:
        figure = f"{one.ratio:.2f}" if one.ratio < 2 else f"{one.ratio:.3g}"
        table.add_row(one.job, one.data, one.beside, ("at least " if one.at_least else "") + figure)
    Console().print(table)


def main() -> int:
    """Measure, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--only", nargs="+", choices=list(JOBS), default=list(JOBS), metavar="JOB")
    parser.add_argument(
        "--sizes", nargs="*", type=int, default=[10_000, 100_000], metavar="TRIPLES"
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--smallest", action="store_true", help="one round over the shipped graph")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="latticework-bench-") as scratch:
        plan = Plan(Path(scratch), args.sizes, args.rounds)
        results = list(measure(smallest(plan) if args.smallest else plan, args.only))
    if args.json:
        print(json.dumps([asdict(one) for one in results], indent=1))
    else:
        show(results)
    return 0


if __name__ == "__main__":
    sys.exit(main())
