"""One thing as its page shows it: what is said of it, by whom, on what evidence, what names it.

Every value keeps the IRI it stands for, so that a page can link it; links go both ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from latticework.results import shown
from latticework.server.day_words import in_words, span_in_words
from latticework.server.wording import outside
from latticework.terms import label
from latticework.vocabulary import (
    BASE,
    DCT_SOURCE,
    DERIVED,
    EDTF,
    LW,
    PREFIXES,
    RDF_TYPE,
    RDFS_LABEL,
    shorten,
)

GIST, NOTE, EVIDENCE = LW + "gist", LW + "codingNote", LW + "evidence"
LOCATOR, ABOUT = LW + "locator", PREFIXES["dct"] + "description"
SELECTOR = PREFIXES["oa"] + "hasSelector"
REPLACED_BY = PREFIXES["dct"] + "isReplacedBy"
APART = {RDF_TYPE, RDFS_LABEL, GIST, NOTE, EVIDENCE, DCT_SOURCE, LOCATOR, ABOUT, LW + "order"}
"""Properties that a page shows in a place of their own, or not at all."""
NOT_MENTIONS = {DCT_SOURCE, LW + "stream", PREFIXES["rdfs"] + "isDefinedBy"}
"""Properties by which all facts of a source name it, which the lists of kinds show better."""
OWN_LANGUAGE = {"en": "en", "zh": "zh-hans"}


@dataclass(frozen=True)
class Value:
    """A text, what it stands for if that has an IRI, and its language where that is not ours."""

    text: str
    iri: str = ""
    language: str = ""


@dataclass(frozen=True)
class Statement:
    """One property of the thing, its values, and the rule that derived it, if one did."""

    property: Value
    values: tuple[Value, ...]
    rule: str = ""


@dataclass(frozen=True)
class Passage:
    """Where a fact stands in its source, and what is said there in our words."""

    place: Value
    gist: str


@dataclass(frozen=True)
class Mention:
    """Another thing that names this one: as what, when, and by which sources."""

    thing: Value
    roles: tuple[Value, ...]
    dates: str
    begin: str
    end: str
    sources: tuple[Value, ...]


@dataclass(frozen=True)
class Group:
    """The mentions of one kind."""

    kind: Value
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class Thing:
    """All that the page of one thing shows."""

    iri: str
    name: str
    other_name: str
    kinds: tuple[Value, ...]
    gists: tuple[Value, ...]
    notes: tuple[Value, ...]
    dates: str
    statements: tuple[Statement, ...]
    derived: tuple[Statement, ...]
    evidence: tuple[Passage, ...]
    locators: tuple[Value, ...]
    sources: tuple[Value, ...]
    groups: tuple[Group, ...]
    position: tuple[tuple[int, int], ...]


def exists(store: ox.Store, iri: str) -> bool:
    """Whether anything is said of the thing, or of something else by naming it."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    return any(
        next(iter(store.quads_for_pattern(*pattern)), None) is not None
        for pattern in (
            (node, None, None, None),
            (None, None, node, None),
            (None, None, None, node),
        )
    )


def replaced_by(store: ox.Store, iri: str) -> str:
    """The IRI that took the place of a deprecated one; empty where it stands."""
    return next(iter(texts(store, iri, REPLACED_BY)), "")


def describe(store: ox.Store, iri: str, language: str) -> Thing:
    """Gather what the page of a thing shows, in one language."""
    own: dict[tuple[str, str], set[ox.NamedNode | ox.Literal]] = {}
    for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, None):
        graph = getattr(quad.graph_name, "value", "")
        rule = graph.removeprefix(DERIVED) if graph.startswith(DERIVED) else ""
        if isinstance(quad.object, ox.NamedNode | ox.Literal):
            own.setdefault((quad.predicate.value, rule), set()).add(quad.object)

    def of(name: str) -> tuple[Value, ...]:
        terms = (term for (key, _), some in own.items() if key == name for term in some)
        return values(store, terms, language)

    statements = [
        Statement(named(store, name, language), values(store, terms, language), rule)
        for (name, rule), terms in own.items()
        if name not in APART and name != SELECTOR
    ]
    statements.sort(key=lambda one: one.property.iri)
    names = label(store, iri)
    return Thing(
        iri=iri,
        name=names.in_language(language),
        other_name=names.en if language == "zh" else names.zh,
        kinds=of(RDF_TYPE),
        gists=of(ABOUT) + of(GIST),
        notes=of(NOTE),
        dates=_dates(store, iri, language)[0],
        statements=tuple(one for one in statements if not one.rule),
        derived=tuple(one for one in statements if one.rule),
        evidence=_passages(store, texts(store, iri, EVIDENCE), language),
        locators=of(LOCATOR),
        sources=of(DCT_SOURCE),
        groups=_groups(store, iri, language),
        position=_position(store, iri),
    )


def named(store: ox.Store, iri: str, language: str) -> Value:
    """A thing by its label."""
    name = label(store, iri).in_language(language)
    return Value(outside(name, language) if name == shorten(iri) else name, iri)


