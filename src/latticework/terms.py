"""Names that people read: labels of things in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from latticework.vocabulary import RDFS_LABEL, shorten


@dataclass(frozen=True)
class Label:
    """A name in English and in Chinese (simplified)."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """The name in ``en`` or ``zh``."""
        return self.zh if language.startswith("zh") else self.en


def label(store: ox.Store, iri: str) -> Label:
    """The label of a thing; the short form of its IRI where it has none."""
    found: dict[str, str] = {}
    for quad in store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDFS_LABEL), None, None):
        if isinstance(quad.object, ox.Literal) and quad.object.language:
            language = quad.object.language.split("-")[0]
            found[language] = min(found.get(language, quad.object.value), quad.object.value)
    short = shorten(iri)
    english = found.get("en") or found.get("zh") or short
    return Label(english, found.get("zh") or english)
