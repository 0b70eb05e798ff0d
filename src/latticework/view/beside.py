"""What the graph knows beside the ties: threats, divergences, meetings, periods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations, product

import pyoxigraph as ox

from latticework.structure import UNITED_STATES
from latticework.terms import Label, label
from latticework.view.reading import (
    day,
    gist,
    having,
    named,
    remarks,
    things,
    value,
    values,
    when,
)
from latticework.view.told import Divergence, Meeting, Participant, Period, Threat, Topic
from latticework.vocabulary import DCT_SOURCE, LW, LWC, PREFIXES, shorten

Evidence = Mapping[str, tuple[str, ...]]
OTHERS, ISSUES = "others", "issues"
NOTHING = Label("", "")
CONTEXT = ("level", "meetingForm", "place", "series")
UNSAID = {LWC + "levelNotStated", LWC + "formNotStated"}
MEETINGS = {LWC + "meetingEvent": False, LWC + "exercise": True}


def said_by(store: ox.Store, kind: str, sources: Collection[str]) -> list[str]:
    """The IRIs of facts of a class that one of these sources states."""
    return [
        iri
        for iri in things(store, kind)
        if any(
            isinstance(quad.object, ox.NamedNode) and quad.object.value in sources
            for quad in store.quads_for_pattern(
                ox.NamedNode(iri), ox.NamedNode(DCT_SOURCE), None, None
            )
        )
    ]


def meeting_iris(store: ox.Store, sources: Collection[str]) -> list[str]:
    """Meetings and exercises with a date, by the word of these sources."""
    iris = {*said_by(store, "Meeting", sources), *said_by(store, "Event", sources)}
    return [
        iri
        for iri in sorted(iris)
        if value(store, iri, "eventKind") in MEETINGS and when(store, iri)[1]
    ]


def parts_of(store: ox.Store, meetings: Iterable[str]) -> list[str]:
    """What tells of these meetings: participations and agenda items."""
    return [part for iri in meetings for part in having(store, "event", iri)]


# Threats


def threats(
    store: ox.Store, iris: Iterable[str], arrangements: Collection[str], evidence: Evidence
) -> dict[str, Threat]:
    """Who regards whom as a threat, according to whom; one entry for each perceiver and object."""
    found: dict[str, Threat] = {}
    for iri in iris:
        text, span = when(store, iri)
        pairs = list(product(values(store, iri, "perceiver"), values(store, iri, "object")))
        for number, (perceiver, object_) in enumerate(pairs):
            found[shorten(iri) + (f"/{number}" if number else "")] = Threat(
                perceiver=label(store, perceiver),
                object=label(store, object_),
                origin=_place(store, perceiver, arrangements),
                target=_place(store, object_, arrangements),
                word=named(store, iri, "threatWord") or NOTHING,
                sayer=named(store, iri, "sayer") or NOTHING,
                when=text,
                span=span,
                undated=named(store, iri, "unknownDate") or named(store, iri, "unknownBegin"),
                gist=gist(store, iri) or NOTHING,
                notes=remarks(store, iri, LW + "codingNote"),
                evidence=evidence.get(iri, ()),
            )
    return found


def _place(store: ox.Store, iri: str, arrangements: Collection[str]) -> str:
    """Where an actor or a thing stands in the drawing."""
    kind = shorten(iri).partition(":")[0]
    if kind == "state":
        return shorten(iri)
    if kind == "adm":  # by definition a government of the United States
        return shorten(UNITED_STATES)
    group = shorten(value(store, iri, "arrangement")) if kind == "group" else ""
    if group in arrangements:
        return group
    return ISSUES if kind == "topic" else OTHERS


# Divergences


def divergences(
    store: ox.Store,
    iris: Iterable[str],
    members: Mapping[str, Collection[str]],
    evidence: Evidence,
) -> dict[str, Divergence]:
    """What divides whom; groups that stand for an arrangement are taken for its members.

    Args:
        store: the data set.
        iris: the divergences.
        members: all states that were ever members, by arrangement.
        evidence: passages by fact.

    """
    found = {}
    for iri in iris:
        sides = values(store, iri, "between")
        found[shorten(iri)] = Divergence(
            between=tuple(label(store, side) for side in sides),
            pairs=tuple(sorted(_pairs([_states(store, side, members) for side in sides]))),
            arrangement=shorten(value(store, iri, "arrangement"))
            if value(store, iri, "arrangement")
            else "",
            topic=named(store, iri, "topic"),
            sayer=named(store, iri, "sayer") or NOTHING,
            when=when(store, iri)[0],
            undated=named(store, iri, "unknownDate") or named(store, iri, "unknownBegin"),
            gist=gist(store, iri) or NOTHING,
            notes=remarks(store, iri, LW + "codingNote"),
            evidence=evidence.get(iri, ()),
        )
    return found


def _states(store: ox.Store, side: str, members: Mapping[str, Collection[str]]) -> set[str]:
    name = shorten(side)
    if name.startswith("state:"):
        return {name}
    of = value(store, side, "arrangement")
    return set(members.get(shorten(of), ())) if of else set()


def _pairs(sides: list[set[str]]) -> set[tuple[str, str]]:
    """Pairs across the sides; within the one side, where only one is named."""
    single = [next(iter(side)) for side in sides if len(side) == 1]
    groups = [side - set(single) for side in sides if len(side) > 1]
    found = {(one, other) for one, other in combinations(sorted(single), 2)}
    for group in groups:
        others = single or sorted(group)
        found |= {(min(a, b), max(a, b)) for a in others for b in group if a != b}
    return found


# Meetings


def meetings(
    store: ox.Store, iris: Iterable[str], arrangements: Collection[str], evidence: Evidence
) -> dict[str, Meeting]:
    """Meetings and exercises, who took part and on what, in order of their days."""
    found = {shorten(iri): _meeting(store, iri, arrangements, evidence) for iri in iris}
    return dict(sorted(found.items(), key=lambda item: (_known(item[1].span), item[0])))


def _known(span: tuple[date | None, date | None]) -> date:
    return span[0] or span[1] or date.max


def _meeting(
    store: ox.Store, iri: str, arrangements: Collection[str], evidence: Evidence
) -> Meeting:
    text, span = when(store, iri)
    people = tuple(_participants(store, iri, evidence))
    within = shorten(value(store, iri, "arrangement")) if value(store, iri, "arrangement") else ""
    told = ((term, value(store, iri, term)) for term in CONTEXT)
    return Meeting(
        name=label(store, iri),
        exercise=MEETINGS[value(store, iri, "eventKind")],
        when=text,
        span=span or (None, None),
        arrangement=within if within in arrangements else "",
        facts=tuple((term, label(store, own)) for term, own in told if own and own not in UNSAID),
        open_list=value(store, iri, "openList") == "true",
        states=tuple(sorted({p.state for p in people if p.state and not p.absent})),
        participants=people,
        topics=tuple(_topics(store, iri, evidence)),
        gist=gist(store, iri),
        notes=remarks(store, iri, LW + "codingNote"),
        evidence=evidence.get(iri, ()),
    )


def _participants(store: ox.Store, event: str, evidence: Evidence) -> Iterator[Participant]:
    for iri in having(store, "event", event):
        actor = value(store, iri, "actor")
        if not actor:
            continue
        person = value(store, iri, "person")
        if not person and actor.startswith(PREFIXES["person"]):
            person = actor
        role = value(store, iri, "participationRole")
        yield Participant(
            actor=label(store, actor),
            state=shorten(actor) if actor.startswith(PREFIXES["state"]) else "",
            person=shorten(person) if person else "",
            person_name=label(store, person) if person else None,
            office=named(store, iri, "office"),
            role=label(store, role) if role else None,
            absent=role == LWC + "absent",
            evidence=evidence.get(iri, ()),
        )


def _topics(store: ox.Store, event: str, evidence: Evidence) -> Iterator[Topic]:
    for iri in having(store, "event", event):
        topic = named(store, iri, "topic")
        if topic:
            treatment = named(store, iri, "treatment")
            yield Topic(topic, treatment, gist(store, iri), evidence.get(iri, ()))


# Periods


def periods(store: ox.Store, iris: Iterable[str], evidence: Evidence) -> dict[str, Period]:
    """Periods as the sources divide time, in order."""
    found = {}
    for iri in iris:
        bounds = {
            term: day(value(store, iri, term))
            for term in ("earliestBegin", "latestBegin", "earliestEnd", "latestEnd")
        }
        found[shorten(iri)] = Period(
            name=label(store, iri),
            begin=value(store, iri, "begin"),
            end=value(store, iri, "end"),
            possible=(bounds["earliestBegin"], bounds["latestEnd"]),
            certain=(bounds["latestBegin"], bounds["earliestEnd"]),
            notes=remarks(store, iri, LW + "codingNote"),
            evidence=evidence.get(iri, ()),
        )
    return dict(sorted(found.items(), key=lambda item: (_known(item[1].certain), item[0])))
