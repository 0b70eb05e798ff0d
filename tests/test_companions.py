"""The companion measures: networkx, closed forms, identities, and how the best core is found."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
from latticework.companions import COMPANIONS, Companions, companion_series, companions
from latticework.core_periphery import best_core, exact_core, fit_of, searched_core
from latticework.coverage import read_coverage
from latticework.index import incidence
from latticework.structure import UNITED_STATES, shares
from latticework.vocabulary import PREFIXES

PAPER = {PREFIXES["source"] + "paper"}
NAMES = [one.name for one in fields(Companions)]


def matrix(states: int, arrangements: list[set[int]]) -> np.ndarray:
    found = np.zeros((states, len(arrangements)), dtype=bool)
    for column, members in enumerate(arrangements):
        found[list(members), column] = True
    return found


def random_world(seed: int) -> np.ndarray:
    """A web of 4 to 20 states, now sparse and in pieces, now dense; some arrangements of one."""
    rng = np.random.default_rng(seed)
    states = int(rng.integers(4, 21))
    arrangements = [
        set(rng.choice(states, int(rng.integers(1, min(states, 6))), replace=False).tolist())
        for _ in range(int(rng.integers(1, 2 * states)))
    ]
    if seed % 3 == 0:  # a hub in many of them
        arrangements = [m | {0} if rng.random() < 0.6 else m for m in arrangements]
    return matrix(states, arrangements)


# What networkx says -------------------------------------------------------------------------------


@pytest.mark.parametrize("block", range(10))
def test_every_classic_definition_equals_networkx(block: int) -> None:
    for seed in range(block * 30, block * 30 + 30):
        membership = random_world(seed)
        arrangements = reference.held(membership)
        lead, beside = shares(membership, 0), companions(membership, 0)
        for measure, expected in reference.lead(arrangements, 0).items():
            assert getattr(lead, measure) == pytest.approx(expected, abs=1e-9), (seed, measure)
        for measure, expected in reference.companions(arrangements, 0).items():
            assert getattr(beside, measure) == pytest.approx(expected, abs=1e-9), (seed, measure)


def test_the_most_central_states_are_those_of_networkx_and_need_not_be_the_hub() -> None:
    others = 0
    for seed in range(100):
        membership = random_world(seed)
        brokers = nx.betweenness_centrality(reference.projection(reference.held(membership)))
        greatest = max(brokers.values(), default=0)
        expected = {state for state, b in brokers.items() if greatest > 0 and b > greatest - 1e-9}
        assert set(companions(membership, 0).most_central) == expected
        others += 0 not in expected
    assert others


# Closed forms -------------------------------------------------------------------------------------


def hold(membership: np.ndarray, **expected: float | tuple[int, ...] | None) -> None:
    found = companions(membership, 0)
    for measure, value in expected.items():
        assert getattr(found, measure) == (
            value if value is None or isinstance(value, tuple) else pytest.approx(value)
        ), measure


@pytest.mark.parametrize("k", [2, 3, 9, 30])
def test_a_star_of_bilateral_ties(k: int) -> None:
    hold(
        matrix(k + 1, [{0, i} for i in range(1, k + 1)]),
        n=k + 1, k=k, degree_centralization=1, betweenness_centralization=1, most_central=(0,),
        hub_share=1, spoke_density=0, constraint=1 / k, effective_size=k, clustering=0,
        core_periphery=1, core=(0,), transitivity=0, efficiency_loss=1, multilateral_share=0,
    )  # fmt: skip


@pytest.mark.parametrize("k", [2, 3, 9, 30])
@pytest.mark.parametrize("pact", [False, True])
def test_a_clique_of_bilateral_ties_and_one_pact_differ_by_their_arrangements_alone(
    k: int, pact: bool
) -> None:
    states = set(range(k + 1))
    pairs = [set(pair) for pair in combinations(states, 2)]
    hold(
        matrix(k + 1, [states] if pact else pairs),
        n=k + 1, k=k, degree_centralization=0, betweenness_centralization=0, most_central=(),
        hub_share=2 / (k + 1), spoke_density=1, constraint=(2 * k - 1) ** 2 / k**3,
        effective_size=1, clustering=1, core_periphery=None, core=(), transitivity=1,
        efficiency_loss=0, multilateral_share=float(pact),
    )  # fmt: skip


@pytest.mark.parametrize("k", [5, 8])
def test_a_wheel(k: int) -> None:
    """A hub whose partners stand in a ring: each partner has three ties."""
    rim = [{i, i % k + 1} for i in range(1, k + 1)]
    pairs = k * (k - 1) / 2
    near, far = k, pairs - k  # pairs of the rim at distance one, and at two by the hub or the rim
    whole = (k + near + far / 2) / (k * (k + 1) / 2)
    ring = sum(k / min(d, k - d) for d in range(1, k)) / 2 / pairs
    hold(
        matrix(k + 1, [{0, i} for i in range(1, k + 1)] + rim),
        degree_centralization=k * (k - 3) / (k * (k - 1)), most_central=(0,),
        hub_share=1 / 2, spoke_density=k / pairs, clustering=k / pairs,
        effective_size=k - 2, constraint=k * ((1 + 2 / 3) / k) ** 2,
        transitivity=3 * k / (k * (k - 1) / 2 + 3 * k),
        efficiency_loss=(whole - ring) / whole, multilateral_share=0,
    )  # fmt: skip


@pytest.mark.parametrize("t", [2, 5])
def test_a_star_of_trilaterals(t: int) -> None:
    """The hub and two others in each: the others of one are tied, those of two are not."""
    k = 2 * t
    hold(
        matrix(k + 1, [{0, 2 * i + 1, 2 * i + 2} for i in range(t)]),
        degree_centralization=k * (k - 2) / (k * (k - 1)),
        betweenness_centralization=(k * (k - 2) / 2) / (k * (k - 1) / 2), most_central=(0,),
        hub_share=t / (3 * t / 2), spoke_density=1 / (k - 1), clustering=1 / (k - 1),
        effective_size=k - 1, constraint=k * ((1 + 1 / 2) / k) ** 2, multilateral_share=1,
    )  # fmt: skip


def test_what_is_not_defined_is_missing_not_zero() -> None:
    assert companions(matrix(3, [{0}]), 0) == Companions(n=0, k=0)
    hold(matrix(2, [{0, 1}]), n=2, k=1, degree_centralization=None, clustering=None, constraint=1,
         effective_size=1, efficiency_loss=None, core_periphery=None, hub_share=1)  # fmt: skip
    hold(matrix(4, [{1, 2}, {2, 3}]), n=3, k=0, constraint=None, effective_size=None,
         spoke_density=None, efficiency_loss=None, hub_share=0, degree_centralization=1,
         most_central=(2,))  # fmt: skip


def test_a_peripheral_hub_whose_ties_lengthen_the_average_has_a_loss_below_zero() -> None:
    found = companions(matrix(5, [{1, 2, 3, 4}, {0, 1}]), 0)
    assert found.efficiency_loss is not None
    assert found.efficiency_loss < 0


# Identities ---------------------------------------------------------------------------------------

webs = st.lists(st.sets(st.integers(0, 11), min_size=2, max_size=5), min_size=1, max_size=14)


@settings(max_examples=400)
@given(webs)
def test_identities_with_the_lead_panel(arrangements: list[set[int]]) -> None:
    membership = matrix(12, arrangements)
    lead, found = shares(membership, 0), companions(membership, 0)
    assert (found.n, found.k) == (lead.states, lead.partners)
    if lead.convened is None or lead.autonomous is None:
        assert found.clustering is None
        return
    assert found.clustering == pytest.approx(lead.convened + lead.autonomous, abs=1e-9)
    assert found.effective_size == pytest.approx(found.k - (found.k - 1) * found.clustering)
    if found.k == found.n - 1:
        assert found.spoke_density == pytest.approx(found.clustering)


@settings(max_examples=200)
@given(webs, st.permutations(range(12)))
def test_the_order_of_states_does_not_matter(
    arrangements: list[set[int]], order: list[int]
) -> None:
    one = companions(matrix(12, arrangements), 0)
    moved = [{order[i] for i in members} for members in arrangements]
    other = companions(matrix(12, moved), order[0])
    for measure in COMPANIONS:
        assert getattr(one, measure) == pytest.approx(getattr(other, measure), abs=1e-9), measure
    assert {order[i] for i in one.most_central} == set(other.most_central)


@settings(max_examples=200)
@given(webs)
def test_measures_stay_in_their_ranges(arrangements: list[set[int]]) -> None:
    found = companions(matrix(12, arrangements), 0)
    for measure in set(COMPANIONS) - {"effective_size", "constraint", "efficiency_loss"}:
        value = getattr(found, measure)
        assert value is None or -1e-12 <= value <= 1 + 1e-12, measure
    if found.effective_size is not None:
        assert 1 - 1e-12 <= found.effective_size <= found.k
    if found.efficiency_loss is not None:
        assert found.efficiency_loss <= 1
    if found.core_periphery is not None:
        assert found.core_periphery > 0


# Core and periphery -------------------------------------------------------------------------------


def random_graph(rng: np.random.Generator, n: int) -> np.ndarray:
    half = np.triu(rng.random((n, n)) < rng.uniform(0.1, 0.9), 1)
    return half | half.T


def test_the_fit_is_the_correlation_with_the_ideal_web_and_no_core_has_a_better_one() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        tied = random_graph(rng, 7)
        if not fits_exist(tied):
            continue
        above = np.triu_indices(7, 1)
        fits = {}
        for size in range(1, 6):
            for core in combinations(range(7), size):
                chosen = np.isin(np.arange(7), core)
                ideal = (chosen[:, None] | chosen)[above]
                fits[core] = np.corrcoef(tied[above], ideal)[0, 1]
                assert fit_of(tied, chosen) == pytest.approx(fits[core], abs=1e-9)
        fit, core = best_core(tied)
        assert fit == pytest.approx(max(fits.values()), abs=1e-9)
        assert fits[core] == pytest.approx(fit, abs=1e-9)


def test_the_search_is_never_above_the_best_core_and_mostly_finds_it() -> None:
    rng = np.random.default_rng(1)
    found = []
    for _ in range(150):
        tied = random_graph(rng, int(rng.integers(5, 15)))
        if fits_exist(tied):
            best, searched = fit_of(tied, exact_core(tied)), fit_of(tied, searched_core(tied))
            assert searched <= best + 1e-9
            found.append(searched > best - 1e-9)
    assert np.mean(found) > 0.9


def fits_exist(tied: np.ndarray) -> bool:
    return tied.any() and not (tied | np.eye(len(tied), dtype=bool)).all()


def test_the_search_finds_a_planted_core_among_two_hundred_states() -> None:
    core = np.arange(200) < 30
    tied = core[:, None] | core
    np.fill_diagonal(tied, False)
    assert best_core(tied) == (pytest.approx(1), tuple(range(30)))


# Through time -------------------------------------------------------------------------------------


def test_a_series_is_that_of_each_day_and_missing_outside_coverage(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    series = companion_series(data, coverage)
    days = [one.date for one in series]
    assert days == sorted(set(days))
    gap = next(one for one in series if one.date == date(1978, 1, 1))
    assert (gap.covered, gap.companions, gap.most_central) == (False, None, ())
    last = series[-1]
    assert last.date == date(2022, 5, 25)
    assert last.companions is not None
    assert companion_series(data, coverage, days=[last.date]) == [last]
    assert last.most_central == (UNITED_STATES,)
    assert companion_series(data, coverage, hub="nobody", days=[last.date])[0].covered is False
