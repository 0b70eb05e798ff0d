"""The page tells all that the web holds, runs nothing foreign, loads nothing, and works."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from fontTools.ttLib import TTFont

from conftest import ROOT, MakeSource
from latticework.build import Built, build
from latticework.cli.measuring import web
from latticework.coverage import read_coverage
from latticework.errors import LatticeworkError
from latticework.index import Incidence, incidence
from latticework.layers import layers_of
from latticework.structure import panels
from latticework.view import page, page_and_files
from latticework.view.assemble import PAGE
from latticework.view.blocks import blocks
from latticework.view.reading import things, value
from latticework.view.ties import turns
from latticework.vocabulary import LWC, PREFIXES, shorten
from latticework.web import alliance_web, ties

HOSTILE = (
    "</script><script>document.title='pwned'</script>",
    '"><img src=x onerror="document.title=\'pwned\'">',
    "<!--{{ 7 * 7 }}{% raw %}${document.title='pwned'}",
    "javascript:document.title='pwned'",
)

BOTH = "lwc:securityCooperation+lwc:treatyAlliance"
HOLE = r"\{(\w+)\}"

SMALL = """
source:small a lw:Source ; rdfs:label "small"@en , "小"@zh-Hans ; lw:sourceKind lwc:codedText ;
    lw:horizon "2020-12-31"^^xsd:date ; lw:coverage cov:early , cov:late .
cov:early a lw:Coverage ; lw:layer lwc:treatyAlliance ; lw:coverageDegree lwc:coveredFully ;
    lw:begin "1950"^^edtf:EDTF ; lw:end "1979"^^edtf:EDTF ; dct:source source:small .
cov:late a lw:Coverage ; lw:layer lwc:treatyAlliance ; lw:coverageDegree lwc:coveredPartly ;
    lw:begin "2000"^^edtf:EDTF ; lw:end "2020-12-31"^^edtf:EDTF ; dct:source source:small .