def values(
    store: ox.Store, terms: Iterable[ox.NamedNode | ox.Literal], language: str
) -> tuple[Value, ...]:
    """Terms as values, in order; of texts in languages those in ours, else all."""
    terms = list(terms)
    ours = [t for t in terms if _language(t) in ("", OWN_LANGUAGE[language])]
    found = (value_of(store, term, language) for term in ours or terms)
    return tuple(sorted(found, key=lambda value: value.text))


def _language(term: ox.NamedNode | ox.Literal) -> str:
    return (term.language or "") if isinstance(term, ox.Literal) else ""


def value_of(store: ox.Store, term: ox.NamedNode | ox.Literal, language: str) -> Value:
    """A term as people read it, in one language."""
    if isinstance(term, ox.NamedNode):
        return named(store, term.value, language)
    if term.datatype.value == EDTF:
        return Value(in_words(term.value, language))
    if term.datatype.value == PREFIXES["xsd"] + "boolean":
        return Value(YES_NO[language][term.value in ("true", "1")])
    term = translated(store, term, language)
    own = _language(term)
    return Value(shown(term), language=own if own not in ("", OWN_LANGUAGE[language]) else "")


def translated(store: ox.Store, term: ox.Literal, language: str) -> ox.Literal:
    """The same text in our language, if what says it says so in both; else the text itself."""
    if not term.language or term.language == OWN_LANGUAGE[language]:
        return term
    found = {
        other.object
        for quad in store.quads_for_pattern(None, None, term, None)
        if isinstance(quad.subject, ox.NamedNode)
        for other in store.quads_for_pattern(quad.subject, quad.predicate, None, None)
        if isinstance(other.object, ox.Literal) and other.object.language == OWN_LANGUAGE[language]
    }
    return found.pop() if len(found) == 1 else term


YES_NO = {"en": ("no", "yes"), "zh": ("否", "是")}


def texts(store: ox.Store, iri: str, name: str) -> list[str]:
    """The values of one property as plain texts, sorted."""
    quads = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(name), None, None)
    return sorted({str(getattr(quad.object, "value", "")) for quad in quads})


def when_in_words(store: ox.Store, iri: str, language: str) -> str:
    """When a thing is, was or happened, in words; empty where it has no date."""
    return _dates(store, iri, language)[0]


def _dates(store: ox.Store, iri: str, language: str) -> tuple[str, str, str]:
    """When, in words, and the begin and end as the source gives them."""
    begin, end, on, attested = (
        next(iter(texts(store, iri, LW + name)), "")
        for name in ("begin", "end", "date", "attested")
    )
    if on:
        return in_words(on, language), on, on
    if begin or end:
        return span_in_words(begin, end, language), begin, end
    if attested:
        return in_words(f"[..{attested}]", language), f"[..{attested}]", ""
    return "", "", ""


def _passages(store: ox.Store, iris: Iterable[str], language: str) -> tuple[Passage, ...]:
    """Passages in the order of the source, each with our paraphrase."""

    def place(iri: str) -> tuple[int, str]:
        order = next(iter(texts(store, iri, LW + "order")), "")
        return (int(order) if order.isdigit() else 0, iri)

    return tuple(
        Passage(named(store, iri, language), gist(store, iri, language))
        for iri in sorted(iris, key=place)
    )


def gist(store: ox.Store, iri: str, language: str) -> str:
    """What a thing says, in our words; empty where there is no paraphrase."""
    quads = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(GIST), None, None)
    texts = [quad.object for quad in quads if isinstance(quad.object, ox.Literal)]
    return " ".join(value.text for value in values(store, texts, language))


def _position(store: ox.Store, iri: str) -> tuple[tuple[int, int], ...]:
    """Where a passage begins and ends in its stream, in code points."""
    bounds = (PREFIXES["oa"] + "start", PREFIXES["oa"] + "end")
    pairs = [
        [next(iter(texts(store, selector, bound)), "0") for bound in bounds]
        for selector in texts(store, iri, SELECTOR)
    ]
    return tuple(sorted((int(start), int(end)) for start, end in pairs))


def _groups(store: ox.Store, iri: str, language: str) -> tuple[Group, ...]:
    """What names the thing, by kind; the passages' own selectors and lists of terms left out."""
    roles: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, None, ox.NamedNode(iri), None):
        other, role = quad.subject, quad.predicate.value
        if isinstance(other, ox.NamedNode) and role not in NOT_MENTIONS:
            roles.setdefault(other.value, set()).add(role)
    kinds: dict[str, list[str]] = {}
    for thing in (one for one in roles if one.startswith(BASE)):
        for kind in texts(store, thing, RDF_TYPE)[:1]:
            kinds.setdefault(kind, []).append(thing)
    return tuple(
        Group(
            named(store, kind, language),
            tuple(sorted((_mention(store, t, roles[t], language) for t in own), key=_when)),
        )
        for kind, own in sorted(kinds.items())
    )


def _mention(store: ox.Store, iri: str, roles: Iterable[str], language: str) -> Mention:
    dates, begin, end = _dates(store, iri, language)
    return Mention(
        thing=named(store, iri, language),
        roles=tuple(named(store, role, language) for role in sorted(roles)),
        dates=dates,
        begin=begin,
        end=end,
        sources=tuple(named(store, one, language) for one in texts(store, iri, DCT_SOURCE)),
    )


def _when(mention: Mention) -> tuple[str, str]:
    return (mention.begin.lstrip("[.") or "9999", mention.thing.text)
