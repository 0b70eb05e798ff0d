"""Every number opens: the pairs behind it are as many as it counts."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings

from latticework.companions import COMPANIONS
from latticework.coverage import read_coverage
from latticework.errors import UnknownName
from latticework.explain import COLUMNS, KINDS, explain_day, explained_rows, openings
from latticework.index import Incidence, incidence
from latticework.structure import MEASURES, UNITED_STATES
from test_structure import ALWAYS, PAPER
from worlds import LATE, counted, incidences, members_on

HUB = UNITED_STATES
DAYS = (date(1953, 12, 31), date(1960, 1, 1), date(1977, 7, 1), date(2018, 1, 1), date(2022, 5, 25))
AS_SHARES = (*MEASURES, "clustering", "spoke_density")


@pytest.mark.parametrize("on", DAYS)
def test_counts_agree_with_the_number_for_each_measure(built, on: date) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    found = {o.measure: o for o in openings(data, coverage, on, HUB, (*MEASURES, *COMPANIONS))}
    assert set(MEASURES) <= set(found)
    for measure in AS_SHARES:
        one = found[measure]
        assert len(one.counted) / one.total == pytest.approx(one.value), measure
    for measure in ("dependence", "dependence_hub_only"):
        assert len(found[measure].counted) + len(found[measure].rest) == found[measure].total
    expected = counted(members_on(data, on), HUB)
    assert [found[kind].value for kind in ("mediated", "convened", "autonomous")] == (
        pytest.approx(expected)
    )


@given(incidences())
@settings(max_examples=40)
def test_pairs_that_lose_each_other_are_those_without_a_way(data: Incidence) -> None:
    members = members_on(data, LATE)
    for measure in ("dependence", "dependence_hub_only"):
        (one,) = openings(data, ALWAYS, LATE, HUB, [measure])
        assert len(one.counted) / one.total == pytest.approx(one.value)
        graph = nx.Graph()
        for own in members.values():
            left = own - {HUB} if measure == "dependence_hub_only" else own
            if measure == "dependence" and HUB in own:
                continue
            graph.add_edges_from(combinations(sorted(left), 2))
        for pair in (*one.counted, *one.rest):
            graph.add_nodes_from((pair.one, pair.other))
        assert not any(nx.has_path(graph, pair.one, pair.other) for pair in one.counted)
        for pair in one.rest:
            assert nx.is_path(graph, [pair.one, *pair.way, pair.other])


@given(incidences())
@settings(max_examples=40)
def test_every_pair_opens_to_memberships_of_arrangements_along_its_way(data: Incidence) -> None:
    of = {m: data.arrangements[a] for m, a in zip(data.memberships, data.arrangement, strict=True)}
    for one in openings(data, ALWAYS, LATE, HUB, MEASURES):
        for pair in (*one.counted, *one.rest):
            assert pair.by, f"{one.measure}: {pair} is not opened"
            for arrangement, memberships in pair.by.items():
                assert len(memberships) >= 2
                assert {of[m] for m in memberships} == {arrangement}
            if one.measure == "autonomous":
                assert all(HUB not in members_on(data, LATE)[a] for a in pair.by)


def test_a_day_outside_coverage_opens_to_nothing_and_says_so(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    on = date(1990, 1, 1)
    assert openings(data, coverage, on) == []
    for language, words in (("en", "not covered"), ("zh", "未覆盖")):
        (line,) = explain_day(built.store, data, coverage, on, language)
        assert words in line


def test_a_measure_that_is_none_of_ours_is_named(built) -> None:
    data = incidence(built.store, sources=PAPER)
    with pytest.raises(UnknownName, match="there is no measure 'fame'"):
        openings(data, ALWAYS, LATE, HUB, ["fame"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_and_rows_hold_the_same_memberships(built, language: str) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    on = date(2022, 5, 25)
    text = "\n".join(explain_day(built.store, data, coverage, on, language))
    found = openings(data, coverage, on, HUB, KINDS)
    rows = [dict(zip(COLUMNS, row, strict=True))
            for row in explained_rows(built.store, found, language)]  # fmt: skip
    assert {str(row["membership"]) for row in rows} == {
        word.rstrip(":") for word in text.split() if word.startswith("mem:")
    }
    assert all(row["passages"] for row in rows)
    assert {row["measure"] for row in rows} == set(KINDS)
