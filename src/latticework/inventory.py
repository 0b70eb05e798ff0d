"""What there is to ask and to show: questions, kinds, things, sources."""

from __future__ import annotations

import pyoxigraph as ox

from latticework.catalogue import questions
from latticework.errors import UnknownName
from latticework.terms import label
from latticework.vocabulary import BASE, KINDS, LW, PREFIXES, RDF_TYPE, shorten


def named_questions(language: str) -> list[tuple[str, str, str]]:
    """Name, title and parameters of every named question."""
    return [
        (
            asked.name,
            asked.title_zh if language == "zh" else asked.title,
            ", ".join(f"{name} ({kind})" for name, kind in asked.parameters),
        )
        for asked in questions()
    ]


def kinds(store: ox.Store, language: str) -> list[tuple[str, str, int]]:
    """Prefix, name and number of things of every kind that there is."""
    found: dict[str, set[str]] = {}
    classes: dict[str, str] = {}
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            prefix = shorten(quad.subject.value).partition(":")[0]
            if prefix in KINDS:
                found.setdefault(prefix, set()).add(quad.subject.value)
                classes[prefix] = max(classes.get(prefix, ""), quad.object.value)
    return [
        (prefix, label(store, classes[prefix]).in_language(language), len(found[prefix]))
        for prefix in sorted(found)
    ]


def things(store: ox.Store, kind: str | None, language: str) -> list[tuple[str, str]]:
    """Prefixed name and label of every thing, or of the things of one kind."""
    if kind is not None and kind not in KINDS:
        raise UnknownName(
            "there is no kind '{kind}'; 'latticework list kinds' shows them", kind=kind
        )
    root = PREFIXES[kind] if kind else BASE + "id/"
    found = {
        quad.subject.value
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None, None)
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(root)
    }
    return [(shorten(iri), label(store, iri).in_language(language)) for iri in sorted(found)]


def sources(store: ox.Store, language: str) -> list[tuple[str, str, str]]:
    """Name, label and horizon of every source."""
    source = ox.NamedNode(LW + "Source")
    rows = []
    for quad in store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), source, None):
        if isinstance(quad.subject, ox.NamedNode):
            horizon = store.quads_for_pattern(
                quad.subject, ox.NamedNode(LW + "horizon"), None, None
            )
            until = ", ".join(str(getattr(h.object, "value", "")) for h in horizon)
            name = quad.subject.value.removeprefix(PREFIXES["source"])
            rows.append((name, label(store, quad.subject.value).in_language(language), until))
    return sorted(rows)
