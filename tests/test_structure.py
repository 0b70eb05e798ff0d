"""The lead panel: closed forms, identities, bands, coverage, and the paper's own numbers."""

from __future__ import annotations

from datetime import date
from itertools import product

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from latticework.coverage import Coverage, read_coverage
from latticework.explain import pairs_by_tie
from latticework.index import FIRST_DAY, LAST_DAY, Incidence, incidence
from latticework.structure import (
    MEASURES,
    UNITED_STATES,
    Shares,
    changes,
    outer_bound,
    panel,
    panels,
    shares,
    world,
)
from latticework.vocabulary import LWC, PREFIXES

LAYER = LWC + "treatyAlliance"
ALWAYS = [Coverage("s", LAYER, LWC + "coveredFully", date(1900, 1, 1), date(2100, 12, 31))]
PAPER = {PREFIXES["source"] + "paper"}


def matrix(states: int, arrangements: list[set[int]]) -> np.ndarray:
    found = np.zeros((states, len(arrangements)), dtype=bool)
    for column, members in enumerate(arrangements):
        found[list(members), column] = True
    return found


def projection(membership: np.ndarray) -> nx.Graph:
    graph = nx.Graph()
    for column in membership.T:
        members = np.flatnonzero(column)
        graph.add_edges_from((a, b) for a in members for b in members if a < b)
    return graph


def made(rows: list[tuple[str, str, str | None, str, str, str | None]]) -> Incidence:
    """An incidence from rows: state, arrangement, and the four bounds in order."""

    def days(column: int, unbounded: int) -> np.ndarray:
        return np.array(
            [date.fromisoformat(r[column]).toordinal() if r[column] else unbounded for r in rows]
        )

    states = tuple(sorted({r[0] for r in rows}))
    arrangements = tuple(sorted({r[1] for r in rows}))
    return Incidence(
        states, arrangements, tuple(f"m{i}" for i in range(len(rows))), ("s",) * len(rows),
        (LAYER,) * len(arrangements), frozenset({LAYER}),
        np.array([states.index(r[0]) for r in rows]),
        np.array([arrangements.index(r[1]) for r in rows]),
        days(2, FIRST_DAY), days(3, LAST_DAY), days(4, FIRST_DAY), days(5, LAST_DAY),
    )  # fmt: skip


def test_a_star_of_bilateral_ties_is_all_mediated() -> None:
    found = shares(matrix(5, [{0, i} for i in range(1, 5)]), 0)
    assert (found.mediated, found.convened, found.autonomous) == (1, 0, 0)
    assert (found.dependence, found.dependence_hub_only) == (1, 1)
    assert (found.states, found.partners) == (5, 4)


def test_one_pact_with_the_hub_is_all_convened_and_survives_the_hub_alone() -> None:
    found = shares(matrix(5, [{0, 1, 2, 3, 4}]), 0)
    assert (found.mediated, found.convened, found.autonomous) == (0, 1, 0)
    assert (found.dependence, found.dependence_hub_only) == (1, 0)


def test_a_clique_of_bilateral_ties_is_all_autonomous() -> None:
    found = shares(matrix(4, [{a, b} for a in range(4) for b in range(a)]), 0)
    assert (found.mediated, found.convened, found.autonomous) == (0, 0, 1)
    assert (found.dependence, found.dependence_hub_only) == (0, 0)


def test_a_star_of_trilaterals_convenes_only_within_each() -> None:
    found = shares(matrix(5, [{0, 1, 2}, {0, 3, 4}]), 0)
    assert found.convened == pytest.approx(2 / 6)
    assert found.mediated == pytest.approx(4 / 6)


def test_the_same_pair_tied_with_and_without_the_hub_counts_as_autonomous() -> None:
    found = shares(matrix(3, [{0, 1, 2}, {1, 2}]), 0)
    assert (found.convened, found.autonomous) == (0, 1)


def test_fewer_than_two_partners_have_no_shares() -> None:
    found = shares(matrix(3, [{0, 1}]), 0)
    assert found.partners == 1
    assert found.mediated is None
    assert found.dependence is None


worlds = st.lists(st.sets(st.integers(0, 7), min_size=2, max_size=5), min_size=1, max_size=8)


@given(worlds)
def test_shares_add_up_and_equal_local_clustering_and_effective_size(
    arrangements: list[set[int]],
) -> None:
    membership = matrix(8, arrangements)
    found = shares(membership, 0)
    if found.mediated is None:
        return
    assert found.convened is not None
    assert found.autonomous is not None
    assert found.mediated + found.convened + found.autonomous == pytest.approx(1)
    graph = projection(membership)
    clustering = nx.clustering(graph, 0)
    assert found.convened + found.autonomous == pytest.approx(clustering)
    assert nx.effective_size(graph)[0] == pytest.approx(
        found.partners - (found.partners - 1) * clustering
    )


