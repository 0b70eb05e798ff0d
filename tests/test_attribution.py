"""What changed and why: the parts add up, and are the means over all orders of events."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from math import fsum

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from latticework.attribution import Change, attribute, events_between, largest_changes, moved
from latticework.coverage import Coverage, read_coverage
from latticework.errors import DateProblem
from latticework.index import Incidence, incidence
from latticework.structure import MEASURES, UNITED_STATES
from latticework.telling import change_sentences, largest_sentences
from latticework.vocabulary import LWC, PREFIXES
from test_structure import ALWAYS, LAYER, PAPER, made
from worlds import EARLY, ENDING, LASTING, LATE, STARTING, UNSURE, counted, incidences, members_on

HUB = UNITED_STATES
BASE = [(state, f"t-{p}", *LASTING) for p in "vw" for state in (HUB, p)]


def part(change: Change, arrangement: str, measure: str) -> float:
    assert change.parts is not None
    return sum(
        parts[MEASURES.index(measure)]
        for event, parts in zip(change.events, change.parts, strict=True)
        if event.arrangement == arrangement
    )


@given(incidences(most=4), st.sampled_from([0, 14]))
@settings(max_examples=40)
def test_parts_add_up_to_the_change_exactly_or_drawn(data: Incidence, exact: int) -> None:
    change = attribute(data, EARLY, LATE, ALWAYS, orders=30, exact_up_to=exact)
    assert change.parts is not None
    for i, measure in enumerate(MEASURES):
        total = change.total(measure)
        assert fsum(parts[i] for parts in change.parts) == pytest.approx(total, abs=1e-12)


def over_all_orders(data: Incidence, change: Change) -> np.ndarray:
    """What each event adds to the three shares, averaged over orders, counted pair by pair."""
    old, new = members_on(data, EARLY), members_on(data, LATE)
    first = counted(old, HUB)
    assert first is not None
    orders = list(permutations(range(len(change.events))))
    means = np.zeros((len(change.events), 3))
    for order in orders:
        members, before = {a: set(s) for a, s in old.items()}, np.array(first)
        for i in order:
            event = change.events[i]
            there = members.setdefault(event.arrangement, set())
            for state in event.states:
                (there.add if state in new.get(event.arrangement, set()) else there.discard)(state)
            after = np.array(counted(members, HUB) or first)
            means[i] += (after - before) / len(orders)
            before = after
    return means


@given(incidences(most=3))
@settings(max_examples=60)
def test_parts_are_the_means_over_all_orders_counted_pair_by_pair(data: Incidence) -> None:
    change = attribute(data, EARLY, LATE, ALWAYS)
    assume(1 <= len(change.events) <= 5)
    assert change.parts is not None
    assert np.array(change.parts)[:, :3] == pytest.approx(over_all_orders(data, change), abs=1e-12)


def test_an_event_that_never_changes_anything_has_nothing() -> None:
    again = [(state, "again", *STARTING) for state in (HUB, "v")]
    list_of_one = [("x", "one", *STARTING)]
    change = attribute(made([*BASE, *again, *list_of_one]), EARLY, LATE, ALWAYS)
    assert {event.arrangement for event in change.events} == {"again", "one"}
    assert change.parts == ((0.0,) * 5, (0.0,) * 5)


def test_events_that_do_the_same_have_the_same_part() -> None:
    alike = [(state, f"n-{p}", *STARTING) for p in "xy" for state in (HUB, p)]
    pact = [(state, "pact", *STARTING) for state in "vx"] + [("w", "other", *STARTING)]
    change = attribute(made([*BASE, *alike, *pact, ("y", "other", *STARTING)]), EARLY, LATE, ALWAYS)
    for measure in MEASURES:
        assert part(change, "n-x", measure) == pytest.approx(part(change, "n-y", measure))
        assert part(change, "pact", measure) == pytest.approx(part(change, "other", measure))
    assert part(change, "pact", "autonomous") > 0


def test_orders_drawn_at_random_come_near_and_say_how_near() -> None:
    rows = [(state, f"n-{p}", *STARTING) for p in "xyz" for state in (HUB, p)]
    rows += [(state, f"p-{a}{b}", *STARTING) for a, b in ("vx", "wy", "xz") for state in (a, b)]
    data = made([*BASE, *rows])
    exact = attribute(data, EARLY, LATE, ALWAYS)
    drawn = attribute(data, EARLY, LATE, ALWAYS, orders=400, seed=7, exact_up_to=0)
    assert exact.errors is None
    assert drawn.orders == 400
    assert drawn == attribute(data, EARLY, LATE, ALWAYS, orders=400, seed=7, exact_up_to=0)
    errors, parts, truth = (np.array(a) for a in (drawn.errors, drawn.parts, exact.parts))
    assert (np.abs(parts - truth) <= 4 * errors + 1e-12).all()
    assert errors.max() > 0
    assert drawn.parts != attribute(
        data, EARLY, LATE, ALWAYS, orders=400, seed=8, exact_up_to=0
    ).parts  # fmt: skip


def test_a_web_without_a_value_on_the_way_counts_as_the_first_day() -> None:
    old = [(state, f"o-{p}", *ENDING) for p in "xy" for state in (HUB, p)]
    new = [(state, "n", *STARTING) for state in (HUB, "v", "w")]
    data = made([*old, *new])
    change = attribute(data, EARLY, LATE, ALWAYS)
    assert change.stand_ins == 3  # the new pact not there, and one or both of the old ties gone
    assert change.before is not None
    assert (change.before.mediated, change.total("convened")) == (1, 1)
    assert change.parts is not None
    assert np.array(change.parts)[:, :3] == pytest.approx(over_all_orders(data, change), abs=1e-12)


@pytest.mark.parametrize("kind", ["began", "ended", "joined", "left"])
def test_events_are_foundings_ends_joinings_and_leavings(kind: str) -> None:
    span = STARTING if kind in ("began", "joined") else ENDING
    others = LASTING if kind in ("joined", "left") else span
    rows = [("v", "a", *others), ("w", "a", *others), ("x", "a", *span)]
    (event,) = events_between(made([*BASE, *rows]), EARLY, LATE)
    assert event.kind == kind
    assert event.states == (("x",) if kind in ("joined", "left") else ("v", "w", "x"))
    assert len(event.memberships) == len(event.states)
    assert not event.open


def test_an_event_is_open_if_its_dates_leave_open_that_anything_changed() -> None:
    rows = [(state, "unsure", *UNSURE) for state in "vw"]
    (event,) = events_between(made([*BASE, *rows]), EARLY, LATE)
    assert (event.kind, event.open) == ("began", True)


def test_days_that_are_not_covered_alike_are_not_compared() -> None:
    fully, partly = LWC + "coveredFully", LWC + "coveredPartly"
    split = [
        Coverage("s", LAYER, partly, date(1900, 1, 1), date(1969, 12, 31)),
        Coverage("s", LAYER, fully, date(1970, 1, 1), date(2100, 1, 1)),
    ]
    data = made([*BASE, ("v", "a", *STARTING), ("w", "a", *STARTING)])
    change = attribute(data, EARLY, LATE, split)
    assert change.different_coverage == (LAYER,)
    assert change.parts is None
    assert [event.arrangement for event in change.events] == ["a"]
    assert attribute(data, EARLY, LATE, []).parts is None
    assert attribute(data, EARLY, LATE, []).total("mediated") is None


@pytest.mark.parametrize("end", [EARLY, date(1949, 1, 1)])
def test_the_earlier_day_comes_first(end: date) -> None:
    with pytest.raises(DateProblem, match="put the earlier date first"):
        attribute(made(BASE), EARLY, end, ALWAYS)


# The paper ---------------------------------------------------------------------------------------


def test_the_end_of_seato_is_all_of_the_change_of_1977(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    days = date(1977, 6, 30), date(1977, 7, 1)
    change = attribute(data, *days, coverage)
    before, after = (counted(members_on(data, day), HUB) for day in days)
    assert before is not None
    assert after is not None
    assert [event.arrangement for event in change.events] == [PREFIXES["arr"] + "seato"]
    assert change.parts is not None
    assert change.parts[0][:3] == pytest.approx(np.array(after) - np.array(before))


def test_the_largest_changes_are_those_of_neighbouring_days_in_order(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    found = largest_changes(data, coverage, most=50)
    sizes = [moved(change) for change in found]
    assert sizes == sorted(sizes, reverse=True)
    for change in found:
        old, new = (counted(members_on(data, day), HUB) for day in (change.start, change.end))
        assert old is not None
        assert new is not None
        total = sum(abs(b - a) for a, b in zip(old, new, strict=True)) / 2
        assert moved(change) == pytest.approx(total)
    assert all(c.end < date(1978, 1, 1) or c.start >= date(2007, 1, 1) for c in found)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sentences_name_every_event_and_say_what_is_not_compared(built, language: str) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    change = attribute(data, date(1953, 12, 31), date(1977, 6, 30), coverage)
    lines = list(change_sentences(built.store, change, HUB, language))
    assert len(lines) == 1 + len(change.events) + 1
    assert any("SEATO" in line or "东南亚" in line for line in lines)
    assert "{" not in "".join(lines)
    other = attribute(data, date(1953, 12, 31), date(2022, 5, 25), coverage)
    first = next(change_sentences(built.store, other, HUB, language))
    assert ("not comparable" if language == "en" else "不可比") in first
    gap = attribute(data, date(1953, 12, 31), date(1990, 1, 1), coverage)
    assert "1990-01-01" in " ".join(change_sentences(built.store, gap, HUB, language))
    told = list(largest_sentences(built.store, largest_changes(data, coverage), HUB, language))
    assert len(told) > 5
