"""What if: other codings, members or dates, and what then follows.

A scenario is looked at in a copy of the data set, over which the same rules run again; nothing of
it ever reaches the graph.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from latticework.coverage import read_coverage
from latticework.errors import InputError
from latticework.index import incidence
from latticework.phrases import Phrase
from latticework.resources import folder
from latticework.store import add, construct
from latticework.structure import Panel, panel
from latticework.theory.expectations import Expectation, predict
from latticework.theory.reading import Theory, read_theory
from latticework.theory.record import Record, Records
from latticework.theory.suppositions import Dates, Member, Scenario, Value, camel, check_order
from latticework.vocabulary import DCT_SOURCE, DERIVED, EDTF, LW, PREFIXES, RDF_TYPE, XSD, shorten

SUPPOSED = PREFIXES["scn"] + "supposed"
"""The named graph, in the copy only, of what a scenario adds."""
AGAIN = ("bounds", "forms", "member-of", "coding-spans", "applies-to", "predictions")
"""The rules that run anew over the copy."""


@dataclass(frozen=True)
class Side:
    """How things stand on one side of the comparison."""

    expectations: tuple[Expectation, ...]
    records: dict[str, Record]
    panel: Panel


@dataclass(frozen=True)
class Comparison:
    """A day as recorded, and as it would be under the scenario."""

    scenario: Scenario
    on: date
    holds: bool
    """False where the day lies outside the days of the scenario: nothing changes then."""
    before: Side
    after: Side
    mechanisms: tuple[str, ...]
    """Those that the scenario names, or for which something changes."""


def check(theory: Theory, members: dict[str, set[str]], scenario: Scenario) -> None:
    """Raise for a scenario that supposes nothing, contradicts itself or does not fit the graph."""
    if not (scenario.values or scenario.without or scenario.joined or scenario.dates):
        raise InputError(
            "nothing is supposed; name a scenario, or give --set, --without, --join, --begin or "
            "--end"
        )
    check_order(scenario.first, scenario.last, Phrase("the scenario"))
    keys = [(v.arrangement, v.variable) for v in scenario.values]
    for arrangement, variable in keys:
        theory.mechanism(arrangement)
        if keys.count((arrangement, variable)) > 1:
            raise InputError(
                "{arrangement}:{variable} is set twice; set it once",
                arrangement=arrangement.rpartition("/")[2],
                variable=camel(variable),
            )
    for member in scenario.without:
        places = [member.arrangement] if member.arrangement else sorted(members)
        if not any(member.state in members.get(place, set()) for place in places):
            raise InputError(
                "{state} is no member of {arrangement}; there is nothing to leave out",
                state=shorten(member.state),
                arrangement=shorten(member.arrangement)
                if member.arrangement
                else "any arrangement",
            )


# The copy ----------------------------------------------------------------------------------------


def suppose(store: ox.Store, scenario: Scenario, by: str | None = None) -> ox.Store:
    """A copy of the data set in which the suppositions hold and the rules have run again.

    A supposed value takes the place of every coding of that variable that applies to the
    mechanism, by the claimant asked for or else by all who coded its causes.
    """
    stale = {DERIVED + rule for rule in AGAIN}
    copy = ox.Store()
    copy.extend(quad for quad in store if getattr(quad.graph_name, "value", "") not in stale)
    for member in scenario.without:
        for membership in _memberships(copy, member.arrangement, member.state):
            _forget(copy, membership)
    for number, member in enumerate(scenario.joined):
        add(copy, _joining(copy, member, number, scenario.first), SUPPOSED)
    for dates in scenario.dates:
        for membership in _memberships(copy, dates.arrangement, None):
            _redate(copy, membership, dates)
    for rule in AGAIN:
        if rule == "predictions":
            for value in scenario.values:
                _replace(copy, value, scenario, by)
        text = (folder("ontology") / "rules" / f"{rule}.rq").read_text(encoding="utf-8")
        add(copy, construct(copy, text), DERIVED + rule)
    return copy


def _memberships(store: ox.Store, arrangement: str | None, state: str | None) -> list[ox.NamedNode]:
    """Memberships of an arrangement, of a state, or both."""
    member = ox.NamedNode(state) if state else None
    quads = store.quads_for_pattern(None, ox.NamedNode(LW + "member"), member, None)
    found = {q.subject for q in quads if isinstance(q.subject, ox.NamedNode)}
    if arrangement:
        place = (ox.NamedNode(LW + "arrangement"), ox.NamedNode(arrangement))
        held = {q.subject for q in store.quads_for_pattern(None, *place, None)}
        found &= {node for node in held if isinstance(node, ox.NamedNode)}
    return sorted(found, key=lambda node: node.value)


def _forget(store: ox.Store, node: ox.NamedNode) -> None:
    for quad in list(store.quads_for_pattern(node, None, None, None)):
        store.remove(quad)


def _joining(store: ox.Store, member: Member, number: int, first: date | None) -> list[ox.Triple]:
    """A membership from the first day of the scenario on, under the sources of the others."""
    assert member.arrangement is not None
    node = ox.NamedNode(f"{SUPPOSED}-membership-{number}")
    others = _memberships(store, member.arrangement, None)
    things = [
        (RDF_TYPE, LW + "Membership"),
        (LW + "member", member.state),
        (LW + "arrangement", member.arrangement),
        *((DCT_SOURCE, s) for s in {s for o in others for s in _objects(store, o, DCT_SOURCE)}),
    ]
    begin = ox.Literal((first or date.min).isoformat(), datatype=ox.NamedNode(EDTF))
    return [
        *(ox.Triple(node, ox.NamedNode(p), ox.NamedNode(o)) for p, o in things),
        ox.Triple(node, ox.NamedNode(LW + "begin"), begin),
    ]


def _redate(store: ox.Store, membership: ox.NamedNode, dates: Dates) -> None:
    for given, terms in (
        (dates.begin, ("begin", "attested", "unknownBegin")),
        (dates.end, ("end", "unknownEnd")),
    ):
        if given is None:
            continue
        for term in terms:
            pattern = (membership, ox.NamedNode(LW + term), None, None)
            for quad in list(store.quads_for_pattern(*pattern)):
                store.remove(quad)
        text = ox.Literal(given.isoformat(), datatype=ox.NamedNode(EDTF))
        add(store, [ox.Triple(membership, ox.NamedNode(LW + terms[0]), text)], SUPPOSED)


def _replace(store: ox.Store, value: Value, scenario: Scenario, by: str | None) -> None:
    """Put a supposed coding in the place of those that apply to the mechanism."""
    applies, place = ox.NamedNode(LW + "appliesTo"), ox.NamedNode(value.arrangement)
    claimants, sources = set[str](), set[str]()
    for quad in list(store.quads_for_pattern(None, applies, place, None)):
        coding = quad.subject
        assert isinstance(coding, ox.NamedNode)
        who = _objects(store, coding, LW + "claimant")
        if by in (None, *who):
            claimants |= who if by is None else {by}
            sources |= _objects(store, coding, DCT_SOURCE)
            if value.variable in _objects(store, coding, LW + "variable"):
                store.remove(quad)
    slug = f"{value.arrangement.rpartition('/')[2]}-{value.variable.rpartition('/')[2]}"
    first, last = scenario.first or date.min, scenario.last or date.max
    things = [
        (RDF_TYPE, LW + "Coding"),
        (LW + "appliesTo", value.arrangement),
        (LW + "arrangement", value.arrangement),
        (LW + "variable", value.variable),
        (LW + "codedValue", value.value),
        *((LW + "claimant", claimant) for claimant in claimants),
        *((DCT_SOURCE, source) for source in sources),
    ]
    bounds = {"earliestBegin": first, "latestBegin": first, "earliestEnd": last, "latestEnd": last}
    node = ox.NamedNode(f"{SUPPOSED}-{slug}")
    add(
        store,
        [
            *(ox.Triple(node, ox.NamedNode(p), ox.NamedNode(o)) for p, o in things),
            *(ox.Triple(node, ox.NamedNode(LW + p), _date(on)) for p, on in bounds.items()),
        ],
        SUPPOSED,
    )


def _objects(store: ox.Store, node: ox.NamedNode, predicate: str) -> set[str]:
    quads = store.quads_for_pattern(node, ox.NamedNode(predicate), None, None)
    return {q.object.value for q in quads if isinstance(q.object, ox.NamedNode)}


def _date(on: date) -> ox.Literal:
    return ox.Literal(on.isoformat(), datatype=ox.NamedNode(XSD + "date"))


# Side by side ------------------------------------------------------------------------------------


def what_if(
    store: ox.Store,
    scenario: Scenario,
    on: date,
    *,
    sources: Collection[str] | None = None,
    by: str | None = None,
) -> Comparison:
    """A day as recorded beside the same day under a scenario.

    Raises:
        InputError: the scenario supposes nothing, contradicts itself, ends before it begins, or
            leaves out a state that is no member.
        UnknownName: it supposes a value of what is no mechanism of the framework.

    """
    members: dict[str, set[str]] = {}
    theory = read_theory(store, sources)
    data = incidence(store, sources=sources, beyond_region=True)
    for at, state in zip(data.arrangement, data.member, strict=True):
        members.setdefault(data.arrangements[at], set()).add(data.states[state])
    check(theory, members, scenario)
    before = _side(store, on, sources, by)
    holds = scenario.holds(on)
    after = _side(suppose(store, scenario, by), on, sources, by) if holds else before
    return Comparison(scenario, on, holds, before, after, _touched(scenario, before, after))


def _side(store: ox.Store, on: date, sources: Collection[str] | None, by: str | None) -> Side:
    theory = read_theory(store, sources)
    records = Records(store, sources, theory)
    told = [m for m in theory.mechanisms if m.of_the_hub]
    return Side(
        expectations=predict(theory, on, by, told),
        records={m.iri: records.on(m, on) for m in told},
        panel=panel(incidence(store, sources=sources), on, read_coverage(store, sources)),
    )


def _touched(scenario: Scenario, before: Side, after: Side) -> tuple[str, ...]:
    named = {v.arrangement for v in scenario.values} | {d.arrangement for d in scenario.dates}
    named |= {m.arrangement for m in (*scenario.without, *scenario.joined) if m.arrangement}
    changed = {
        iri
        for iri in before.records.keys() | after.records.keys()
        if _seen(before, iri) != _seen(after, iri)
    }
    return tuple(sorted((named | changed) & (before.records.keys() | after.records.keys())))


def _seen(side: Side, iri: str) -> tuple[object, ...]:
    """What can be seen of a mechanism on one side."""
    record = side.records.get(iri)
    forms = tuple(
        (e.claimant, e.status, e.forms) for e in side.expectations if e.mechanism.iri == iri
    )
    return (forms, record and (record.certain, record.possible, record.shape))


def of(side: Side, mechanism: str) -> tuple[Expectation, ...]:
    """The expectations of one mechanism on one side."""
    return tuple(e for e in side.expectations if e.mechanism.iri == mechanism)
