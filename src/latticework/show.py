"""One thing with all that the graph says of it: its own statements, facts about it, evidence."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.results import shown
from latticework.store import Row, select
from latticework.terms import Label, label
from latticework.vocabulary import LW, PREFIXES, RDF_TYPE, RDFS_LABEL

HIDDEN = {RDF_TYPE, RDFS_LABEL, LW + "sha256", LW + "order", PREFIXES["oa"] + "hasSelector"}
LANGUAGE_KEY = {"en": "en", "zh-hans": "zh"}


@dataclass(frozen=True)
class Statement:
    """One property of the thing, with the values it has."""

    property: Label
    values: tuple[Label, ...]


@dataclass(frozen=True)
class FactAbout:
    """A fact node that names the thing, with its dates as given, source and passages."""

    iri: str
    kind: Label
    label: Label
    dates: str
    source: str
    passages: tuple[Label, ...]


@dataclass(frozen=True)
class Description:
    """All that is said of one thing."""

    iri: str
    kinds: tuple[Label, ...]
    label: Label
    statements: tuple[Statement, ...]
    facts: tuple[FactAbout, ...]


def describe(store: ox.Store, iri: str) -> Description:
    """Gather what the graph says of the thing named ``iri``."""
    own: dict[str, set[Label]] = {}
    gists: dict[str, dict[str, str]] = {}
    kinds = set()
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, None):
        predicate, term = quad.predicate.value, quad.object
        if predicate == RDF_TYPE and isinstance(term, ox.NamedNode):
            kinds.add(label(store, term.value))
        elif predicate not in HIDDEN:
            if isinstance(term, ox.Literal) and term.language in LANGUAGE_KEY:
                gists.setdefault(predicate, {})[LANGUAGE_KEY[term.language]] = term.value
            else:
                own.setdefault(predicate, set()).add(_value(store, term))
    for predicate, texts in gists.items():
        english = texts.get("en", texts.get("zh", ""))
        own.setdefault(predicate, set()).add(Label(english, texts.get("zh", english)))
    statements = [
        Statement(label(store, predicate), tuple(sorted(values, key=lambda value: value.en)))
        for predicate, values in sorted(own.items())
    ]
    return Description(
        iri,
        tuple(sorted(kinds, key=lambda kind: kind.en)),
        label(store, iri),
        tuple(statements),
        _facts(store, iri),
    )


def _value(store: ox.Store, term: object) -> Label:
    if isinstance(term, ox.NamedNode):
        return label(store, term.value)
    text = shown(term) if isinstance(term, ox.Literal) else str(term)
    return Label(text, text)


def _facts(store: ox.Store, iri: str) -> tuple[FactAbout, ...]:
    asked = question("sources/facts-about-a-thing")
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in select(store, asked.bind({"thing": [ox.NamedNode(iri)]})):
        key = (_text(row, "kind").removeprefix(LW), _text(row, "fact"))
        rows.setdefault(key, []).append(row)
    return tuple(
        FactAbout(
            iri=fact,
            kind=label(store, LW + kind),
            label=label(store, fact),
            dates=_dates(own[0]),
            source=_text(own[0], "source").removeprefix(PREFIXES["source"]),
            passages=tuple(
                label(store, passage)
                for passage in dict.fromkeys(_text(row, "passage") for row in own)
                if passage
            ),
        )
        for (kind, fact), own in sorted(rows.items())
    )


def _dates(row: Row) -> str:
    begin, end, on = (_text(row, name) for name in ("begin", "end", "date"))
    if on:
        return on
    if begin or end:
        return f"{begin or '?'} to {end}" if end else f"from {begin}"
    return ""


def _text(row: Row, name: str) -> str:
    return str(getattr(row.get(name), "value", ""))
