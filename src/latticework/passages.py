"""The passages of the data set, as the finder of :mod:`latticework.evidence` wants them."""

from __future__ import annotations

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.evidence import PassageRef
from latticework.store import select
from latticework.vocabulary import PREFIXES


def passages(store: ox.Store) -> list[PassageRef]:
    """Every passage with its stream, ranges and hash, in the order of the source."""
    rows = [
        {name: str(getattr(term, "value", "")) for name, term in row.items()}
        for row in select(store, question("sources/passages").text)
    ]
    ranges: dict[tuple[str, str, str], list[tuple[int, int]]] = {}
    for row in rows:
        key = (row["passage"], row["stream"], row["sha256"])
        ranges.setdefault(key, []).append((int(row["start"]), int(row["end"])))
    return [
        PassageRef(
            slug=passage.removeprefix(PREFIXES["psg"]),
            stream=stream.rpartition("-")[2],
            ranges=tuple(sorted(own)),
            sha256=sha256,
        )
        for (passage, stream, sha256), own in ranges.items()
    ]
