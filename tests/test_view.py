"""The page tells all that the web holds, runs nothing foreign, loads nothing, and works."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from browser import Chromium, text_of
from conftest import ROOT, MakeSource
from latticework import view
from latticework.build import Built, build
from latticework.coverage import read_coverage
from latticework.index import Incidence, incidence
from latticework.structure import panels
from latticework.view import PAGE, page
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
    return page(store, data, panels(data, read_coverage(store)), **more), data


@pytest.fixture(scope="module")
def shipped(built: Built) -> tuple[str, Incidence]:
    return make(built.store)


def small(make_source: MakeSource, names: tuple[str, ...] = HOSTILE) -> Built:
    """Three states and two treaties between the same two of them, named as given."""
    one, two, three, four = (json.dumps(name) for name in names)
    facts = f"""
    state:united-states a lw:State ; rdfs:label {one}@en , {one}@zh-Hans .
    state:other a lw:State ; rdfs:label {two}@en , {two}@zh-Hans .
    state:third a lw:State ; rdfs:label {three}@en , {three}@zh-Hans .
    psg:one a lw:Passage ; rdfs:label "section 1"@en , "第1节"@zh-Hans ;
        lw:gist {three}@en , {four}@zh-Hans .
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
    return build(graph=make_source(facts, name="small", description=SMALL), validate=False)


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
    """What the page makes of an edge on a day; the same rule as in page.js."""

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
        by_pair.setdefault((edge["from"], edge["to"]), []).append(edge)
    assert max(map(len, by_pair.values())) > 3
    wanted = {(tie.one, tie.other, tie.arrangement) for tie in ties(data)}
    assert sum(map(len, by_pair.values())) == len(wanted)
    for stop in blocks["facts"]["stops"]:
        for edges in by_pair.values():
            slots = [edge["slot"] for edge in edges if standing(edge, stop)]
            assert len(set(slots)) == len(slots)


def test_states_stand_in_a_ring_round_the_hub(shipped: tuple[str, Incidence]) -> None:
    blocks = parsed(shipped[0]).blocks
    places = {node["id"]: (node["x"], node["y"]) for node in blocks["network"]["nodes"]}
    assert places.pop(blocks["facts"]["hub"]) == (0, 0)
    assert len(set(places.values())) == len(places)
    assert all(abs(x * x + y * y - 1_000_000) < 2_000 for x, y in places.values())
    assert places["state:japan"][0] < places["state:canada"][0]
    assert places["state:japan"][1] < places["state:australia"][1]


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
    assert [f"{day} {kind}" for day, kind in view._turns(*days)] == wanted


def test_evidence_and_dates_stand_with_each_membership(shipped: tuple[str, Incidence]) -> None:
    html, data = shipped
    facts = parsed(html).blocks["facts"]
    assert set(facts["memberships"]) == {shorten(iri) for iri in data.memberships}
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
    code = (PAGE / "page.js").read_text("utf-8") + (PAGE / "template.html").read_text("utf-8")
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
        "store = build(validate=False).store\n"
        "data = incidence(store)\n"
        "html = page(store, data, panels(data, read_coverage(store)))\n"
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
    for tag, name, value in seen.attributes:
        assert not name.startswith("on"), (tag, name)
        if name in ("src", "href", "srcset", "action", "data"):
            assert value.startswith(("#", "data:")), (tag, value)
    for style in seen.styles:
        assert "@import" not in style
        assert all(target.startswith('"data:') for target in re.findall(r"url\((\S{6})", style))
    assert "sourceMappingURL" not in shipped[0]
    _, own = seen.scripts
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", own)
    assert not re.search(r"\bfetch\(|XMLHttpRequest|innerHTML|insertAdjacent|\beval\(", own)
    policy = next(value for _, _, value in seen.attributes if value.startswith("default-src"))
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
    assert {state["name"]["en"] for state in told["states"].values()} == set(HOSTILE[:3])
    assert told["passages"]["psg:one"]["gist"]["zh"] == HOSTILE[3]
    assert len(seen.blocks["network"]["edges"]) == 4


def test_an_empty_web_makes_a_page(make_source: MakeSource) -> None:
    store = build(graph=make_source(name="small", description=SMALL), validate=False).store
    assert parsed(make(store)[0]).blocks["network"]["nodes"] == []


# In a browser


