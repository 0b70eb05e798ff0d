"""Names: the base IRI, the prefixes and the terms that the code itself speaks of."""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/latticework/"
ONTOLOGY: Final = BASE + "ontology"
LW: Final = BASE + "ontology#"
LWC: Final = BASE + "concept#"
CONCEPTS: Final = BASE + "concept"
DERIVED: Final = BASE + "derived/"

KINDS: Final = {
    "adm": "administration",
    "agd": "agenda-item",
    "arr": "arrangement",
    "body": "organisation",
    "cit": "citation",
    "clm": "claim",
    "cod": "coding",
    "cov": "coverage",
    "dat": "data-set",
    "dis": "discrepancy",
    "div": "divergence",
    "evt": "event",
    "faf": "form-as-of",
    "group": "group",
    "ind": "indicator",
    "ins": "instrument",
    "mem": "membership",
    "mil": "milestone",
    "mtg": "meeting",
    "obs": "observation",
    "off": "office",
    "par": "participation",
    "period": "period",
    "person": "person",
    "place": "place",
    "pol": "policy",
    "prd": "prediction",
    "psg": "passage",
    "pur": "pursuit",
    "rel": "relation",
    "rule": "rule",
    "scn": "scenario",
    "sel": "selector",
    "series": "series",
    "sig": "signature",
    "spell": "spell",
    "sta": "stance",
    "state": "state",
    "stream": "stream",
    "ten": "tenure",
    "thr": "threat-perception",
    "topic": "topic",
    "und": "undertaking",
    "var": "variable",
    "ven": "venue",
    "wg": "working-group",
    "wrk": "work",
}
"""Prefix of every kind of thing, and the path segment it stands for."""

PREFIXES: Final = {
    "lw": LW,
    "lwc": LWC,
    **{prefix: f"{BASE}id/{kind}/" for prefix, kind in KINDS.items()},
    "source": BASE + "source/",
    "bibo": "http://purl.org/ontology/bibo/",
    "cito": "http://purl.org/spar/cito/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "fabio": "http://purl.org/spar/fabio/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

RDF_TYPE: Final = PREFIXES["rdf"] + "type"
RDFS_LABEL: Final = PREFIXES["rdfs"] + "label"
DCT_SOURCE: Final = PREFIXES["dct"] + "source"
EDTF: Final = PREFIXES["edtf"] + "EDTF"
XSD: Final = PREFIXES["xsd"]


def shorten(iri: str) -> str:
    """Return the prefixed name of ``iri`` if one of our prefixes fits, else ``<iri>``."""
    best = max(
        (p for p, n in PREFIXES.items() if iri.startswith(n)),
        key=lambda p: len(PREFIXES[p]),
        default=None,
    )
    return f"{best}:{iri[len(PREFIXES[best]) :]}" if best else f"<{iri}>"
