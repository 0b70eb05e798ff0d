"""Open a number of one day: pairs, the arrangements that tie them, memberships, passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations, pairwise

import networkx as nx
import pyoxigraph as ox

from latticework.catalogue import question
from latticework.companions import COMPANIONS, companion_series
from latticework.coverage import Coverage
from latticework.errors import UnknownName
from latticework.index import Incidence
from latticework.measures import words as named
from latticework.store import select
from latticework.structure import MEASURES, UNITED_STATES, certain_shares
from latticework.terms import label
from latticework.vocabulary import LW, shorten
from latticework.web import alliance_web

KINDS = ("autonomous", "convened", "mediated")
WORDS = {
    "en": {
        "autonomous": "autonomous pairs: tied without the hub",
        "convened": "convened pairs: tied only together with the hub",
        "mediated": "mediated pairs: tied to the hub, not to each other",
        "dependence": "pairs that lose each other without the hub's arrangements",
        "dependence_hub_only": "pairs that lose each other without the hub itself",
        "clustering": "clustering: pairs of partners that are tied",
        "spoke_density": "spoke density: pairs of states other than the hub that are tied",
        "other": "{measure} = {value}, computed on all tied pairs",
        "kept": "still connected",
        "by way of": "by way of",
        "of": "of",
        "not covered": "not covered by the chosen sources on this day: no value",
        "no value": "fewer than two partners, or not defined on this web: no value",
        "background": "background",
    },
    "zh": {
        "autonomous": "自主：不经枢纽而相连",
        "convened": "召集：仅与枢纽同处而相连",
        "mediated": "中介：各与枢纽相连，彼此不相连",
        "dependence": "若无枢纽参与的安排则失去联系的伙伴对",
        "dependence_hub_only": "若安排中无枢纽本身则失去联系的伙伴对",
        "clustering": "聚类系数：彼此相连的伙伴对",
        "spoke_density": "辐间密度：枢纽以外彼此相连的国家对",
        "other": "{measure} = {value}，据全部相连的国家对计算",
        "kept": "仍相连",
        "by way of": "经由",
        "of": "/",
        "not covered": "所选来源未覆盖此日：无值",
        "no value": "伙伴不足两个，或该指标在此网络上无定义：无值",
        "background": "背景数据",
    },
}

Ties = dict[str, list[str]]
"""Arrangements with the memberships by which they tie a pair."""


@dataclass(frozen=True)
class Pair:
    """Two states, and what ties them."""

    one: str
    other: str
    by: Ties
    """The arrangements that tie the two, or that lead along the way between them."""
    way: tuple[str, ...] = ()
    """The states in between, where the two are connected only through others."""


@dataclass(frozen=True)
class Opening:
    """A number of one day with the pairs behind it."""

    measure: str
    date: date
    value: float
    n: int
    k: int
    total: int
    """Number of pairs that are looked at."""
    counted: tuple[Pair, ...]
    """The pairs that count towards the value."""
    rest: tuple[Pair, ...] = ()
    """For hub dependence, the pairs that stay connected."""


def explain_day(
    store: ox.Store,
    data: Incidence,
    coverage: Sequence[Coverage],
    on: date,
    language: str,
    hub: str = UNITED_STATES,
    measures: Sequence[str] = KINDS,
) -> Iterator[str]:
    """Lines that open certain values of one day; the counts are those of the panel."""
    words = WORDS[language]
    one = certain_shares(data, on, coverage, hub)
    if one is None:
        yield f"{on}: {words['not covered']}"
        return
    found = openings(data, coverage, on, hub, measures)
    if not found:
        yield f"{on}: {words['no value']}"
        return
    passages = _passages(store, language)

    def name(iri: str) -> str:
        return label(store, iri).in_language(language)

    def pair_lines(pair: Pair) -> Iterator[str]:
        way = f" ({words['by way of']} {', '.join(map(name, pair.way))})" if pair.way else ""
        yield f"  {name(pair.one)} - {name(pair.other)}{way}"
        for arrangement, memberships in pair.by.items():
            yield f"    {name(arrangement)}"
            for membership in memberships:
                place = _place(store, membership, passages, words["background"])
                yield f"      {shorten(membership)}: {place}"

    for opening in found:
        yield _heading(opening, language)
        for pair in opening.counted:
            yield from pair_lines(pair)
        if opening.rest:
            yield f"{words['kept']}: {len(opening.rest)} {words['of']} {opening.total}"
            for pair in opening.rest:
                yield from pair_lines(pair)


def explained_rows(
    store: ox.Store, found: Sequence[Opening], language: str
) -> Iterator[tuple[object, ...]]:
    """The same as plain rows under :data:`COLUMNS`, one for every membership of every pair."""
    passages = _passages(store, language)
    background = WORDS[language]["background"]
    for opening in found:
        head = (opening.date.isoformat(), opening.measure, opening.value, opening.n, opening.k)
        for counted, pairs in ((True, opening.counted), (False, opening.rest)):
            for pair in pairs:
                states = (counted, shorten(pair.one), shorten(pair.other))
                if not pair.by:
                    yield (*head, *states, "", "", "")
                for arrangement, memberships in pair.by.items():
                    for membership in memberships:
                        place = _place(store, membership, passages, background)
                        names = (shorten(arrangement), shorten(membership))
                        yield (*head, *states, *names, place)


COLUMNS = (
    "date", "measure", "value", "n", "k", "counted",
    "one", "other", "arrangement", "membership", "passages",
)  # fmt: skip


def openings(
    data: Incidence,
    coverage: Sequence[Coverage],
    on: date,
    hub: str = UNITED_STATES,
    measures: Sequence[str] = KINDS,
) -> list[Opening]:
    """Open the certain values of one day; empty where they are not covered or not defined.

    Raises:
        UnknownName: a measure is not one of ours.

    """
    unknown = [measure for measure in measures if measure not in (*MEASURES, *COMPANIONS)]
    if unknown:
        raise UnknownName(
            "there is no measure '{name}'; there are: {known}",
            name=unknown[0],
            known=(*MEASURES, *COMPANIONS),
        )
    sure = certain_shares(data, on, coverage, hub)
    if sure is None:
        return []
    values = asdict(sure)
    if set(measures) & set(COMPANIONS):
        (measured,) = companion_series(data, coverage, hub, [on])
        values |= {} if measured.companions is None else asdict(measured.companions)
    kinds = pairs_by_tie(data, on, hub)
    found = []
    for measure in measures:
        if values.get(measure) is None:
            continue
        total, counted, rest = _pairs_behind(data, on, hub, measure, kinds)
        size = (sure.states, sure.partners)
        found.append(Opening(measure, on, float(values[measure]), *size, total, counted, rest))
    return found


def pairs_by_tie(
    data: Incidence, on: date, hub: str
) -> dict[str, dict[tuple[str, str], dict[str, list[str]]]]:
    """Every pair of the hub's partners under how the two are tied, with the tying arrangements."""
    web = _certain_web(data, on)
    hub_ties = _of_hub(web, hub)
    partners = sorted(web[hub]) if hub in web else []
    result: dict[str, dict[tuple[str, str], Ties]] = {kind: {} for kind in KINDS}
    for left, right in combinations(partners, 2):
        ties = _ties_of(web, left, right)
        without_hub = {key: ties[key] for key in ties if key not in hub_ties}
        if without_hub:
            result["autonomous"][left, right] = without_hub
        elif ties:
            result["convened"][left, right] = ties
        else:
            result["mediated"][left, right] = {}
    return result


