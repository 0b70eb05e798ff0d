"""The alliance web as one page: a pyvis network in our own template, with what explains it.

What the page tells is gathered from the store as plain data (:func:`facts`) and drawn by the
vis-network that the installed pyvis carries. The page is one HTML text that loads nothing: its
content security policy names its own scripts and styles by their hashes and forbids all else, so
that no label, however hostile, can run or fetch anything.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from itertools import combinations
from math import atan2, cos, pi, radians, sin
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from latticework.coverage import Coverage, read_coverage
from latticework.index import FIRST_DAY, LAST_DAY, Incidence
from latticework.resources import folder
from latticework.store import select
from latticework.structure import MEASURES, UNITED_STATES, Panel, Shares, panel
from latticework.structure import panels as panels_of
from latticework.terms import Label, label
from latticework.vocabulary import LW, LWC, PREFIXES, shorten
from latticework.web import Tie, ties

Json = dict[str, object]
Days = tuple[date | None, date | None]

PAGE = Path(str(files("latticework"))) / "page"
LAYER_ORDER = ("treatyAlliance", "securityCooperation", "dialogue", "economicInitiative")
MAP_CENTRE = (20.0, -160.0)
"""Latitude and longitude from which the states are seen when they are set in a ring."""

VIS_OPTIONS: Json = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 0, "improvedLayout": False},
    "interaction": {
        "hover": True,
        "dragNodes": False,
        "dragView": False,
        "zoomView": False,
        "selectConnectedEdges": False,
        "tooltipDelay": 120,
    },
    "nodes": {"shape": "box", "fixed": True, "chosen": False},
    "edges": {"chosen": False, "selectionWidth": 0, "hoverWidth": 0},
}


@dataclass(frozen=True)
class Notes:
    """Remarks in English and in Chinese."""

    en: tuple[str, ...]
    zh: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """A layer of cooperation; its place in the order gives colour and width."""

    id: str
    name: Label


@dataclass(frozen=True)
class Source:
    """Who says so, and until when; ``background`` where it is not the coded text."""

    name: Label
    description: Notes
    title: str
    horizon: str
    background: bool


@dataclass(frozen=True)
class State:
    """A state and its fixed place: the hub at 0/0, the others on the unit ring, in thousandths."""

    name: Label
    x: int
    y: int


@dataclass(frozen=True)
class Arrangement:
    """What holds its members together; ``open_list`` where the source names only some of them."""

    name: Label
    layer: str
    open_list: bool
    notes: Notes
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Membership:
    """One state in one arrangement: dates as the source gives them, and the days they allow."""

    member: str
    arrangement: str
    sources: tuple[str, ...]
    role: Label | None
    begin: str
    end: str
    attested: str
    unknown_begin: Label | None
    unknown_end: Label | None
    possible: Days
    certain: Days
    notes: Notes
    evidence: tuple[str, ...]
    locator: str


@dataclass(frozen=True)
class Passage:
    """Where in the source, our paraphrase, and the sentence itself if the reader has a copy."""

    place: Label
    gist: Label
    sentence: str


@dataclass(frozen=True)
class Spell:
    """A stretch during which a tie may hold and, within it, certainly holds, by these sources."""

    possible: Days
    certain: Days | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """A tie as it is drawn; ``slot`` keeps ties of the same pair apart (0, then 1, -1, 2, ...)."""

    id: str
    one: str
    other: str
    arrangement: str
    slot: int
    spells: tuple[Spell, ...]


@dataclass(frozen=True)
class Change:
    """What changes from one day to the next, by the word of one source.

    ``kind``: begins, may_begin, begun (by now, on whatever day), ended, may_end, over (by now,
    on whatever day), silent (the account of the source has ended).
    """

    date: date
    kind: str
    arrangement: str
    source: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """All that the page tells; things are known by their short names (``state:japan``)."""

    hub: str | None
    first: date
    last: date
    stops: tuple[date, ...]
    layers: tuple[Layer, ...]
    sources: dict[str, Source]
    states: dict[str, State]
    arrangements: dict[str, Arrangement]
    memberships: dict[str, Membership]
    passages: dict[str, Passage]
    edges: tuple[Edge, ...]
    changes: tuple[Change, ...]
    coverage: tuple[Coverage, ...]
    panels: dict[str, tuple[Json, ...]]
    """The lead panel for every choice of layers, by their names joined with ``+``."""


def page(
    store: ox.Store,
    data: Incidence,
    panels: Sequence[Panel],
    *,
    text: Mapping[str, str] | None = None,
) -> str:
    """The interactive page as HTML text; the same data give the same bytes.

    Args:
        store: the data set.
        data: the dated incidence to be shown.
        panels: the lead panel at every change point of ``data``.
        text: sentences by the IRI of their passage, from the reader's own copy of the source.

    """
    return _render(facts(store, data, panels, text or {}))


# What the page tells


def facts(
    store: ox.Store, data: Incidence, panels: Sequence[Panel], text: Mapping[str, str]
) -> Facts:
    """Gather what the page tells about a web."""
    coverage = [c for c in read_coverage(store) if c.source in data.sources]
    sources = {shorten(iri): _source(store, iri) for iri in sorted(set(data.sources))}
    first, last = _period(data, sources.values())
    edges = _edges(data)
    evidence, passages = _evidence(store, {*data.memberships, *data.arrangements}, text)
    changes = tuple(c for c in _changes(data) if first <= c.date <= last)
    borders = {day for c in coverage for day in (c.first, c.last + timedelta(1))}
    stops = {day for day in borders if first < day <= last} | {c.date for c in changes}
    layers = sorted(data.asked, key=_layer_rank)
    return Facts(
        hub=shorten(UNITED_STATES) if UNITED_STATES in data.states else None,
        first=first,
        last=last,
        stops=tuple(sorted({first, last, *stops})),
        layers=tuple(Layer(shorten(iri), label(store, iri)) for iri in layers),
        sources=sources,
        states=_states(store, data.states),
        arrangements={
            shorten(iri): _arrangement(store, iri, layer, evidence.get(iri, ()))
            for iri, layer in zip(data.arrangements, data.layers, strict=True)
        },
        memberships=_memberships(store, data, evidence),
        passages=passages,
        edges=edges,
        changes=changes,
        coverage=tuple(
            replace(c, source=shorten(c.source), layer=shorten(c.layer), degree=shorten(c.degree))
            for c in coverage
        ),
        panels=_all_panels(data, coverage, panels, borders),
    )


def _period(data: Incidence, sources: Iterable[Source]) -> tuple[date, date]:
    """From the year before the first change to the last day of which a source speaks."""
    changes = data.change_points() or [date(1945, 1, 1)]
    horizons = [date.fromisoformat(s.horizon) for s in sources if s.horizon]
    first, last = date(changes[0].year - 1, 1, 1), max(horizons, default=changes[-1])
    return min(first, last), last


def _layer_rank(iri: str) -> tuple[int, str]:
    name = iri.removeprefix(LWC)
    return (LAYER_ORDER.index(name) if name in LAYER_ORDER else len(LAYER_ORDER), iri)


def _source(store: ox.Store, iri: str) -> Source:
    return Source(
        name=label(store, iri),
        description=_notes(store, iri, PREFIXES["dct"] + "description"),
        title=_value(store, iri, PREFIXES["dct"] + "title"),
        horizon=_value(store, iri, LW + "horizon"),
        background=_value(store, iri, LW + "sourceKind") != LWC + "codedText",
    )


def _arrangement(store: ox.Store, iri: str, layer: str, evidence: tuple[str, ...]) -> Arrangement:
    return Arrangement(
        name=label(store, iri),
        layer=shorten(layer),
        open_list=_value(store, iri, LW + "openList") == "true",
        notes=_notes(store, iri, LW + "codingNote"),
        evidence=evidence,
    )


def _memberships(
    store: ox.Store, data: Incidence, evidence: Mapping[str, tuple[str, ...]]
) -> dict[str, Membership]:
    """The memberships; one that several sources attest names them all."""
    found: dict[str, Membership] = {}
    for i, iri in enumerate(data.memberships):
        own = found.get(shorten(iri))
        if own:
            both = tuple(sorted({*own.sources, shorten(data.sources[i])}))
            found[shorten(iri)] = replace(own, sources=both)
            continue
        found[shorten(iri)] = Membership(
            member=shorten(data.states[data.member[i]]),
            arrangement=shorten(data.arrangements[data.arrangement[i]]),
            sources=(shorten(data.sources[i]),),
            role=_concept(store, iri, LW + "membershipRole"),
            begin=_value(store, iri, LW + "begin"),
            end=_value(store, iri, LW + "end"),
            attested=_value(store, iri, LW + "attested"),
            unknown_begin=_concept(store, iri, LW + "unknownBegin"),
            unknown_end=_concept(store, iri, LW + "unknownEnd"),
            possible=(_day(data.earliest_begin[i]), _day(data.latest_end[i])),
            certain=(_day(data.latest_begin[i]), _day(data.earliest_end[i])),
            notes=_notes(store, iri, LW + "codingNote"),
            evidence=evidence.get(iri, ()),
            locator=_value(store, iri, LW + "locator"),
        )
    return dict(sorted(found.items()))


def _evidence(
    store: ox.Store, wanted: set[str], text: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Passage]]:
    """The passages on which the wanted facts rest, and what stands in them."""
    question = (folder("queries") / "sources" / "evidence.rq").read_text("utf-8")
    found: dict[str, list[str]] = {}
    passages: dict[str, Passage] = {}
    for row in select(store, question):
        value = {name: str(getattr(term, "value", "")) for name, term in row.items()}
        if value["fact"] not in wanted:
            continue
        passage = shorten(value["passage"])
        known = found.setdefault(value["fact"], [])
        if passage not in known:
            known.append(passage)
        passages.setdefault(
            passage,
            Passage(
                place=Label(value["placeEn"], value["placeZh"]),
                gist=Label(value["gistEn"], value["gistZh"]),
                sentence=text.get(value["passage"], ""),
            ),
        )
    return {fact: tuple(own) for fact, own in found.items()}, passages


def _terms(store: ox.Store, iri: str, term: str) -> list[ox.NamedNode | ox.Literal]:
    """The values of a property, sorted."""
    quads = store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(term), None, None)
    found = {q.object for q in quads if isinstance(q.object, ox.NamedNode | ox.Literal)}
    return sorted(found, key=lambda o: (o.value, str(o)))


def _value(store: ox.Store, iri: str, term: str) -> str:
    return next((o.value for o in _terms(store, iri, term)), "")


def _concept(store: ox.Store, iri: str, term: str) -> Label | None:
    value = _value(store, iri, term)
    return label(store, value) if value else None


def _notes(store: ox.Store, iri: str, term: str) -> Notes:
    def of(language: str) -> tuple[str, ...]:
        return tuple(
            o.value
            for o in _terms(store, iri, term)
            if isinstance(o, ox.Literal) and (o.language or "en").startswith(language)
        )

    return Notes(of("en"), of("zh"))


def _day(ordinal: int) -> date | None:
    return date.fromordinal(int(ordinal)) if FIRST_DAY < ordinal < LAST_DAY else None


# Ties and what changes


def _edges(data: Incidence) -> tuple[Edge, ...]:
    """One edge for every arrangement that ties two states, with all its spells."""
    by_edge: dict[tuple[str, str, str], set[Spell]] = {}
    for tie in ties(data):
        key = (shorten(tie.one), shorten(tie.other), shorten(tie.arrangement))
        by_edge.setdefault(key, set()).add(_spell(tie))
    slots = _slots(by_edge)
    return tuple(
        Edge("~".join(key), *key, slots[key], tuple(sorted(spells, key=repr)))
        for key, spells in sorted(by_edge.items())
    )


def _spell(tie: Tie) -> Spell:
    sure = tie.latest_begin <= tie.earliest_end
    return Spell(
        possible=(tie.earliest_begin, tie.latest_end),
        certain=(tie.latest_begin, tie.earliest_end) if sure else None,
        sources=tuple(shorten(source) for source in tie.sources),
    )


def _slots(
    by_edge: Mapping[tuple[str, str, str], Iterable[Spell]],
) -> dict[tuple[str, str, str], int]:
    """A slot for every edge, so that ties of a pair that may hold at once have different ones."""
    stretches: dict[tuple[str, str], list[tuple[date, date, str]]] = {}
    for (one, other, arrangement), spells in by_edge.items():
        begins = [spell.possible[0] or date.min for spell in spells]
        ends = [spell.possible[1] or date.max for spell in spells]
        stretches.setdefault((one, other), []).append((min(begins), max(ends), arrangement))
    slots = {}
    for (one, other), own in stretches.items():
        free_after: list[date] = []
        for begin, end, arrangement in sorted(own):
            free = (n for n, taken in enumerate(free_after) if taken < begin)
            place = next(free, len(free_after))
            free_after[place : place + 1] = [end]
            slots[one, other, arrangement] = (place + 1) // 2 * (1 if place % 2 else -1)
    return slots


def _changes(data: Incidence) -> Iterable[Change]:
    """What changes at each change point, memberships of one arrangement and source together."""
    groups: dict[tuple[date, str, str, str], set[str]] = {}
    for i in range(len(data.memberships)):
        for day, kind in _turns(
            _day(data.earliest_begin[i]),
            _day(data.latest_begin[i]),
            _day(data.earliest_end[i]),
            _day(data.latest_end[i]),
        ):
            key = (
                day,
                kind,
                shorten(data.arrangements[data.arrangement[i]]),
                shorten(data.sources[i]),
            )
            groups.setdefault(key, set()).add(shorten(data.states[data.member[i]]))
    return [Change(*key, tuple(sorted(members))) for key, members in sorted(groups.items())]


def _turns(
    earliest_begin: date | None,
    latest_begin: date | None,
    earliest_end: date | None,
    latest_end: date | None,
) -> Iterable[tuple[date, str]]:
    """The days on which the state of one membership changes, and how."""
    if latest_begin and earliest_begin == latest_begin:
        yield latest_begin, "begins"
    else:
        if earliest_begin:
            yield earliest_begin, "may_begin"
        if latest_begin:
            yield latest_begin, "begun"
    if latest_end and earliest_end == latest_end:
        yield _next(latest_end), "ended"
    else:
        if earliest_end:
            yield _next(earliest_end), "may_end" if latest_end else "silent"
        if latest_end:
            yield _next(latest_end), "over"


def _next(day: date) -> date:
    return day + timedelta(1)


# Measures


def _all_panels(
    data: Incidence, coverage: Sequence[Coverage], panels: Sequence[Panel], borders: set[date]
) -> dict[str, tuple[Json, ...]]:
    """The lead panel for every choice of layers, also where coverage begins or ends."""
    found = {_key(data.asked): _with_borders(data, coverage, panels, borders)}
    for count in range(1, len(data.asked)):
        for layers in combinations(sorted(data.asked), count):
            own = _only(data, layers)
            found[_key(layers)] = _with_borders(own, coverage, panels_of(own, coverage), borders)
    return found


def _key(layers: Iterable[str]) -> str:
    return "+".join(sorted(shorten(layer) for layer in layers))


def _with_borders(
    data: Incidence, coverage: Sequence[Coverage], panels: Sequence[Panel], borders: set[date]
) -> tuple[Json, ...]:
    known = {p.date for p in panels}
    more = [panel(data, day, coverage) for day in sorted(borders - known)]
    return tuple(_panel(p) for p in sorted([*panels, *more], key=lambda p: p.date))


def _panel(panel: Panel) -> Json:
    return {
        "date": panel.date,
        "covered": panel.covered,
        "worlds": panel.worlds,
        "certain": _shares(panel.certain),
        "low": _shares(panel.low),
        "high": _shares(panel.high),
    }


def _shares(shares: Shares | None) -> Json | None:
    if shares is None:
        return None
    values = {name: getattr(shares, name) for name in MEASURES}
    return {
        "n": shares.states,
        "k": shares.partners,
        **{name: value if value is None else round(value, 6) for name, value in values.items()},
    }


def _only(data: Incidence, layers: Collection[str]) -> Incidence:
    """The same with the arrangements and memberships of some layers only."""
    arrangements = np.array([layer in layers for layer in data.layers], dtype=bool)
    held = arrangements[data.arrangement]
    kept = np.flatnonzero(held)
    chosen = np.flatnonzero(arrangements)
    return replace(
        data,
        arrangements=tuple(data.arrangements[a] for a in chosen),
        memberships=tuple(data.memberships[i] for i in kept),
        sources=tuple(data.sources[i] for i in kept),
        layers=tuple(data.layers[a] for a in chosen),
        asked=frozenset(layers),
        member=data.member[held],
        arrangement=np.searchsorted(chosen, data.arrangement[held]),
        earliest_begin=data.earliest_begin[held],
        latest_begin=data.latest_begin[held],
        earliest_end=data.earliest_end[held],
        latest_end=data.latest_end[held],
    )


# Places in the ring


def _states(store: ox.Store, iris: Iterable[str]) -> dict[str, State]:
    """The states: the hub in the middle, the others round it roughly as on a Pacific map."""
    others = [iri for iri in iris if iri != UNITED_STATES]
    places = _ring({iri: _bearing(store, iri) for iri in others})
    return {
        shorten(iri): State(label(store, iri), *places.get(iri, (0, 0))) for iri in sorted(iris)
    }


def _bearing(store: ox.Store, state: str) -> float | None:
    """The angle under which the capital is seen from the middle of a Pacific-centred map."""
    capital = _value(store, state, LW + "capital")
    latitude = _value(store, capital, LW + "latitude") if capital else ""
    longitude = _value(store, capital, LW + "longitude") if capital else ""
    if not latitude or not longitude:
        return None
    east = (float(longitude) - MAP_CENTRE[1] + 180) % 360 - 180
    return atan2(float(latitude) - MAP_CENTRE[0], east)


def _ring(bearings: Mapping[str, float | None]) -> dict[str, tuple[int, int]]:
    """Places on the unit ring in the order of the bearings, evenly spread and turned to fit them.

    Things without a bearing come last, by name. Screen coordinates: y grows downwards.
    """
    order = sorted(bearings, key=lambda iri: (_turn(bearings[iri]), iri))
    count = len(order)
    turns = [2 * pi * step / 360 for step in range(360)]

    def misfit(turn: float) -> float:
        return sum(
            1 - cos(turn + 2 * pi * i / count - bearing)
            for i, iri in enumerate(order)
            if (bearing := bearings[iri]) is not None
        )

    best = min(turns, key=lambda turn: (round(misfit(turn), 9), turn))
    angles = (best + 2 * pi * i / count for i in range(count))
    return {
        iri: (round(1000 * cos(angle)), round(-1000 * sin(angle)))
        for iri, angle in zip(order, angles, strict=True)
    }


def _turn(bearing: float | None) -> float:
    return radians(360) if bearing is None else bearing % (2 * pi)


# The page itself


def _render(told: Facts) -> str:
    from pyvis import network as pyvis  # slow to import

    script = Path(pyvis.__file__).parent / "lib" / "vis-9.1.2" / "vis-network.min.js"
    words = json.loads((PAGE / "ui.json").read_text("utf-8"))
    shown = {name: value for name, value in _plain(told).items() if name != "edges"}
    drawn = pyvis.Network(directed=True)  # an undirected one drops parallel edges silently
    drawn.set_template_dir(str(PAGE))
    drawn.options = VIS_OPTIONS
    for iri, state in told.states.items():
        drawn.add_node(iri, label=state.name.en, x=state.x, y=state.y)
    for edge in told.edges:
        own = _plain(edge)
        drawn.add_edge(own.pop("one"), own.pop("other"), arrows="", **own)
    # The source map would be looked for outside the page.
    vis = script.read_text("utf-8").partition("//# sourceMappingURL")[0]
    code = (PAGE / "page.js").read_text("utf-8")
    style = _font(json.dumps([words, shown], ensure_ascii=False)) + (PAGE / "page.css").read_text(
        "utf-8"
    )
    drawn.templateEnv.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": True}
    drawn.templateEnv.globals.update(
        vis=vis,
        code=code,
        style=style,
        words=words,
        facts=shown,
        policy=_policy(scripts=[vis, code], styles=[style]),
    )
    return str(drawn.generate_html())


def _policy(scripts: Iterable[str], styles: Iterable[str]) -> str:
    """A content security policy that allows exactly these scripts and styles, and no loading."""

    def hashes(texts: Iterable[str]) -> str:
        digests = (b64encode(sha256(text.encode()).digest()).decode() for text in texts)
        return " ".join(f"'sha256-{digest}'" for digest in digests)

    return (
        f"default-src 'none'; script-src {hashes(scripts)}; style-src {hashes(styles)}; "
        "font-src data:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _plain(told: Facts | Edge) -> Json:
    """The facts as JSON values: days as ISO text."""
    text = json.dumps(asdict(told), default=date.isoformat, ensure_ascii=False)
    return dict(json.loads(text))


def _font(text: str) -> str:
    """A style rule with the Chinese glyphs that ``text`` needs, for machines that have none.

    A subset of Noto Sans SC (SIL Open Font License 1.1) from the installed font package; empty
    where that is not installed, and the page then relies on the fonts of the machine.
    """
    try:
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError:
        return ""
    from fontTools import subset

    wanted = {ord(char) for char in text if ord(char) >= 0x2E80}
    options = subset.Options(
        flavor="woff",
        hinting=False,
        layout_features=[],
        name_IDs=[0, 1, 2, 13, 14],
        notdef_outline=True,
        recalc_timestamp=False,
    )
    font = subset.load_font(sans_path(), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    subset_file = BytesIO()
    subset.save_font(font, subset_file, options)
    data = b64encode(subset_file.getvalue()).decode()
    return (
        "/* Noto Sans SC, (c) Adobe and Google, SIL Open Font License 1.1, a subset */\n"
        '@font-face { font-family: "Page Han"; font-display: block; '
        f'src: url("data:font/woff;base64,{data}") format("woff"); }}\n'
    )
