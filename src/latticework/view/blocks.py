"""What stands beside the web on the page: the theory and the debate, as blocks of JSON.

The callers put them into the page (``page(..., blocks=blocks(store))``), which knows nothing of
either. Things are known by their short names; what both tell of is told once and named.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyoxigraph as ox

from latticework.debate import as_data
from latticework.theory import panel_data
from latticework.theory.reasons import Reasons
from latticework.vocabulary import shorten

Plain = dict[str, Any]
Passages = dict[str, Plain]


def blocks(
    store: ox.Store,
    sources: Collection[str] | None = None,
    text: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """The blocks of the theory, of the debate and of the passages that both name.

    Args:
        store: the data set.
        sources: IRIs of the sources of the theory; all by default.
        text: sentences by the IRI of their passage, from the reader's own copy of the source.

    Returns:
        ``theory`` (:func:`latticework.theory.panel_data` in short names, with what the record's
        undertakings say), ``debate`` (questions, sections and strands, with tables of ``claims``,
        ``works`` and ``people``) and ``passages``; nothing for what the data set does not hold.

    """
    passages: Passages = {}
    sentences = text or {}
    theory, debate = (
        _theory(store, sources, passages, sentences),
        _debate(store, passages, sentences),
    )
    told = {"theory": theory, "debate": debate, "passages": passages}
    return {name: value for name, value in told.items() if value}


def _keep(own: Iterable[Plain], passages: Passages, text: Mapping[str, str]) -> list[str]:
    """The short names of passages, which are put into the table."""
    for one in own:
        passages[shorten(one["iri"])] = {
            "place": one["place"], "gist": one["gist"], "sentence": text.get(one["iri"], ""),
        }  # fmt: skip
    return [shorten(one["iri"]) for one in own]


# The theory --------------------------------------------------------------------------------------


def _theory(
    store: ox.Store,
    sources: Collection[str] | None,
    passages: Passages,
    text: Mapping[str, str],
) -> Plain:
    told = panel_data(store, sources)
    if not told["codings"]:
        return {}
    for one in (*told["codings"].values(), *told["rules"].values(), *told["tensions"]):
        one["passages"] = _keep(one["passages"], passages, text)
    reasons = Reasons(store)
    undertakings = {
        iri
        for mechanism in told["mechanisms"]
        for span in mechanism["spans"]
        for iri in span["record"]["undertakings"]
    }
    told["undertakings"] = {
        iri: {
            "name": _both(reasons.name(iri)),
            "gist": _both(reasons.words(iri, "gist")),
            "passages": _keep(
                [
                    {"iri": p.iri, "place": _both(p.place), "gist": _both(p.gist)}
                    for p in reasons.passages.get(iri, ())
                ],
                passages,
                text,
            ),
        }
        for iri in sorted(undertakings)
    }
    return {name: _short(value) for name, value in told.items()}


def _short(value: Any) -> Any:  # noqa: ANN401
    """The same with short names for IRIs; texts and names of passages stay as they are."""
    if isinstance(value, dict):
        if set(value) == {"en", "zh"}:
            return value
        return {
            _short(key): own if key == "passages" else _short(own) for key, own in value.items()
        }
    if isinstance(value, list):
        return [_short(own) for own in value]
    return shorten(value) if isinstance(value, str) and ":" in value else value


def _both(text: Any) -> Plain:  # noqa: ANN401
    return {"en": text.en, "zh": text.zh}


# The debate --------------------------------------------------------------------------------------

RELATIONS = ("supports", "contradicts", "supported_by", "contradicted_by")


class _Tables:
    """What the debate names more than once."""

    def __init__(self, passages: Passages, text: Mapping[str, str]) -> None:
        self.claims: dict[str, Plain] = {}
        self.works: dict[str, Plain] = {}
        self.people: dict[str, Plain] = {}
        self.passages, self.text = passages, text

    def statement(self, one: Plain) -> str:
        """The short name of a claim, which is put into the table."""
        name = shorten(one["iri"])
        for who in one["claimants"]:
            self.people[shorten(who["iri"])] = who["label"]
        own = self.claims.setdefault(
            name,
            {
                "name": one["label"],
                "gist": one["gist"],
                "who": [shorten(who["iri"]) for who in one["claimants"]],
            },
        )
        if "kind" in one:
            own |= {
                "kind": one["kind"],
                "works": [self.cited(work) for work in one["works"]],
                **{
                    relation: [self.statement(other) for other in one[relation]]
                    for relation in RELATIONS
                },
            }
        if "passages" in one:
            own["passages"] = _keep(one["passages"], self.passages, self.text)
        return name

    def cited(self, work: Plain) -> Plain:
        """A citation; what the work is called goes into the table."""
        name = shorten(work["iri"])
        self.works[name] = {"key": work["key"], "reference": work["reference"]}
        cited_in = _keep(work["passages"], self.passages, self.text)
        return {"work": name, "pages": work["pages"], "passages": cited_in}

    def criticism(self, one: Plain) -> Plain:
        """What a strand overlooks, and of which of its claims."""
        return {
            "claim": self.statement(one),
            "of": [self.statement(other) for other in one["of"]],
        }


def _debate(store: ox.Store, passages: Passages, text: Mapping[str, str]) -> Plain:
    tables = _Tables(passages, text)
    questions = [
        {
            "name": question["name"],
            "title": question["title"],
            "summary": question["summary"],
            "sections": [
                {
                    "number": section["number"],
                    "heading": section["heading"],
                    "strands": [
                        {
                            "name": strand["label"],
                            "claims": [tables.statement(one) for one in strand["explanations"]],
                            "criticisms": [tables.criticism(one) for one in strand["criticisms"]],
                        }
                        for strand in section["strands"]
                    ],
                }
                for section in question["sections"]
            ],
        }
        for question in as_data(store)["questions"]
    ]
    if not tables.claims:
        return {}
    return {
        "questions": questions,
        "claims": tables.claims,
        "works": tables.works,
        "people": tables.people,
    }