@pytest.mark.slow
def test_a_tour_by_keyboard(
    chromium: Chromium, shipped: tuple[str, Incidence], tmp_path: Path
) -> None:
    file = tmp_path / "web.html"
    file.write_text(shipped[0], encoding="utf-8")
    chromium.open(f"{file.as_uri()}#date=1953-12-31&lang=en")
    assert text_of(chromium, "#date") == "31 December 1953"

    stops = parsed(shipped[0]).blocks["facts"]["stops"]
    chromium.run("document.getElementById('slider').focus()")
    chromium.press("ArrowRight")
    after = stops[stops.index("1953-12-31") + 1]
    assert chromium.run("document.getElementById('day').value") == after
    assert f"date={after}" in chromium.run("location.hash")
    chromium.press("End")
    assert text_of(chromium, "#date") == "25 May 2022"

    rows = chromium.run("document.querySelectorAll('#table tbody tr').length")
    assert rows == sum(
        standing(edge, "2022-05-25") is not None
        for edge in parsed(shipped[0]).blocks["network"]["edges"]
    )
    chromium.run(
        "document.querySelector('[data-id=\"state:australia~state:japan~arr:quad\"]').focus()"
    )
    chromium.press("Enter")
    assert text_of(chromium, "#panel h2") == "Australia – Japan"
    assert re.search(r"section .*\(p\. \d+\)", text_of(chromium, "#panel .evidence"))
    assert chromium.run("document.activeElement.id") == "detail"

    chromium.run("document.getElementById('language').focus()")
    chromium.press("Enter")
    assert text_of(chromium, "#panel h2") == "澳大利亚 – 日本"
    assert text_of(chromium, "#date") == "2022年5月25日"
    assert "第" in text_of(chromium, "#panel .evidence")
    assert chromium.run("document.documentElement.lang") == "zh-Hans"

    chromium.press("Escape")
    assert "select" not in chromium.run("location.hash")
    assert chromium.complaints() == []
    assert {url.partition(":")[0] for url in chromium.requests()} <= {"file", "about", "data"}


@pytest.mark.slow
def test_the_counts_agree_with_the_numbers(
    chromium: Chromium, shipped: tuple[str, Incidence], tmp_path: Path
) -> None:
    file = tmp_path / "web.html"
    file.write_text(shipped[0], encoding="utf-8")
    chromium.open(f"{file.as_uri()}#lang=en")
    for panel in parsed(shipped[0]).blocks["facts"]["panels"][BOTH]:
        certain = panel["certain"]
        if not certain or certain["k"] < 2 or panel["date"] > "2022-05-25":
            continue
        pairs = certain["k"] * (certain["k"] - 1) / 2
        for name in ("mediated", "convened", "autonomous"):
            shown = chromium.run(
                "new Promise(done => { const told = () => "
                "done(document.querySelectorAll('#panel .partners > li').length); "
                "addEventListener('hashchange', () => setTimeout(told), { once: true }); "
                f"location.hash = 'date={panel['date']}&lang=en&select=measure:{name}'; }})"
            )
            assert shown == round(certain[name] * pairs), (panel["date"], name)


@pytest.mark.slow
def test_hostile_labels_run_nothing(
    chromium: Chromium, make_source: MakeSource, tmp_path: Path
) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(make(small(make_source).store)[0], encoding="utf-8")
    tie = "state:other~state:united-states~arr:pair"
    for chosen in ("state:other", "arr:pact", tie, "measure:convened"):
        chromium.open(f"{file.as_uri()}#date=1990-01-01&lang=en&select={chosen}")
        assert chromium.run("document.title") == "The alliance web"
        assert chromium.run("document.querySelectorAll('img, #panel a, #table a').length") == 0
        chromium.press("ArrowLeft")
    assert HOSTILE[0] in text_of(chromium, "#table")
    assert chromium.complaints() == []


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1366, 850), (390, 844)])
def test_axe_finds_nothing_serious(
    chromium: Chromium, shipped: tuple[str, Incidence], tmp_path: Path, size: tuple[int, int]
) -> None:
    file = tmp_path / "web.html"
    file.write_text(shipped[0], encoding="utf-8")
    chromium.size(*size)
    for language in ("en", "zh"):
        chromium.open(f"{file.as_uri()}#date=2022-05-25&lang={language}")
        assert chromium.axe() == []
