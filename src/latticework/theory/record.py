"""What the graph records of a mechanism, and the predictions held against it.

Three criteria, each in a column of its own and never added up: how many members there were on
the day, whether a commitment to collective defence is recorded, and what the source itself calls
the mechanism. The author who coded the causes also judged the outcomes, so that agreement with
the label, above all, is partly circular.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import pyoxigraph as ox

from latticework.coverage import Coverage
from latticework.index import Incidence, incidence
from latticework.theory.days import surest
from latticework.theory.expectations import Expectation, predict
from latticework.theory.reading import (
    ALLIANCE,
    BILATERAL,
    FORM,
    LAYERS,
    Coding,
    Mechanism,
    Prediction,
    Theory,
    ask,
    read_theory,
    text,
)
from latticework.vocabulary import LWC

Shape = Literal["bilateral", "multilateral", "open", "none", "not covered"]
Commitment = Literal["recorded", "none", "not named", "not covered"]
Verdict = Literal["agrees", "differs", "open", "not covered"]
CRITERIA = ("members", "commitment", "label")

FULLY, NOT = LWC + "coveredFully", LWC + "notCovered"


@dataclass(frozen=True)
class Record:
    """What the chosen sources record of one mechanism on one day."""

    certain: tuple[str, ...]
    """Members that certainly belong to it."""
    possible: tuple[str, ...]
    """Members that may belong to it, beyond the certain ones."""
    shape: Shape
    """From the number of members; *open* where dates, or a list of members, leave it so."""
    commitment: Commitment
    """*None* only where the source covers the layer fully then; *not named* elsewhere."""
    undertakings: tuple[str, ...]
    """The facts that record the commitment."""
    label: tuple[str, ...]
    """The form that the source gives it; two where it only says alliance, or only cooperation;
    none where a label given for another time says nothing of this day."""
    label_codings: tuple[str, ...]
    """The codings that say so; none where the layer alone does."""


@dataclass(frozen=True)
class Held:
    """An expectation beside the record over a stretch of days, last day included."""

    first: date
    last: date
    expectation: Expectation
    """As on the first day; its predictions are all of one period."""
    period: str | None
    """The period that the codings speak of, if they do."""
    certain: tuple[tuple[date, date], ...]
    """The parts of the stretch in which the expectation is certain."""
    record: Record
    """As on the first day."""
    verdicts: dict[str, Verdict]
    """By criterion."""


@dataclass(frozen=True)
class _Commitment:
    """A recorded commitment and the day by which it had been made."""

    iri: str
    arrangement: str
    source: str
    by: date


class Records:
    """Reads off what is recorded of any mechanism on any day."""

    def __init__(self, store: ox.Store, sources: Collection[str] | None, theory: Theory) -> None:
        self.theory = theory
        self.data: Incidence = incidence(store, layers=LAYERS, sources=sources)
        self.prospective = _prospective(store)
        self.commitments = [
            _Commitment(
                text(row, "undertaking"),
                text(row, "arrangement"),
                text(row, "source"),
                date.fromisoformat(text(row, "by")),
            )
            for row in ask(store, "theory/defence-commitments")
            if sources is None or text(row, "source") in sources
        ]

    def on(self, mechanism: Mechanism, day: date) -> Record:
        """What is recorded of a mechanism on a day."""
        certain, possible = self._members(mechanism, day)
        label, codings = self._label(mechanism, day)
        undertakings = tuple(
            sorted(
                c.iri for c in self.commitments if c.arrangement == mechanism.iri and c.by <= day
            )
        )
        degree = _degree(self.theory.coverage, mechanism.layer, day)
        return Record(
            certain,
            possible,
            _shape(mechanism, len(certain), len(possible), covered=degree != NOT),
            self._commitment(mechanism, day, undertakings),
            undertakings,
            label,
            codings,
        )

    def _commitment(
        self, mechanism: Mechanism, day: date, undertakings: tuple[str, ...]
    ) -> Commitment:
        """Silence counts as none only for sources that record commitments and cover the layer."""
        recording = {c.source for c in self.commitments}
        told = [c for c in self.theory.coverage if c.source in recording]
        degree = _degree(told, mechanism.layer, day)
        if not mechanism.realised or degree == NOT:
            return "not covered"
        if undertakings:
            return "recorded"
        return "none" if degree == FULLY else "not named"

    def _members(self, mechanism: Mechanism, day: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if not mechanism.realised:
            return (), self.prospective.get(mechanism.iri, ())
        if mechanism.iri not in self.data.arrangements:
            return (), ()
        own = self.data.arrangement == self.data.arrangements.index(mechanism.iri)
        masks = (f(day.toordinal()) & own for f in (self.data.certain, self.data.possible))
        sure, maybe = ({self.data.states[i] for i in self.data.member[m]} for m in masks)
        return tuple(sorted(sure)), tuple(sorted(maybe - sure))

    def _label(self, mechanism: Mechanism, day: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        degree = _degree(self.theory.coverage, mechanism.layer, day)
        own = [
            c for c in self.theory.codings if (c.arrangement, c.variable) == (mechanism.iri, FORM)
        ]
        codings = [c for c in own if c.days.on(day) == "certain"]
        codings = codings or [c for c in own if c.days.on(day) and degree == FULLY]
        if degree == NOT or (own and not codings):
            return (), ()
        if codings:
            return tuple(sorted({c.value for c in codings})), tuple(c.iri for c in codings)
        allied = mechanism.layer == LWC + "treatyAlliance"
        kind = "Alliance" if allied else "SecurityCooperation"
        return (LWC + "bilateral" + kind, LWC + "multilateral" + kind), ()

    def edges(self, mechanism: Mechanism) -> set[date]:
        """The days on which what is recorded of it may change."""
        found = {
            edge
            for c in self.theory.codings
            if c.arrangement == mechanism.iri and c.variable == FORM
            for edge in c.days.edges()
        }
        found |= {c.by for c in self.commitments if c.arrangement == mechanism.iri}
        if mechanism.attempted:
            found |= {mechanism.attempted, mechanism.attempted + timedelta(days=1)}
        if mechanism.iri in self.data.arrangements:
            own = self.data.arrangement == self.data.arrangements.index(mechanism.iri)
            for bounds, more in (
                (self.data.earliest_begin, 0),
                (self.data.latest_begin, 0),
                (self.data.earliest_end, 1),
                (self.data.latest_end, 1),
            ):
                found |= {_day(int(d) + more) for d in bounds[own]}
        for c in self.theory.coverage:
            found |= {c.first, c.last + timedelta(days=1)}
        return found - {date.min, date.max}


def against_record(
    store: ox.Store,
    *,
    sources: Collection[str] | None = None,
    by: str | None = None,
    theory: Theory | None = None,
) -> list[Held]:
    """Hold every prediction against the record, mechanism by mechanism and stretch by stretch.

    A new stretch begins where the expectation, the period of its codings, the form, the
    commitment or the label on record, or a verdict changes.
    """
    theory = theory or read_theory(store, sources)
    records = Records(store, sources, theory)
    return [
        held
        for mechanism in theory.mechanisms
        if mechanism.of_the_hub
        for held in stretches(theory, records, mechanism, by)
    ]


def stretches(
    theory: Theory, records: Records, mechanism: Mechanism, by: str | None = None
) -> list[Held]:
    """The stretches of one mechanism's life: one row a claimant, rule and period of the codings."""
    found: list[Held] = []
    for first, last in steps(theory, records, mechanism):
        record = records.on(mechanism, first)
        for one in predict(theory, first, by, [mechanism]):
            if one.status not in ("outside", "not in being"):
                for period, part in _by_period(one, mechanism, first):
                    certain = ((first, last),) if part.status == "certain" else ()
                    judged = verdicts(part, record)
                    _extend(found, Held(first, last, part, period, certain, record, judged))
    return sorted(found, key=lambda h: (h.first, h.last, h.expectation.rule or ""))


