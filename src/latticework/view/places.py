"""Where states stand: round the hub, or on a Pacific-centred map by their capitals.

All places are in thousandths of half the drawing's width and height; y grows downwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from math import atan2, cos, pi, radians, sin

import numpy as np
import pyoxigraph as ox

from latticework.terms import label
from latticework.view.reading import value
from latticework.view.told import Point, State
from latticework.vocabulary import shorten

Degrees = tuple[float, float]
"""Degrees north of the equator, and east of the middle of the map (-180 to 180)."""

MAP_CENTRE = (20.0, -160.0)
"""Latitude and longitude of the middle of the Pacific-centred map."""
STRETCH = 0.55
"""How far the map is stretched where capitals are dense: 0 not at all, 1 to even distances."""
MERIDIANS, PARALLELS = range(-180, 181, 30), range(-40, 81, 20)
"""Degrees at which the map has lines; meridians count from its middle."""
NAME_SIZE = (210, 165)
"""Width and height that a name takes up on the map, in thousandths, on a laptop."""
INNER = 0.6
"""How far from the hub, within the ring, states stand that only layers tie that do not count."""


def states(
    store: ox.Store,
    tied: Collection[str],
    more: Iterable[str],
    hub: str,
    beside: Collection[str] = (),
) -> dict[str, State]:
    """The states with their places.

    Args:
        store: the data set.
        tied: states that some tie holds at some time.
        more: states that appear otherwise, such as objects of threat perceptions.
        hub: the state in the middle.
        beside: states of layers that are not counted; they move no other one.

    """
    everyone = sorted({*tied, *more})
    degrees = {iri: _degrees(store, iri) for iri in everyone}
    bearings = {iri: _bearing(seen) for iri, seen in degrees.items() if iri != hub}
    inner = ring({iri: own for iri, own in bearings.items() if iri in tied})
    wide = ring(bearings)
    project = projection([seen for seen in degrees.values() if seen])
    capitals = {iri: project(seen) for iri, seen in degrees.items() if seen}
    placed = spread(capitals, [iri for iri in everyone if iri not in capitals])
    middle = (0, 0)
    further = {iri: _degrees(store, iri) for iri in sorted({*beside} - {*tied})}
    inner_ring = {
        iri: (round(x * INNER), round(y * INNER))
        for iri, (x, y) in ring({iri: _bearing(seen) for iri, seen in further.items()}).items()
    }
    for iri, seen in further.items():
        if iri not in placed:
            wide[iri] = inner_ring[iri]
            if seen:
                capitals[iri] = project(seen)
            x, y = capitals.get(iri, inner_ring[iri])
            placed[iri] = (max(-1000, min(1000, x)), max(-1000, min(1000, y)))
    return {
        shorten(iri): State(
            name=label(store, iri),
            code=value(store, iri, "isoCode"),
            ring=(middle if iri == hub else inner[iri]) if iri in tied else None,
            wide=wide.get(iri, middle),
            map=placed[iri],
            capital=capitals.get(iri),
            inner=inner_ring.get(iri),
        )
        for iri in sorted(placed)
    }


def _bearing(seen: Degrees | None) -> float | None:
    """The direction of a place from the middle of the map, in radians."""
    return atan2(seen[0] - MAP_CENTRE[0], seen[1]) if seen else None


def _degrees(store: ox.Store, state: str) -> Degrees | None:
    """Where the capital lies, seen from the meridian in the middle of the map."""
    capital = value(store, state, "capital")
    latitude = value(store, capital, "latitude") if capital else ""
    longitude = value(store, capital, "longitude") if capital else ""
    if not latitude or not longitude:
        return None
    return float(latitude), (float(longitude) - MAP_CENTRE[1] + 180) % 360 - 180


def ring(bearings: Mapping[str, float | None]) -> dict[str, Point]:
    """Places on the unit ring in the order of the bearings, evenly spread and turned to fit them.

    Things without a bearing come last, by name.
    """
    order = sorted(bearings, key=lambda iri: (_turn(bearings[iri]), iri))
    count = len(order)
    turns = [2 * pi * step / 360 for step in range(360)]

    def misfit(turn: float) -> float:
        return sum(
            1 - cos(turn + 2 * pi * i / count - bearing)
            for i, iri in enumerate(order)
            if (bearing := bearings[iri]) is not None
        )

    best = min(turns, key=lambda turn: (round(misfit(turn), 9), turn))
    angles = (best + 2 * pi * i / count for i in range(count))
    return {
        iri: (round(1000 * cos(angle)), round(-1000 * sin(angle)))
        for iri, angle in zip(order, angles, strict=True)
    }


def _turn(bearing: float | None) -> float:
    return radians(360) if bearing is None else bearing % (2 * pi)


def projection(seen: Sequence[Degrees]) -> Callable[[Degrees], Point]:
    """A map of these places: degrees are lengths, but longer where places are dense.

    Each axis is a blend of the degrees and of the rank among the places, so that order is kept.
    """
    north = _axis([-place[0] for place in seen])
    east = _axis([place[1] for place in seen])
    return lambda place: (round(east(place[1])), round(north(-place[0])))


def _axis(degrees: Sequence[float]) -> Callable[[float], float]:
    """From degrees to -1000 at the least and 1000 at the greatest of the given ones."""
    known = sorted(set(degrees)) or [0.0]
    low, high = known[0], known[-1]
    even = np.linspace(-1000, 1000, len(known)) if len(known) > 1 else [0.0]

    def at(degree: float) -> float:
        linear = -1000 + 2000 * (degree - low) / ((high - low) or 1)
        if not low <= degree <= high:
            return linear  # lines beyond the outermost capitals
        return STRETCH * float(np.interp(degree, known, even)) + (1 - STRETCH) * linear

    return at


def grid(store: ox.Store, everyone: Iterable[str]) -> dict[str, list[int]]:
    """Where the lines of the map run: meridians by x, parallels by y, the equator by y."""
    places = [seen for iri in sorted(everyone) if (seen := _degrees(store, iri))]
    project = projection(places)
    return {
        "meridians": [project((0, east))[0] for east in MERIDIANS],
        "parallels": [project((north, 0))[1] for north in PARALLELS],
        "equator": [project((0, 0))[1]],
    }


def spread(capitals: Mapping[str, Point], unknown: Iterable[str]) -> dict[str, Point]:
    """Places for names: at the capitals, moved apart a little where names would overlap.

    Two names that overlap are pushed apart along the axis on which that takes less, each by half,
    again and again until none does (or a bound is reached: a crowded map may keep some overlap).
    Things without a capital stand in a row along the lower edge.
    """
    width, height = NAME_SIZE
    at = {iri: [float(x), float(y)] for iri, (x, y) in sorted(capitals.items())}
    names = list(at)
    rounds = min(400, 200_000 // max(1, len(names) ** 2) + 1)  # a crowd stays a crowd
    for _ in range(rounds):
        moved = False
        for i, one in enumerate(names):
            for other in names[i + 1 :]:
                (ax, ay), (bx, by) = at[one], at[other]
                over_x, over_y = width - abs(ax - bx), height - abs(ay - by)
                if over_x <= 0 or over_y <= 0:
                    continue
                moved = True
                axis, over = (0, over_x) if over_x / width < over_y / height else (1, over_y)
                way = 1 if (at[other][axis], other) > (at[one][axis], one) else -1
                at[one][axis] -= way * (over / 2 + 1)
                at[other][axis] += way * (over / 2 + 1)
        for place in at.values():
            place[:] = (max(-1000.0, min(1000.0, coordinate)) for coordinate in place)
        if not moved:
            break
    row = sorted(unknown)
    last = {
        iri: (round(-1000 + 2000 * (i + 1) / (len(row) + 1)), 1000) for i, iri in enumerate(row)
    }
    return {iri: (round(x), round(y)) for iri, (x, y) in at.items()} | last
