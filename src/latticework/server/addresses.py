"""Where a thing is found on this server: from IRIs to local addresses, and back.

The base of the IRIs is one setting (:data:`latticework.vocabulary.BASE`); what follows it is the
path here. A thing (``/id/arrangement/quad``) answers with a redirect to its page
(``/en/page/arrangement/quad``) or to its data (``/data/arrangement/quad.ttl``).
"""

from __future__ import annotations

from urllib.parse import quote

from latticework.vocabulary import BASE, CONCEPTS, KINDS, LW, LWC, ONTOLOGY

LANGUAGES = ("en", "zh")
TAGS = {"en": "en", "zh": "zh-Hans"}
"""How HTML names the languages."""
KIND_PATHS = frozenset(KINDS.values())


def thing_path(iri: str) -> str:
    """The local address of a thing itself; empty where the IRI is not ours."""
    return "/" + quote(iri.removeprefix(BASE)) if iri.startswith(BASE) else ""


def slug_path(iri: str) -> str:
    """The part of an IRI of ours by which its page and its data are found."""
    return iri.removeprefix(BASE).removeprefix("id/")


def iri_at(path: str) -> str:
    """The IRI whose page or data stands under this path; the reverse of :func:`slug_path`."""
    return BASE + ("id/" if path.partition("/")[0] in KIND_PATHS else "") + path


def page(iri: str, language: str) -> str:
    """The address of the page about a thing; of others' things their IRI, if it is a web address.

    Empty where there is nothing that a browser should follow.
    """
    if iri == ONTOLOGY or iri.startswith(LW):
        return f"/{language}/ontology" + _anchor(iri, LW)
    if iri == CONCEPTS or iri.startswith(LWC):
        return f"/{language}/concepts" + _anchor(iri, LWC)
    if iri.startswith(BASE):
        return f"/{language}/page/{quote(slug_path(iri))}"
    return iri if iri.startswith(("http://", "https://")) else ""


def data(iri: str, suffix: str) -> str:
    """The address of the data about a thing, in the form that the suffix names."""
    return f"/data/{quote(slug_path(iri.partition('#')[0]))}.{suffix}"


def _anchor(iri: str, namespace: str) -> str:
    return "#" + quote(iri.removeprefix(namespace)) if iri.startswith(namespace) else ""