def steps(theory: Theory, records: Records, mechanism: Mechanism) -> list[tuple[date, date]]:
    """The covered days, cut wherever an expectation or the record of the mechanism may change."""
    edges = records.edges(mechanism)
    dated: tuple[Prediction | Coding, ...] = (*theory.predictions, *theory.codings)
    for one in dated:
        if one.arrangement == mechanism.iri:
            edges |= one.days.edges()
    for own in mechanism.being:
        edges |= own.edges()
    first = min((c.first for c in theory.coverage), default=date.max)
    last = max((c.last for c in theory.coverage), default=date.min)
    starts = sorted({first, *(edge for edge in edges if first <= edge <= last)})
    ends = [start - timedelta(days=1) for start in starts[1:]] + [last]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start <= end]


def _by_period(
    one: Expectation, mechanism: Mechanism, on: date
) -> list[tuple[str | None, Expectation]]:
    """The expectation, taken apart by the period of which its codings speak."""
    if not one.predictions:
        return [(None, one)]
    parts: dict[str | None, list[Prediction]] = {}
    for prediction in one.predictions:
        period = next((c.period for c in prediction.codings if c.period), None)
        parts.setdefault(period, []).append(prediction)
    found = []
    for period, own in parts.items():
        sure = surest([p.days.on(on) for p in own]) == mechanism.on(on) == "certain"
        status = one.status if one.status == "contradictory" else "certain" if sure else "possible"
        found.append((period, replace(one, status=status, predictions=tuple(own))))
    return found