"""


@dataclass
class Parsed(HTMLParser):
    """The page as a browser reads it: its scripts, styles, attributes and JSON blocks."""

    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    blocks: dict[str, Any] = field(default_factory=dict)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.inside: tuple[str, dict[str, str]] | None = None
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        self.attributes += [(tag, name, value) for name, value in own.items()]
        if tag in ("script", "style"):
            self.inside, self.text = (tag, own), ""

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if not self.inside or self.inside[0] != tag:
            return
        own = self.inside[1]
        self.inside = None
        if own.get("type") == "application/json":
            self.blocks[own["id"]] = json.loads(self.text)
        else:
            (self.scripts if tag == "script" else self.styles).append(self.text)


def parsed(html: str) -> Parsed:
    parser = Parsed()
    parser.feed(html)
    return parser


def make(store: ox.Store, **more: Any) -> tuple[str, Incidence]:
    data = incidence(store)
    more.setdefault("blocks", blocks(store))
    return page(store, data, panels(data, read_coverage(store)), **more), data


@pytest.fixture(scope="module")
def shipped(built: Built) -> tuple[str, Incidence]:
    return make(built.store)


SCRIPT_IRI = "<javascript:document.title='pwned'>"
ODD_IRI = "<https://w3id.org/latticework/id/state/a'onload=alert(1)//&lt;script&gt;>"


def small(make_source: MakeSource, names: tuple[str, ...] = HOSTILE, more: str = "") -> Built:
    """Three states and two treaties between the same two of them, named as given.

    And one of every other thing that the page tells of, with the same names, in which two more
    states take part whose IRIs are as hostile as IRIs can be.
    """
    one, two, three, four = (json.dumps(name) for name in names)
    labels = f"rdfs:label {four}@en , {one}@zh-Hans"
    gist = f"lw:gist {two}@en , {three}@zh-Hans ; lw:codingNote {one}@en , {four}@zh-Hans"
    fact = f"{gist} ; lw:evidence psg:one ; dct:source source:small"
    facts = f"""
    state:united-states a lw:State ; rdfs:label {one}@en , {one}@zh-Hans .
    state:other a lw:State ; rdfs:label {two}@en , {two}@zh-Hans .
    state:third a lw:State ; rdfs:label {three}@en , {three}@zh-Hans .
    {SCRIPT_IRI} a lw:State ; {labels} .
    {ODD_IRI} a lw:State ; {labels} .
    psg:one a lw:Passage ; rdfs:label "section 1"@en , "第1节"@zh-Hans ;
        lw:gist {three}@en , {four}@zh-Hans .
    topic:x {labels} . body:x a lw:Organisation ; {labels} . person:x a lw:Person ; {labels} .
    off:x a lw:Office ; {labels} . group:x a lw:Group ; {labels} . place:x a lw:Place ; {labels} .
    thr:state a lw:ThreatPerception ; lw:perceiver state:other ; lw:object {ODD_IRI} ;
        lw:threatWord lwc:threat ; lw:sayer body:x ; lw:date "1990"^^edtf:EDTF ; {fact} .
    thr:topic a lw:ThreatPerception ; lw:perceiver group:x ; lw:object topic:x , {SCRIPT_IRI} ;
        lw:threatWord lwc:threat ; lw:sayer person:x ; lw:unknownDate lwc:notStated ; {fact} .
    div:one a lw:Divergence ; lw:between state:united-states , state:other ; lw:topic topic:x ;
        lw:arrangement arr:pact ; lw:sayer body:x ; {fact} .
    mtg:one a lw:Meeting ; {labels} ; lw:eventKind lwc:meetingEvent ; lw:place place:x ;
        lw:date "1990-01-01"^^edtf:EDTF ; lw:arrangement arr:pact ; {fact} .
    par:one a lw:Participation ; lw:event mtg:one ; lw:actor state:other ; lw:person person:x ;
        lw:office off:x ; {fact} .
    par:two a lw:Participation ; lw:event mtg:one ; lw:actor {ODD_IRI} ; {fact} .
    agd:one a lw:AgendaItem ; lw:event mtg:one ; lw:topic topic:x ; {fact} .
    period:one a lw:Period ; {labels} ; lw:begin "1980"^^edtf:EDTF ; {fact} .
    mil:one a lw:Milestone ; lw:arrangement arr:pact ; lw:milestoneKind lwc:founded ; {fact} .
    arr:never a lw:Arrangement ; {labels} ; lw:layer lwc:treatyAlliance ;
        lw:ofAsiaPacific true ; lw:status lwc:neverRealised .
    """
    for number, state in enumerate(("state:other", "state:third", ODD_IRI)):
        facts += f"""
        mem:never-{number} a lw:Membership ; lw:member {state} ; lw:arrangement arr:never ;
            lw:membershipRole lwc:prospectiveMember ; lw:unknownBegin lwc:neverBegan ; {fact} .
        """
    pacts = {"pact": "united-states other third", "pair": "united-states other"}
    for arrangement, members in pacts.items():
        facts += f"""
        arr:{arrangement} a lw:Arrangement ; rdfs:label {four}@en , {four}@zh-Hans ;
            lw:layer lwc:treatyAlliance ; lw:ofAsiaPacific true ; lw:status lwc:operating .
        """
        for state in members.split():
            facts += f"""
            mem:{arrangement}-{state} a lw:Membership ; lw:member state:{state} ;
                lw:arrangement arr:{arrangement} ; lw:begin "[1950..1953]"^^edtf:EDTF ;
                lw:end "2010-06-30"^^edtf:EDTF ; lw:codingNote {one}@en , {two}@zh-Hans ;
                lw:evidence psg:one ; dct:source source:small .
            """
    return build(graph=make_source(facts + more, name="small", description=SMALL), validate=False)


def forums(make_source: MakeSource) -> Built:
    """The small graph with a forum of two of its states and two others, and what ties nobody.

    One of the others, Peru, the small graph does not know; the other is in it as a threat only.
    """
    one, two, three, four = map(json.dumps, HOSTILE)
    facts = f"""
    state:peru a lw:State ; rdfs:label {two}@en , {three}@zh-Hans .
    mem:ini-other a lw:Membership ; lw:member state:other ; lw:arrangement arr:ini ;
        lw:attested "1990"^^edtf:EDTF ; dct:source source:small .
    """
    for slug, layer in (("for", "dialogue"), ("ini", "economicInitiative"), ("idle", "dialogue")):
        facts += f"""
        arr:{slug} a lw:Arrangement ; rdfs:label {four}@en , {one}@zh-Hans ; lw:layer lwc:{layer} ;
            lw:ofAsiaPacific true ; lw:status lwc:operating ; dct:source source:small .
        """
    for number, state in enumerate(("state:united-states", "state:other", ODD_IRI, "state:peru")):
        facts += f"""
        mem:for-{number} a lw:Membership ; lw:member {state} ; lw:arrangement arr:for ;
            lw:begin "1970-05-01"^^edtf:EDTF ; lw:evidence psg:one ; dct:source source:small .
        """
    return small(make_source, more=facts)


def make_wider(store: ox.Store) -> str:
    return make(store, wider=incidence(store, layers=layers_of(store)))[0]


# What it tells


def test_every_tie_of_every_day_is_told(shipped: tuple[str, Incidence]) -> None:
    html, data = shipped
    blocks = parsed(html).blocks
    edges = blocks["network"]["edges"]
    assert len({edge["id"] for edge in edges}) == len(edges)
    for stop in blocks["facts"]["stops"]:
        web = alliance_web(data, date.fromisoformat(stop))
        wanted = {
            (shorten(one), shorten(other), shorten(arrangement)): edge["status"]
            for one, other, arrangement, edge in web.edges(keys=True, data=True)
        }
        told = {
            (edge["from"], edge["to"], edge["arrangement"]): status
            for edge in edges
            if (status := standing(edge, stop))
        }
        assert told == {tuple(sorted(key[:2])) + key[2:]: status for key, status in wanted.items()}


def standing(edge: dict[str, Any], day: str) -> str | None:
    """What the page makes of an edge on a day; the same rule as in web.js."""

    def within(span: list[str | None]) -> bool:
        return (not span[0] or span[0] <= day) and (not span[1] or day <= span[1])

    holding = [spell for spell in edge["spells"] if within(spell["possible"])]
    if any(spell["certain"] and within(spell["certain"]) for spell in holding):
        return "certain"
    return "possible" if holding else None


def test_parallel_ties_lie_apart(shipped: tuple[str, Incidence]) -> None:
    html, data = shipped
    blocks = parsed(html).blocks
    by_pair: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for edge in blocks["network"]["edges"]:
        if edge["spells"]:
            by_pair.setdefault((edge["from"], edge["to"]), []).append(edge)
    assert max(map(len, by_pair.values())) > 3
    wanted = {(tie.one, tie.other, tie.arrangement) for tie in ties(data)}
    assert sum(map(len, by_pair.values())) == len(wanted)
    for stop in blocks["facts"]["stops"]:
        for edges in by_pair.values():
            slots = [edge["slot"] for edge in edges if standing(edge, stop)]
            assert len(set(slots)) == len(slots)


def test_states_stand_in_a_ring_round_the_hub(shipped: tuple[str, Incidence]) -> None:
    told = parsed(shipped[0]).blocks["facts"]
    for ring in ("ring", "wide"):
        places = {id_: tuple(s[ring]) for id_, s in told["states"].items() if s[ring]}
        assert places.pop(told["hub"]) == (0, 0)
        assert len(set(places.values())) == len(places)
        assert all(abs(x * x + y * y - 1_000_000) < 2_000 for x, y in places.values())
        assert places["state:japan"][0] < places["state:canada"][0]
        assert places["state:japan"][1] < places["state:australia"][1]
    assert told["states"]["state:china"]["ring"] is None  # no tie ever holds it


def test_the_map_keeps_the_order_of_the_capitals(shipped: tuple[str, Incidence]) -> None:
    """West is left and north is up, seen over the Pacific; names are moved only a little."""
    told = parsed(shipped[0]).blocks["facts"]["states"]
    at = {id_.removeprefix("state:"): state["capital"] for id_, state in told.items()}
    west_to_east = ["pakistan", "india", "thailand", "japan", "new-zealand", "united-states"]
    assert [at[name][0] for name in west_to_east] == sorted(at[name][0] for name in west_to_east)
    north_to_south = ["united-kingdom", "canada", "japan", "thailand", "australia", "new-zealand"]
    assert [at[name][1] for name in north_to_south] == sorted(
        at[name][1] for name in north_to_south
    )
    for state in told.values():
        if state["capital"]:
            (x, y), (a, b) = state["map"], state["capital"]
            assert max(abs(x - a), abs(y - b)) < 330
    names = [tuple(state["map"]) for state in told.values()]
    assert len(set(names)) == len(names)


def test_what_never_came_about_is_told_apart(shipped: tuple[str, Incidence]) -> None:
    blocks = parsed(shipped[0]).blocks
    told = blocks["facts"]
    never = [edge for edge in blocks["network"]["edges"] if not edge["spells"]]
    statuses = {told["arrangements"][edge["arrangement"]]["status"] for edge in never}
    assert statuses == {"failed", "prospective"}
    pact = {edge["id"] for edge in never if edge["arrangement"] == "arr:pacific-pact"}
    assert len(pact) == 10  # five states were to be parties
    assert all(edge["wanted"] for edge in never)
    assert told["memberships"]["mem:pacific-pact-japan"]["wanted"]
    assert told["arrangements"]["arr:pacific-pact"]["milestones"]


def test_threats_say_who_whom_by_whose_word_and_when(
    built: Built, shipped: tuple[str, Incidence]
) -> None:
    told = parsed(shipped[0]).blocks["facts"]
    threats = told["threats"]
    wanted = {shorten(iri) for iri in things(built.store, "ThreatPerception")}
    assert {id_.partition("/")[0] for id_ in threats} == wanted
    ends = {*told["states"], *told["arrangements"], "others", "issues"}
    for id_, threat in threats.items():
        assert {threat["origin"], threat["target"]} <= ends, id_
        assert threat["sayer"]["en"], id_
        assert threat["word"]["zh"], id_
        assert threat["evidence"], id_
        assert (threat["span"] is None) == (not threat["when"]), id_
    o_brien = [t for t in threats.values() if t["when"] == "2021-01-05"]
    assert {(t["origin"], t["target"]) for t in o_brien} == {("state:united-states", "state:china")}
    groups = {t["origin"] for t in threats.values() if t["origin"].startswith("arr:")}
    assert "arr:aukus" in groups  # "its members"


def test_divergences_lie_between_states_of_an_arrangement(
    built: Built, shipped: tuple[str, Incidence]
) -> None:
    blocks = parsed(shipped[0]).blocks
    told = blocks["facts"]["divergences"]
    assert set(told) == {shorten(iri) for iri in things(built.store, "Divergence")}
    canada = told["div:canada-five-eyes-military-cooperation"]["pairs"]
    assert len(canada) == 4
    assert all("state:canada" in pair for pair in canada)
    edges = {edge["id"] for edge in blocks["network"]["edges"]}
    for divergence in told.values():
        assert divergence["evidence"]
        for one, other in divergence["pairs"]:
            assert f"{one}~{other}~{divergence['arrangement']}" in edges


def test_meetings_say_who_met_whom_on_what(built: Built, shipped: tuple[str, Incidence]) -> None:
    told = parsed(shipped[0]).blocks["facts"]["meetings"]
    meeting = told["mtg:2021-02-18-us-japan-south-korea"]
    assert len(meeting["states"]) == 3
    assert meeting["topics"]
    assert any(one["office"] for one in meeting["participants"])
    assert [id_ for id_, one in told.items() if one["exercise"]] == ["evt:2020-11-malabar-exercise"]
    held = {iri for iri in things(built.store, "Meeting") if value(built.store, iri, "date")}
    assert {shorten(iri) for iri in held} < set(told)


def test_periods_are_unsure_where_the_source_is(shipped: tuple[str, Incidence]) -> None:
    told = parsed(shipped[0]).blocks["facts"]["periods"]
    assert len(told) == 5
    assert told["period:trump"]["certain"] == ["2017-11-30", "2021-01-05"]
    assert told["period:trump"]["possible"] == ["2015-02-01", "2021-02-18"]
    assert told["period:biden"]["possible"][1] is None


def test_layers_beside_the_counted_ones_move_nothing(make_source: MakeSource) -> None:
    store = forums(make_source).store
    plain, wider = parsed(make(store)[0]).blocks, parsed(make_wider(store)).blocks
    before, after = plain["facts"], wider["facts"]
    same = ("hub", "first", "last", "stops", "grid", "panels", "threats", "divergences", "meetings")
    assert [name for name in same if before[name] != after[name]] == []
    for table in ("arrangements", "memberships"):
        kept = {id_: own for id_, own in after[table].items() if id_ in before[table]}
        assert kept == before[table]
    for id_, state in before["states"].items():
        assert after["states"][id_] | {"inner": None} == state
    edges = plain["network"]["edges"]
    assert [edge for edge in wider["network"]["edges"] if edge in edges] == edges
    assert [c for c in after["changes"] if c in before["changes"]] == before["changes"]


def test_layers_beside_the_counted_ones_are_told(make_source: MakeSource) -> None:
    blocks = parsed(make_wider(forums(make_source).store)).blocks
    told, edges = blocks["facts"], blocks["network"]["edges"]
    assert {layer["id"]: layer["counted"] for layer in told["layers"]} == {
        "lwc:treatyAlliance": True,
        "lwc:securityCooperation": True,
        "lwc:dialogue": False,
        "lwc:economicInitiative": False,
    }
    forum = [edge for edge in edges if edge["arrangement"] == "arr:for"]
    assert len(forum) == 6  # pairs of four
    assert all(standing(edge, "1990-01-01") == "certain" for edge in forum)
    pair = ("state:other", "state:united-states")
    slots = [edge["slot"] for edge in edges if (edge["from"], edge["to"]) == pair]
    assert len(slots) == len(set(slots)) == 3
    peru = told["states"]["state:peru"]
    assert peru["ring"] is None
    assert abs(peru["inner"][0] ** 2 + peru["inner"][1] ** 2 - 600**2) < 2_000
    assert {"arr:ini", "arr:idle"} <= set(told["arrangements"])  # which tie nobody
    assert told["memberships"]["mem:for-3"]["evidence"] == ["psg:one"]
    assert "1970-05-01" in {change["date"] for change in told["changes"]}


def test_other_layers_of_the_shipped_graph_tie_nobody_and_are_named(
    built: Built, shipped: tuple[str, Incidence]
) -> None:
    html = make_wider(built.store)
    assert html == make_wider(built.store)
    assert len(html.encode()) < 3_000_000
    blocks = parsed(html).blocks
    assert blocks["network"] == parsed(shipped[0]).blocks["network"]
    named = {"arr:asean-regional-forum", "arr:indo-pacific-economic-framework"}
    assert named <= set(blocks["facts"]["arrangements"])
    assert "arr:non-aligned-movement" not in blocks["facts"]["arrangements"]  # of the whole world


def test_measures_are_those_given_and_missing_where_nothing_is_covered(
    make_source: MakeSource,
) -> None:
    built = small(make_source)
    data = incidence(built.store, layers={LWC + "treatyAlliance"})
    given = panels(data, read_coverage(built.store))
    blocks = parsed(page(built.store, data, given)).blocks
    told = blocks["facts"]["panels"]
    assert set(told) == {"lwc:treatyAlliance"}
    by_date = {panel["date"]: panel for panel in told["lwc:treatyAlliance"]}
    for panel in given:
        shown = by_date[panel.date.isoformat()]
        assert shown["covered"] == panel.covered
        if panel.certain:
            assert shown["certain"]["convened"] == panel.certain.convened
            assert shown["certain"]["n"] == panel.certain.states
    gap = by_date["1980-01-01"]
    assert not gap["covered"]
    assert gap["certain"] is gap["low"] is gap["high"] is None
    assert by_date["2000-01-01"]["certain"]["convened"] == 1
    assert {"1980-01-01", "2000-01-01"} <= set(blocks["facts"]["stops"])


def test_measures_of_one_layer_are_those_of_its_own_incidence(
    built: Built, shipped: tuple[str, Incidence]
) -> None:
    html, data = shipped
    coverage = read_coverage(built.store)
    told = parsed(html).blocks["facts"]["panels"]
    for layer in data.asked:
        shown = {p["date"]: p for p in told[shorten(layer)]}
        for panel in panels(incidence(built.store, layers={layer}), coverage):
            own = shown[panel.date.isoformat()]
            assert own["covered"] == panel.covered
            if panel.certain:
                certain = own["certain"]
                assert certain["k"] == panel.certain.partners
                assert certain["mediated"] == pytest.approx(panel.certain.mediated, abs=1e-6)


@pytest.mark.parametrize(
    ("bounds", "wanted"),
    [
        (
            ("1951-09-08", "1951-09-08", "2012-12-31", None),
            ["1951-09-08 begins", "2013-01-01 silent"],
        ),
        (
            ("1950-01-01", "1953-12-31", "1977-06-30", "1977-06-30"),
            ["1950-01-01 may_begin", "1953-12-31 begun", "1977-07-01 ended"],
        ),
        (
            (None, "1948-12-31", "2007-01-01", "2017-11-30"),
            ["1948-12-31 begun", "2007-01-02 may_end", "2017-12-01 over"],
        ),
    ],
)
def test_changes_are_told_by_kind(bounds: tuple[str | None, ...], wanted: list[str]) -> None:
    days = [date.fromisoformat(day) if day else None for day in bounds]
    assert [f"{day} {kind}" for day, kind in turns(*days)] == wanted


def test_evidence_and_dates_stand_with_each_membership(shipped: tuple[str, Incidence]) -> None:
    html, data = shipped
    facts = parsed(html).blocks["facts"]
    held = {id_ for id_, membership in facts["memberships"].items() if not membership["wanted"]}
    assert held == {shorten(iri) for iri in data.memberships}
    told = facts["memberships"]["mem:us-japan-alliance-japan"]
    assert told["begin"] == "[1950..1953]"
    assert told["possible"][0] == "1950-01-01"
    assert told["certain"][0] == "1953-12-31"
    assert told["notes"]["en"]
    assert told["notes"]["zh"]
    for membership in facts["memberships"].values():
        assert membership["evidence"] or membership["locator"]
        for passage in membership["evidence"]:
            place = facts["passages"][passage]
            assert re.search(r"p\. \d+", place["place"]["en"])
            assert place["gist"]["en"]
            assert place["gist"]["zh"]


def test_sentences_are_shown_only_from_the_readers_own_copy(make_source: MakeSource) -> None:
    store = small(make_source).store
    without = parsed(make(store)[0]).blocks["facts"]["passages"]
    assert {passage["sentence"] for passage in without.values()} == {""}
    given = {PREFIXES["psg"] + "one": "原句"}
    told = parsed(make(store, text=given)[0]).blocks["facts"]["passages"]
    assert told["psg:one"]["sentence"] == "原句"


def test_both_languages_have_the_same_texts_and_none_is_missing() -> None:
    words = json.loads((PAGE / "ui.json").read_text("utf-8"))
    assert list(words["en"]) == sorted(words["en"]) == list(words["zh"])
    for key, english in words["en"].items():
        chinese = words["zh"][key]
        assert english.strip()
        assert chinese.strip()
        assert set(re.findall(HOLE, english)) == set(re.findall(HOLE, chinese)), key
    code = "".join(file.read_text("utf-8") for file in (*PAGE.glob("*.js"), PAGE / "template.html"))
    used = set(re.findall(r"""\bsay\("(\w+)"|data-text="(\w+)\"""", code))
    assert {one or other for one, other in used} <= set(words["en"])


