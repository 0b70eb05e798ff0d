"""Hub and spokes against a web: the lead panel at a date and over time.

Take every pair of the hub's partners and ask how the two are tied: *autonomous* (some arrangement
holds both and not the hub), else *convened* (some arrangement holds both and the hub), else
*mediated* (they meet only through the hub). The three shares add up to 1.

=================================  ========  ========  ==========
shares of pairs of partners        mediated  convened  autonomous
=================================  ========  ========  ==========
star of bilateral ties             1         0         0
one n-ary pact with the hub        0         1         0
clique of bilateral ties           0         0         1
=================================  ========  ========  ==========

Identities that hold for every graph: convened + autonomous is the local clustering of the hub in
the projection (Watts and Strogatz 1998, Nature 393, 440-442); its effective size is
k - (k - 1) * clustering (Burt 1992, Structural Holes; Borgatti 1997, Connections 20(1), 35-38).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from latticework.coverage import Coverage, covered
from latticework.index import Incidence, Indices, Mask
from latticework.possible_worlds import Counts, Event, Numbers, counts
from latticework.ties import components, projection
from latticework.vocabulary import PREFIXES

UNITED_STATES = PREFIXES["state"] + "united-states"
MOST_WORLDS = 4096
MEASURES = ("mediated", "convened", "autonomous", "dependence", "dependence_hub_only")


@dataclass(frozen=True)
class Shares:
    """The lead measures of one web, each between 0 and 1, or ``None`` where not defined (k < 2)."""

    states: int
    """n, the number of states with any tie."""
    partners: int
    """k, the number of partners of the hub."""
    mediated: float | None
    convened: float | None
    autonomous: float | None
    dependence: float | None
    """1 - (pairs of partners still connected without the hub's arrangements) / (all pairs)."""
    dependence_hub_only: float | None
    """The same with the hub taken out of every arrangement, which survives among the rest."""


@dataclass(frozen=True)
class Panel:
    """The lead panel at a date: the certain web, and the extremes over what is possible."""

    date: date
    covered: bool
    """False outside the coverage of the sources: the values are then missing, not 0."""
    certain: Shares | None
    low: Shares | None
    high: Shares | None
    worlds: int
    """Number of possible worlds that were gone through; 0 where there are too many, and low and
    high are then a sound outer bound."""


def shares(membership: Mask, hub: int) -> Shares:
    """Lead measures of one web.

    Args:
        membership: states by arrangements, True where the state is a member.
        hub: row of the hub.

    """
    return _shares(projection(membership), projection(membership[:, ~membership[hub]]), hub)


def _shares(tied: Mask, autonomous_ties: Mask, hub: int) -> Shares:
    """Lead measures of a web by its ties, and by those of them that do without the hub."""
    partners = np.flatnonzero(tied[hub])
    k = len(partners)
    n = int(tied.any(axis=1).sum())
    if k < 2:
        return Shares(n, k, None, None, None, None, None)
    own = np.ix_(partners, partners)
    pairs = k * (k - 1) / 2
    autonomous = _pairs(autonomous_ties[own])
    convened = _pairs(tied[own] & ~autonomous_ties[own])
    hubless = tied.copy()
    hubless[hub, :] = hubless[:, hub] = False
    return Shares(
        n,
        k,
        (pairs - autonomous - convened) / pairs,
        convened / pairs,
        autonomous / pairs,
        1 - _connected(autonomous_ties, partners) / pairs,
        1 - _connected(hubless, partners) / pairs,
    )


def _pairs(ties: Mask) -> float:
    return np.count_nonzero(ties) / 2


def _connected(ties: Mask, among: Indices) -> float:
    """How many pairs of these states are connected by some path."""
    sizes = np.bincount(components(ties)[among])
    return float((sizes * (sizes - 1)).sum()) / 2


def world(data: Incidence, held: Mask) -> Mask:
    """The matrix of states by arrangements in which exactly the ``held`` memberships hold."""
    matrix = np.zeros((len(data.states), len(data.arrangements)), dtype=bool)
    matrix[data.member[held], data.arrangement[held]] = True
    return matrix


def certain_shares(
    data: Incidence, on: date, coverage: Sequence[Coverage], hub: str = UNITED_STATES
) -> Shares | None:
    """The lead measures of the certain web on one day; ``None`` where it is not covered.

    A hub that is in no arrangement has no partners, and so no shares.
    """
    if not covered(coverage, on, data.asked):
        return None
    held = world(data, data.certain(on.toordinal()))
    if hub in data.states:
        return shares(held, data.states.index(hub))
    tied = int(projection(held).any(axis=1).sum())
    return Shares(tied, 0, None, None, None, None, None)


def panel(
    data: Incidence, on: date, coverage: Sequence[Coverage], hub: str = UNITED_STATES
) -> Panel:
    """The lead panel on one day, with its band over the possible worlds.

    The uncertain units are dated events: memberships of one arrangement with the same bounds (a
    founding, a joining) hold together or not at all. All worlds are gone through where there are
    at most :data:`MOST_WORLDS`; beyond that the band is a sound outer bound, marked by no worlds.
    """
    day = on.toordinal()
    if hub not in data.states or not covered(coverage, on, data.asked):
        return Panel(on, False, None, None, None, 0)
    row = data.states.index(hub)
    sure = data.certain(day)
    certain_world = world(data, sure)
    certain = shares(certain_world, row)
    fullest = world(data, data.possible(day))
    events = _events(data, _matters(data, data.possible(day) & ~sure, certain_world, row))
    if 2 ** len(events) > MOST_WORLDS:
        return Panel(on, True, certain, *outer_bound(certain_world, fullest, row), 0)
    return Panel(on, True, certain, *_band(counts(certain_world, events, row)), 2 ** len(events))


def panels(data: Incidence, coverage: Sequence[Coverage], hub: str = UNITED_STATES) -> list[Panel]:
    """The lead panel at every change point, of memberships and of what is covered."""
    return [panel(data, on, coverage, hub) for on in change_days(data, coverage)]


def change_days(data: Incidence, coverage: Sequence[Coverage]) -> list[date]:
    """Every change point, of memberships and of what is covered, up to the last covered day."""
    last = max((c.last for c in coverage), default=date.max)
    edges = {c.first for c in coverage} | {c.last + timedelta(days=1) for c in coverage}
    return [on for on in sorted({*data.change_points(), *edges}) if on <= last]


def changes(series: Sequence[Panel]) -> list[Panel]:
    """The panels at which the certain values, or what is covered, differ from the one before."""
    return [
        one
        for before, one in zip((None, *series), series, strict=False)
        if before is None or (one.covered, one.certain) != (before.covered, before.certain)
    ]


def outer_bound(fewest: Mask, most: Mask, hub: int) -> tuple[Shares, Shares]:
    """Bounds that hold in every world between two, ``fewest`` a part of ``most``.

    More members tie more pairs, but a tie does without the hub only as long as the hub stays out:
    surely so where the hub can't be a member, and possibly so where it need not be. The measures
    are monotone in these ties only while the partners stay the same; where even they are uncertain,
    all that is sure is that a share lies between 0 and 1.
    """
    without_hub = most[:, ~fewest[hub]].copy()
    without_hub[hub] = False
    low = _shares(projection(fewest), projection(fewest[:, ~most[hub]]), hub)
    high = _shares(projection(most), projection(without_hub), hub)
    if low.partners != high.partners or low.mediated is None:
        zero, one = (0.0,) * len(MEASURES), (1.0,) * len(MEASURES)
        return Shares(low.states, low.partners, *zero), Shares(high.states, high.partners, *one)
    tied = [1 - (one.mediated or 0.0) for one in (low, high)]
    alone = [one.autonomous or 0.0 for one in (low, high)]
    least = (
        1 - tied[1],
        max(0.0, tied[0] - alone[1]),
        alone[0],
        high.dependence,
        high.dependence_hub_only,
    )
    greatest = (1 - tied[0], tied[1] - alone[0], alone[1], low.dependence, low.dependence_hub_only)
    return Shares(low.states, low.partners, *least), Shares(high.states, high.partners, *greatest)


def _matters(data: Incidence, uncertain: Mask, sure: Mask, hub: int) -> Mask:
    """The uncertain memberships that can change any measure.

    Left out are those of an arrangement whose possible members are all tied already, in every
    world, at least as closely as it would tie them: no world then looks different. A tie without
    the hub is sure only by an arrangement that the hub can't belong to; and only one that is never
    without the hub, as it certainly is a member or founds it with all others, makes no such tie.
    """
    possible = sure | world(data, uncertain)
    autonomous = projection(sure[:, ~possible[hub]])
    tied = projection(sure)
    matters = uncertain.copy()
    for arrangement in np.unique(data.arrangement[uncertain]):
        own = uncertain & (data.arrangement == arrangement)
        members = np.flatnonzero(possible[:, arrangement])
        founded = not sure[:, arrangement].any() and len(_events(data, own)) == 1
        never_without = sure[hub, arrangement] or (founded and possible[hub, arrangement])
        known = (tied if never_without else autonomous)[np.ix_(members, members)]
        with_hub = members == hub
        known[with_hub], known[:, with_hub] = tied[hub, members], tied[members][:, [hub]]
        pairs = known | np.eye(len(members), dtype=bool)
        if pairs.all():
            matters[own] = False
    return matters


def _events(data: Incidence, uncertain: Mask) -> list[Event]:
    groups: dict[tuple[int, ...], list[int]] = {}
    for i in np.flatnonzero(uncertain):
        key = (
            int(data.arrangement[i]),
            int(data.earliest_begin[i]),
            int(data.latest_begin[i]),
            int(data.earliest_end[i]),
            int(data.latest_end[i]),
        )
        groups.setdefault(key, []).append(int(i))
    return [Event(key[0], data.member[group]) for key, group in groups.items()]


def _band(worlds: Counts) -> tuple[Shares, Shares]:
    """The extremes of every measure over the worlds in which it has a value."""
    has_value = worlds.partners >= 2
    partners, autonomous, convened, connected, connected_hub_only = (
        one[has_value]
        for one in (
            worlds.partners, worlds.autonomous, worlds.convened,
            worlds.connected, worlds.connected_hub_only,
        )
    )  # fmt: skip
    pairs = partners * (partners - 1) / 2
    values = (
        (pairs - autonomous - convened) / pairs,
        convened / pairs,
        autonomous / pairs,
        1 - connected / pairs,
        1 - connected_hub_only / pairs,
    )

    def extreme(pick: Callable[[Numbers], np.float64]) -> Shares:
        return Shares(
            int(pick(worlds.states)),
            int(pick(worlds.partners)),
            *(float(pick(value)) if has_value.any() else None for value in values),
        )

    return extreme(np.min), extreme(np.max)