def _pairs_behind(
    data: Incidence,
    on: date,
    hub: str,
    measure: str,
    kinds: dict[str, dict[tuple[str, str], Ties]],
) -> tuple[int, tuple[Pair, ...], tuple[Pair, ...]]:
    """How many pairs are looked at, those that count, and for dependence those that do not."""
    of_partners = {pair: ties for found in kinds.values() for pair, ties in found.items()}
    web = _certain_web(data, on)
    if measure in KINDS:
        return len(of_partners), _of_kind(web, hub, kinds[measure]), ()
    if measure in ("dependence", "dependence_hub_only"):
        return len(of_partners), *_parted(web, hub, measure, sorted(of_partners))
    if measure == "clustering":
        return len(of_partners), _as_pairs({p: t for p, t in of_partners.items() if t}), ()
    states = sorted(set(web) - ({hub} if measure == "spoke_density" else set()))
    tied = {(a, b): _ties_of(web, a, b) for a, b in combinations(states, 2) if web.has_edge(a, b)}
    return len(states) * (len(states) - 1) // 2, _as_pairs(tied), ()


def _of_kind(web: nx.MultiGraph, hub: str, pairs: dict[tuple[str, str], Ties]) -> tuple[Pair, ...]:
    """The pairs of one kind with what makes them so; mediated ones by way of the hub."""
    return tuple(
        Pair(*pair, ties) if ties else _tied(web, hub, *pair)
        for pair, ties in sorted(pairs.items())
    )


