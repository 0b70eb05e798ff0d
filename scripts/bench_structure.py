"""Measure as-of and overlap answers beside Oxigraph, and the panel of measures beside networkx.

    scripts/bench_structure.py                       # all of it: some minutes
    scripts/bench_structure.py --triples 100000      # answers at one size
    scripts/bench_structure.py --no-answers          # the panel alone

Answers: the arrays of the index against the SPARQL of the same question in Oxigraph, on made-up
worlds (scripts/world.py); the numbers of rows must be equal, and what takes Oxigraph longer than
the limit is stopped and said so. Panel: the lead and the companion measures of the certain web at
every change point, against plain networkx; the values must agree within 1e-9. Without SciPy,
networkx needs seconds for Burt's constraint in a large web, and it is left out of its time. All
times are processor time in one thread; they depend on the machine, the ratios are what counts.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy reads it when it is imported

import pyoxigraph as ox

from latticework import as_of
from latticework.build import build
from latticework.catalogue import question
from latticework.companions import Companions, companion_series
from latticework.coverage import Coverage, covered, read_coverage
from latticework.index import DEFAULT_LAYERS, Incidence, incidence
from latticework.resources import folder
from latticework.store import add, construct, select
from latticework.structure import UNITED_STATES, Shares, change_days, shares, world
from latticework.vocabulary import LWC, PREFIXES, XSD
from world import HUB, write_world

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
import reference

DAY = date(2000, 1, 1)
LAYERS = {*DEFAULT_LAYERS, LWC + "dialogue", LWC + "economicInitiative"}
ONE, OTHER, THIRD = (PREFIXES["arr"] + f"made-up-{i}" for i in (1, 2, 3))
STATE = PREFIXES["state"] + "made-up-2"


def answers(triples: int, limit: float) -> None:
    """Print every answer by the arrays and by SPARQL at one size."""
    started = perf_counter()
    store = load(triples)
    print(f"\n{len(store):,} triples, loaded with their bounds in {perf_counter() - started:.1f} s")
    started = perf_counter()
    web = incidence(store)
    print(f"index made in {perf_counter() - started:.2f} s; as of {DAY}")
    everything = incidence(store, layers=LAYERS, beyond_region=True)
    print(f"{len(everything.member):,} memberships of {len(everything.states)} states in "
          f"{len(everything.arrangements):,} arrangements")  # fmt: skip
    print(f"{'question':42}{'rows':>9}{'arrays':>12}{'Oxigraph':>12}{'ratio':>10}")
    asked: list[tuple[str, dict[str, str], Callable[[], Sequence[object]]]] = [
        ("membership/members-at-a-date", {"arrangement": ONE},
         lambda: as_of.members(everything, ONE, DAY)[0]),
        ("membership/memberships-of-a-state-at-a-date", {"state": HUB},
         lambda: as_of.memberships_of(everything, HUB, DAY)[0]),
        ("membership/arrangements-at-a-date", {}, lambda: as_of.sizes(everything, DAY).arrangement),
        ("overlap/shared-by-two-states", {"one": HUB, "other": STATE},
         lambda: as_of.shared_by(everything, HUB, STATE, DAY)[0]),
        ("overlap/in-all-of-these", {"first": ONE, "second": OTHER, "third": THIRD},
         lambda: as_of.in_all(everything, [ONE, OTHER, THIRD], DAY)[0]),
        ("overlap/in-any-of-these", {"arrangement": ONE},
         lambda: as_of.in_any(everything, [ONE], DAY)[0]),
        ("overlap/states-by-number-of-arrangements", {},
         lambda: as_of.participation(web, DAY).state),
        ("overlap/states-sharing-arrangements", {}, lambda: as_of.sharing(web, DAY).one),
        ("overlap/overlapping-arrangements", {}, lambda: as_of.overlapping(web, DAY).one),
    ]  # fmt: skip
    for name, given, ours in asked:
        ours_time, rows = best(ours, 20), len(ours())
        terms: dict[str, list[ox.NamedNode | ox.Literal]] = {
            key: [ox.NamedNode(value)] for key, value in given.items()
        }
        terms["asOf"] = [ox.Literal(DAY.isoformat(), datatype=ox.NamedNode(XSD + "date"))]
        theirs = timed_query(store, question(name).bind(terms), limit)
        if theirs is None:
            said, ratio = f"> {limit:.0f} s", f"> {limit / ours_time:,.0f}"
        else:
            theirs_time, theirs_rows = theirs
            assert theirs_rows == rows, (name, rows, theirs_rows)
            said, ratio = f"{theirs_time * 1e3:,.1f} ms", f"{theirs_time / ours_time:,.0f}"
        print(f"{name:42}{rows:9,}{ours_time * 1e3:9.2f} ms{said:>12}{ratio:>10}", flush=True)


def load(triples: int) -> ox.Store:
    """A made-up world with the bounds of its dates, which is all that the questions need."""
    store = ox.Store()
    with tempfile.TemporaryDirectory() as place:
        write_world(Path(place), triples)
        for file in sorted(Path(place).glob("*.ttl")):
            store.bulk_load(
                path=file, format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode("urn:made-up")
            )
    rule = folder("ontology") / "rules" / "bounds.rq"
    add(store, construct(store, rule.read_text(encoding="utf-8")), "urn:bounds")
    return store


def timed_query(store: ox.Store, text: str, limit: float) -> tuple[float, int] | None:
    """Time and rows of a query, best of up to three; ``None`` beyond the limit.

    In a child process, as a running query can only be stopped by ending its process.
    """
    ours, childs = multiprocessing.Pipe(duplex=False)

    def run() -> None:
        times: list[float] = []
        while len(times) < 3 and sum(times) < limit / 3:
            started = process_time()
            rows = len(select(store, text))
            times.append(process_time() - started)
        childs.send((min(times), rows))

    child = multiprocessing.get_context("fork").Process(target=run)
    child.start()
    found = ours.recv() if ours.poll(limit) else None
    child.kill()
    child.join()
    return found


def panel_of(name: str, data: Incidence, coverage: Sequence[Coverage], hub: str, most: int) -> None:
    """Print the panel at all change points by ours and by networkx, sampled if there are many."""
    days = [on for on in change_days(data, coverage) if covered(coverage, on, data.asked)]
    started = process_time()
    found = ours(data, coverage, hub, days)
    our_time = process_time() - started
    sample = range(0, len(days), max(1, len(days) // most))
    row = data.states.index(hub)
    started = process_time()
    theirs = [by_networkx(data, days[i], row) for i in sample]
    their_time = (process_time() - started) / len(sample) * len(days)
    for i, panels in zip(sample, theirs, strict=True):
        for one, expected in zip(found[i], panels, strict=True):
            for measure, value in expected.items():
                got = getattr(one, measure)
                assert (got is None) == (value is None), (days[i], measure)
                assert got is None or abs(got - value) < 1e-9, (days[i], measure, got, value)
    ties = [len(as_of.sharing(data, days[i]).one) for i in sample]
    alone = "" if find_spec("scipy") else ", without the constraint"
    print(f"\n{name}: {len(data.states)} states, up to {max(ties):,} tied pairs, "
          f"{len(days):,} change points")  # fmt: skip
    print(f"  ours     {our_time:8.3f} s  {our_time / len(days) * 1e3:8.2f} ms each, "
          "with the best core, which networkx has not")  # fmt: skip
    print(f"  networkx {their_time:8.2f} s  {their_time / len(days) * 1e3:8.2f} ms each, "
          f"from {len(sample)} of them{alone}")  # fmt: skip
    print(f"  ratio    {their_time / our_time:8.0f}; values within 1e-9", flush=True)


def ours(
    data: Incidence, coverage: Sequence[Coverage], hub: str, days: Sequence[date]
) -> list[tuple[Shares, Companions]]:
    """Lead and companion measures of the certain web on every day, each distinct web once."""
    row, known = data.states.index(hub), {}
    found = []
    for one in companion_series(data, coverage, hub, days):
        held = data.certain(one.date.toordinal())
        key = held.tobytes()
        if key not in known:
            known[key] = shares(world(data, held), row)
        assert one.companions is not None
        found.append((known[key], one.companions))
    return found


def by_networkx(
    data: Incidence, on: date, hub: int
) -> tuple[dict[str, float | None], dict[str, float | None]]:
    """The same by networkx."""
    arrangements = reference.held(world(data, data.certain(on.toordinal())))
    constraint = len(arrangements) < 50 or find_spec("scipy") is not None
    beside = reference.companions(arrangements, hub, constraint=constraint)
    return reference.lead(arrangements, hub), beside


def best(run: Callable[[], object], times: int) -> float:
    """The shortest processor time of several runs, in seconds."""
    found = []
    for _ in range(times):
        started = process_time()
        run()
        found.append(process_time() - started)
    return min(found)


def main() -> int:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--triples", type=int, nargs="*", default=[100_000, 1_000_000])
    parser.add_argument("--limit", type=float, default=60, help="seconds for one SPARQL query")
    parser.add_argument("--sample", type=int, default=200, help="change points for networkx")
    parser.add_argument("--panel", type=int, default=330_000, help="triples of the panel's world")
    parser.add_argument("--no-answers", action="store_true")
    parser.add_argument("--no-panel", action="store_true")
    args = parser.parse_args()
    for triples in [] if args.no_answers else args.triples:
        answers(triples, args.limit)
    if not args.no_panel:
        paper = {PREFIXES["source"] + "paper"}
        store = build(validate=False).store
        data, coverage = incidence(store, sources=paper), read_coverage(store, paper)
        panel_of("the paper", data, coverage, UNITED_STATES, args.sample)
        store = load(args.panel)
        data, coverage = incidence(store), read_coverage(store)
        panel_of("a made-up world", data, coverage, HUB, args.sample)
    return 0


if __name__ == "__main__":
    sys.exit(main())