# What it does not do


def test_the_same_data_give_the_same_bytes(shipped: tuple[str, Incidence]) -> None:
    code = (
        "import sys, hashlib\n"
        "from latticework.build import build\n"
        "from latticework.coverage import read_coverage\n"
        "from latticework.index import incidence\n"
        "from latticework.structure import panels\n"
        "from latticework.view import page\n"
        "from latticework.view.blocks import blocks\n"
        "store = build(validate=False).store\n"
        "data = incidence(store)\n"
        "series = panels(data, read_coverage(store))\n"
        "html = page(store, data, series, blocks=blocks(store))\n"
        "print(hashlib.sha256(html.encode()).hexdigest())\n"
    )
    settings = {"PYTHONHASHSEED": "4", "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C"}
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == hashlib.sha256(shipped[0].encode()).hexdigest()


def test_the_page_is_small(shipped: tuple[str, Incidence]) -> None:
    assert len(shipped[0].encode()) < 3_000_000


def test_nothing_is_loaded_and_only_its_own_scripts_may_run(shipped: tuple[str, Incidence]) -> None:
    seen = parsed(shipped[0])
    for tag, name, said in seen.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in ("src", "href", "srcset", "action", "data"):
            assert said.startswith(("#", "data:")), (tag, said)
    for style in seen.styles:
        assert "@import" not in style
        assert all(target.startswith('"data:') for target in re.findall(r"url\((\S{6})", style))
    assert "sourceMappingURL" not in shipped[0]
    _, own = seen.scripts
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg|gexf\.net)", own)
    assert not re.search(r"\bfetch\(|XMLHttpRequest|innerHTML|insertAdjacent|\beval\(", own)
    policy = next(said for _, _, said in seen.attributes if said.startswith("default-src"))
    assert policy.startswith("default-src 'none';")
    for text in (*seen.scripts, *seen.styles):
        digest = b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_hostile_labels_stay_text(make_source: MakeSource) -> None:
    html, _ = make(small(make_source).store)
    seen = parsed(html)
    assert len(seen.scripts) == 2
    assert not any(tag == "img" for tag, _, _ in seen.attributes)
    told = seen.blocks["facts"]
    assert {state["name"]["en"] for state in told["states"].values()} == set(HOSTILE)
    assert told["passages"]["psg:one"]["gist"]["zh"] == HOSTILE[3]
    assert len([edge for edge in seen.blocks["network"]["edges"] if edge["spells"]]) == 4
    for table in ("threats", "divergences", "meetings", "periods"):
        assert told[table], table