def _parted(
    web: nx.MultiGraph, hub: str, measure: str, pairs: Sequence[tuple[str, str]]
) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Pairs of partners that lose each other without the hub, and those that do not, with a way."""
    rest = web.copy()
    if measure == "dependence":
        hub_ties = _of_hub(web, hub)
        rest.remove_edges_from([edge for edge in web.edges(keys=True) if edge[2] in hub_ties])
    else:
        rest.remove_node(hub)
    lost, kept = [], []
    for left, right in pairs:
        if not nx.has_path(rest, left, right):
            lost.append(_tied(web, hub, left, right))
        else:
            kept.append(_along(rest, nx.shortest_path(rest, left, right)))
    return tuple(lost), tuple(kept)


def _tied(web: nx.MultiGraph, hub: str, left: str, right: str) -> Pair:
    """A pair with what ties it; where nothing does, with what ties each to the hub."""
    return _along(web, [left, right] if web.has_edge(left, right) else [left, hub, right])


def _along(web: nx.MultiGraph, way: Sequence[str]) -> Pair:
    """The ends of a way, with the arrangements along it."""
    by: Ties = {}
    for step in pairwise(way):
        for arrangement, memberships in _ties_of(web, *step).items():
            by[arrangement] = sorted({*by.get(arrangement, []), *memberships})
    return Pair(way[0], way[-1], by, tuple(way[1:-1]))


def _certain_web(data: Incidence, on: date) -> nx.MultiGraph:
    web = alliance_web(data, on)
    edges = web.edges(keys=True, data="status")
    web.remove_edges_from([edge[:3] for edge in edges if edge[3] != "certain"])
    web.remove_nodes_from([state for state in list(web) if not web[state]])
    return web


def _of_hub(web: nx.MultiGraph, hub: str) -> set[str]:
    """The arrangements in which the hub is tied."""
    return {key for a, b, key in web.edges(keys=True) if hub in (a, b)}


def _ties_of(web: nx.MultiGraph, one: str, other: str) -> Ties:
    if not web.has_edge(one, other):
        return {}
    return {key: list(web[one][other][key]["memberships"]) for key in sorted(web[one][other])}


def _as_pairs(found: dict[tuple[str, str], Ties]) -> tuple[Pair, ...]:
    return tuple(Pair(one, other, ties) for (one, other), ties in sorted(found.items()))


def _heading(opening: Opening, language: str) -> str:
    words = WORDS[language]
    counts = f"{len(opening.counted)} {words['of']} {opening.total}"
    if opening.measure in words:
        return f"{words[opening.measure]}: {counts} = {opening.value:.3f}"
    value = f"{opening.value:.3f}"
    name = named(opening.measure, language).name
    return f"{words['other'].format(measure=name, value=value)}: {counts}"


def _place(store: ox.Store, fact: str, passages: dict[str, list[str]], background: str) -> str:
    return "; ".join(passages.get(fact, [])) or f"{background}: {_locator(store, fact)}"


def _passages(store: ox.Store, language: str) -> dict[str, list[str]]:
    """Readable places of the passages of every fact."""
    place = "placeZh" if language == "zh" else "placeEn"
    found: dict[str, list[str]] = {}
    for row in select(store, question("sources/evidence").text):
        fact, text = (str(getattr(row[name], "value", "")) for name in ("fact", place))
        found.setdefault(fact, []).append(text)
    return found


def _locator(store: ox.Store, fact: str) -> str:
    quads = store.quads_for_pattern(ox.NamedNode(fact), ox.NamedNode(LW + "locator"), None, None)
    return "; ".join(sorted(str(getattr(quad.object, "value", "")) for quad in quads))
