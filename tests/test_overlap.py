"""Overlap: the matrix, and every combination with the states in just those arrangements."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings

from latticework.errors import UnknownName
from latticework.index import DEFAULT_LAYERS, Incidence, incidence
from latticework.layers import layer_iris, layers_of
from latticework.overlap import combinations_of, matrix, overlaps
from latticework.vocabulary import LWC
from test_structure import PAPER
from worlds import LATE, incidences, members_on


def tying(data: Incidence, on: date) -> dict[str, set[str]]:
    return {name: own for name, own in members_on(data, on).items() if len(own) >= 2}


@given(incidences())
@settings(max_examples=60)
def test_the_matrix_counts_shared_members_and_sizes(data: Incidence) -> None:
    found, members = matrix(data, LATE), tying(data, LATE)
    assert set(found.arrangements) == set(members)
    for i, one in enumerate(found.arrangements):
        for j, other in enumerate(found.arrangements):
            assert found.shared[i][j] == len(members[one] & members[other])


@given(incidences())
@settings(max_examples=60)
def test_every_state_stands_in_exactly_one_combination(data: Incidence) -> None:
    members = tying(data, LATE)
    found = combinations_of(data, LATE)
    states = [state for one in found for state in one.states]
    assert sorted(states) == sorted(set().union(*members.values()))
    for one in found:
        for state in one.states:
            assert {a for a, own in members.items() if state in own} == set(one.arrangements)
        assert one.sources == ("s",)


@given(incidences())
@settings(max_examples=60)
def test_list_and_matrix_agree(data: Incidence) -> None:
    found = matrix(data, LATE)
    shared = {
        (one, other): found.shared[i][j]
        for (i, one), (j, other) in combinations(enumerate(found.arrangements), 2)
        if found.shared[i][j]
    }
    assert {(o.one, o.other): len(o.shared) for o in overlaps(data, LATE)} == shared


def test_sources_of_a_combination_are_those_of_its_memberships(built) -> None:
    on = date(1960, 1, 1)
    both = {s for one in combinations_of(incidence(built.store), on) for s in one.sources}
    alone = {s for one in combinations_of(incidence(built.store, sources=PAPER), on)
             for s in one.sources}  # fmt: skip
    assert len(both) == 2
    assert alone == PAPER


@pytest.mark.parametrize(
    "name",
    ["treaty alliance", "Treaty Alliance", "treatyAlliance", "treaty-alliance", "条约联盟",
     "lwc:treatyAlliance", LWC + "treatyAlliance"],
)  # fmt: skip
def test_a_layer_is_named_by_label_slug_or_iri(built, name: str) -> None:
    assert layer_iris(built.store, [name]) == {LWC + "treatyAlliance"}


def test_layers_are_those_of_the_list(built) -> None:
    assert set(layers_of(built.store)) >= DEFAULT_LAYERS
    with pytest.raises(UnknownName, match="did you mean dialogue"):
        layer_iris(built.store, ["dialog"])
    with pytest.raises(UnknownName, match="there are: dialogue, economicInitiative"):
        layer_iris(built.store, ["cuisine"])