def _extend(found: list[Held], new: Held) -> None:
    """Add a stretch, or lengthen the one that it goes on with."""
    for at, old in enumerate(found):
        if old.last + timedelta(days=1) == new.first and _key(old) == _key(new):
            found[at] = replace(old, last=new.last, certain=_join(old.certain + new.certain))
            return
    found.append(new)


def _key(held: Held) -> tuple[object, ...]:
    one = held.expectation
    contradictory = one.status == "contradictory"
    record = held.record
    return (
        *(one.claimant, one.rule, one.forms, one.missing, contradictory, held.period),
        *(
            record.certain,
            record.possible,
            record.shape,
            record.commitment,
            record.label,
            *held.verdicts.values(),
        ),
    )


def _join(spans: tuple[tuple[date, date], ...]) -> tuple[tuple[date, date], ...]:
    joined: list[tuple[date, date]] = []
    for first, last in spans:
        if joined and joined[-1][1] + timedelta(days=1) == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return tuple(joined)


def verdicts(expectation: Expectation, record: Record) -> dict[str, Verdict]:
    """Agrees, differs, open or not covered, for every criterion."""
    forms = set(expectation.forms)
    if not forms:
        return dict.fromkeys(CRITERIA, "not covered")
    number = {form in BILATERAL for form in forms}
    allied = {form in ALLIANCE for form in forms}
    return {
        "members": _number_verdict(number, record),
        "commitment": _commitment_verdict(allied, record),
        "label": _label_verdict(forms, allied, record),
    }


def _number_verdict(bilateral: set[bool], record: Record) -> Verdict:
    if record.shape in ("none", "not covered"):
        return "not covered"
    if record.shape == "open" or len(bilateral) > 1:
        return "open"
    return "agrees" if (record.shape == "bilateral") in bilateral else "differs"


def _commitment_verdict(allied: set[bool], record: Record) -> Verdict:
    if record.commitment in ("not named", "not covered"):
        return "not covered"
    if len(allied) > 1:
        return "open"
    return "agrees" if (record.commitment == "recorded") in allied else "differs"


def _label_verdict(forms: set[str], allied: set[bool], record: Record) -> Verdict:
    if not record.label:
        return "not covered"
    if record.label_codings:
        within = {label in forms for label in record.label}
        return "open" if len(within) > 1 else "agrees" if True in within else "differs"
    if len(allied) > 1:
        return "open"
    return "agrees" if (record.label[0] in ALLIANCE) in allied else "differs"


def _shape(mechanism: Mechanism, certain: int, possible: int, *, covered: bool) -> Shape:
    if not covered:
        return "not covered"
    if not mechanism.realised:
        return "open"
    if certain + possible == 0:
        return "none"
    if certain >= 3:
        return "multilateral"
    return "bilateral" if certain == 2 and not possible and not mechanism.open_list else "open"


def _degree(coverage: Sequence[Coverage], layer: str, day: date) -> str:
    """How closely the sources cover a layer on a day: the best of them."""
    degrees = {c.degree for c in coverage if c.layer == layer and c.first <= day <= c.last}
    if FULLY in degrees:
        return FULLY
    return next(iter(degrees - {NOT}), NOT)


def _prospective(store: ox.Store) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for row in ask(store, "membership/prospective-members"):
        found.setdefault(text(row, "arrangement"), set()).add(text(row, "state"))
    return {iri: tuple(sorted(states)) for iri, states in found.items()}


def _day(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))
