"""What the graph holds of the theory: codings, rules, predictions, mechanisms, as plain values.

The predictions themselves are made by ``ontology/rules/predictions.rq``; nothing here repeats
that rule.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.coverage import Coverage, read_coverage
from latticework.errors import UnknownName
from latticework.results import value
from latticework.store import Row, select
from latticework.structure import UNITED_STATES
from latticework.theory.days import Certainty, Days, days, surest
from latticework.vocabulary import LWC, PREFIXES

POWER_GAP = PREFIXES["var"] + "power-gap"
EXTERNAL_THREAT = PREFIXES["var"] + "external-threat"
INTERNAL_DIVERGENCE = PREFIXES["var"] + "internal-divergence"
FORM = PREFIXES["var"] + "form-of-cooperation"

VALUES = {
    POWER_GAP: LWC + "powerGaps",
    EXTERNAL_THREAT: LWC + "threatValues",
    INTERNAL_DIVERGENCE: LWC + "divergenceValues",
}
"""The three causes, in the order of the framework, and the closed list of each."""

LAYERS = (LWC + "treatyAlliance", LWC + "securityCooperation")
BILATERAL = frozenset({LWC + "bilateralAlliance", LWC + "bilateralSecurityCooperation"})
ALLIANCE = frozenset({LWC + "bilateralAlliance", LWC + "multilateralAlliance"})
FORMS = (
    LWC + "bilateralAlliance",
    LWC + "bilateralSecurityCooperation",
    LWC + "multilateralAlliance",
    LWC + "multilateralSecurityCooperation",
)
"""The four values of the dependent variable."""


@dataclass(frozen=True)
class Coding:
    """A claimant's value of one variable for one arrangement, on some days."""

    iri: str
    arrangement: str
    variable: str
    value: str
    claimant: str
    named: bool
    """True where the coding names the arrangement; false where it speaks of all at once."""
    period: str | None
    """The period that the coding speaks of, if it does."""
    days: Days
    source: str


@dataclass(frozen=True)
class Prediction:
    """What one rule leads one to expect under one claimant's codings, while they hold."""

    iri: str
    arrangement: str
    claimant: str
    rule: str
    forms: tuple[str, ...]
    """Every form that the rule leaves open."""
    codings: tuple[Coding, ...]
    days: Days


@dataclass(frozen=True)
class Mechanism:
    """An arrangement that the framework could speak of."""

    iri: str
    layer: str
    realised: bool
    open_list: bool
    """True where the source names only some of the members."""
    of_the_hub: bool
    """Whether the United States is, or was to be, a member."""
    attempted: date | None
    """By when it had been attempted, if it never came about."""
    being: tuple[Days, ...]
    """When the United States belonged to it, one entry a membership."""

    def on(self, day: date) -> Certainty | None:
        """Whether it was in being on that day; an attempt counts on the day that attests it."""
        if not self.realised:
            return "certain" if day == self.attempted else None
        return surest([held.on(day) for held in self.being])


@dataclass(frozen=True)
class Theory:
    """All that the chosen sources say of the theory."""

    mechanisms: tuple[Mechanism, ...]
    codings: tuple[Coding, ...]
    predictions: tuple[Prediction, ...]
    coverage: tuple[Coverage, ...]

    def mechanism(self, iri: str) -> Mechanism:
        """The mechanism of that IRI.

        Raises:
            UnknownName: it is none that the framework could speak of.

        """
        for one in self.mechanisms:
            if one.iri == iri:
                return one
        raise UnknownName(
            "'{given}' is no mechanism that the framework could speak of; there are: {known}",
            given=iri.rpartition("/")[2],
            known=[m.iri.rpartition("/")[2] for m in self.mechanisms],
        )

    def covers(self, day: date) -> bool:
        """Whether the day lies between the first and the last that the sources speak of."""
        return any(c.first <= day for c in self.coverage) and any(
            c.last >= day for c in self.coverage
        )

    def claimants(self) -> tuple[str, ...]:
        """Whoever coded a cause."""
        return tuple(sorted({c.claimant for c in self.codings if c.variable in VALUES}))


