"""The dated incidence of states and arrangements: one question to the store, a few arrays.

Which memberships hold at a date, certainly or possibly, follows from four comparisons; the web
at a date and its measures rest on it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from latticework.resources import folder
from latticework.store import Row, select
from latticework.vocabulary import LWC

Days = npt.NDArray[np.int64]
Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

FIRST_DAY, LAST_DAY = date.min.toordinal(), date.max.toordinal()
"""Stand for unbounded on either side."""

DEFAULT_LAYERS = frozenset({LWC + "treatyAlliance", LWC + "securityCooperation"})


@dataclass(frozen=True)
class Incidence:
    """Memberships as parallel arrays; days are proleptic ordinals, ends inclusive.

    ``member[i]`` and ``arrangement[i]`` index into ``states`` and ``arrangements``.
    """

    states: tuple[str, ...]
    arrangements: tuple[str, ...]
    memberships: tuple[str, ...]
    sources: tuple[str, ...]
    layers: tuple[str, ...]
    """The layer of each arrangement, in their order."""
    asked: frozenset[str]
    """The layers that were asked for, whether or not any arrangement is of them."""
    member: Indices
    arrangement: Indices
    earliest_begin: Days
    latest_begin: Days
    earliest_end: Days
    latest_end: Days

    def possible(self, day: int) -> Mask:
        """Which memberships may hold on that day."""
        return (self.earliest_begin <= day) & (day <= self.latest_end)

    def certain(self, day: int) -> Mask:
        """Which memberships certainly hold on that day."""
        return (self.latest_begin <= day) & (day <= self.earliest_end)

    def change_points(self) -> list[date]:
        """The days on which some membership may begin or has just ended, or becomes sure."""
        ends = np.concatenate([self.earliest_end, self.latest_end]) + 1
        begins = np.concatenate([self.earliest_begin, self.latest_begin])
        days = {int(d) for d in (*begins, *ends) if FIRST_DAY < d < LAST_DAY}
        return [date.fromordinal(day) for day in sorted(days)]


def incidence(
    store: ox.Store,
    *,
    layers: Collection[str] = DEFAULT_LAYERS,
    sources: Collection[str] | None = None,
    beyond_region: bool = False,
) -> Incidence:
    """Read the dated incidence of the chosen layers and sources.

    Args:
        store: the data set.
        layers: concept IRIs of the layers that count as ties.
        sources: source IRIs; all by default.
        beyond_region: also arrangements that are not of the Asia-Pacific.

    """
    question = (folder("queries") / "membership" / "dated-memberships.rq").read_text("utf-8")
    rows = [
        row
        for row in select(store, question)
        if _text(row, "layer") in layers
        and (sources is None or _text(row, "source") in sources)
        and (beyond_region or _text(row, "asiaPacific") == "true")
    ]
    states = tuple(sorted({_text(row, "member") for row in rows}))
    layer_of = {_text(row, "arrangement"): _text(row, "layer") for row in rows}
    arrangements = tuple(sorted(layer_of))
    state_at = {iri: number for number, iri in enumerate(states)}
    arrangement_at = {iri: number for number, iri in enumerate(arrangements)}
    return Incidence(
        states=states,
        arrangements=arrangements,
        memberships=tuple(_text(row, "membership") for row in rows),
        sources=tuple(_text(row, "source") for row in rows),
        layers=tuple(layer_of[iri] for iri in arrangements),
        asked=frozenset(layers),
        member=np.array([state_at[_text(row, "member")] for row in rows], dtype=np.intp),
        arrangement=np.array(
            [arrangement_at[_text(row, "arrangement")] for row in rows], dtype=np.intp
        ),
        earliest_begin=_days(rows, "earliestBegin", FIRST_DAY),
        latest_begin=_days(rows, "latestBegin", LAST_DAY),
        earliest_end=_days(rows, "earliestEnd", FIRST_DAY),
        latest_end=_days(rows, "latestEnd", LAST_DAY),
    )


def _text(row: Row, name: str) -> str:
    term = row[name]
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value


def _days(rows: list[Row], name: str, unbounded: int) -> Days:
    return np.array(
        [date.fromisoformat(_text(r, name)).toordinal() if name in r else unbounded for r in rows],
        dtype=np.int64,
    )
