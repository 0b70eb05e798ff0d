"""What if: a variant equals what is built without the thing, and nothing leaks."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latticework.coverage import read_coverage
from latticework.errors import InputError
from latticework.index import DEFAULT_LAYERS, Incidence, incidence
from latticework.structure import UNITED_STATES, certain_shares
from latticework.variants import (
    added,
    ended,
    leave_one_out,
    without_arrangement,
    without_layer,
    without_member,
)
from latticework.vocabulary import LW, LWC, PREFIXES
from test_structure import ALWAYS, LAYER, PAPER, made
from worlds import LASTING, LATE, STARTING, counted, incidences, members_on

HUB = UNITED_STATES
BASE = [(state, f"t-{p}", *LASTING) for p in "vw" for state in (HUB, p)]


def plain(data: Incidence) -> dict[str, Any]:
    """The fields as plain values, to be compared."""
    return {
        field.name: value.tolist() if isinstance(value, np.ndarray) else value
        for field in fields(data)
        for value in [getattr(data, field.name)]
    }


def store_without(store: ox.Store, left_out: set[str]) -> ox.Store:
    """A copy of the graph without some memberships."""
    copy = ox.Store()
    copy.extend(q for q in store if getattr(q.subject, "value", "") not in left_out)
    return copy


def memberships(store: ox.Store, about: str, thing: str) -> set[str]:
    quads = store.quads_for_pattern(None, ox.NamedNode(LW + about), ox.NamedNode(thing), None)
    return {q.subject.value for q in quads if q.subject.value.startswith(PREFIXES["mem"])}


@pytest.mark.parametrize(
    ("about", "thing"),
    [("arrangement", "arr:seato"), ("arrangement", "arr:quad"), ("member", "state:japan")],
)
def test_leaving_out_equals_building_without(built, about: str, thing: str) -> None:
    prefix, _, slug = thing.partition(":")
    iri = PREFIXES[prefix] + slug
    gone = memberships(built.store, about, iri)
    assert len(gone) >= 8
    data = incidence(built.store, sources=PAPER)
    leave = without_arrangement if about == "arrangement" else without_member
    rebuilt = incidence(store_without(built.store, gone), sources=PAPER)
    assert plain(leave(data, iri)) == plain(rebuilt)


def test_leaving_out_a_layer_equals_not_asking_for_it(built) -> None:
    data = incidence(built.store, sources=PAPER)
    for layer in DEFAULT_LAYERS:
        rest = incidence(built.store, sources=PAPER, layers=DEFAULT_LAYERS - {layer})
        assert plain(without_layer(data, layer)) == plain(rest)


def test_a_member_may_be_left_out_of_one_arrangement_alone(built) -> None:
    data = incidence(built.store, sources=PAPER)
    japan, quad = PREFIXES["state"] + "japan", PREFIXES["arr"] + "quad"
    both = memberships(built.store, "member", japan) & memberships(built.store, "arrangement", quad)
    rebuilt = incidence(store_without(built.store, both), sources=PAPER)
    assert plain(without_member(data, japan, quad)) == plain(rebuilt)


@given(incidences(), st.data())
@settings(max_examples=50)
def test_nothing_leaks_into_the_web_that_is_varied(data: Incidence, draw: st.DataObject) -> None:
    before = plain(data)
    arrangement = draw.draw(st.sampled_from(data.arrangements))
    state = draw.draw(st.sampled_from(data.states))
    made_of = [
        without_arrangement(data, arrangement),
        without_member(data, state),
        ended(data, arrangement, LATE),
        added(data, "new", LAYER, {"v", "z"}, LATE),
    ]
    for one in made_of:
        for field in fields(one):
            value = getattr(one, field.name)
            if isinstance(value, np.ndarray):
                assert not np.shares_memory(value, getattr(data, field.name))
                value[:] = 0
    assert plain(data) == before


@given(incidences())
@settings(max_examples=50)
def test_without_an_arrangement_the_pairs_are_counted_without_it(data: Incidence) -> None:
    for arrangement in data.arrangements:
        variant = without_arrangement(data, arrangement)
        members = members_on(data, LATE)
        members.pop(arrangement, None)
        found = certain_shares(variant, LATE, ALWAYS, HUB)
        assert found is not None
        values = (found.mediated, found.convened, found.autonomous)
        expected = counted(members, HUB)
        assert values == ((None,) * 3 if expected is None else pytest.approx(expected))


@given(incidences(), st.sampled_from([date(1955, 1, 1), date(1985, 1, 1)]))
def test_what_has_ended_holds_before_the_day_and_not_from_it_on(data: Incidence, on: date) -> None:
    for arrangement in data.arrangements:
        variant = ended(data, arrangement, on)
        for day in (date(1950, 6, 1), date(1954, 12, 31), date(1984, 12, 31)):
            if day < on:
                assert members_on(variant, day).get(arrangement) == members_on(data, day).get(
                    arrangement
                )
        rows = [
            i for i, a in enumerate(variant.arrangement) if variant.arrangements[a] == arrangement
        ]
        assert not variant.possible(on.toordinal())[rows].any()


def test_what_is_added_holds_from_its_day_on() -> None:
    data = made(BASE)
    variant = added(data, "new", LAYER, {"v", "w", "zz"}, date(1960, 1, 1))
    assert "new" not in members_on(variant, date(1959, 12, 31))
    assert members_on(variant, date(1960, 1, 1))["new"] == {"v", "w", "zz"}
    found = certain_shares(variant, LATE, ALWAYS, HUB)
    assert found is not None
    assert (found.partners, found.autonomous) == (2, 1)
    same = made([*BASE, *((s, "new", "1960-01-01", "1960-01-01", "9999-12-31", None)
                          for s in ("v", "w", "zz"))])  # fmt: skip
    assert variant.states == same.states
    assert variant.arrangements == same.arrangements
    assert variant.member.tolist() == same.member.tolist()
    assert variant.arrangement.tolist() == same.arrangement.tolist()


def test_adding_and_leaving_out_again_is_where_one_was() -> None:
    data = made([*BASE, ("x", "a", *STARTING), ("v", "a", *STARTING)])
    there = added(data, "new", LAYER, {"w", "x"}, date(1960, 1, 1))
    assert plain(without_arrangement(there, "new")) == plain(data)


def test_what_is_not_there_cannot_be_left_out_or_added_twice() -> None:
    data = made(BASE)
    with pytest.raises(InputError, match="not in the chosen layers and sources"):
        without_arrangement(data, "nothing")
    with pytest.raises(InputError, match="at least two"):
        added(data, "new", LAYER, {"v"}, LATE)
    with pytest.raises(InputError, match="already"):
        added(data, "t-v", LAYER, {"v", "w"}, LATE)


def test_leave_one_out_goes_through_all_that_is_there_and_the_hub(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    on = date(1960, 1, 1)
    found = leave_one_out(data, on, coverage)
    members = members_on(data, on)
    states = set().union(*members.values())
    assert {one.what for one in found if one.kind == "arrangement"} == set(members)
    assert {one.what for one in found if one.kind == "member"} == states - {HUB}
    assert {one.what for one in found if one.kind == "layer"} == set(DEFAULT_LAYERS)
    seato = next(one for one in found if one.what == PREFIXES["arr"] + "seato")
    assert seato.shares is not None
    rest = {name: own for name, own in members.items() if name != seato.what}
    assert seato.shares.mediated == pytest.approx(counted(rest, HUB)[0])  # type: ignore[index]
    hub = next(one for one in found if one.kind == "hub")
    assert hub.shares is not None
    assert (hub.shares.partners, hub.shares.mediated) == (0, None)
    assert all(one.shares is None for one in leave_one_out(data, date(1990, 1, 1), coverage))


def test_another_layer_alone_has_no_value_where_it_is_not_covered(built) -> None:
    coverage = read_coverage(built.store, PAPER)
    dialogue = incidence(built.store, sources=PAPER, layers={LWC + "dialogue"})
    assert certain_shares(dialogue, date(2022, 5, 25), coverage, HUB) is None
