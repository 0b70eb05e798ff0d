"""The forms in which answers come: media types, short names, and which one a client prefers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import pyoxigraph as ox

TABLES: Final[Mapping[str, ox.QueryResultsFormat]] = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""What SELECT and ASK are answered in, the preferred one first."""
GRAPHS: Final[Mapping[str, ox.RdfFormat]] = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
"""What CONSTRUCT and DESCRIBE are answered in, the preferred one first."""
SHORT: Final[Mapping[str, tuple[str, ...]]] = {
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "ttl": ("text/turtle",),
    "nt": ("application/n-triples",),
    "jsonld": ("application/ld+json",),
    "rdf": ("application/rdf+xml",),
}
"""Short names, and what they stand for."""
ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "application/json": ("application/sparql-results+json", "application/ld+json"),
    "application/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "text/html": (),
}
"""Media types that clients ask for, and of what they are the general kind."""

_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def forms_of(kind: str) -> Mapping[str, ox.QueryResultsFormat] | Mapping[str, ox.RdfFormat]:
    """The forms in which a query of this kind (``SELECT``, ``ASK``, ...) is answered."""
    return TABLES if kind in ("SELECT", "ASK") else GRAPHS


def named(form: str, offered: Iterable[str]) -> str | None:
    """The media type among those offered that a short name or media type stands for."""
    wanted = SHORT.get(form, (form,))
    return next((media for media in offered if media in wanted), None)


def preferred(accept: str, offered: Iterable[str]) -> str | None:
    """The media type that an ``Accept`` header prefers among those offered (RFC 9110, 12.5.1).

    Without a header it is the first. ``None`` if the client takes none of them.
    """
    ranges = _ranges(accept)
    if not ranges:
        return next(iter(offered), None)
    best: tuple[float, str | None] = (0.0, None)
    for media in offered:
        quality = _quality(media, ranges)
        if quality > best[0]:
            best = (quality, media)
    return best[1]


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(",")[:100]:
        name = part.partition(";")[0].strip().lower()
        quality = _QUALITY.search(part)
        if name:
            found.append((name, min(float(quality[1]), 1.0) if quality else 1.0))
    return found


def _quality(media: str, ranges: Iterable[tuple[str, float]]) -> float:
    """How much a media type is wanted: the most specific range that fits says it."""
    best = (0, 0.0)
    for name, quality in ranges:
        if name == media:
            fits = 4
        elif media in ALSO.get(name, ()):
            fits = 3
        elif name == media.partition("/")[0] + "/*":
            fits = 2
        elif name == "*/*":
            fits = 1
        else:
            continue
        best = max(best, (fits, quality))
    return best[1]
