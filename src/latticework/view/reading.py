"""Reading one thing from the store: its values, names, remarks and days."""

from __future__ import annotations

from datetime import date

import pyoxigraph as ox

from latticework.dates import Span, parse
from latticework.errors import DateProblem
from latticework.terms import Label, label
from latticework.view.told import Notes
from latticework.vocabulary import LW, RDF_TYPE


def things(store: ox.Store, kind: str) -> list[str]:
    """The IRIs of all things of a class of ours, sorted."""
    quads = store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + kind), None)
    return sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)})


def having(store: ox.Store, term: str, iri: str) -> list[str]:
    """The IRIs of all things of which a property has this value, sorted."""
    quads = store.quads_for_pattern(None, ox.NamedNode(LW + term), ox.NamedNode(iri), None)
    return sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)})


def terms(store: ox.Store, iri: str, term: str) -> list[ox.NamedNode | ox.Literal]:
    """The values of a property, sorted."""
    quads = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(term), None, None)
    found = {q.object for q in quads if isinstance(q.object, ox.NamedNode | ox.Literal)}
    return sorted(found, key=lambda o: (o.value, str(o)))


def values(store: ox.Store, iri: str, term: str) -> tuple[str, ...]:
    """The values of a property of ours as text, sorted."""
    return tuple(dict.fromkeys(o.value for o in terms(store, iri, LW + term)))


def value(store: ox.Store, iri: str, term: str) -> str:
    """The first value of a property of ours, or nothing."""
    return next(iter(values(store, iri, term)), "")


def named(store: ox.Store, iri: str, term: str) -> Label | None:
    """The label of the thing that a property names."""
    found = value(store, iri, term)
    return label(store, found) if found else None


def remarks(store: ox.Store, iri: str, term: str) -> Notes:
    """The texts of a property, by language."""

    def of(language: str) -> tuple[str, ...]:
        return tuple(
            o.value
            for o in terms(store, iri, term)
            if isinstance(o, ox.Literal) and (o.language or "en").startswith(language)
        )

    return Notes(of("en"), of("zh"))


def gist(store: ox.Store, iri: str) -> Label | None:
    """Our paraphrase of what a fact says."""
    found = remarks(store, iri, LW + "gist")
    if not found.en and not found.zh:
        return None
    return Label((found.en or found.zh)[0], (found.zh or found.en)[0])


def day(text: str) -> date | None:
    """A day that a rule has derived; ``None`` is unbounded."""
    return date.fromisoformat(text) if text else None


def when(store: ox.Store, iri: str) -> tuple[str, tuple[date | None, date | None] | None]:
    """The date of a fact as the source gives it, and the days that it allows."""
    text = next(
        filter(None, (value(store, iri, term) for term in ("date", "begin", "attested"))), ""
    )
    if not text:
        return "", None
    try:
        span: Span = parse(text)
    except DateProblem:  # a date that the checks refuse is shown, and drawn nowhere
        return text, None
    return text, (span.first, span.last)