def test_other_parts_bring_their_own_data(make_source: MakeSource) -> None:
    html, _ = make(small(make_source).store, blocks={"more": {"said": HOSTILE[0]}})
    seen = parsed(html)
    assert seen.blocks["more"] == {"said": HOSTILE[0]}
    assert len(seen.scripts) == 2


def test_on_a_server_no_script_or_style_stands_in_the_page(make_source: MakeSource) -> None:
    store = small(make_source).store
    data = incidence(store)
    series = panels(data, read_coverage(store))
    html, parts = page_and_files(store, data, series, base="/web/")
    seen = parsed(html)
    assert seen.styles == []
    assert [text for text in seen.scripts if text] == []
    assert not any(name == "style" for _, name, _ in seen.attributes)
    named = {value for _, name, value in seen.attributes if name in ("src", "href")}
    assert {"/web/page.js", "/web/page.css", "/web/vis-network.js"} <= named
    assert {"page.js", "page.css", "vis-network.js"} <= set(parts)
    inline = page(store, data, series)
    assert parts["page.js"].decode() in inline
    assert seen.blocks == parsed(inline).blocks


def test_every_chinese_letter_of_the_page_has_a_glyph(shipped: tuple[str, Incidence]) -> None:
    seen = parsed(shipped[0])
    data = re.search(r"url\(\"data:font/woff;base64,([^\"]+)\"\)", seen.styles[0])
    assert data
    font = TTFont(BytesIO(b64decode(data[1])))
    wanted = {char for char in json.dumps(seen.blocks, ensure_ascii=False) if char >= "\u3400"}
    missing = {char for char in wanted if ord(char) not in font.getBestCmap()}
    assert len(wanted) > 500
    assert missing == set()


