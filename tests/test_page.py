"""The page in a real browser: a tour by mouse and by keyboard, in both languages, network cut."""

from __future__ import annotations

import csv
import json
import re
import threading
import xml.etree.ElementTree as ET
from base64 import b64decode
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import networkx as nx
import pyoxigraph as ox
import pytest

from browser import Chromium, text_of
from conftest import MakeSource
from latticework.build import Built
from latticework.coverage import read_coverage
from latticework.index import Incidence, incidence
from latticework.structure import panels
from latticework.view import page, page_and_files
from latticework.vocabulary import LW, PREFIXES
from test_view import HOSTILE, forums, make, make_wider, parsed, small, standing

BOTH = "lwc:securityCooperation+lwc:treatyAlliance"
LAST = "2022-05-25"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def shipped(built: Built, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The page of the shipped graph as a file, and its blocks of data."""
    html, _ = make(built.store)
    file = tmp_path_factory.mktemp("page") / "web.html"
    file.write_text(html, encoding="utf-8")
    return file, parsed(html).blocks


@pytest.fixture
def tour(chromium: Chromium, shipped: tuple[Path, dict[str, Any]]) -> Iterator[Tour]:
    """A reader of the shipped page; whatever the page complains of fails the test."""
    reader = Tour(chromium, shipped[0], shipped[1])
    yield reader
    assert chromium.complaints() == []
    assert {url.partition(":")[0] for url in chromium.requests()} <= {"file", "about", "data"}


class Tour:
    """What a reader does with the page, and sees of it."""

    def __init__(self, browser: Chromium, file: Path, blocks: dict[str, Any]) -> None:
        self.browser, self.file, self.blocks = browser, file, blocks

    def open(self, address: str, size: tuple[int, int] = (1366, 850)) -> None:
        self.browser.size(*size)
        self.browser.open(f"{self.file.as_uri()}#{address}")

    def text(self, selector: str) -> str:
        return text_of(self.browser, selector)

    def count(self, selector: str) -> int:
        return int(self.browser.run(f"document.querySelectorAll({json.dumps(selector)}).length"))

    def value(self, code: str) -> Any:
        return self.browser.run(code)

    def hash(self) -> str:
        return str(self.browser.run("decodeURIComponent(location.hash)"))

    def click_at(self, x: float, y: float) -> None:
        where = {"x": x, "y": y, "button": "left", "clickCount": 1}
        self.browser.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased"):
            self.browser.send("Input.dispatchMouseEvent", type=kind, **where)
        # the drawing waits a little to tell a click from a double click
        self.browser.run("new Promise(done => setTimeout(done, 60))")

    def click(self, selector: str) -> None:
        """Click on the middle of the first element that fits."""
        found = json.dumps(selector)
        x, y = self.browser.run(
            f"(() => {{ const node = document.querySelector({found});"
            "node.scrollIntoView({ block: 'nearest' }); const box = node.getBoundingClientRect();"
            "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        self.click_at(x, y)

    def place(self, state: str) -> tuple[float, float]:
        """Where a state stands in the ring, in the coordinates of the window."""
        left, top, width, height = self.browser.run(
            "(() => { const node = document.getElementById('graph');"
            "node.scrollIntoView({ block: 'nearest' }); const box = node.getBoundingClientRect();"
            "return [box.x, box.y, box.width, box.height]; })()"
        )
        x, y = self.blocks["facts"]["states"][state]["ring"]
        return (
            left + width / 2 + x / 1000 * (width / 2 - 68),
            top + height / 2 + y / 1000 * (height / 2 - 28),
        )

    def focus(self, selector: str) -> None:
        self.browser.run(f"document.querySelector({json.dumps(selector)}).focus()")

    def enter(self, selector: str) -> None:
        """Put the focus there and press Enter."""
        self.focus(selector)
        self.browser.press("Enter")

    def saved(self, kind: str) -> bytes:
        """The file that a button of the download menu makes."""
        text = self.browser.run(
            "new Promise(done => { URL.createObjectURL = blob => { const reader ="
            "new FileReader(); reader.onload = () => done(reader.result.split(',')[1]);"
            "reader.readAsDataURL(blob); return 'data:,'; };"
            "HTMLAnchorElement.prototype.click = () => {};"
            f"document.querySelector('[data-file={kind}]').click(); }})"
        )
        return b64decode(text)


def ties_on(blocks: dict[str, Any], day: str) -> int:
    return sum(standing(edge, day) is not None for edge in blocks["network"]["edges"])


# The tour


def test_a_tour_by_keyboard(tour: Tour) -> None:
    press = tour.browser.press
    tour.open("date=1953-12-31&lang=en")
    assert tour.text("#date") == "31 December 1953"
    stops = tour.blocks["facts"]["stops"]
    after = stops[stops.index("1953-12-31") + 1]
    tour.focus("#slider")
    press("ArrowRight")
    assert tour.value("document.getElementById('day').value") == after
    assert f"date={after}" in tour.hash()
    press("End")
    assert tour.text("#date") == "25 May 2022"
    assert tour.count("#table tbody tr") == ties_on(tour.blocks, LAST)
    assert tour.text("#caption").startswith("Mostly spokes")

    tour.enter('#table [data-id="state:australia~state:japan~arr:quad"]')
    assert tour.text("#panel h2") == "Australia – Japan"
    assert re.search(r"section .*\(p\. \d+\)", tour.text("#panel .evidence"))
    assert tour.value("document.activeElement.id") == "detail"
    assert "What divides them" in tour.text("#panel")

    tour.enter("#language")
    assert tour.text("#panel h2") == "澳大利亚 – 日本"
    assert tour.text("#date") == "2022年5月25日"
    assert "第" in tour.text("#panel .evidence")
    assert tour.value("document.documentElement.lang") == "zh-Hans"
    press("Escape")
    assert "select" not in tour.hash()

    tour.focus("#graph")
    tour.value("document.activeElement.blur()")
    press("/")
    assert tour.value("document.activeElement.id") == "search"
    for text, wanted in (("quad", "arr:quad"), ("antony", "person:antony-blinken")):
        tour.browser.send("Input.insertText", text=text)
        assert tour.count("#found [role=option]")
        press("Enter")
        assert f"select={wanted}" in tour.hash()
        tour.focus("#search")

    tour.value("document.activeElement.blur()")
    press(" ")
    assert tour.value("document.getElementById('play').getAttribute('aria-pressed')") == "true"
    press(" ")
    assert tour.value("document.getElementById('play').getAttribute('aria-pressed')") == "false"


def test_a_tour_by_mouse(tour: Tour) -> None:
    tour.open("date=2022-05-25&lang=en")
    tour.click_at(*tour.place("state:united-states"))
    assert tour.text("#panel h2") == "United States"
    assert tour.count("#panel .span-row") > 10
    tour.click("#panel .close")

    (x, y), (a, b) = tour.place("state:united-states"), tour.place("state:thailand")
    tour.click_at((x + a) / 2, (y + b) / 2)
    assert tour.text("#panel h2") == "Thailand – United States"
    assert tour.text("#panel .evidence")
    tour.click("#panel .lead .pick")
    assert "select=arr:us-thailand-alliance" in tour.hash()
    tour.click("#panel .close")

    # two clicks from a number to the passage
    tour.click('[data-lane="autonomous"]')
    panel = tour.blocks["facts"]["panels"][BOTH]
    certain = [p for p in panel if p["date"] <= LAST][-1]["certain"]
    pairs = certain["k"] * (certain["k"] - 1) / 2
    assert tour.count("#panel .partners > li") == round(certain["autonomous"] * pairs)
    tour.click("#panel .partners .pick")
    assert tour.text("#panel .evidence")

    tour.click("[data-period='period:cold-war'] .period-certain")
    assert tour.text("#panel h2") == "Cold War"
    tour.click(".tick-group:last-of-type .tick-hit")
    assert tour.count("#panel .pick") > 1
    tour.click("#panel .pick")
    assert "Who met" in tour.text("#panel")
    assert tour.text("#panel .evidence")
    tour.click(".lane.measure svg")
    assert "2022" not in tour.text("#date")  # a point of the curve: its day, and what it counts
    assert "select=measure:mediated" in tour.hash()
    assert tour.text("#panel h2") == "Mediated"
    tour.click("#previous")
    stop = tour.value("document.getElementById('day').value")
    assert stop in tour.blocks["facts"]["stops"]


def test_switches_show_what_else_is_known(tour: Tour) -> None:
    tour.open("date=2021-03-03&lang=en")
    before = tour.count("#table tbody tr")
    tour.click("#extras-name")
    for extra in ("threats", "divergences", "never"):
        tour.click(f"#extras [value={extra}]")
    assert "extras=divergences,never,threats" in tour.hash()
    assert tour.count("#table tbody tr") > before  # the ties that never were are in the table
    assert "never realised" in tour.text("#table")
    tour.browser.press("Escape")
    tour.enter('#panel [data-id="threats:state:united-states>state:china"]')
    said = tour.text("#panel")
    assert "According to" in said
    assert "Interim National Security" in said
    assert tour.text("#panel .evidence")
    tour.browser.press("Escape")
    tour.enter('#panel [data-id="div:india-quad-attitude-to-china"]')
    assert "India" in tour.text("#panel h2")
    for choice in ("layout][value=map", "whole][value=hulls", "whole][value=nodes"):
        tour.click(f"[name={choice}]")
    assert "layout=map" in tour.hash()
    assert "whole=nodes" in tour.hash()


def test_a_mark_on_a_tie_opens_what_divides(tour: Tour) -> None:
    tour.open("date=2022-05-25&lang=en&extras=divergences")
    (x, y), (a, b) = tour.place("state:australia"), tour.place("state:new-zealand")
    for down in range(-6, 22, 4):  # the line bends a little
        tour.click_at((x + a) / 2, (y + b) / 2 + down)
        if "select=diverge:" in tour.hash():
            break
    assert "select=diverge:state:australia~state:new-zealand~arr:five-eyes" in tour.hash()
    assert tour.text("#panel .evidence")


def test_a_window_shows_all_that_held_within_it(tour: Tour) -> None:
    tour.open("date=1980-01-01&lang=en&span=5&extras=meetings")
    assert tour.text("#date") == "2 January 1975 to 1 January 1980"
    assert "Window of 5 years" in tour.text("#notice")
    assert "Southeast Asia Treaty" in tour.text("#table")  # it ended in 1977
    tour.open("date=1980-01-01&lang=en")
    assert "Southeast Asia Treaty" not in tour.text("#table")
    tour.open(
        "date=2021-12-31&lang=en&span=1&extras=meetings&select=met:state:japan~state:south-korea"
    )
    met = [
        meeting
        for meeting in tour.blocks["facts"]["meetings"].values()
        if {"state:japan", "state:south-korea"} <= set(meeting["states"])
        and meeting["span"][1] >= "2021-01-01"
        and meeting["span"][0] <= "2021-12-31"
    ]
    assert len(met) > 5
    assert tour.text("#panel p:not(.kicker, .second-name)").startswith(str(len(met)))


def test_filters_and_the_address_keep_what_is_chosen(tour: Tour) -> None:
    tour.open("date=2022-05-25&lang=en")
    tour.click("#filter-name")
    tour.value("document.querySelector('#least').value = 4")
    tour.value("document.querySelector('#least').dispatchEvent(new Event('change'))")
    assert "least=4" in tour.hash()
    edges = [e for e in tour.blocks["network"]["edges"] if standing(e, LAST)]
    shared: dict[tuple[str, str], int] = {}
    for edge in edges:
        pair = (edge["from"], edge["to"])
        shared[pair] = shared.get(pair, 0) + 1
    assert tour.count("#table tbody tr") == sum(n for n in shared.values() if n >= 4)
    assert "count all sources" in tour.text("#panel")

    tour.open("date=2022-05-25&lang=zh&sources=source:paper&without=arr:quad&zoom=15&span=2")
    assert tour.count("#table tbody tr") == sum(
        edge["arrangement"] != "arr:quad"
        and any(
            spell["sources"] == ["source:paper"]
            and (spell["possible"][0] or "") <= LAST
            and (spell["possible"][1] or "9999") >= "2020-05-26"
            for spell in edge["spells"]
        )
        for edge in tour.blocks["network"]["edges"]
    )
    wanted = "date=2022-05-25&lang=zh&sources=source:paper&without=arr:quad&span=2&zoom=15"
    assert tour.hash() == f"#{wanted}"
    tour.open("date=2022-05-25&lang=en&layers=nonsense&select=state:atlantis&layout=globe")
    assert tour.count("#table tbody tr") == 0  # no layer is known of those asked for
    assert "select" not in tour.hash()


def test_the_counts_agree_with_the_numbers(tour: Tour) -> None:
    tour.open("lang=en")
    told: list[dict[str, Any]] = []
    for panel in tour.blocks["facts"]["panels"][BOTH]:
        certain = panel["certain"]
        if not certain or certain["k"] < 2 or panel["date"] > LAST or certain in told:
            continue
        told.append(certain)
        pairs = certain["k"] * (certain["k"] - 1) / 2
        for name in ("mediated", "convened", "autonomous"):
            shown = tour.value(
                "new Promise(done => { const told = () => "
                "done(document.querySelectorAll('#panel .partners > li').length); "
                "addEventListener('hashchange', () => setTimeout(told), { once: true }); "
                f"location.hash = 'date={panel['date']}&lang=en&select=measure:{name}'; }})"
            )
            assert shown == round(certain[name] * pairs), (panel["date"], name)


# Files


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_snapshot_is_saved_as_files_that_others_read(tour: Tour, language: str) -> None:
    tour.open(f"date=2022-05-25&lang={language}&extras=divergences,threats&whole=ties")
    rows = tour.count("#table tbody tr")
    store = ox.Store()
    store.load(tour.saved("ttl"), ox.RdfFormat.TURTLE)
    member = ox.NamedNode(LW + "member")
    found = {q.subject.value for q in store.quads_for_pattern(None, member, None)}
    assert PREFIXES["mem"] + "aukus-australia" in found
    assert PREFIXES["mem"] + "seato-thailand" not in found
    facts = tour.blocks["facts"]
    assert found <= {PREFIXES["mem"] + id_.partition(":")[2] for id_ in facts["memberships"]}

    table = list(csv.DictReader(StringIO(tour.saved("csv").decode())))
    assert len(table) == rows
    assert {row["status"] for row in table} == {"certain", "possible"}
    assert all(row["one_zh"] and row["arrangement_en"] for row in table)

    graph = nx.read_gexf(BytesIO(tour.saved("gexf")), version="1.3")
    assert graph.number_of_edges() == rows
    assert graph.number_of_nodes() == len({r["one"] for r in table} | {r["other"] for r in table})
    assert graph.nodes["state:japan"]["iri"] == PREFIXES["state"] + "japan"

    drawing = ET.fromstring(tour.saved("svg"))
    texts = "".join(drawing.itertext())
    assert ("Japan" if language == "en" else "日本") in texts
    assert len(drawing.findall(".//{*}path")) >= rows

    pixels = tour.saved("png")
    assert pixels.startswith(b"\x89PNG")
    assert len(pixels) > 50_000


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("size", [(1366, 850), (390, 844)])
def test_names_in_the_drawing_do_not_overlap(
    tour: Tour, language: str, size: tuple[int, int]
) -> None:
    for switches in ("whole=nodes", "layout=map", "layout=map&extras=threats", "extras=undated"):
        if size[0] < 500 and "whole" in switches:
            continue  # there is not room for all of them on a phone
        tour.open(f"date=2022-05-25&lang={language}&{switches}", size)
        drawing = ET.fromstring(tour.saved("svg"))
        boxes = [
            [float(node.attrib[name]) for name in ("x", "y", "width", "height")]
            for node in drawing.findall(".//{*}rect")
            if "x" in node.attrib
        ]
        assert len(boxes) > 10
        for i, (x, y, width, height) in enumerate(boxes):
            for a, b, wide, high in boxes[i + 1 :]:
                across = min(x + width, a + wide) - max(x, a)
                down = min(y + height, b + high) - max(y, b)
                assert min(across, down) < 4, (switches, (x, y), (a, b))


# Strangers


def test_hostile_labels_run_nothing(
    chromium: Chromium, make_source: MakeSource, tmp_path: Path
) -> None:
    html, _ = make(small(make_source).store)
    file = tmp_path / "hostile.html"
    file.write_text(html, encoding="utf-8")
    reader = Tour(chromium, file, parsed(html).blocks)
    told = reader.blocks["facts"]
    tables = ("states", "arrangements", "meetings", "periods", "threats", "divergences")
    chosen = [
        *(id_ for table in tables for id_ in told[table]),
        "state:other~state:united-states~arr:pair",
        "diverge:state:other~state:united-states~arr:pact",
        "person:x",
        "measure:convened",
    ]
    more = "extras=threats,undated,divergences,meetings,never"
    reader.open(f"date=1990-06-01&lang=en&{more}&whole=nodes")
    for id_ in chosen:
        address = quote(id_, safe="")
        chromium.run(
            "new Promise(done => { addEventListener('hashchange', () => setTimeout(done),"
            f"{{ once: true }}); location.hash = 'date=1990-06-01&lang=en&{more}&select={address}';"
            "})"
        )
        assert reader.text("#panel h2"), id_
        assert chromium.run("document.title") == "The alliance web"
        assert reader.count("img, #panel a, #table a, iframe, object") == 0
    assert HOSTILE[0] in reader.text("#table")
    chromium.run("document.getElementById('search').focus()")
    chromium.send("Input.insertText", text="script")
    assert reader.count("#found [role=option]") > 1

    wanted = set(HOSTILE[:3])
    store = ox.Store()
    store.load(reader.saved("ttl"), ox.RdfFormat.TURTLE)
    assert wanted <= {quad.object.value for quad in store if isinstance(quad.object, ox.Literal)}
    rows = list(csv.DictReader(StringIO(reader.saved("csv").decode())))
    assert wanted <= {row[name] for row in rows for name in ("one_en", "other_en")}
    graph = nx.read_gexf(BytesIO(reader.saved("gexf")), version="1.3")
    assert wanted <= set(nx.get_node_attributes(graph, "label").values())
    drawing = ET.fromstring(reader.saved("svg"))
    assert not drawing.findall(".//{*}script")
    assert not any(name.startswith("on") for node in drawing.iter() for name in node.attrib)
    assert chromium.run("document.title") == "The alliance web"
    assert chromium.complaints() == []


def test_it_works_from_a_server_with_a_strict_policy(chromium: Chromium, built: Built) -> None:
    data: Incidence = incidence(built.store)
    html, parts = page_and_files(built.store, data, panels(data, read_coverage(built.store)))
    kinds = {"js": "text/javascript", "css": "text/css", "woff": "font/woff", "html": "text/html"}
    files = {"page.html": html.encode(), **parts}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = self.path.lstrip("/")
            self.send_response(200 if name in files else 404)
            self.send_header("Content-Type", f"{kinds[name.rpartition('.')[2]]}; charset=utf-8")
            self.send_header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:")
            self.end_headers()
            self.wfile.write(files.get(name, b""))

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}/page.html"
        chromium.open(f"{address}#date=2022-05-25&lang=zh&select=state:japan")
        assert text_of(chromium, "#panel h2") == "日本"
        assert chromium.complaints() == []
    finally:
        server.shutdown()


def test_the_readers_own_sentence_is_shown(
    chromium: Chromium, make_source: MakeSource, tmp_path: Path
) -> None:
    store = small(make_source).store
    data = incidence(store)
    text = {PREFIXES["psg"] + "one": "龘字之句"}
    file = tmp_path / "mine.html"
    file.write_text(page(store, data, panels(data, read_coverage(store)), text=text), "utf-8")
    chromium.open(f"{file.as_uri()}#date=1990-01-01&lang=en&select=arr:pact")
    assert text_of(chromium, "#panel blockquote") == "龘字之句"


# Layers that are drawn and not counted


def test_a_layer_is_switched_on_beside_the_counted_ones(
    chromium: Chromium, make_source: MakeSource, tmp_path: Path
) -> None:
    html = make_wider(forums(make_source).store)
    file = tmp_path / "forums.html"
    file.write_text(html, "utf-8")
    reader = Tour(chromium, file, parsed(html).blocks)
    reader.open("date=1990-01-01&lang=en")

    def told() -> list[str]:
        chart = "document.getElementById('chart').innerHTML"
        return [reader.text("#count"), reader.text("#caption"), reader.value(chart)]

    def drawn() -> tuple[set[tuple[str, str]], set[str]]:
        """Where states stand, and the dashes of the lines, as the picture has them."""
        picture = ET.fromstring(reader.saved("svg"))
        svg = "{http://www.w3.org/2000/svg}"
        names = {(r.get("x", ""), r.get("y", "")) for r in picture.iter(f"{svg}rect")}
        return names, {r.get("stroke-dasharray", "") for r in picture.iter(f"{svg}path")}

    def switch(layer: str) -> None:
        reader.click(f'#layers input[value="lwc:{layer}"]')

    boxes = "[...document.querySelectorAll('#layers input')].map(box => box.checked)"
    assert reader.value(boxes) == [True, True, False, False]
    before, (places, _), rows = told(), drawn(), reader.count("#table tbody tr")
    assert "not counted" not in reader.text("#basis")
    assert b"arr:for" not in reader.saved("csv")

    switch("dialogue")
    assert "layers=lwc:dialogue," in reader.hash()
    assert reader.count("#table tbody tr") == rows + 6
    assert told() == before
    names, dashes = drawn()
    assert places < names  # nobody has moved
    assert len(names) == len(places) + 2
    assert "16 3" in dashes  # or hollow, were it background data
    assert "Shown, not counted: dialogue" in reader.text("#basis")
    assert "no membership recorded" in reader.text("#panel")
    assert b"arr:for" in reader.saved("csv")
    assert b"mem:for-3" in reader.saved("ttl")
    assert chromium.axe() == []

    reader.enter('#table [data-id="state:other~state:peru~arr:for"]')
    assert HOSTILE[2] in reader.text("#panel .evidence")  # what the passage says
    reader.browser.press("Escape")
    switch("economicInitiative")
    assert "No line for economic initiative" in reader.text("#notice")
    again = reader.hash()
    reader.open(again.removeprefix("#") + "&layout=map", (390, 844))
    assert reader.value(boxes) == [True] * 4
    assert reader.value("document.documentElement.scrollWidth") <= 390
    for layer in ("dialogue", "economicInitiative"):
        switch(layer)
    assert "layers" not in reader.hash()
    assert "16 3" not in drawn()[1]
    for layer in ("treatyAlliance", "securityCooperation", "dialogue"):
        switch(layer)
    assert reader.text("#caption") == ""
    assert "none is counted" in reader.text("#panel")
    assert reader.text("#basis") == "Shown, not counted: dialogue"
    assert "pwned" not in reader.value("document.title")
    assert chromium.complaints() == []


# For everyone

WALK = (
    "date=2022-05-25&lang=en",
    "date=2022-05-25&lang=zh&select=state:japan&extras=threats,undated,divergences,meetings,never",
    "date=2021-12-31&lang=en&span=5&whole=nodes&layout=map&select=mtg:2021-03-12-quad-summit-online",
)


@pytest.mark.parametrize(
    ("address", "size", "theme"),
    [
        (WALK[0], (390, 844), "light"),
        (WALK[1], (1366, 850), "light"),
        (WALK[1], (390, 844), "dark"),
        (WALK[2], (1366, 850), "dark"),
    ],
)
def test_axe_finds_nothing_serious(
    tour: Tour, address: str, size: tuple[int, int], theme: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": theme}
    tour.browser.send("Emulation.setEmulatedMedia", features=[feature])
    tour.open(address, size)
    assert tour.value("document.documentElement.scrollWidth") <= size[0]
    tour.value("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert tour.browser.axe() == []


def test_who_wants_less_motion_gets_less(tour: Tour) -> None:
    feature = {"name": "prefers-reduced-motion", "value": "reduce"}
    tour.browser.send("Emulation.setEmulatedMedia", features=[feature])
    tour.open("date=2022-05-25&lang=en")
    moving = (
        "[...document.querySelectorAll('*')].filter(node => { const style = getComputedStyle(node);"
        "return style.animationName !== 'none' || style.transitionDuration !== '0s'; }).length"
    )
    assert tour.value(moving) == 0
