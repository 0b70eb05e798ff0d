"""Gather what the page tells about a web."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace
from datetime import date, timedelta

import pyoxigraph as ox

from latticework.coverage import read_coverage
from latticework.index import Incidence
from latticework.resources import folder
from latticework.store import select
from latticework.structure import UNITED_STATES, Panel
from latticework.terms import Label, label
from latticework.view import beside, ties
from latticework.view.measures import all_panels, only
from latticework.view.places import grid, states
from latticework.view.reading import remarks, terms, value
from latticework.view.told import Edge, Facts, Layer, Meeting, Membership, Passage, Source, Threat
from latticework.vocabulary import LWC, PREFIXES, shorten

LAYER_ORDER = ("treatyAlliance", "securityCooperation", "dialogue", "economicInitiative")
USED_PREFIXES = ("adm", "arr", "div", "dct", "edtf", "lw", "lwc", "mem", "mtg", "evt", "psg",
                 "rdfs", "source", "state", "thr", "xsd")  # fmt: skip


def facts(
    store: ox.Store,
    data: Incidence,
    panels: Sequence[Panel],
    text: Mapping[str, str],
    hub: str = UNITED_STATES,
    wider: Incidence | None = None,
) -> Facts:
    """Gather what the page tells about a web; see :func:`latticework.view.page`."""
    said = set(data.sources)
    wider = wider or data
    further = wider.asked - data.asked
    coverage = [c for c in read_coverage(store) if c.source in said]
    sources = {shorten(iri): _source(store, iri) for iri in sorted(said)}
    first, last = _period(data, sources.values())
    sources |= {shorten(iri): _source(store, iri) for iri in sorted({*wider.sources} - said)}
    hoped = ties.wanted(store, data)
    outside = only(wider, further)
    hoped_outside = ties.wanted(store, outside) if further else []
    memberless = ties.memberless(store, further, wider.sources)
    iris = {*data.arrangements, *(value(store, iri, "arrangement") for iri in hoped)}
    all_iris = {
        *iris, *outside.arrangements, *memberless,
        *(value(store, iri, "arrangement") for iri in hoped_outside),
    }  # fmt: skip
    threats, divergences, periods = (
        beside.said_by(store, kind, said) for kind in ("ThreatPerception", "Divergence", "Period")
    )
    meetings = beside.meeting_iris(store, said)
    told = {
        *data.memberships, *hoped, *threats, *divergences, *periods, *meetings,
        *outside.memberships, *hoped_outside, *all_iris, *beside.parts_of(store, meetings),
        *(iri for iri in beside.said_by(store, "Milestone", {*said, *wider.sources})
          if value(store, iri, "arrangement") in {*data.arrangements, *all_iris - iris}),
    }  # fmt: skip
    evidence, passages = _evidence(store, told, text)
    changes, more_changes = (
        tuple(c for c in ties.changes(own) if first <= c.date <= last) for own in (data, outside)
    )
    borders = {day for c in coverage for day in (c.first, c.last + timedelta(1))}
    stops = {day for day in borders if first < day <= last} | {c.date for c in changes}
    arrangements = ties.arrangements(store, iris, evidence)
    memberships = ties.memberships(store, data, hoped, evidence)
    seen = beside.threats(store, threats, arrangements, evidence)
    members: dict[str, set[str]] = {}
    for own in memberships.values():
        members.setdefault(own.arrangement, set()).add(own.member)
    met = beside.meetings(store, meetings, arrangements, evidence)
    edges = ties.edges(store, data, hoped)
    more_memberships = ties.memberships(store, outside, hoped_outside, evidence)
    beyond = {
        *(outside.states[s] for s in outside.member),
        *(_expand(own.member) for own in more_memberships.values()),
    }
    more = [_expand(name) for name in _drawn(seen.values(), memberships.values(), met.values())]
    return Facts(
        hub=shorten(hub) if hub in data.states else None,
        first=first,
        last=last,
        stops=tuple(sorted({first, last, *stops})),
        layers=tuple(
            Layer(shorten(iri), label(store, iri), _layer_rank(iri)[0], iri in data.asked)
            for iri in (*sorted(data.asked, key=_layer_rank), *sorted(further, key=_layer_rank))
        ),
        sources=sources,
        states=states(store, data.states, more, hub, beyond),
        grid=grid(store, {*data.states, *more}),
        arrangements=ties.arrangements(store, all_iris, evidence),
        memberships=dict(sorted({**memberships, **more_memberships}.items())),
        passages=passages,
        edges=_by_id((*edges, *ties.edges(store, outside, hoped_outside, edges))),
        changes=tuple(sorted((*changes, *more_changes), key=astuple)),
        coverage=tuple(
            replace(c, source=shorten(c.source), layer=shorten(c.layer), degree=shorten(c.degree))
            for c in coverage
        ),
        panels=all_panels(data, coverage, panels, borders, hub),
        threats=seen,
        divergences=beside.divergences(store, divergences, members, evidence),
        meetings=met,
        periods=beside.periods(store, periods, evidence),
        prefixes={name: PREFIXES[name] for name in USED_PREFIXES},
    )  # fmt: skip


def _by_id(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    return tuple(sorted(edges, key=lambda edge: edge.id))


def _drawn(
    threats: Iterable[Threat], memberships: Iterable[Membership], meetings: Iterable[Meeting]
) -> set[str]:
    """The states that are drawn for another reason than a tie that held."""
    found = {end for threat in threats for end in (threat.origin, threat.target)}
    found |= {own.member for own in memberships if own.wanted}
    found |= {state for meeting in meetings for state in meeting.states}
    return {name for name in found if name.startswith("state:")}


def _expand(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest


def _period(data: Incidence, sources: Iterable[Source]) -> tuple[date, date]:
    """From the year before the first change to the last day of which a source speaks."""
    changes = data.change_points() or [date(1945, 1, 1)]
    horizons = [date.fromisoformat(s.horizon) for s in sources if s.horizon]
    first, last = date(changes[0].year - 1, 1, 1), max(horizons, default=changes[-1])
    return min(first, last), last


def _layer_rank(iri: str) -> tuple[int, str]:
    name = iri.removeprefix(LWC)
    return (LAYER_ORDER.index(name) if name in LAYER_ORDER else len(LAYER_ORDER), iri)


def _source(store: ox.Store, iri: str) -> Source:
    titles = terms(store, iri, PREFIXES["dct"] + "title")
    return Source(
        name=label(store, iri),
        description=remarks(store, iri, PREFIXES["dct"] + "description"),
        title=titles[0].value if titles else "",
        horizon=value(store, iri, "horizon"),
        background=value(store, iri, "sourceKind") != LWC + "codedText",
    )


def _evidence(
    store: ox.Store, wanted: set[str], text: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Passage]]:
    """The passages on which the wanted facts rest, and what stands in them."""
    question = (folder("queries") / "sources" / "evidence.rq").read_text("utf-8")
    found: dict[str, list[str]] = {}
    passages: dict[str, Passage] = {}
    for row in select(store, question):
        own = {name: str(getattr(term, "value", "")) for name, term in row.items()}
        if own["fact"] not in wanted:
            continue
        passage = shorten(own["passage"])
        known = found.setdefault(own["fact"], [])
        if passage not in known:
            known.append(passage)
        passages.setdefault(
            passage,
            Passage(
                place=Label(own["placeEn"], own["placeZh"]),
                gist=Label(own["gistEn"], own["gistZh"]),
                sentence=text.get(own["passage"], ""),
            ),
        )
    return {fact: tuple(own) for fact, own in found.items()}, passages
