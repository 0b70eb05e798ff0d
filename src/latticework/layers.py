"""The layers of cooperation, and how people name them: labels in either language, slugs, IRIs."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import pyoxigraph as ox

from latticework.errors import UnknownName
from latticework.terms import label
from latticework.vocabulary import LWC, PREFIXES

LAYERS = LWC + "layers"


def layers_of(store: ox.Store) -> list[str]:
    """IRIs of all layers, in order."""
    in_scheme = ox.NamedNode(PREFIXES["skos"] + "inScheme")
    quads = store.quads_for_pattern(None, in_scheme, ox.NamedNode(LAYERS), None)
    return sorted({str(getattr(quad.subject, "value", "")) for quad in quads})


def layer_iris(store: ox.Store, names: Sequence[str]) -> frozenset[str]:
    """The layers that are named.

    Args:
        store: the data set.
        names: labels in English or Chinese, slugs (``treatyAlliance``) or IRIs, upper or lower
            case; the spaces of a label may be left out or be hyphens.

    Raises:
        UnknownName: a name fits no layer; a near one and all that there are are given.

    """
    known = {key: iri for iri in layers_of(store) for key in _keys(store, iri)}
    found = set()
    for name in names:
        key = _folded(name)
        if key not in known:
            slugs = [iri.removeprefix(LWC) for iri in layers_of(store)]
            near = get_close_matches(key, known, n=1)
            if near:
                raise UnknownName(
                    "'{name}' is no layer; did you mean {near}? There are: {known}",
                    name=name,
                    near=known[near[0]].removeprefix(LWC),
                    known=slugs,
                )
            raise UnknownName("'{name}' is no layer; there are: {known}", name=name, known=slugs)
        found.add(known[key])
    return frozenset(found)


def _keys(store: ox.Store, iri: str) -> set[str]:
    named, slug = label(store, iri), iri.removeprefix(LWC)
    return {_folded(text) for text in (iri, slug, f"lwc:{slug}", named.en, named.zh)}


def _folded(text: str) -> str:
    return text.strip().casefold().replace(" ", "").replace("-", "").replace("_", "")