@given(worlds)
def test_hub_dependence_equals_networkx_components(arrangements: list[set[int]]) -> None:
    membership = matrix(8, arrangements)
    found = shares(membership, 0)
    if found.dependence is None:
        return
    graph = projection(membership)
    partners = sorted(graph[0])
    pairs = [(a, b) for a in partners for b in partners if a < b]
    without_arrangements = projection(membership[:, ~membership[0]])
    hub_only = graph.copy()
    hub_only.remove_node(0)
    for value, rest in (
        (found.dependence, without_arrangements),
        (found.dependence_hub_only, hub_only),
    ):
        rest.add_nodes_from(partners)
        kept = sum(nx.has_path(rest, a, b) for a, b in pairs)
        assert value == pytest.approx(1 - kept / len(pairs))


def test_a_value_outside_coverage_is_missing_not_zero() -> None:
    data = made(
        [
            (UNITED_STATES, "a", "1950-01-01", "1950-01-01", "2000-01-01", None),
            ("x", "a", "1950-01-01", "1950-01-01", "2000-01-01", None),
        ]
    )
    found = panel(data, date(1960, 1, 1), [])
    assert not found.covered
    assert found.certain is None


def uncertain(begin: tuple[str, str]) -> Incidence:
    """Three partners; whether two of them share a pact with the hub depends on its founding."""
    long = ("1940-01-01", "1940-01-01", "2000-01-01", None)
    rows = [(s, f"t-{s}", *long) for s in "xyz"] + [(UNITED_STATES, f"t-{s}", *long) for s in "xyz"]
    rows += [(s, "pact", *begin, "2000-01-01", None) for s in (UNITED_STATES, "x", "y")]
    return made(rows)  # type: ignore[arg-type]


def test_a_founding_is_one_event_and_gives_two_worlds() -> None:
    found = panel(uncertain(("1950-01-01", "1953-12-31")), date(1951, 6, 1), ALWAYS)
    assert found.worlds == 2
    assert found.certain is not None
    assert found.low is not None
    assert found.high is not None
    assert (found.certain.convened, found.low.convened, found.high.convened) == (
        0,
        0,
        pytest.approx(1 / 3),
    )


@given(st.integers(1945, 1955), st.integers(0, 5), st.integers(0, 5))
def test_widening_a_date_never_narrows_the_band(year: int, before: int, after: int) -> None:
    on = date(1950, 6, 1)
    narrow = panel(uncertain((f"{year}-01-01", f"{year}-12-31")), on, ALWAYS)
    wide = panel(uncertain((f"{year - before}-01-01", f"{year + after}-12-31")), on, ALWAYS)
    for measure in ("mediated", "convened", "dependence_hub_only"):
        assert getattr(wide.low, measure) <= getattr(narrow.low, measure)
        assert getattr(wide.high, measure) >= getattr(narrow.high, measure)


def test_leaving_out_what_cannot_matter_does_not_change_the_band(
    monkeypatch: pytest.MonkeyPatch, built
) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    days = [date(1956, 6, 1), date(2018, 1, 1), date(2021, 6, 1)]
    pruned = [panel(data, day, coverage) for day in days]
    monkeypatch.setattr(
        "latticework.structure._matters", lambda data, uncertain, sure, hub: uncertain
    )
    for one in pruned:
        whole = panel(data, one.date, coverage)
        if whole.worlds:
            assert (whole.low, whole.high) == (one.low, one.high)


OPEN = [("1945-01-01", f"195{i}-12-31", "2000-01-01", None) for i in range(3)]
SPANS = [("1940-01-01", "1940-01-01", "2000-01-01", None), *OPEN]
seats = st.tuples(
    st.sampled_from([UNITED_STATES, UNITED_STATES, *"uvwx"]),
    st.sampled_from("abc"),
    st.sampled_from([SPANS[0], *SPANS]),
)


def one_by_one(data: Incidence, on: date) -> list[Shares]:
    """The measures of every possible world, each on its own and none left out."""
    sure = data.certain(on.toordinal())
    events: dict[tuple[int, int], list[int]] = {}
    for i in np.flatnonzero(data.possible(on.toordinal()) & ~sure):
        events.setdefault((data.arrangement[i], data.latest_begin[i]), []).append(i)
    found = []
    for choice in product((False, True), repeat=len(events)):
        held = sure.copy()
        for event, holds in zip(events.values(), choice, strict=True):
            held[event] = holds
        found.append(shares(world(data, held), data.states.index(UNITED_STATES)))
    return found


