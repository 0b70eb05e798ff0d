"""What the lead measures count, in all possible worlds at once.

Every uncertain event doubles the number of worlds, so that going through them one by one soon takes
minutes. Here a quantity is an array whose last axis has one entry for each world: a seat in an
arrangement is a row of truth values, two seats are both taken where the conjunction of their rows
is true, and what all worlds have in common is worked out once. The numbers are those of
:func:`latticework.structure.shares` in each world; a test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from latticework.index import Indices, Mask
from latticework.ties import components, projection

Numbers = npt.NDArray[np.float64]
"""Whole numbers, one for each world."""


@dataclass(frozen=True)
class Event:
    """States that join an arrangement together or not at all."""

    arrangement: int
    states: Indices


@dataclass(frozen=True)
class Counts:
    """Counts of states and of pairs of partners of the hub, one entry for each world."""

    states: Numbers
    """States with any tie."""
    partners: Numbers
    """Partners of the hub."""
    autonomous: Numbers
    """Pairs of partners that share an arrangement without the hub."""
    convened: Numbers
    """Other pairs of partners that share an arrangement."""
    connected: Numbers
    """Pairs of partners that some path connects without the hub's arrangements."""
    connected_hub_only: Numbers
    """The same with the hub taken out of every arrangement, which survives among the rest."""


@dataclass(frozen=True)
class _Seats:
    """The seats of an arrangement some of which are uncertain."""

    states: Indices
    """The states that may have a seat, without the hub, in ascending order."""
    held: Mask
    """States by worlds: whether the state has its seat."""
    hub: Mask
    """In which worlds the hub is a member."""


def counts(certain: Mask, events: Sequence[Event], hub: int) -> Counts:
    """Count in every world: the certain memberships, and any choice of the events.

    Args:
        certain: states by arrangements, True where the state certainly is a member.
        events: what may hold besides; n events make 2 to the power of n worlds.
        hub: row of the hub.

    """
    worlds = 2 ** len(events)
    seats = _seats(certain, events, hub)
    settled = certain.copy()  # the arrangements that are alike in every world
    settled[:, [event.arrangement for event in events]] = False
    convened = projection(settled[:, settled[hub]])
    autonomous = projection(settled[:, ~settled[hub]])
    tied = convened | autonomous

    has_tie = np.repeat(tied.any(axis=1, keepdims=True), worlds, axis=1)
    partners = np.repeat(tied[hub][:, None], worlds, axis=1)
    for own in seats:
        members = own.held.sum(axis=0)
        has_tie[own.states] |= own.held & (members + own.hub >= 2)
        has_tie[hub] |= own.hub & (members >= 1)
        partners[own.states] |= own.held & own.hub

    one, other, alone, together = _open_pairs(seats, autonomous, worlds)
    both = partners[one] & partners[other]
    together = (together | convened[one, other][:, None]) & ~alone
    elsewhere = convened & ~autonomous
    elsewhere[one, other] = elsewhere[other, one] = False

    tied[hub, :] = tied[:, hub] = False
    return Counts(
        states=has_tie.sum(axis=0).astype(float),
        partners=partners.sum(axis=0).astype(float),
        autonomous=_pairs_among(autonomous, partners) + (both & alone).sum(axis=0),
        convened=_pairs_among(elsewhere, partners) + (both & together).sum(axis=0),
        connected=_connected(
            autonomous, [(own.states, own.held & ~own.hub) for own in seats], partners
        ),
        connected_hub_only=_connected(tied, [(own.states, own.held) for own in seats], partners),
    )


def _seats(certain: Mask, events: Sequence[Event], hub: int) -> list[_Seats]:
    """The seats of every arrangement that an event is about."""
    world = np.arange(2 ** len(events))
    found = []
    for arrangement in sorted({event.arrangement for event in events}):
        held = np.repeat(certain[:, arrangement][:, None], len(world), axis=1)
        for number, event in enumerate(events):
            if event.arrangement == arrangement:
                held[event.states] |= (world >> number & 1).astype(bool)
        with_hub = held[hub].copy()
        held[hub] = False
        states = np.flatnonzero(held.any(axis=1))
        found.append(_Seats(states, held[states], with_hub))
    return found


