"""From what people write to what the graph calls it: names in either language, slugs, IRIs."""

from __future__ import annotations

import re
from collections.abc import Collection
from difflib import get_close_matches

import pyoxigraph as ox

from latticework.errors import UnknownName
from latticework.phrases import Phrase
from latticework.vocabulary import BASE, PREFIXES, RDFS_LABEL, shorten

FOREMOST = ("arr", "state", "body", "group", "adm", "person", "ins", "series", "mtg")
"""Kinds in the order in which a shared name is understood: the alliance before its spell."""


def resolve(store: ox.Store, text: str, kinds: Collection[str] = ()) -> str:
    """Return the IRI of the one thing that ``text`` names.

    Args:
        store: the data set.
        text: an IRI, a prefixed name (``state:japan``), a slug (``japan``), or a label in
            English or Chinese, upper or lower case, whole or a part of it before or within
            brackets.
        kinds: prefixes of the kinds to choose from, such as ``("state",)``; all by default.

    Raises:
        UnknownName: nothing, or more than one thing, bears that name; near names are given.

    """
    text = text.strip()
    iri = _expand(text)
    if iri is not None:
        if any(store.quads_for_pattern(ox.NamedNode(iri), None, None, None)):
            return iri
        raise UnknownName(
            "there is no {text}{nearest}",
            text=text,
            nearest=_nearest(store, text.partition(":")[2], kinds),
        )
    names, asked = _labels(store, kinds), text.casefold()
    found = (
        {thing for name, thing in names if name == asked}
        or {thing for _, thing in names if _slug(thing) == asked}
        or _by_short_form(names, _bare(asked))
    )
    found = _foremost(found)
    if len(found) == 1:
        return found.pop()
    if found:
        choices = sorted(map(shorten, found))
        raise UnknownName(
            "'{text}' names several things; write one of: {choices}", text=text, choices=choices
        )
    if kinds and (other := _named_elsewhere(store, text)):
        raise UnknownName(
            "'{text}' is {other}; what is asked for here is of the kind {kinds} "
            "('latticework list kinds' says what that is)",
            text=text,
            other=shorten(other),
            kinds=list(kinds),
        )
    raise UnknownName(
        "nothing is named '{text}'{nearest}", text=text, nearest=_nearest(store, text, kinds)
    )


def _named_elsewhere(store: ox.Store, text: str) -> str | None:
    """What bears the name among all kinds, if just one thing does."""
    try:
        return resolve(store, text)
    except UnknownName:
        return None


def _expand(text: str) -> str | None:
    if text.startswith(("http://", "https://")):
        return text
    prefix, colon, slug = text.partition(":")
    return PREFIXES[prefix] + slug if colon and prefix in PREFIXES else None


def _foremost(found: set[str]) -> set[str]:
    """Of things that share a name those of the kind that a reader means first."""
    for kind in FOREMOST:
        if own := {iri for iri in found if iri.startswith(PREFIXES[kind])}:
            return own
    return found


def _by_short_form(names: Collection[tuple[str, str]], asked: str) -> set[str]:
    """What has the name as a part of its label; the shortest such labels, so no fact about it."""
    found = [(len(name), thing) for name, thing in names if asked in _short_forms(_bare(name))]
    least = min((length for length, _ in found), default=0)
    return {thing for length, thing in found if length == least}


def _short_forms(label: str) -> set[str]:
    """The label, and its parts before and within brackets."""
    found = re.fullmatch(r"(.+?)\s*[(（](.+)[)）]", label)
    return {label, *(found.groups() if found else ())}


def _bare(label: str) -> str:
    return re.sub(r"[\"'“”‘’「」]", "", label)


def _slug(iri: str) -> str:
    return iri.rpartition("/")[2]


def _labels(store: ox.Store, kinds: Collection[str]) -> list[tuple[str, str]]:
    """Every label (case folded) with what it names."""
    roots = tuple(PREFIXES[kind] for kind in kinds) or (BASE + "id/",)
    return [
        (quad.object.value.casefold(), quad.subject.value)
        for quad in store.quads_for_pattern(None, ox.NamedNode(RDFS_LABEL), None, None)
        if isinstance(quad.subject, ox.NamedNode)
        and isinstance(quad.object, ox.Literal)
        and quad.subject.value.startswith(roots)
    ]


def _nearest(store: ox.Store, text: str, kinds: Collection[str]) -> Phrase | str:
    """A clause that suggests up to three near names, or nothing."""
    known = {name for label, iri in _labels(store, kinds) for name in (label, _slug(iri))}
    near = get_close_matches(text.casefold(), sorted(known), n=3, cutoff=0.6)
    return Phrase("; did you mean {near}?", near=near) if near else ""
