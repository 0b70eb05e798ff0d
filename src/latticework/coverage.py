"""What the sources cover, so that "not covered" is never mistaken for 0."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from latticework.resources import folder
from latticework.store import select
from latticework.vocabulary import LWC

NOT_COVERED = LWC + "notCovered"


@dataclass(frozen=True)
class Coverage:
    """A source's word on one layer during one stretch of days, both included."""

    source: str
    layer: str
    degree: str
    first: date
    last: date


def read_coverage(store: ox.Store, sources: Collection[str] | None = None) -> list[Coverage]:
    """Read what the sources (all by default) say that they cover."""
    question = (folder("queries") / "sources" / "coverage.rq").read_text("utf-8")
    rows = [
        {n: str(getattr(t, "value", "")) for n, t in row.items()} for row in select(store, question)
    ]
    return [
        Coverage(
            row["source"],
            row["layer"],
            row["degree"],
            date.fromisoformat(row["first"]),
            date.fromisoformat(row["last"]),
        )
        for row in rows
        if sources is None or row["source"] in sources
    ]


def covered(coverage: Iterable[Coverage], on: date, layers: Collection[str]) -> bool:
    """Whether every layer is covered, at least partly, by some source on that day."""
    found = {c.layer for c in coverage if c.degree != NOT_COVERED and c.first <= on <= c.last}
    return set(layers) <= found


def degrees(coverage: Iterable[Coverage], on: date, layer: str) -> frozenset[tuple[str, str]]:
    """How far each source that speaks of a layer covers it on that day: source and degree."""
    return frozenset(
        (c.source, c.degree)
        for c in coverage
        if c.layer == layer and c.degree != NOT_COVERED and c.first <= on <= c.last
    )
