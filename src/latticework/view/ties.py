"""Memberships, the ties that follow from them, and what changes from day to day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pyoxigraph as ox

from latticework.index import FIRST_DAY, LAST_DAY, Incidence
from latticework.terms import Label, label
from latticework.view.reading import gist, having, named, remarks, things, value, when
from latticework.view.told import (
    Arrangement,
    Change,
    Edge,
    Membership,
    Milestone,
    Spell,
)
from latticework.vocabulary import DCT_SOURCE, LW, LWC, shorten
from latticework.web import Tie, ties

Evidence = Mapping[str, tuple[str, ...]]
Key = tuple[str, str, str]
STATUSES = {LWC + "operating": "held", LWC + "neverRealised": "failed"}
"""Statuses as the page knows them; any other is that of something wanted or talked of."""


def wanted(store: ox.Store, data: Incidence) -> list[str]:
    """Memberships that were wanted or talked of and never came about, in the layers asked for."""
    found = []
    for iri in having(store, "membershipRole", LWC + "prospectiveMember"):
        arrangement = value(store, iri, "arrangement")
        if (
            value(store, arrangement, "layer") in data.asked
            and value(store, arrangement, "ofAsiaPacific") == "true"
            and set(_sources(store, iri)) & set(data.sources)
        ):
            found.append(iri)
    return found


def memberless(store: ox.Store, layers: Collection[str], sources: Collection[str]) -> list[str]:
    """Arrangements of the Asia-Pacific in these layers in which these sources record no member."""
    return [
        iri
        for layer in sorted(layers)
        for iri in having(store, "layer", layer)
        if value(store, iri, "ofAsiaPacific") == "true"
        and set(_sources(store, iri)) & set(sources)
        and not any(
            set(_sources(store, own)) & set(sources)
            for own in having(store, "arrangement", iri)
            if value(store, own, "member")
        )
    ]


def arrangements(
    store: ox.Store, iris: Iterable[str], evidence: Evidence
) -> dict[str, Arrangement]:
    """What the page tells of these arrangements, by short name."""
    iris = sorted(set(iris))
    milestones = _milestones(store, iris, evidence)
    return {shorten(iri): _arrangement(store, iri, evidence, milestones[iri]) for iri in iris}


def _arrangement(
    store: ox.Store, iri: str, evidence: Evidence, milestones: tuple[Milestone, ...]
) -> Arrangement:
    return Arrangement(
        name=label(store, iri),
        layer=shorten(value(store, iri, "layer")),
        status=STATUSES.get(value(store, iri, "status"), "prospective"),
        status_name=named(store, iri, "status"),
        open_list=value(store, iri, "openList") == "true",
        notes=remarks(store, iri, LW + "codingNote"),
        evidence=evidence.get(iri, ()),
        milestones=milestones,
    )


def _milestones(
    store: ox.Store, iris: Iterable[str], evidence: Evidence
) -> dict[str, tuple[Milestone, ...]]:
    found: dict[str, list[tuple[date, str, Milestone]]] = {iri: [] for iri in iris}
    for iri in things(store, "Milestone"):
        of = value(store, iri, "arrangement")
        if of not in found:
            continue
        text, span = when(store, iri)
        told = Milestone(
            kind=named(store, iri, "milestoneKind") or Label("", ""),
            when=text,
            gist=gist(store, iri) or Label("", ""),
            evidence=evidence.get(iri, ()),
        )
        found[of].append(((span and (span[0] or span[1])) or date.max, iri, told))
    return {of: tuple(told for _, _, told in sorted(own, key=lambda m: m[:2]))
            for of, own in found.items()}  # fmt: skip


def memberships(
    store: ox.Store, data: Incidence, wanted: Iterable[str], evidence: Evidence
) -> dict[str, Membership]:
    """The memberships; one that several sources attest names them all."""
    found: dict[str, Membership] = {}
    for i, iri in enumerate(data.memberships):
        own = found.get(shorten(iri))
        if own:
            both = tuple(sorted({*own.sources, shorten(data.sources[i])}))
            found[shorten(iri)] = replace(own, sources=both)
            continue
        found[shorten(iri)] = replace(
            _membership(store, iri, evidence),
            sources=(shorten(data.sources[i]),),
            possible=(_day(data.earliest_begin[i]), _day(data.latest_end[i])),
            certain=(_day(data.latest_begin[i]), _day(data.earliest_end[i])),
        )
    for iri in wanted:
        found[shorten(iri)] = replace(_membership(store, iri, evidence), wanted=True)
    return dict(sorted(found.items()))


def _membership(store: ox.Store, iri: str, evidence: Evidence) -> Membership:
    return Membership(
        member=shorten(value(store, iri, "member")),
        arrangement=shorten(value(store, iri, "arrangement")),
        sources=tuple(map(shorten, _sources(store, iri))),
        role=named(store, iri, "membershipRole"),
        begin=value(store, iri, "begin"),
        end=value(store, iri, "end"),
        attested=value(store, iri, "attested"),
        unknown_begin=named(store, iri, "unknownBegin"),
        unknown_end=named(store, iri, "unknownEnd"),
        wanted=False,
        possible=(None, None),
        certain=(None, None),
        notes=remarks(store, iri, LW + "codingNote"),
        evidence=evidence.get(iri, ()),
        locator=value(store, iri, "locator"),
    )


def _sources(store: ox.Store, iri: str) -> tuple[str, ...]:
    quads = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(DCT_SOURCE), None, None)
    return tuple(sorted({q.object.value for q in quads if isinstance(q.object, ox.NamedNode)}))


def _day(ordinal: int) -> date | None:
    return date.fromordinal(int(ordinal)) if FIRST_DAY < ordinal < LAST_DAY else None


# Ties


def edges(
    store: ox.Store, data: Incidence, wanted: Iterable[str], inside: Iterable[Edge] = ()
) -> tuple[Edge, ...]:
    """One edge for every arrangement that ties two states, or was to tie them.

    They lie outside those that are already there (``inside``), which keep their slots.
    """
    by_edge: dict[Key, set[Spell]] = {}
    for tie in ties(data):
        key = (shorten(tie.one), shorten(tie.other), shorten(tie.arrangement))
        by_edge.setdefault(key, set()).add(_spell(tie))
    hoped = {key: who for key, who in _wanted_edges(store, data, wanted) if key not in by_edge}
    taken: dict[tuple[str, str], int] = {}
    for edge in inside:
        pair = (edge.one, edge.other)
        rank = 2 * edge.slot if edge.slot > 0 else 1 - 2 * edge.slot
        taken[pair] = max(taken.get(pair, 0), rank)
    slots = _slots({**by_edge, **{key: set() for key in hoped}}, taken)
    held = [
        Edge("~".join(key), *key, slots[key], tuple(sorted(spells, key=repr)))
        for key, spells in by_edge.items()
    ]
    never = [Edge("~".join(key), *key, slots[key], (), who) for key, who in hoped.items()]
    return tuple(sorted([*held, *never], key=lambda edge: edge.id))


def _spell(tie: Tie) -> Spell:
    sure = tie.latest_begin <= tie.earliest_end
    return Spell(
        possible=(tie.earliest_begin, tie.latest_end),
        certain=(tie.latest_begin, tie.earliest_end) if sure else None,
        sources=tuple(shorten(source) for source in tie.sources),
    )


def _wanted_edges(
    store: ox.Store, data: Incidence, wanted: Iterable[str]
) -> Iterator[tuple[Key, tuple[str, ...]]]:
    """Pairs of which one was wanted in an arrangement and the other wanted there or a member."""
    hoped: dict[str, dict[str, tuple[str, ...]]] = {}
    for iri in wanted:
        own = hoped.setdefault(value(store, iri, "arrangement"), {})
        own[value(store, iri, "member")] = tuple(map(shorten, _sources(store, iri)))
    for arrangement, own in sorted(hoped.items()):
        members = {
            data.states[s]
            for s, a in zip(data.member, data.arrangement, strict=True)
            if data.arrangements[a] == arrangement
        }
        for one, other in combinations(sorted({*own, *members}), 2):
            if one in own or other in own:
                who = own.get(one) or own[other]
                yield (shorten(one), shorten(other), shorten(arrangement)), who


def _slots(
    by_edge: Mapping[Key, Collection[Spell]], taken: Mapping[tuple[str, str], int]
) -> dict[Key, int]:
    """A slot for every edge, so that ties of a pair that may hold at once have different ones.

    ``taken``: how many slots of a pair are others' already.
    """
    stretches: dict[tuple[str, str], list[tuple[date, date, str]]] = {}
    for (one, other, arrangement), spells in by_edge.items():
        begins = [spell.possible[0] or date.min for spell in spells]
        ends = [spell.possible[1] or date.max for spell in spells]
        # A tie that never was may be drawn at any time, beside all that held.
        own = (min(begins, default=date.max), max(ends, default=date.max), arrangement)
        stretches.setdefault((one, other), []).append(own)
    slots = {}
    for (one, other), parts in stretches.items():
        free_after: list[date] = []
        for begin, end, arrangement in sorted(parts):
            free = (n for n, until in enumerate(free_after) if until < begin < date.max)
            place = next(free, len(free_after))
            free_after[place : place + 1] = [end]
            rank = place + taken.get((one, other), 0)
            slots[one, other, arrangement] = (rank + 1) // 2 * (1 if rank % 2 else -1)
    return slots


# What changes


def changes(data: Incidence) -> list[Change]:
    """What changes at each change point, memberships of one arrangement and source together."""
    groups: dict[tuple[date, str, str, str], set[str]] = {}
    for i in range(len(data.memberships)):
        for day, kind in turns(
            _day(data.earliest_begin[i]),
            _day(data.latest_begin[i]),
            _day(data.earliest_end[i]),
            _day(data.latest_end[i]),
        ):
            key = (
                day,
                kind,
                shorten(data.arrangements[data.arrangement[i]]),
                shorten(data.sources[i]),
            )
            groups.setdefault(key, set()).add(shorten(data.states[data.member[i]]))
    return [Change(*key, tuple(sorted(members))) for key, members in sorted(groups.items())]


def turns(
    earliest_begin: date | None,
    latest_begin: date | None,
    earliest_end: date | None,
    latest_end: date | None,
) -> Iterator[tuple[date, str]]:
    """The days on which the state of one membership changes, and how."""
    if latest_begin and earliest_begin == latest_begin:
        yield latest_begin, "begins"
    else:
        if earliest_begin:
            yield earliest_begin, "may_begin"
        if latest_begin:
            yield latest_begin, "begun"
    if latest_end and earliest_end == latest_end:
        yield _next(latest_end), "ended"
    else:
        if earliest_end:
            yield _next(earliest_end), "may_end" if latest_end else "silent"
        if latest_end:
            yield _next(latest_end), "over"


def _next(day: date) -> date:
    return day + timedelta(1)
