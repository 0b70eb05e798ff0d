"""The theory as one plain dictionary, so that a page can draw it at any day without a store.

Every mechanism has spans of days, both ends included, in order and without gaps over the days
that the sources cover; within a span nothing changes. ``why`` is one sentence a language.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

import pyoxigraph as ox

from latticework.terms import Label
from latticework.theory.days import Days
from latticework.theory.expectations import Expectation, predict
from latticework.theory.reading import FORM, VALUES, Coding, Mechanism, Theory, read_theory
from latticework.theory.reasons import Passage, Reasons, holding
from latticework.theory.record import Record, Records, steps, verdicts
from latticework.theory.words import RECORD, SENTENCES, STATUS, VERDICT

Plain = dict[str, Any]


def panel_data(
    store: ox.Store, sources: Collection[str] | None = None, by: str | None = None
) -> Plain:
    """Everything that a panel for the theory shows, as strings, lists and dictionaries.

    Args:
        store: the data set.
        sources: IRIs of the sources; all by default.
        by: only this claimant's codings; all by default.

    Returns:
        ``mechanisms`` (each with ``iri``, ``name``, ``codings`` and ``spans``; a span has
        ``from``, ``to``, ``expectations`` and ``record``), and tables that the spans refer to by
        IRI: ``codings``, ``rules``, ``tensions``, ``names``; ``words`` for status, verdicts and
        record; ``circular``, a sentence that belongs beside every verdict.

    """
    theory, reasons = read_theory(store, sources), Reasons(store)
    records = Records(store, sources, theory)
    told = [m for m in theory.mechanisms if m.of_the_hub]
    drawn = [_mechanism(theory, records, reasons, one, by) for one in told]
    rules = sorted({p.rule for p in theory.predictions})
    return {
        "mechanisms": [one for one in drawn if one["spans"]],
        "codings": {c.iri: _coding(reasons, c) for c in theory.codings},
        "rules": {iri: _rule(reasons, iri) for iri in rules},
        "tensions": [
            {
                "discrepancy": t.discrepancy,
                "claim": t.claim,
                "variables": list(t.variables),
                "claimant": t.claimant,
                "gist": _both(t.gist),
                "passages": _passages(t.passages),
            }
            for t in reasons.tensions
        ],
        "variables": list(VALUES),
        "names": {iri: _both(reasons.name(iri)) for iri in sorted(_named(theory, drawn))},
        "words": {
            language: {
                "status": STATUS[language],
                "verdict": VERDICT[language],
                "record": RECORD[language],
            }
            for language in ("en", "zh")
        },
        "circular": {lang: SENTENCES[lang]["circular"] for lang in ("en", "zh")},
    }


def _mechanism(
    theory: Theory, records: Records, reasons: Reasons, one: Mechanism, by: str | None
) -> Plain:
    spans: list[Plain] = []
    for first, last in steps(theory, records, one):
        found = predict(theory, first, by, [one])
        record = records.on(one, first)
        if any(e.status == "not in being" for e in found):
            continue
        span = {
            "from": first.isoformat(),
            "to": last.isoformat(),
            "expectations": [_expectation(reasons, e, record) for e in found],
            "record": _record(reasons, record),
        }
        same = {k: v for k, v in span.items() if k not in ("from", "to")}
        if spans and all(spans[-1][k] == v for k, v in same.items()) and not _gap(spans[-1], span):
            spans[-1]["to"] = span["to"]
        else:
            spans.append(span)
    return {
        "iri": one.iri,
        "name": _both(reasons.name(one.iri)),
        "layer": one.layer,
        "realised": one.realised,
        "codings": sorted(
            {c.iri for c in theory.codings if c.arrangement == one.iri and by in (None, c.claimant)}
        ),
        "spans": spans,
    }


def _gap(before: Plain, after: Plain) -> bool:
    """Whether days lie between two spans."""
    return (
        date.fromisoformat(before["to"]).toordinal() + 1
        != date.fromisoformat(after["from"]).toordinal()
    )


def _expectation(reasons: Reasons, one: Expectation, record: Record) -> Plain:
    first = one.predictions[0] if one.predictions else None
    why = {
        language: reasons.because(first, language) if first else reasons.reason(one, language)
        for language in ("en", "zh")
    }
    return {
        "claimant": one.claimant,
        "status": one.status,
        "forms": list(one.forms),
        "rule": one.rule,
        "codings": [c.iri for c in first.codings] if first else [],
        "also": [[c.iri for c in p.codings] for p in one.predictions[1:]],
        "missing": list(one.missing),
        "why": why,
        "verdicts": dict(verdicts(one, record)),
    }


def _record(reasons: Reasons, record: Record) -> Plain:
    return {
        "certain": list(record.certain),
        "possible": list(record.possible),
        "shape": record.shape,
        "commitment": record.commitment,
        "undertakings": list(record.undertakings),
        "label": list(record.label),
        "labelCodings": list(record.label_codings),
        "disputes": [
            {"iri": iri, "gist": _both(reasons.words(iri, "gist"))}
            for coding in record.label_codings
            for iri in reasons.disputes(coding)
        ],
    }


def _coding(reasons: Reasons, coding: Coding) -> Plain:
    return {
        "variable": coding.variable,
        "value": coding.value,
        "claimant": coding.claimant,
        "period": coding.period,
        "days": _days(coding.days),
        "holds": {language: holding(coding.days, language) for language in ("en", "zh")},
        "gist": _both(reasons.words(coding.iri, "gist")),
        "note": _both(reasons.words(coding.iri, "codingNote")),
        "passages": _passages(reasons.passages.get(coding.iri, ())),
    }


def _rule(reasons: Reasons, iri: str) -> Plain:
    return {
        "name": _both(reasons.name(iri)),
        "gist": _both(reasons.words(iri, "gist")),
        "note": _both(reasons.words(iri, "codingNote")),
        "passages": _passages(reasons.passages.get(iri, ())),
    }


def _passages(passages: tuple[Passage, ...]) -> list[Plain]:
    return [{"iri": p.iri, "place": _both(p.place), "gist": _both(p.gist)} for p in passages]


def _days(days: Days) -> Plain:
    bounds = (days.earliest_begin, days.latest_begin, days.earliest_end, days.latest_end)
    names = ("earliestBegin", "latestBegin", "earliestEnd", "latestEnd")
    return {name: day.isoformat() if day else None for name, day in zip(names, bounds, strict=True)}


def _named(theory: Theory, drawn: list[Plain]) -> set[str]:
    """Everything that is referred to by IRI and has a name to show."""
    named = set(VALUES) | {FORM} | set(theory.claimants())
    named |= {c.value for c in theory.codings} | {c.period for c in theory.codings if c.period}
    for one in drawn:
        named.add(one["layer"])
        for span in one["spans"]:
            record = span["record"]
            named |= {*record["certain"], *record["possible"], *record["label"]}
            for expectation in span["expectations"]:
                named |= set(expectation["forms"])
    return named


def _both(text: Label) -> Plain:
    return {"en": text.en, "zh": text.zh}
