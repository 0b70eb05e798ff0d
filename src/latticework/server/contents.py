"""What is here: things by kind and source, facts by decade, coverage, discrepancies."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from latticework import inventory
from latticework.catalogue import question
from latticework.server.things import Value, named, texts, when_in_words
from latticework.server.things import gist as gist_of
from latticework.server.wording import outside
from latticework.store import select
from latticework.vocabulary import DCT_SOURCE, KINDS, LW, PREFIXES, RDF_TYPE

GROUPS = {
    "actors": ("state", "group", "adm", "body", "wg", "person"),
    "cooperation": ("arr", "spell", "mem", "mil", "und", "rel", "faf"),
    "texts": ("ins", "sig"),
    "events": ("mtg", "series", "evt", "par", "agd"),
    "offices": ("off", "ten"),
    "views": ("clm", "thr", "sta", "div", "pol", "pur"),
    "numbers": ("ind", "obs", "var", "cod", "rule"),
    "literature": ("wrk", "ven", "cit"),
    "record": ("psg", "dis", "cov", "stream"),
    "frame": ("period", "place", "topic"),
}
"""Kinds of things (their prefixes) as the start page groups them; what is missing goes last."""
APART = ("sel",)
"""Kinds that are read with another thing and not listed."""
DATES = ("date", "begin", "attested")
PAPER = PREFIXES["source"] + "paper"


@dataclass(frozen=True)
class Kind:
    """A kind of thing: its path, its name, how many there are, how many not from the paper."""

    path: str
    name: str
    number: int
    background: int


@dataclass(frozen=True)
class Decade:
    """Ten years, and how many dated facts begin in them."""

    first: int
    number: int
    share: float


@dataclass(frozen=True)
class Source:
    """A source: name, last day of which it speaks, number of its facts."""

    source: Value
    horizon: str
    number: int


@dataclass(frozen=True)
class Covered:
    """A stretch of time and a layer, and how far a source covers them."""

    coverage: Value
    layer: Value
    days: str
    degree: Value
    source: Value


@dataclass(frozen=True)
class Disagreement:
    """A discrepancy with the values that disagree."""

    discrepancy: Value
    printed: tuple[str, ...]


@dataclass(frozen=True)
class Listed:
    """A thing in a list of its kind."""

    thing: Value
    dates: str
    gist: str


def kinds(store: ox.Store, language: str) -> dict[str, list[Kind]]:
    """The kinds of things that there are, by group."""
    background = _from_background(store)
    found = {
        prefix: Kind(KINDS[prefix], outside(name, language), number, background[prefix])
        for prefix, name, number in inventory.kinds(store, language)
        if prefix not in APART
    }
    groups = {
        group: [found.pop(prefix) for prefix in prefixes if prefix in found]
        for group, prefixes in GROUPS.items()
    }
    groups["frame"] += found.values()
    return {group: own for group, own in groups.items() if own}


def _from_background(store: ox.Store) -> Counter[str]:
    counts: Counter[str] = Counter()
    prefixes = {path: prefix for prefix, path in KINDS.items()}
    for quad in store.quads_for_pattern(None, ox.NamedNode(DCT_SOURCE), None, None):
        if isinstance(quad.subject, ox.NamedNode) and getattr(quad.object, "value", "") != PAPER:
            counts[prefixes.get(quad.subject.value.split("/")[-2], "")] += 1
    return counts


def decades(store: ox.Store) -> list[Decade]:
    """How many dated facts begin or happen in each decade, at the earliest."""
    first: dict[str, int] = {}
    for name in DATES:
        for quad in store.quads_for_pattern(None, ox.NamedNode(LW + name), None, None):
            year = str(getattr(quad.object, "value", "")).lstrip("[.")[:4]
            if year.isdigit():
                first.setdefault(str(quad.subject), int(year) // 10 * 10)
    counts = Counter(first.values())
    most = max(counts.values(), default=1)
    through = range(min(counts, default=0), max(counts, default=-1) + 1, 10)
    return [Decade(one, counts[one], 100 * counts[one] / most) for one in through]


def sources(store: ox.Store, language: str) -> list[Source]:
    """The sources, the paper first."""
    counts: Counter[str] = Counter()
    for row in select(store, question("sources/what-is-here").text):
        counts[_text(row["source"])] += int(_text(row["number"]))
    found = [
        Source(Value(name, PREFIXES["source"] + slug), horizon, counts[PREFIXES["source"] + slug])
        for slug, name, horizon in inventory.sources(store, language)
    ]
    return sorted(found, key=lambda one: (one.source.iri != PAPER, one.source.text))


def coverage(store: ox.Store, language: str) -> list[Covered]:
    """What the sources say that they cover, by layer and time."""

    def part(iri: str, name: str) -> Value:
        return named(store, next(iter(texts(store, iri, name)), ""), language)

    iris = _of_class(store, "Coverage")
    found = [
        Covered(
            named(store, iri, language),
            part(iri, LW + "layer"),
            when_in_words(store, iri, language),
            part(iri, LW + "coverageDegree"),
            part(iri, DCT_SOURCE),
        )
        for iri in iris
    ]
    return sorted(found, key=lambda one: (one.source.iri != PAPER, one.coverage.iri))


def discrepancies(store: ox.Store, language: str) -> list[Disagreement]:
    """All that disagrees, by name."""
    found = [
        Disagreement(named(store, iri, language), tuple(texts(store, iri, LW + "printedValue")))
        for iri in _of_class(store, "Discrepancy")
    ]
    return sorted(found, key=lambda one: one.discrepancy.text)


def periods(store: ox.Store, language: str) -> list[Listed]:
    """The periods that a source tells apart, in order of time."""
    return _listed(store, _of_class(store, "Period"), language)


def things(store: ox.Store, kind: str, language: str) -> list[Listed]:
    """All things of a kind (a prefix), by time where they have dates, else by name."""
    return _listed(
        store, [_full(name) for name, _ in inventory.things(store, kind, language)], language
    )


def _full(name: str) -> str:
    prefix, _, slug = name.partition(":")
    return PREFIXES[prefix] + slug


def _listed(store: ox.Store, iris: list[str], language: str) -> list[Listed]:
    def order(iri: str) -> int:
        return int(next(iter(texts(store, iri, LW + "order")), "0"))

    found = [
        Listed(
            named(store, iri, language),
            when_in_words(store, iri, language),
            gist_of(store, iri, language),
        )
        for iri in sorted(iris, key=order)
    ]
    passages = any(order(iri) for iri in iris[:1])
    return found if passages else sorted(found, key=lambda one: one.thing.text.casefold())


def _of_class(store: ox.Store, name: str) -> list[str]:
    quads = store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + name), None)
    return sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)})


def _text(term: object) -> str:
    return str(getattr(term, "value", ""))


def horizon(store: ox.Store) -> date:
    """The last day of which the paper speaks; of all sources where it is not there."""
    days = texts(store, PAPER, LW + "horizon") or [
        _text(quad.object)
        for quad in store.quads_for_pattern(None, ox.NamedNode(LW + "horizon"), None, None)
    ]
    return max((date.fromisoformat(day) for day in days), default=date.today())
