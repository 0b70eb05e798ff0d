"""By period: values at the ends, means weighted by days, claims held against numbers by a rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from latticework.coverage import Coverage, read_coverage
from latticework.index import Incidence, incidence
from latticework.periods import (
    EXPECTATIONS,
    RULES,
    Period,
    claims_of,
    measures_by_period,
    read_periods,
    verdicts,
)
from latticework.structure import UNITED_STATES
from latticework.telling import WORDS, account_lines
from latticework.vocabulary import PREFIXES
from test_structure import ALWAYS, PAPER, made
from worlds import LASTING, counted, members_on

HUB = UNITED_STATES


def period(first: date, last: date) -> Period:
    return Period(PREFIXES["period"] + "made-up", None, first, last, None, "s")


def pact_from(begin: str) -> Incidence:
    rows = [(state, f"t-{p}", *LASTING) for p in "vwx" for state in (HUB, p)]
    rows += [(state, "pact", begin, begin, "2000-01-01", None) for state in "vw"]
    return made(rows)  # type: ignore[arg-type]


def test_the_mean_is_weighted_by_days() -> None:
    data = pact_from("1960-01-11")
    span = period(date(1960, 1, 1), date(1960, 1, 30))
    certain, possible = measures_by_period(data, ALWAYS, [span])
    course = certain.courses["autonomous"]
    assert (certain.days, certain.covered_days) == (30, 30)
    assert (course.start, course.end, course.trend) == (0, pytest.approx(1 / 3), "rose")
    assert course.mean == pytest.approx(20 / 30 / 3)
    assert (possible.first, possible.last) == (ALWAYS[0].first, ALWAYS[0].last)


def test_days_that_are_not_covered_do_not_count_as_nothing() -> None:
    data = pact_from("1960-01-11")
    half = [Coverage("s", ALWAYS[0].layer, ALWAYS[0].degree, date(1960, 1, 11), date(1999, 1, 1))]
    certain, _ = measures_by_period(data, half, [period(date(1960, 1, 1), date(1960, 1, 30))])
    course = certain.courses["autonomous"]
    assert (certain.days, certain.covered_days) == (30, 20)
    assert course.start is None
    assert course.mean == pytest.approx(1 / 3)
    assert course.trend == "not covered"


def test_days_that_are_not_covered_alike_have_no_trend() -> None:
    layer, fully, partly = ALWAYS[0].layer, ALWAYS[0].degree, "partly"
    split = [
        Coverage("s", layer, partly, date(1950, 1, 1), date(1960, 1, 15)),
        Coverage("s", layer, fully, date(1960, 1, 16), date(1999, 1, 1)),
    ]
    span = period(date(1960, 1, 1), date(1960, 1, 30))
    certain, _ = measures_by_period(pact_from("1960-01-11"), split, [span])
    assert certain.courses["autonomous"].trend == "not comparable"


def test_periods_of_the_paper_come_in_order_with_their_bounds(built) -> None:
    found = read_periods(built.store)
    slugs = [one.iri.removeprefix(PREFIXES["period"]) for one in found]
    assert slugs == ["cold-war", "early-post-cold-war", "obama", "trump", "biden"]
    for one in found:
        assert one.earliest_begin is None or one.earliest_begin <= one.latest_begin
        assert one.latest_end is None or one.earliest_end <= one.latest_end


def test_values_of_the_paper_are_those_counted_day_by_day(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    biden = read_periods(built.store)[-1]
    certain, _ = measures_by_period(data, coverage, [biden])
    days = [certain.first + timedelta(days=i) for i in range(certain.days)]
    shares = [counted(members_on(data, day), HUB) for day in days]
    for i, kind in enumerate(("mediated", "convened", "autonomous")):
        values = [one[i] for one in shares if one is not None]
        course = certain.courses[kind]
        assert (course.start, course.end) == (pytest.approx(values[0]), pytest.approx(values[-1]))
        assert course.mean == pytest.approx(sum(values) / len(values))


def test_a_period_that_is_not_covered_has_no_value(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    early = read_periods(built.store)[1]
    certain, _ = measures_by_period(data, coverage, [early])
    assert certain.covered_days == 0
    assert {c.trend for c in certain.courses.values()} == {"not covered"}
    assert {v.verdict for v in verdicts(built.store, data, coverage, [early])
            if v.span.certain} == {"not covered"}  # fmt: skip


def test_every_claim_that_is_read_as_a_rule_is_in_the_graph_with_passages(built) -> None:
    claims = {
        (one.iri.removeprefix(PREFIXES["period"]), claim.iri.removeprefix(PREFIXES["clm"])): claim
        for one in read_periods(built.store)
        for claim in claims_of(built.store, one)
    }
    for expectation in EXPECTATIONS:
        assert expectation.rule in RULES
        for slug in expectation.periods:
            claim = claims[slug, expectation.claim]
            assert claim.passages
            assert claim.claimants == (PREFIXES["body"] + "paper-author",)
            assert claim.gist_en != claim.gist_zh


def test_verdicts_follow_from_the_numbers_by_the_stated_rule(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    found = verdicts(built.store, data, coverage, read_periods(built.store))
    assert {(v.verdict in WORDS["en"], v.verdict in WORDS["zh"]) for v in found} == {(True, True)}
    for one in found:
        course = one.span.courses["mediated"]
        if one.rule == "mediated-falls" and course.trend == "fell":
            assert one.verdict == "borne out"
        if one.rule == "mediated-falls" and course.trend == "unchanged":
            assert one.verdict in ("not borne out", "left open by the dates")
        if one.rule == "mostly-mediated" and one.verdict == "borne out on part of the days":
            assert one.share_of_days is not None
            assert 0 < one.share_of_days < 1
    cold_war = next(v for v in found if v.span.period.iri.endswith("cold-war") and v.span.certain)
    days = [cold_war.span.first + timedelta(days=i) for i in range(cold_war.span.days)]
    shares = [counted(members_on(data, day), HUB) for day in days]
    mostly = [one[0] > 0.5 for one in shares if one is not None]
    assert cold_war.share_of_days == pytest.approx(sum(mostly) / len(mostly))


def test_what_uncertain_dates_leave_open_is_said(built) -> None:
    """The trilaterals told of the Obama years have no date, but may have begun in them."""
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    obama = read_periods(built.store)[2]
    certain = [v for v in verdicts(built.store, data, coverage, [obama]) if v.span.certain]
    assert {v.verdict for v in certain} == {"left open by the dates"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_account_is_attributed_and_has_its_passages(built, language: str) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    found = read_periods(built.store)
    held = [("all", verdicts(built.store, data, coverage, found))]
    lines = list(account_lines(built.store, found, held, language))
    claims = [line for line in lines if line.startswith("  ") and not line.startswith("   ")]
    author = {"en": "the author of the paper (", "zh": "本文作者（"}[language]
    assert claims
    assert all(line.strip().startswith(author) for line in claims)
    assert sum(line.startswith("      ") for line in lines) == len(held[0][1])
