"""Other codings: the whole decision table, why not another form, what hangs on which coding.

Everything is read off the answers of ``queries/theory/what-if.rq`` to all combinations of values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

import pyoxigraph as ox

from latticework.errors import InputError
from latticework.theory.expectations import predict
from latticework.theory.reading import FORMS, VALUES, Coding, Mechanism, Theory, ask, text
from latticework.vocabulary import shorten

Values = tuple[str, str, str]
"""Values of power gap, external threat and internal divergence."""


@dataclass(frozen=True)
class Outcome:
    """What the rules leave open under one combination of values, and by which rules."""

    values: Values
    rules: tuple[str, ...]
    forms: frozenset[str]


@dataclass(frozen=True)
class Change:
    """Codings that would have to be otherwise, taken together, for a form to come out."""

    values: tuple[tuple[str, str], ...]
    """Variable and value, only of what changes."""
    rules: tuple[str, ...]
    forms: frozenset[str]
    """What would then stay open; the form that was asked for is one of these."""


@dataclass(frozen=True)
class Dependence:
    """Whether one coding decides a prediction."""

    coding: Coding
    other: str
    """The other value of its variable."""
    forms: frozenset[str]
    """What would stay open with that other value."""
    changes: bool


def decision_table(store: ox.Store) -> dict[Values, Outcome]:
    """What the rules leave open for all combinations of the three causes."""
    rows: dict[Values, list[tuple[str, str]]] = {}
    for row in ask(store, "theory/what-if"):
        key = (text(row, "powerGap"), text(row, "threat"), text(row, "divergence"))
        rows.setdefault(key, []).append((text(row, "rule"), text(row, "predicted")))
    return {
        key: Outcome(key, tuple(sorted({r for r, _ in own})), frozenset(f for _, f in own))
        for key, own in rows.items()
    }


def why_not(
    store: ox.Store, theory: Theory, mechanism: Mechanism, form: str, on: date, by: str | None
) -> list[Change]:
    """The least sets of codings that would have to change for a form to come out.

    Least means that no coding of a set could stay as it is. An empty list says that the form is
    already among those left open. A variable that is not coded counts as one to be coded.

    Raises:
        InputError: the form is none of the four, or nothing of the mechanism is coded then.

    """
    if form not in FORMS:
        raise InputError(
            "'{given}' is no form of cooperation; there are: {known}",
            given=form.rpartition("#")[2],
            known=[shorten(known).partition(":")[2] for known in FORMS],
        )
    held = {f for one in predict(theory, on, by, [mechanism]) for f in one.forms}
    if form in held:
        return []
    current = values_on(theory, mechanism, on, by)
    table = decision_table(store)
    changes: list[Change] = []
    for size in range(1, len(VALUES) + 1):
        for names in combinations(VALUES, size):
            if any({v for v, _ in known.values} <= set(names) for known in changes):
                continue
            changes += _ways(table, current, names, form)
    return changes


def _ways(
    table: Mapping[Values, Outcome], current: Mapping[str, str], names: tuple[str, ...], form: str
) -> list[Change]:
    """Outcomes that hold the form when just these variables are otherwise.

    What is not coded and not changed must not matter: every value of it has to lead there.
    """
    found = []
    choices = [
        sorted({key[i] for key in table} - {current.get(v)}) if v in names else [None]
        for i, v in enumerate(VALUES)
    ]
    for choice in product(*choices):
        fixed = [
            chosen if v in names else current.get(v)
            for v, chosen in zip(VALUES, choice, strict=True)
        ]
        fitting = [
            outcome
            for key, outcome in table.items()
            if all(want in (None, have) for want, have in zip(fixed, key, strict=True))
        ]
        if fitting and all(form in outcome.forms for outcome in fitting):
            found.append(
                Change(
                    tuple((v, c) for v, c in zip(VALUES, choice, strict=True) if c is not None),
                    tuple(sorted({rule for outcome in fitting for rule in outcome.rules})),
                    frozenset(f for outcome in fitting for f in outcome.forms),
                )
            )
    return found


def values_on(theory: Theory, mechanism: Mechanism, on: date, by: str | None) -> dict[str, str]:
    """The value of every coded cause on a day: the surest, and the mechanism's own first."""
    found: dict[str, tuple[bool, bool, str]] = {}
    for coding in theory.codings:
        sure = coding.days.on(on)
        if coding.arrangement == mechanism.iri and sure and by in (None, coding.claimant):
            rank = (sure == "certain", coding.named, coding.value)
            found[coding.variable] = max(rank, found.get(coding.variable, rank))
    return {variable: rank[2] for variable, rank in found.items() if variable in VALUES}


def sensitivity(
    store: ox.Store, theory: Theory, on: date, by: str | None = None
) -> list[tuple[Mechanism, str, frozenset[str], list[Dependence]]]:
    """For every predicted mechanism and claimant: which of the three codings decides.

    A prediction hangs on a coding if the other value of its variable, the rest unchanged, leads
    to another set of forms. Only mechanisms with all three values coded are listed.
    """
    table = decision_table(store)
    found = []
    for mechanism in theory.mechanisms:
        for claimant in [by] if by else theory.claimants():
            codings = _deciding(theory, mechanism, on, claimant)
            if len(codings) < len(VALUES):
                continue
            now = (codings[0].value, codings[1].value, codings[2].value)
            found.append(
                (
                    mechanism,
                    claimant,
                    table[now].forms,
                    [_dependence(table, now, i, coding) for i, coding in enumerate(codings)],
                )
            )
    return found


def _deciding(theory: Theory, mechanism: Mechanism, on: date, claimant: str) -> list[Coding]:
    """One coding a variable: the surest, and the mechanism's own first."""
    found = []
    for variable in VALUES:
        own = [
            c
            for c in theory.codings
            if (c.arrangement, c.variable, c.claimant) == (mechanism.iri, variable, claimant)
            and c.days.on(on)
        ]
        if own and mechanism.on(on):
            found.append(max(own, key=lambda c: (c.days.on(on) == "certain", c.named, c.iri)))
    return found


def _dependence(
    table: Mapping[Values, Outcome], now: Values, at: int, coding: Coding
) -> Dependence:
    other = min({key[at] for key in table} - {coding.value})
    forms = table[(*now[:at], other, *now[at + 1 :])].forms  # type: ignore[index]
    return Dependence(coding, other, forms, forms != table[now].forms)
