"""What the framework leads one to expect on a day, and where it is silent and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from latticework.theory.days import Certainty, surest
from latticework.theory.reading import VALUES, Mechanism, Prediction, Theory

Status = Literal["certain", "possible", "contradictory", "not covered", "outside", "not in being"]


@dataclass(frozen=True)
class Expectation:
    """One line of an answer: a mechanism, a claimant and what follows from the codings.

    ``status`` says how sure it is, or why there is none: *not covered* (no coding by that
    claimant, or a day beyond the sources), *outside* (the framework speaks of what the United
    States chooses, and it is no member), *not in being* on that day. *Contradictory* is an
    expectation that certainly holds beside another one, by the same claimant, for another form.
    """

    mechanism: Mechanism
    claimant: str | None
    status: Status
    forms: tuple[str, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    """All that lead to these forms by one rule; the most specific one, the surest first."""
    missing: tuple[str, ...] = ()
    """Variables that would have to be coded for a rule to apply."""

    @property
    def rule(self) -> str | None:
        """The rule of the expectation."""
        return self.predictions[0].rule if self.predictions else None


def predict(
    theory: Theory, on: date, by: str | None = None, among: Sequence[Mechanism] | None = None
) -> tuple[Expectation, ...]:
    """What the framework leads one to expect of every mechanism on a day.

    Args:
        theory: what the chosen sources say.
        on: the day.
        by: only this claimant's codings; every claimant in turn by default.
        among: the mechanisms; all by default.

    """
    claimants = [by] if by else list(theory.claimants())
    return tuple(
        one
        for mechanism in (theory.mechanisms if among is None else among)
        for one in _of_one(theory, mechanism, on, claimants)
    )


def _of_one(
    theory: Theory, mechanism: Mechanism, on: date, claimants: Sequence[str]
) -> list[Expectation]:
    if not mechanism.of_the_hub:
        return [Expectation(mechanism, None, "outside")]
    if not theory.covers(on):
        return [Expectation(mechanism, None, "not covered")]
    in_being = mechanism.on(on)
    if in_being is None:
        return [Expectation(mechanism, None, "not in being")]
    found = [
        one for claimant in claimants for one in _by_one(theory, mechanism, on, claimant, in_being)
    ]
    # A rival who coded nothing of this mechanism is not listed beside those who did.
    spoken = [one for one in found if one.predictions or len(one.missing) < len(VALUES)]
    return spoken or found[:1] or [Expectation(mechanism, None, "not covered")]


def _by_one(
    theory: Theory, mechanism: Mechanism, on: date, claimant: str, in_being: Certainty
) -> list[Expectation]:
    holding = [
        p
        for p in theory.predictions
        if p.arrangement == mechanism.iri and p.claimant == claimant and p.days.on(on)
    ]
    if not holding:
        missing = _missing(theory, mechanism, on, claimant)
        return [Expectation(mechanism, claimant, "not covered", missing=missing)]
    by_rule: dict[tuple[str, tuple[str, ...]], list[Prediction]] = {}
    for one in holding:
        by_rule.setdefault((one.rule, one.forms), []).append(one)
    certain = {
        forms
        for (_, forms), own in by_rule.items()
        if surest([p.days.on(on) for p in own]) == "certain"
    }
    found = []
    for (_, forms), own in sorted(by_rule.items()):
        own.sort(key=lambda p: (-sum(c.named for c in p.codings), p.days.on(on), p.iri))
        sure = surest([p.days.on(on) for p in own])
        status: Status = "certain" if sure == in_being == "certain" else "possible"
        if sure == "certain" and len(certain) > 1:
            status = "contradictory"
        found.append(Expectation(mechanism, claimant, status, forms, tuple(own)))
    return found


def _missing(theory: Theory, mechanism: Mechanism, on: date, claimant: str) -> tuple[str, ...]:
    """The causes that the claimant gives no value that may hold on the day."""
    coded = {
        c.variable
        for c in theory.codings
        if c.arrangement == mechanism.iri and c.claimant == claimant and c.days.on(on)
    }
    return tuple(variable for variable in VALUES if variable not in coded)
