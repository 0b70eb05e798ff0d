"""The lead panel for every choice of layers, as the page shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np

from latticework.coverage import Coverage
from latticework.index import Incidence
from latticework.structure import MEASURES, Panel, Shares, panel, panels
from latticework.view.told import Json
from latticework.vocabulary import shorten


def all_panels(
    data: Incidence,
    coverage: Sequence[Coverage],
    known: Sequence[Panel],
    borders: set[date],
    hub: str,
) -> dict[str, tuple[Json, ...]]:
    """The lead panel for every choice of layers, also where coverage begins or ends."""
    found = {_key(data.asked): _with_borders(data, coverage, known, borders, hub)}
    for count in range(1, len(data.asked)):
        for layers in combinations(sorted(data.asked), count):
            own = only(data, layers)
            series = panels(own, coverage, hub)
            found[_key(layers)] = _with_borders(own, coverage, series, borders, hub)
    return found


def _key(layers: Iterable[str]) -> str:
    return "+".join(sorted(shorten(layer) for layer in layers))


def _with_borders(
    data: Incidence,
    coverage: Sequence[Coverage],
    series: Sequence[Panel],
    borders: set[date],
    hub: str,
) -> tuple[Json, ...]:
    known = {p.date for p in series}
    more = [panel(data, day, coverage, hub) for day in sorted(borders - known)]
    return tuple(_panel(p) for p in sorted([*series, *more], key=lambda p: p.date))


def _panel(panel: Panel) -> Json:
    return {
        "date": panel.date,
        "covered": panel.covered,
        "worlds": panel.worlds,
        "certain": _shares(panel.certain),
        "low": _shares(panel.low),
        "high": _shares(panel.high),
    }


def _shares(shares: Shares | None) -> Json | None:
    if shares is None:
        return None
    values = {name: getattr(shares, name) for name in MEASURES}
    return {
        "n": shares.states,
        "k": shares.partners,
        **{name: value if value is None else round(value, 6) for name, value in values.items()},
    }


def only(data: Incidence, layers: Collection[str]) -> Incidence:
    """The same with the arrangements and memberships of some layers only."""
    arrangements = np.array([layer in layers for layer in data.layers], dtype=bool)
    held = arrangements[data.arrangement]
    kept = np.flatnonzero(held)
    chosen = np.flatnonzero(arrangements)
    return replace(
        data,
        arrangements=tuple(data.arrangements[a] for a in chosen),
        memberships=tuple(data.memberships[i] for i in kept),
        sources=tuple(data.sources[i] for i in kept),
        layers=tuple(data.layers[a] for a in chosen),
        asked=frozenset(layers),
        member=data.member[held],
        arrangement=np.searchsorted(chosen, data.arrangement[held]),
        earliest_begin=data.earliest_begin[held],
        latest_begin=data.latest_begin[held],
        earliest_end=data.earliest_end[held],
        latest_end=data.latest_end[held],
    )