def test_an_empty_web_makes_a_page(make_source: MakeSource) -> None:
    store = build(graph=make_source(name="small", description=SMALL), validate=False).store
    assert parsed(make(store)[0]).blocks["network"]["nodes"] == []


# The command


@pytest.mark.slow
def test_the_command_takes_hub_and_layer_and_says_what_it_does_not_know(tmp_path: Path) -> None:
    file = tmp_path / "japan.html"
    run = CliRunner().invoke(web, ["-o", str(file), "--hub", "Japan", "--layer", "安全合作"])
    assert run.exit_code == 0, run.output
    told = parsed(file.read_text("utf-8")).blocks["facts"]
    assert told["hub"] == "state:japan"
    assert [layer["id"] for layer in told["layers"]] == ["lwc:securityCooperation"]
    assert told["layers"][0]["counted"]
    assert told["layers"][0]["rank"] == 1  # the colour does not depend on what else is shown
    copy = tmp_path / "other.txt"
    copy.write_text("Another text altogether.", encoding="utf-8")
    for wrong, said in (("--layer=web", "is no layer"), (f"--text={copy}", "hardly any")):
        run = CliRunner().invoke(web, ["-o", str(file), wrong])
        assert isinstance(run.exception, LatticeworkError)
        assert said in str(run.exception)
