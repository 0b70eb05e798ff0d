"""Open the lead panel of one day: pairs, the arrangements that tie them, memberships, passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.coverage import Coverage
from latticework.index import Incidence
from latticework.store import select
from latticework.structure import UNITED_STATES, panel
from latticework.terms import label
from latticework.vocabulary import shorten
from latticework.web import alliance_web

WORDS = {
    "en": {
        "autonomous": "autonomous pairs: tied without the hub",
        "convened": "convened pairs: tied only together with the hub",
        "mediated": "mediated pairs: tied to the hub, not to each other",
        "of": "of",
        "not covered": "not covered by the chosen sources on this day: no value",
        "no value": "fewer than two partners: no value",
        "background": "background",
    },
    "zh": {
        "autonomous": "自主：不经枢纽而相连",
        "convened": "召集：仅与枢纽同处而相连",
        "mediated": "中介：各与枢纽相连，彼此不相连",
        "of": "/",
        "not covered": "所选来源未覆盖此日：无值",
        "no value": "伙伴不足两个：无值",
        "background": "背景数据",
    },
}


def explain_day(
    store: ox.Store,
    data: Incidence,
    coverage: Sequence[Coverage],
    on: date,
    language: str,
    hub: str = UNITED_STATES,
) -> Iterator[str]:
    """Lines that open the certain values of one day; the counts are those of the panel."""
    words = WORDS[language]
    one = panel(data, on, coverage, hub)
    if not one.covered or one.certain is None:
        yield f"{on}: {words['not covered']}"
        return
    if one.certain.mediated is None:
        yield f"{on}: {words['no value']}"
        return
    pairs = pairs_by_tie(data, on, hub)
    total = sum(len(found) for found in pairs.values())
    passages = _passages(store, language)
    for kind in ("autonomous", "convened", "mediated"):
        found = pairs[kind]
        value = getattr(one.certain, kind)
        yield f"{words[kind]}: {len(found)} {words['of']} {total} = {value:.3f}"
        for (left, right), ties in sorted(found.items()):
            names = " - ".join(label(store, iri).in_language(language) for iri in (left, right))
            yield f"  {names}"
            for arrangement, memberships in ties.items():
                yield f"    {label(store, arrangement).in_language(language)}"
                for membership in memberships:
                    places = "; ".join(passages.get(membership, []))
                    place = places or f"{words['background']}: {_locator(store, membership)}"
                    yield f"      {shorten(membership)}: {place}"


def pairs_by_tie(
    data: Incidence, on: date, hub: str
) -> dict[str, dict[tuple[str, str], dict[str, list[str]]]]:
    """Every pair of the hub's partners under how the two are tied, with the tying arrangements."""
    web = alliance_web(data, on)
    sure = [
        (a, b, key)
        for a, b, key, status in web.edges(keys=True, data="status")
        if status == "certain"
    ]
    hub_ties = {key for a, b, key in sure if hub in (a, b)}
    partners = sorted({a if b == hub else b for a, b, _ in sure if hub in (a, b)})
    result: dict[str, dict[tuple[str, str], dict[str, list[str]]]] = {
        "autonomous": {}, "convened": {}, "mediated": {},
    }  # fmt: skip
    for left, right in combinations(partners, 2):
        ties = {
            key: list(web.edges[a, b, key]["memberships"])
            for a, b, key in sure
            if {a, b} == {left, right}
        }
        without_hub = {key: ties[key] for key in sorted(ties) if key not in hub_ties}
        if without_hub:
            result["autonomous"][left, right] = without_hub
        elif ties:
            result["convened"][left, right] = {key: ties[key] for key in sorted(ties)}
        else:
            result["mediated"][left, right] = {}
    return result


def _passages(store: ox.Store, language: str) -> dict[str, list[str]]:
    """Readable places of the passages of every fact."""
    place = "placeZh" if language == "zh" else "placeEn"
    found: dict[str, list[str]] = {}
    for row in select(store, question("sources/evidence").text):
        fact, text = (str(getattr(row[name], "value", "")) for name in ("fact", place))
        found.setdefault(fact, []).append(text)
    return found


def _locator(store: ox.Store, fact: str) -> str:
    from latticework.vocabulary import LW

    quads = store.quads_for_pattern(ox.NamedNode(fact), ox.NamedNode(LW + "locator"), None, None)
    return "; ".join(sorted(str(getattr(quad.object, "value", "")) for quad in quads))