def read_theory(store: ox.Store, sources: Collection[str] | None = None) -> Theory:
    """Read the theory of the chosen sources (all by default)."""
    codings = _codings(store, sources)
    return Theory(
        mechanisms=_mechanisms(store, sources),
        codings=codings,
        predictions=_predictions(store, sources, codings),
        coverage=tuple(c for c in read_coverage(store, sources) if c.layer in LAYERS),
    )


def _codings(store: ox.Store, sources: Collection[str] | None) -> tuple[Coding, ...]:
    return tuple(
        Coding(
            iri=text(row, "coding"),
            arrangement=text(row, "arrangement"),
            variable=text(row, "variable"),
            value=text(row, "value"),
            claimant=text(row, "claimant"),
            named="named" in row,
            period=text(row, "period") or None,
            days=days(row),
            source=text(row, "source"),
        )
        for row in ask(store, "theory/codings-that-apply")
        if sources is None or text(row, "source") in sources
    )


def _predictions(
    store: ox.Store, sources: Collection[str] | None, codings: tuple[Coding, ...]
) -> tuple[Prediction, ...]:
    """Predictions whose rule and codings are all of the chosen sources."""
    by_key = {(c.iri, c.arrangement, c.claimant): c for c in codings}
    grouped: dict[tuple[str, str], list[Row]] = {}
    for row in ask(store, "theory/predictions"):
        if sources is None or text(row, "source") in sources:
            grouped.setdefault((text(row, "prediction"), text(row, "claimant")), []).append(row)
    found = []
    for (iri, claimant), rows in grouped.items():
        first = rows[0]
        arrangement, rule = text(first, "arrangement"), text(first, "rule")
        steps = derived_from(store, iri) - {rule}
        own = [by_key[k] for s in steps if (k := (s, arrangement, claimant)) in by_key]
        if len(own) < len(steps):
            continue  # a coding is of a source that was not chosen
        forms = tuple(sorted({text(row, "form") for row in rows}))
        own.sort(key=lambda c: list(VALUES).index(c.variable))
        found.append(Prediction(iri, arrangement, claimant, rule, forms, tuple(own), days(first)))
    return tuple(found)


def derived_from(store: ox.Store, iri: str) -> set[str]:
    """What a derived node rests on."""
    derived = ox.NamedNode(PREFIXES["prov"] + "wasDerivedFrom")
    quads = store.quads_for_pattern(ox.NamedNode(iri), derived, None, None)
    return {q.object.value for q in quads if isinstance(q.object, ox.NamedNode)}


def _mechanisms(store: ox.Store, sources: Collection[str] | None) -> tuple[Mechanism, ...]:
    being: dict[str, list[Days]] = {}
    for row in ask(store, "membership/dated-memberships"):
        if text(row, "member") == UNITED_STATES and (
            sources is None or text(row, "source") in sources
        ):
            being.setdefault(text(row, "arrangement"), []).append(days(row))
    found = {}
    for row in ask(store, "theory/mechanisms"):
        iri = text(row, "arrangement")
        attempted = value(row.get("attempted"))
        found[iri] = Mechanism(
            iri=iri,
            layer=text(row, "layer"),
            realised=text(row, "status") == LWC + "operating",
            open_list=text(row, "open") == "true",
            of_the_hub=text(row, "ofTheUnitedStates") == "true",
            attempted=attempted if isinstance(attempted, date) else None,
            being=tuple(being.get(iri, ())),
        )
    return tuple(found.values())


def ask(store: ox.Store, name: str) -> list[Row]:
    """The rows of a named question with its defaults."""
    return select(store, question(name).text)


def text(row: Row, name: str) -> str:
    """A cell as text, empty where unbound."""
    return str(getattr(row.get(name), "value", ""))
