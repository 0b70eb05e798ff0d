"""What changed between two days, and how much of the change each event accounts for.

The events are the arrangements that began or ended and the members that joined or left. An event
need not add to a measure by itself: two may matter only together, and what one adds depends on
which came before. So the share of an event is its Shapley value: what it adds, averaged over all
orders in which the events could have come one after the other. The shares add up to the change;
an event that never changes anything has 0; two that do the same have the same. (Shapley 1953, A
Value for n-Person Games, in Contributions to the Theory of Games II, 307-317; as a decomposition
of a change Shorrocks 2013, Journal of Economic Inequality 11(1), 99-126.)

Up to :data:`EXACT_UP_TO` events all orders are averaged exactly, by way of the 2^u webs in which
some of the events have come. Beyond that, orders are drawn at random with a seed; the shares still
add up exactly, and each carries the standard error of its mean.

A web on the way between the two days may have fewer than two partners and thus no value. It then
counts with the values of the first day, as if nothing had changed yet; ``stand_ins`` says how
often that was so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import factorial

import numpy as np
import numpy.typing as npt

from latticework.coverage import Coverage, degrees
from latticework.errors import DateProblem
from latticework.index import Incidence, Indices
from latticework.structure import (
    MEASURES,
    UNITED_STATES,
    Shares,
    certain_shares,
    change_days,
    shares,
    world,
)

EXACT_UP_TO = 14
"""Events up to which all orders are averaged: 16,384 webs, about a second."""
ORDERS = 1000
"""Orders drawn at random where there are more events."""

Values = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Event:
    """One arrangement that began or ended, or one member that joined or left it."""

    kind: str
    """``began``, ``ended``, ``joined`` or ``left``, by the memberships that certainly hold."""
    arrangement: str
    states: tuple[str, ...]
    memberships: tuple[str, ...]
    """The memberships behind it: those that hold on the later day, or held on the earlier one."""
    open: bool
    """Whether the dates leave it open that anything changed between the two days: what began may
    have been there on the first day, what ended may be there still on the second."""


@dataclass(frozen=True)
class Change:
    """What changed between two days, each event with its part of the change of every measure."""

    start: date
    end: date
    before: Shares | None
    """``None`` where the day is not covered."""
    after: Shares | None
    different_coverage: tuple[str, ...]
    """The layers that the sources do not cover alike on both days; not comparable if any."""
    events: tuple[Event, ...]
    parts: tuple[tuple[float, ...], ...] | None
    """For every event its part of the change of :data:`MEASURES`, in their order; ``None`` where
    the days are not comparable or one of them has no value."""
    errors: tuple[tuple[float, ...], ...] | None
    """Standard errors of the parts; ``None`` where all orders were averaged."""
    orders: int
    """Orders drawn at random; 0 where all were averaged."""
    stand_ins: int
    """Webs on the way without a value of their own."""

    def total(self, measure: str) -> float | None:
        """The change of one measure."""
        before, after = getattr(self.before, measure, None), getattr(self.after, measure, None)
        return None if before is None or after is None else float(after - before)


def attribute(
    data: Incidence,
    start: date,
    end: date,
    coverage: Sequence[Coverage],
    hub: str = UNITED_STATES,
    *,
    orders: int = ORDERS,
    seed: int = 1,
    exact_up_to: int = EXACT_UP_TO,
) -> Change:
    """Say what changed between two days and what each event accounts for.

    Args:
        data: the dated incidence.
        start: the earlier day.
        end: the later day.
        coverage: what the sources cover.
        hub: IRI of the hub.
        orders: how many orders to draw where there are too many events.
        seed: of the random numbers.
        exact_up_to: events up to which all orders are averaged.

    Raises:
        DateProblem: the days are the same or in the wrong order.

    """
    if start >= end:
        raise DateProblem(
            "{start} does not come before {end}; put the earlier date first", start=start, end=end
        )
    before, after = (certain_shares(data, on, coverage, hub) for on in (start, end))
    different = tuple(
        layer
        for layer in sorted(data.asked)
        if degrees(coverage, start, layer) != degrees(coverage, end, layer)
    )
    events = events_between(data, start, end)
    nothing = Change(start, end, before, after, different, events, None, None, 0, 0)
    if different or before is None or after is None:
        return nothing
    if before.mediated is None or after.mediated is None:
        return nothing
    web = _Webs(data, start, end, events, data.states.index(hub), _vector(before))
    tying = [i for i, event in enumerate(events) if web.can_tie(event)]
    if len(tying) <= exact_up_to:
        parts, errors = _exact(web.value, tying, len(events)), None
    else:
        parts, errors = _sampled(web.value, tying, len(events), orders, seed)
    return Change(
        start,
        end,
        before,
        after,
        different,
        events,
        _rows(parts),
        None if errors is None else _rows(errors),
        0 if errors is None else orders,
        web.stand_ins,
    )


def largest_changes(
    data: Incidence, coverage: Sequence[Coverage], hub: str = UNITED_STATES, most: int = 5
) -> list[Change]:
    """The steps from one change point to the next at which most of the shares moved.

    Ordered by half the sum of the absolute changes of the three shares, the earlier first where
    equal. Steps at which the coverage differs, or without a value on either side, are no changes.
    """
    days = change_days(data, coverage)
    found: list[tuple[float, Change]] = []
    for one, other in pairwise(days):
        before, after = (certain_shares(data, on, coverage, hub) for on in (one, other))
        if before is not None and after is not None and before != after:
            change = attribute(data, one, other, coverage, hub)
            if change.parts is not None:
                found.append((moved(change), change))
    found.sort(key=lambda pair: (-round(pair[0], 12), pair[1].end))
    return [change for _, change in found[:most]]


def moved(change: Change) -> float:
    """Half the sum of the absolute changes of the three shares, between 0 and 1."""
    return sum(abs(change.total(measure) or 0.0) for measure in MEASURES[:3]) / 2


def events_between(data: Incidence, start: date, end: date) -> tuple[Event, ...]:
    """The arrangements that began or ended and the members that joined or left, by arrangement.

    A founding and an ending are one event whatever the number of members; a member that joins or
    leaves an arrangement that goes on is an event of its own.
    """
    old, new = (world(data, data.certain(on.toordinal())) for on in (start, end))
    found: list[Event] = []
    for column, arrangement in enumerate(data.arrangements):
        joined = np.flatnonzero(new[:, column] & ~old[:, column])
        left = np.flatnonzero(old[:, column] & ~new[:, column])
        if len(joined) and not old[:, column].any():
            found.append(_event(data, "began", arrangement, joined, start, end))
            continue
        if len(left) and not new[:, column].any():
            found.append(_event(data, "ended", arrangement, left, start, end))
            continue
        for kind, rows in (("left", left), ("joined", joined)):
            found += [_event(data, kind, arrangement, np.array([row]), start, end) for row in rows]
    return tuple(found)


def _event(
    data: Incidence, kind: str, arrangement: str, rows: Indices, start: date, end: date
) -> Event:
    """One event; it is open if the other day may have looked the same."""
    there, elsewhere = (end, start) if kind in ("began", "joined") else (start, end)
    own = (data.arrangement == data.arrangements.index(arrangement)) & np.isin(data.member, rows)
    behind = np.flatnonzero(own & data.certain(there.toordinal()))
    return Event(
        kind,
        arrangement,
        tuple(data.states[row] for row in rows),
        tuple(data.memberships[i] for i in behind),
        bool((own & data.possible(elsewhere.toordinal())).any()),
    )


class _Webs:
    """The webs between two days in which some of the events have come, and their measures."""

    def __init__(
        self,
        data: Incidence,
        start: date,
        end: date,
        events: Sequence[Event],
        hub: int,
        first: Values,
    ) -> None:
        self._old = world(data, data.certain(start.toordinal()))
        self._new = world(data, data.certain(end.toordinal()))
        self._hub, self._first = hub, first
        self._cells: list[tuple[list[int], int]] = [
            ([data.states.index(state) for state in event.states],
             data.arrangements.index(event.arrangement))
            for event in events
        ]  # fmt: skip
        self._place = {event: i for i, event in enumerate(events)}
        self._known: dict[frozenset[int], Values] = {}
        self.stand_ins = 0

    def can_tie(self, event: Event) -> bool:
        """Whether the arrangement ever has two members; else it changes nothing."""
        column = self._cells[self._place[event]][1]
        return int((self._old[:, column] | self._new[:, column]).sum()) >= 2

    def value(self, come: frozenset[int]) -> Values:
        """The measures of the web in which exactly these events have come."""
        if come not in self._known:
            held = self._old.copy()
            for i in come:
                rows, column = self._cells[i]
                held[rows, column] = self._new[rows, column]
            found = shares(held, self._hub)
            if found.mediated is None:
                self.stand_ins += 1
            self._known[come] = self._first if found.mediated is None else _vector(found)
        return self._known[come]


Value = Callable[[frozenset[int]], Values]


def _exact(value: Value, players: Sequence[int], events: int) -> Values:
    """Shapley values of the players, by way of all coalitions; 0 for the other events."""
    number = len(players)
    values = np.array(
        [
            value(frozenset(players[i] for i in range(number) if code >> i & 1))
            for code in range(1 << number)
        ]
    )
    codes = np.arange(1 << number)
    sizes = np.array([int(code).bit_count() for code in codes])
    weights = np.array(
        [factorial(s) * factorial(number - s - 1) / factorial(number) for s in range(number)]
    )
    parts = np.zeros((events, len(MEASURES)))
    for i, player in enumerate(players):
        without = codes[(codes >> i & 1) == 0]
        gains = values[without | 1 << i] - values[without]
        parts[player] = weights[sizes[without]] @ gains
    return parts


def _sampled(
    value: Value, players: Sequence[int], events: int, orders: int, seed: int
) -> tuple[Values, Values]:
    """Means over orders drawn at random, and their standard errors; 0 for the other events."""
    chance = np.random.default_rng(seed)
    total = np.zeros((events, len(MEASURES)))
    squares = np.zeros_like(total)
    for _ in range(orders):
        come: frozenset[int] = frozenset()
        for player in chance.permutation(players):
            then = come | {int(player)}
            gain = value(then) - value(come)
            total[player] += gain
            squares[player] += gain**2
            come = then
    mean = total / orders
    variance = np.maximum(squares / orders - mean**2, 0.0) * orders / (orders - 1)
    return mean, np.sqrt(variance / orders)


def _vector(found: Shares) -> Values:
    return np.array([getattr(found, measure) for measure in MEASURES], dtype=np.float64)


def _rows(values: Values) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(float(cell) for cell in row) for row in values)
