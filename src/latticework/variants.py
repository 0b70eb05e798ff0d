"""What if: the dated incidence without an arrangement, a member or a layer, or with a change.

Every function takes an :class:`Incidence` and gives a new one that shares no array with it. What
is left out is gone as if no source had ever named it: the result equals what is read from a graph
without those memberships.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from latticework.coverage import Coverage
from latticework.errors import InputError
from latticework.index import LAST_DAY, Days, Incidence, Mask
from latticework.structure import UNITED_STATES, Shares, certain_shares
from latticework.vocabulary import shorten

SUPPOSED = "supposed"
"""Stands for the source and, with a number, the membership of what is only supposed."""


def without_arrangement(data: Incidence, arrangement: str) -> Incidence:
    """Leave out every membership of an arrangement."""
    return _kept(data, data.arrangement != _place(data.arrangements, arrangement))


def without_member(data: Incidence, state: str, arrangement: str | None = None) -> Incidence:
    """Leave a state out of one arrangement, or of all by default."""
    left_out = data.member == _place(data.states, state)
    if arrangement is not None:
        left_out &= data.arrangement == _place(data.arrangements, arrangement)
    return _kept(data, ~left_out)


def without_layer(data: Incidence, layer: str) -> Incidence:
    """Leave out every arrangement of a layer, which is then not asked for any more."""
    of_layer = np.array([one == layer for one in data.layers], dtype=bool)
    return replace(_kept(data, ~of_layer[data.arrangement]), asked=data.asked - {layer})


def ended(data: Incidence, arrangement: str, on: date) -> Incidence:
    """Let an arrangement end: ``on`` is the first day on which nobody is a member any more."""
    last = on.toordinal() - 1
    own = data.arrangement == _place(data.arrangements, arrangement)
    earliest_end, latest_end = data.earliest_end.copy(), data.latest_end.copy()
    earliest_end[own] = np.minimum(earliest_end[own], last)
    latest_end[own] = np.minimum(latest_end[own], last)
    began = ~own | (data.earliest_begin <= last)
    return _kept(replace(data, earliest_end=earliest_end, latest_end=latest_end), began)


def added(
    data: Incidence, arrangement: str, layer: str, states: Collection[str], begin: date
) -> Incidence:
    """Add an arrangement of some states that begins on a day and does not end.

    Raises:
        InputError: fewer than two states, or the arrangement is there already.

    """
    if len(set(states)) < 2:
        raise InputError("an arrangement ties two states or more; name at least two")
    if arrangement in data.arrangements:
        raise InputError("there is an arrangement '{name}' already", name=shorten(arrangement))
    members, number = sorted(set(states)), len(data.memberships)
    all_states = tuple(sorted({*data.states, *members}))
    all_arrangements = tuple(sorted({*data.arrangements, arrangement}))
    layer_of = {**dict(zip(data.arrangements, data.layers, strict=True)), arrangement: layer}
    old_states = np.array([all_states.index(one) for one in data.states], dtype=np.intp)
    old_arrangements = np.array(
        [all_arrangements.index(one) for one in data.arrangements], dtype=np.intp
    )
    new = np.array([all_states.index(one) for one in members], dtype=np.intp)
    same = np.full(len(members), all_arrangements.index(arrangement), dtype=np.intp)

    def days(old: Days, day: int) -> Days:
        return np.concatenate([old, np.full(len(members), day, dtype=np.int64)])

    return Incidence(
        states=all_states,
        arrangements=all_arrangements,
        memberships=(
            *data.memberships,
            *(f"{SUPPOSED} {number + i}" for i in range(len(members))),
        ),
        sources=(*data.sources, *(SUPPOSED for _ in members)),
        layers=tuple(layer_of[one] for one in all_arrangements),
        asked=data.asked,
        member=np.concatenate([old_states[data.member], new]),
        arrangement=np.concatenate([old_arrangements[data.arrangement], same]),
        earliest_begin=days(data.earliest_begin, begin.toordinal()),
        latest_begin=days(data.latest_begin, begin.toordinal()),
        earliest_end=days(data.earliest_end, LAST_DAY),
        latest_end=days(data.latest_end, LAST_DAY),
    )


@dataclass(frozen=True)
class LeftOut:
    """The certain lead measures of a day without one thing."""

    kind: str
    """``arrangement``, ``member``, ``layer`` or ``hub``."""
    what: str
    """The IRI of what is left out."""
    shares: Shares | None
    """``None`` where the day is not covered; the measures are ``None`` for k < 2."""


def leave_one_out(
    data: Incidence, on: date, coverage: Sequence[Coverage], hub: str = UNITED_STATES
) -> list[LeftOut]:
    """Leave out each arrangement, member and layer that is there on the day, and the hub.

    Without the hub there are no partners and no shares; what its absence means for the partners is
    what hub dependence measures.
    """
    sure = data.certain(on.toordinal())
    arrangements = [data.arrangements[a] for a in np.unique(data.arrangement[sure])]
    members = [data.states[m] for m in np.unique(data.member[sure]) if data.states[m] != hub]
    layers = sorted({data.layers[a] for a in np.unique(data.arrangement[sure])})
    variants = [
        *(("arrangement", one, without_arrangement(data, one)) for one in arrangements),
        *(("member", one, without_member(data, one)) for one in members),
        *(("layer", one, without_layer(data, one)) for one in layers if len(data.asked) > 1),
        *(("hub", one, without_member(data, one)) for one in (hub,) if hub in data.states),
    ]
    return [
        LeftOut(kind, what, certain_shares(variant, on, coverage, hub))
        for kind, what, variant in variants
    ]


def _place(names: Sequence[str], name: str) -> int:
    """Where a name stands; an error of ours where it does not, as nothing would be left out."""
    if name not in names:
        raise InputError("{name} is not in the chosen layers and sources", name=shorten(name))
    return names.index(name)


def _kept(data: Incidence, keep: Mask) -> Incidence:
    """The memberships to keep, with only the states and arrangements that they name."""
    member, arrangement = data.member[keep], data.arrangement[keep]
    states, arrangements = np.unique(member), np.unique(arrangement)
    rows = np.flatnonzero(keep)
    return Incidence(
        states=tuple(data.states[i] for i in states),
        arrangements=tuple(data.arrangements[i] for i in arrangements),
        memberships=tuple(data.memberships[i] for i in rows),
        sources=tuple(data.sources[i] for i in rows),
        layers=tuple(data.layers[i] for i in arrangements),
        asked=data.asked,
        member=np.searchsorted(states, member),
        arrangement=np.searchsorted(arrangements, arrangement),
        earliest_begin=data.earliest_begin[keep],
        latest_begin=data.latest_begin[keep],
        earliest_end=data.earliest_end[keep],
        latest_end=data.latest_end[keep],
    )