@st.composite
def uncertain_webs(draw: st.DrawFn) -> Incidence:
    """A web in which the hub has two lasting partners, and more of which nothing is sure."""
    lasting = [(state, f"t-{p}", SPANS[0]) for p in "uv" for state in (UNITED_STATES, p)]
    rows = [*draw(st.lists(seats, min_size=4, max_size=18)), *lasting]
    return made([(state, where, *span) for state, where, span in rows])


JOINED_BY_THE_HUB = made(
    [(state, f"t-{p}", *SPANS[0]) for p in "uv" for state in (UNITED_STATES, p)]
    + [("u", "a", *SPANS[0]), ("v", "a", *SPANS[0]), (UNITED_STATES, "a", *OPEN[0])]
)
"""A pact of two partners does without the hub, until the hub joins it."""


@settings(max_examples=150)
@given(uncertain_webs())
@example(JOINED_BY_THE_HUB)
def test_all_worlds_at_once_have_the_extremes_of_the_worlds_one_by_one(data: Incidence) -> None:
    found, worlds = panel(data, date(1946, 6, 1), ALWAYS), one_by_one(data, date(1946, 6, 1))
    assert 0 < found.worlds <= len(worlds)
    for band, pick in ((found.low, min), (found.high, max)):
        for measure in ("states", "partners", *MEASURES):
            values = [getattr(one, measure) for one in worlds]
            known = [value for value in values if value is not None]
            assert getattr(band, measure) == (pick(known) if known else None), measure


@settings(max_examples=150)
@given(uncertain_webs())
@example(JOINED_BY_THE_HUB)
def test_no_world_leaves_the_outer_bound_even_where_the_hubs_seat_is_uncertain(
    data: Incidence,
) -> None:
    day = date(1946, 6, 1).toordinal()
    fewest, most = (world(data, held) for held in (data.certain(day), data.possible(day)))
    low, high = outer_bound(fewest, most, data.states.index(UNITED_STATES))
    for one in one_by_one(data, date(1946, 6, 1)):
        for measure in ("states", "partners", *MEASURES):
            value = getattr(one, measure)
            if value is not None:
                least, greatest = getattr(low, measure), getattr(high, measure)
                assert least - 1e-9 <= value <= greatest + 1e-9, measure


def test_the_papers_own_memberships_give_the_known_panel(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    expected = {
        date(1953, 12, 31): (6, 0.93, 0.07, 0.0),
        date(1960, 1, 1): (10, 0.47, 0.53, 0.0),
        date(1977, 12, 31): (8, 0.79, 0.21, 0.0),
        date(2022, 5, 25): (9, 0.72, 0.19, 0.08),
    }
    for day, (k, *values) in expected.items():
        found = panel(data, day, coverage).certain
        assert found is not None
        assert found.partners == k
        assert [found.mediated, found.convened, found.autonomous] == pytest.approx(
            values, abs=0.005
        )


def test_every_number_opens_to_as_many_pairs_as_it_counts(built) -> None:
    data, coverage = incidence(built.store), read_coverage(built.store)
    for day in (date(1955, 12, 31), date(1977, 7, 1), date(2018, 1, 1), date(2022, 5, 25)):
        found = panel(data, day, coverage).certain
        assert found is not None
        pairs = pairs_by_tie(data, day, UNITED_STATES)
        total = found.partners * (found.partners - 1) / 2
        for kind in ("mediated", "convened", "autonomous"):
            assert len(pairs[kind]) / total == pytest.approx(getattr(found, kind))


def test_the_series_shows_gaps_in_coverage(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    series = changes(panels(data, coverage))
    gap = [one for one in series if one.date == date(1978, 1, 1)]
    assert gap
    assert not gap[0].covered
    assert series[-1].date <= date(2022, 5, 25)


@given(worlds, worlds)
def test_the_outer_bound_holds_in_every_world(fewest: list[set[int]], more: list[set[int]]) -> None:
    small = matrix(8, fewest + [set()] * len(more))
    large = matrix(8, fewest + more)
    low, high = outer_bound(small, large, 0)
    for held in range(len(more) + 1):
        found = shares(matrix(8, fewest + more[:held] + [set()] * (len(more) - held)), 0)
        for measure in MEASURES:
            if getattr(found, measure) is not None:
                assert getattr(low, measure) - 1e-9 <= getattr(found, measure)
                assert getattr(found, measure) <= getattr(high, measure) + 1e-9


def test_a_source_that_lacks_a_layer_is_not_taken_to_cover_it(built) -> None:
    cow = {PREFIXES["source"] + "cow-alliances-4.1"}
    found = panel(
        incidence(built.store, sources=cow), date(1990, 1, 1), read_coverage(built.store, cow)
    )
    assert not found.covered


def test_worlds_hold_exactly_the_memberships_asked_for() -> None:
    data = uncertain(("1950-01-01", "1953-12-31"))
    held = data.certain(date(1951, 1, 1).toordinal())
    assert world(data, held).sum() == held.sum()