def _open_pairs(
    seats: Sequence[_Seats], known: Mask, worlds: int
) -> tuple[Indices, Indices, Mask, Mask]:
    """The pairs that an uncertain arrangement may tie, but for those that are known to be tied.

    Returns:
        The two states of each pair; and pairs by worlds, whether one of these arrangements ties
        them without the hub, and whether one does with it.

    """
    places = [np.triu_indices(len(own.states), 1) for own in seats]
    codes = [own.states[i] * len(known) + own.states[j]
             for own, (i, j) in zip(seats, places, strict=True)]  # fmt: skip
    pairs = np.unique(np.concatenate([np.zeros(0, dtype=np.intp), *codes]))
    pairs = pairs[~known.ravel()[pairs]]
    alone, together = np.zeros((2, len(pairs), worlds), dtype=bool)
    for own, (i, j), code in zip(seats, places, codes, strict=True):
        wanted = np.isin(code, pairs)
        at = np.searchsorted(pairs, code[wanted])
        both = own.held[i[wanted]] & own.held[j[wanted]]
        alone[at] |= both & ~own.hub
        together[at] |= both & own.hub
    one, other = np.divmod(pairs, len(known))
    return one, other, alone, together


def _pairs_among(ties: Mask, chosen: Mask) -> Numbers:
    """How many ties there are among the states chosen in each world (states by worlds)."""
    always = chosen.all(axis=1)
    sometimes = np.flatnonzero(chosen.any(axis=1) & ~always)
    some = chosen[sometimes].T.astype(float)
    among = ties[np.ix_(sometimes, sometimes)].astype(float)
    with_always = ties[sometimes][:, always].sum(axis=1)
    fixed = np.count_nonzero(ties[np.ix_(always, always)]) / 2
    return np.asarray(fixed + some @ with_always + ((some @ among) * some).sum(axis=1) / 2)


def _connected(ties: Mask, joined: Sequence[tuple[Indices, Mask]], chosen: Mask) -> Numbers:
    """How many pairs of the chosen states are connected in each world.

    Args:
        ties: what ties states in every world; its components are the nodes from here on.
        joined: sets of states, and in which worlds each of them is tied to the others there.
        chosen: states by worlds.

    """
    order, node, start = _groups(components(ties))
    nodes, worlds = len(start), chosen.shape[1]
    size = np.add.reduceat(chosen[order], start, axis=0, dtype=np.int64)
    joins = []
    for states, held in joined:
        order, _, start = _groups(node[states])
        if len(start) > 1:
            here = np.logical_or.reduceat(held[order], start, axis=0)
            joins.append((node[states[order[start]]], here))
    label = np.repeat(np.arange(nodes, dtype=np.int32)[:, None], worlds, axis=1)
    changed = True
    while changed:  # until all that are joined have the lowest label among them
        changed = False
        for some, here in joins:
            own = label[some]
            lower = np.where(here, np.where(here, own, nodes).min(axis=0), own)
            if (lower != own).any():
                label[some], changed = lower, True
    in_world = label.astype(np.intp) * worlds + np.arange(worlds)
    sizes = np.bincount(in_world.ravel(), weights=size.ravel(), minlength=nodes * worlds)
    sizes = sizes.reshape(nodes, worlds)
    return np.asarray((sizes * (sizes - 1)).sum(axis=0) / 2)


def _groups(labels: Indices) -> tuple[Indices, Indices, Indices]:
    """An order that puts equal labels together, the number of each one's group, and the starts."""
    order = np.argsort(labels, kind="stable")
    _, start, group = np.unique(labels[order], return_index=True, return_inverse=True)
    at = np.empty(len(labels), dtype=np.intp)
    at[order] = group
    return order, at, start
