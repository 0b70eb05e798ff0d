"""Find things by their names and by what they say, in English and Chinese.

The data set has a few thousand texts, so that looking at each is quick (a few milliseconds) and
works alike for words and for Chinese, which puts no spaces between them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches

import pyoxigraph as ox

from latticework.vocabulary import BASE, LW, LWC, PREFIXES, RDFS_LABEL, shorten

NAMES = (RDFS_LABEL, LW + "originalName", PREFIXES["dct"] + "title", PREFIXES["skos"] + "altLabel")
SAYINGS = (LW + "gist", PREFIXES["skos"] + "definition")
LONGEST = 200
"""Characters of a question that are looked for."""
MOST_WORDS = 12
QUOTES = frozenset("\"'“”‘’《》「」")
SELECTORS = PREFIXES["sel"]


@dataclass(frozen=True)
class Entry:
    """A thing with its names and what it says, folded for comparison."""

    iri: str
    kind: str
    names: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Found:
    """A thing that fits, and how well: the lower the rank, the better."""

    iri: str
    kind: str
    rank: int


class Index:
    """All names and sayings of the data set, held in memory."""

    def __init__(self, store: ox.Store) -> None:
        names, sayings = _texts(store, NAMES), _texts(store, SAYINGS)
        self.entries = tuple(
            Entry(
                iri,
                shorten(iri).partition(":")[0],
                tuple(sorted(names[iri])),
                " ".join([*names[iri], *sayings.get(iri, ()), _slug(iri)]),
            )
            for iri in sorted(names)
            if iri.startswith(BASE) and not iri.startswith(SELECTORS)
        )
        self.words = sorted({name for entry in self.entries for name in entry.names})

    def find(self, text: str, kinds: Collection[str] = ()) -> list[Found]:
        """Things in whose texts every word of ``text`` occurs, the best first."""
        whole = fold(text[:LONGEST])
        words = whole.split()[:MOST_WORDS]
        if not words:
            return []
        found = [
            Found(entry.iri, entry.kind, _rank(entry, whole, words))
            for entry in self.entries
            if (not kinds or entry.kind in kinds) and all(word in entry.text for word in words)
        ]
        return sorted(found, key=lambda one: (one.rank, one.iri))

    def near(self, text: str) -> list[str]:
        """Up to three names that look like ``text``."""
        return get_close_matches(fold(text[:60]), self.words, n=3, cutoff=0.6)


def fold(text: str) -> str:
    """Text without quotation marks and differences of case, width and accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    letters = (char for char in plain if not unicodedata.combining(char) and char not in QUOTES)
    return " ".join("".join(letters).split())


def _texts(store: ox.Store, predicates: Collection[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for predicate in predicates:
        for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                found.setdefault(quad.subject.value, set()).add(fold(quad.object.value))
    return found


def _slug(iri: str) -> str:
    return fold(iri.removeprefix(LWC).removeprefix(LW).rpartition("/")[2])


ENTITIES = frozenset(
    ("adm", "arr", "body", "group", "ins", "off", "person", "pol", "series", "state", "topic", "wg")
)
"""Kinds that people look for by name; their facts come after them."""


def _rank(entry: Entry, whole: str, words: Collection[str]) -> int:
    """How well the names fit; things come before their facts unless a fact bears the very name."""
    if whole in entry.names or whole == _slug(entry.iri):
        fit = 0
    elif any(name.startswith(whole) for name in entry.names):
        fit = 2
    elif any(all(word in name for word in words) for name in entry.names):
        fit = 3
    else:
        fit = 20
    return fit + (0 if entry.kind in ENTITIES else 10)
