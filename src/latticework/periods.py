"""The measures by period, as a source divides the time, beside what it says of each period.

A period has uncertain ends. Its *certain* span are the days that surely belong to it, its
*possible* span those that may. Values are those of the certain web; the mean is weighted by days
and taken over the covered days alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.coverage import Coverage, degrees
from latticework.index import Incidence
from latticework.store import select
from latticework.structure import (
    MEASURES,
    UNITED_STATES,
    Panel,
    Shares,
    certain_shares,
    change_days,
    panel,
)
from latticework.vocabulary import DCT_SOURCE, LW, LWC, PREFIXES, RDF_TYPE

EPSILON = 1e-9
"""Differences below this are rounding."""

RULES = ("mostly-mediated", "mediated-falls")
"""Rules by which numbers are held against a claim.

``mostly-mediated``: more than half of the pairs of partners are mediated.
``mediated-falls``: the mediated share is lower at the end of the period than at its beginning.
"""


@dataclass(frozen=True)
class Expectation:
    """Our reading of a claim as a rule on numbers, for some periods."""

    claim: str
    """Slug of the claim."""
    periods: tuple[str, ...]
    """Slugs of the periods for which the claim is read so."""
    rule: str
    layers: tuple[str, ...] = ("treatyAlliance", "securityCooperation")
    """Slugs of the layers that the claim speaks of; all of them together are always held too."""


EXPECTATIONS = (
    Expectation(
        "paper-author-cold-war-relied-on-bilateral",
        ("cold-war",),
        "mostly-mediated",
        ("treatyAlliance",),
    ),
    Expectation(
        "paper-author-concluding-early-efforts-limited-effect",
        ("cold-war", "early-post-cold-war"),
        "mostly-mediated",
    ),
    Expectation("paper-author-turn-to-network-structure", ("obama",), "mediated-falls"),
    Expectation(
        "paper-author-administrations-promote-multilateral-turn",
        ("obama", "trump", "biden"),
        "mediated-falls",
    ),
)


@dataclass(frozen=True)
class Period:
    """A period with the bounds of its beginning and end; ``None`` is unbounded."""

    iri: str
    earliest_begin: date | None
    latest_begin: date
    earliest_end: date
    latest_end: date | None
    source: str

    def span(self, certain: bool, horizon: tuple[date, date]) -> tuple[date, date]:
        """First and last day, within the horizon where a side is unbounded."""
        if certain:
            return self.latest_begin, self.earliest_end
        return self.earliest_begin or horizon[0], self.latest_end or horizon[1]


@dataclass(frozen=True)
class Course:
    """One measure over a stretch of days; ``None`` where not covered or not defined."""

    start: float | None
    end: float | None
    mean: float | None
    """Weighted by days, over the days with a value."""
    trend: str
    """``rose``, ``fell`` or ``unchanged`` from the first day to the last; else ``not covered`` on
    one of them, ``not comparable`` as they are not covered alike, or ``no value`` (k < 2)."""


@dataclass(frozen=True)
class PeriodMeasures:
    """The lead measures over the certain or the possible span of a period."""

    period: Period
    certain: bool
    first: date
    last: date
    days: int
    covered_days: int
    valued_days: int
    """Days that are covered and have at least two partners."""
    before: Shares | None
    """On the first day; ``None`` where it is not covered."""
    after: Shares | None
    """On the last day."""
    courses: dict[str, Course]
    """By measure."""


@dataclass(frozen=True)
class Claim:
    """What a source says of a period or its administration."""

    iri: str
    claimants: tuple[str, ...]
    kind: str
    gist_en: str
    gist_zh: str
    passages: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """A claim held against the numbers of one span by one rule of :data:`RULES`.

    ``verdict`` is ``borne out``, ``not borne out``, ``borne out on part of the days``, ``left open
    by the dates``, ``not covered``, ``not comparable`` or ``no value``.
    """

    span: PeriodMeasures
    claim: Claim
    rule: str
    """One of :data:`RULES`."""
    verdict: str
    share_of_days: float | None
    """For ``mostly-mediated``: on what share of the days with a value the rule holds."""


def read_periods(store: ox.Store) -> list[Period]:
    """The periods in the graph, by their beginning."""
    found = []
    kind, period = ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + "Period")
    for quad in store.quads_for_pattern(None, kind, period, None):
        assert isinstance(quad.subject, ox.NamedNode)
        latest_begin = _date(store, quad.subject, "latestBegin")
        earliest_end = _date(store, quad.subject, "earliestEnd")
        if latest_begin is not None and earliest_end is not None:
            found.append(
                Period(
                    quad.subject.value,
                    _date(store, quad.subject, "earliestBegin"),
                    latest_begin,
                    earliest_end,
                    _date(store, quad.subject, "latestEnd"),
                    "".join(_values(store, quad.subject, DCT_SOURCE)),
                )
            )
    return sorted(found, key=lambda p: (p.latest_begin, p.iri))


def measures_by_period(
    data: Incidence,
    coverage: Sequence[Coverage],
    periods: Sequence[Period],
    hub: str = UNITED_STATES,
) -> list[PeriodMeasures]:
    """The lead measures over the certain and the possible span of every period.

    A certain span that is empty, as the end may come before the beginning, is left out.
    """
    edges = [edge for one in coverage for edge in (one.first, one.last)] or [date.min, date.max]
    horizon = (min(edges), max(edges))
    found = []
    for period in periods:
        for certain in (True, False):
            first, last = period.span(certain, horizon)
            if first <= last:
                found.append(_over(data, coverage, hub, period, certain, first, last))
    return found


def claims_of(store: ox.Store, period: Period) -> list[Claim]:
    """What is said of a period, and of the form of cooperation under its administration.

    An administration bears the slug of its period. Of its claims only those count that are about
    cooperation, too: about the variable that stands for its form, or a concept of a form.
    """
    slug = period.iri.removeprefix(PREFIXES["period"])
    of_form = {PREFIXES["var"] + "form-of-cooperation", *_concepts(store, "forms")}
    asked = question("claims/claims-about")
    found: dict[str, Claim] = {}
    for thing in (period.iri, PREFIXES["adm"] + slug):
        for row in select(store, asked.bind({"thing": [ox.NamedNode(thing)]})):
            claim = row["claim"]
            assert isinstance(claim, ox.NamedNode)
            about = set(_values(store, claim, LW + "about"))
            if thing == period.iri or about & of_form:
                found[claim.value] = _claim(store, claim)
    for expectation in EXPECTATIONS:
        claim = ox.NamedNode(PREFIXES["clm"] + expectation.claim)
        if slug in expectation.periods and any(_values(store, claim, RDF_TYPE)):
            found.setdefault(claim.value, _claim(store, claim))
    return [found[iri] for iri in sorted(found)]


def verdicts(
    store: ox.Store,
    data: Incidence,
    coverage: Sequence[Coverage],
    periods: Sequence[Period],
    hub: str = UNITED_STATES,
) -> list[Verdict]:
    """Hold the claims that can be read as a rule against the numbers of both spans.

    A claim about some layers is not held against the numbers of another layer alone.
    """
    asked = {iri.removeprefix(LWC) for iri in data.asked}
    said = {
        period.iri: {claim.iri: claim for claim in claims_of(store, period)} for period in periods
    }
    found = []
    for span in measures_by_period(data, coverage, periods, hub):
        claims = said[span.period.iri]
        slug = span.period.iri.removeprefix(PREFIXES["period"])
        for expectation in EXPECTATIONS:
            claim = claims.get(PREFIXES["clm"] + expectation.claim)
            meant = slug in expectation.periods and asked & set(expectation.layers)
            if claim is not None and meant:
                found.append(_verdict(data, coverage, hub, span, claim, expectation.rule))
    return found


def _verdict(
    data: Incidence,
    coverage: Sequence[Coverage],
    hub: str,
    span: PeriodMeasures,
    claim: Claim,
    rule: str,
) -> Verdict:
    if rule == "mostly-mediated":
        share = _mostly_mediated(data, coverage, hub, span)
        return Verdict(span, claim, rule, _by_days(share, span), share)
    ends = [panel(data, day, coverage, hub) for day in (span.first, span.last)]
    return Verdict(span, claim, rule, _by_fall(span.courses["mediated"], *ends), None)


def _by_days(share: float | None, span: PeriodMeasures) -> str:
    if share is None:
        return "no value" if span.covered_days else "not covered"
    if share in (0.0, 1.0):
        return "borne out" if share else "not borne out"
    return "borne out on part of the days"


def _by_fall(course: Course, first: Panel, last: Panel) -> str:
    """Whether the share fell; where not surely, whether the open dates would allow it."""
    if course.trend not in ("rose", "unchanged"):
        return "borne out" if course.trend == "fell" else course.trend
    most, least = getattr(first.high, "mediated", None), getattr(last.low, "mediated", None)
    possible = most is not None and least is not None and most > least + EPSILON
    return "left open by the dates" if possible else "not borne out"


def _mostly_mediated(
    data: Incidence, coverage: Sequence[Coverage], hub: str, span: PeriodMeasures
) -> float | None:
    """On what share of the days with a value more than half of the pairs are mediated."""
    holds = total = 0
    for days, one in _stretches(data, coverage, hub, span.first, span.last):
        if one is not None and one.mediated is not None:
            total += days
            holds += days if one.mediated > 0.5 + EPSILON else 0
    return holds / total if total else None


def _over(
    data: Incidence,
    coverage: Sequence[Coverage],
    hub: str,
    period: Period,
    certain: bool,
    first: date,
    last: date,
) -> PeriodMeasures:
    stretches = _stretches(data, coverage, hub, first, last)
    before, after = stretches[0][1], stretches[-1][1]
    valued = [(days, s) for days, s in stretches if s is not None and s.mediated is not None]
    valued_days = sum(days for days, _ in valued)
    alike = all(
        degrees(coverage, first, layer) == degrees(coverage, last, layer) for layer in data.asked
    )
    reason = "" if alike else "not comparable"
    reason = "not covered" if before is None or after is None else reason
    courses = {}
    for measure in MEASURES:
        weighted = sum(days * float(getattr(one, measure)) for days, one in valued)
        start, end = (
            None if (value := getattr(one, measure, None)) is None else float(value)
            for one in (before, after)
        )
        mean = weighted / valued_days if valued_days else None
        courses[measure] = Course(start, end, mean, reason or _trend(start, end))
    return PeriodMeasures(
        period,
        certain,
        first,
        last,
        sum(days for days, _ in stretches),
        sum(days for days, one in stretches if one is not None),
        valued_days,
        before,
        after,
        courses,
    )


def _trend(start: float | None, end: float | None) -> str:
    if start is None or end is None:
        return "no value"
    if abs(end - start) < EPSILON:
        return "unchanged"
    return "rose" if end > start else "fell"


def _stretches(
    data: Incidence, coverage: Sequence[Coverage], hub: str, first: date, last: date
) -> list[tuple[int, Shares | None]]:
    """Numbers of days on which the certain web stays the same, with its measures."""
    after = last + timedelta(days=1)
    starts = [first, *(day for day in change_days(data, coverage) if first < day <= last)]
    ends = [*starts[1:], after]
    return [
        ((end - start).days, certain_shares(data, start, coverage, hub))
        for start, end in zip(starts, ends, strict=True)
    ]


def _claim(store: ox.Store, claim: ox.NamedNode) -> Claim:
    gists = {
        quad.object.language: quad.object.value
        for quad in store.quads_for_pattern(claim, ox.NamedNode(LW + "gist"), None, None)
        if isinstance(quad.object, ox.Literal) and quad.object.language
    }
    english = gists.get("en", "")
    return Claim(
        claim.value,
        tuple(_values(store, claim, LW + "claimant")),
        "".join(_values(store, claim, LW + "claimKind")),
        english,
        next((text for tag, text in gists.items() if tag.startswith("zh")), english),
        tuple(_values(store, claim, LW + "evidence")),
    )


def _concepts(store: ox.Store, scheme: str) -> list[str]:
    in_scheme = ox.NamedNode(PREFIXES["skos"] + "inScheme")
    quads = store.quads_for_pattern(None, in_scheme, ox.NamedNode(PREFIXES["lwc"] + scheme), None)
    return [str(getattr(quad.subject, "value", "")) for quad in quads]


def _values(store: ox.Store, thing: ox.NamedNode, about: str) -> list[str]:
    quads = store.quads_for_pattern(thing, ox.NamedNode(about), None, None)
    return sorted({str(getattr(quad.object, "value", "")) for quad in quads})


def _date(store: ox.Store, thing: ox.NamedNode, name: str) -> date | None:
    values = _values(store, thing, LW + name)
    return date.fromisoformat(values[0]) if values else None
