"""The framework and the debate on the page and on the site: told whole, linked both ways, tame."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from browser import Chromium
from conftest import MakeSource
from latticework.build import Built
from latticework.debate import as_data
from latticework.theory import panel_data
from latticework.view.blocks import blocks
from latticework.vocabulary import PREFIXES, shorten
from test_page import Tour
from test_site import Reading, is_harmless, serving
from test_view import HOSTILE, make, parsed, small

Plain = dict[str, Any]
LANGUAGES = ("en", "zh")
EVIL = HOSTILE[0] + HOSTILE[1]


@pytest.fixture(scope="module")
def told(built: Built) -> Plain:
    return json.loads(json.dumps(blocks(built.store)))


@pytest.fixture(scope="module")
def evil(built: Built) -> ox.Store:
    """The shipped data with every text in a language made hostile."""
    store = ox.Store()
    for quad in built.store:
        term = quad.object
        if isinstance(term, ox.Literal) and term.language:
            term = ox.Literal(EVIL + term.value, language=term.language)
        store.add(ox.Quad(quad.subject, quad.predicate, term, quad.graph_name))
    return store


# The blocks --------------------------------------------------------------------------------------


def strings(value: Any) -> Iterator[str]:
    """All strings in a JSON value, keys too."""
    if isinstance(value, dict):
        for key, own in value.items():
            yield key
            yield from strings(own)
    elif isinstance(value, list):
        for own in value:
            yield from strings(own)
    elif isinstance(value, str):
        yield value


def test_the_blocks_name_passages_claims_and_works_that_are_there(told: Plain) -> None:
    theory, debate = told["theory"], told["debate"]
    named = {text for text in strings([theory, debate]) if text.startswith("psg:")}
    assert named == set(told["passages"])
    claims = {text for text in strings(debate) if text.startswith("clm:")}
    assert claims == set(debate["claims"])
    assert {text for text in strings(debate) if text.startswith("wrk:")} == set(debate["works"])
    assert {who for claim in debate["claims"].values() for who in claim["who"]} == set(
        debate["people"]
    )
    assert not any(text.startswith("<") for text in strings([theory, debate]))


def test_the_blocks_tell_what_theory_and_debate_say(built: Built, told: Plain) -> None:
    theory = panel_data(built.store)
    for whole, short in zip(theory["mechanisms"], told["theory"]["mechanisms"], strict=True):
        assert shorten(whole["iri"]) == short["iri"]
        for span, own in zip(whole["spans"], short["spans"], strict=True):
            for wanted, found in zip(span["expectations"], own["expectations"], strict=True):
                assert [shorten(form) for form in wanted["forms"]] == found["forms"]
                assert [shorten(coding) for coding in wanted["codings"]] == found["codings"]
                assert wanted["verdicts"] == found["verdicts"]
                assert wanted["why"] == found["why"]
    assert told["theory"]["circular"] == theory["circular"]
    for question, short in zip(
        as_data(built.store)["questions"], told["debate"]["questions"], strict=True
    ):
        strands = (
            pair
            for one, two in zip(question["sections"], short["sections"], strict=True)
            for pair in zip(one["strands"], two["strands"], strict=True)
        )
        for whole, own in strands:
            assert [shorten(c["iri"]) for c in whole["explanations"]] == own["claims"]
            assert [shorten(c["iri"]) for c in whole["criticisms"]] == [
                c["claim"] for c in own["criticisms"]
            ]
            for claim in whole["explanations"]:
                kept = told["debate"]["claims"][shorten(claim["iri"])]
                assert kept["gist"] == claim["gist"]
                for relation in ("supports", "contradicts", "supported_by", "contradicted_by"):
                    assert kept[relation] == [shorten(o["iri"]) for o in claim[relation]]
                assert [w["work"] for w in kept["works"]] == [
                    shorten(w["iri"]) for w in claim["works"]
                ]


def test_sentences_are_the_readers_own(built: Built, told: Plain) -> None:
    assert not any(one["sentence"] for one in told["passages"].values())
    name = next(iter(told["passages"]))
    iri = PREFIXES["psg"] + name.removeprefix("psg:")
    own: Any = blocks(built.store, text={iri: "mine"})["passages"]
    assert own[name]["sentence"] == "mine"


def test_data_without_a_theory_bring_no_block(make_source: MakeSource) -> None:
    store = small(make_source).store
    assert "theory" not in blocks(store)
    assert "debate" not in blocks(store)


# The page ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("argument") / "web.html"
    path.write_text(make(built.store)[0], encoding="utf-8")
    return path


@pytest.fixture
def tour(chromium: Chromium, file: Path, told: Plain) -> Iterator[Tour]:
    reader = Tour(chromium, file, told)
    yield reader
    assert chromium.complaints() == []


@pytest.mark.slow
def test_the_whole_page_is_small(file: Path) -> None:
    assert file.stat().st_size < 2_000_000


def on(told: Plain, day: str) -> tuple[set[str], set[str]]:
    """Mechanisms of which something, and of which nothing is expected on a day."""
    expected, silent = set(), set()
    for mechanism in told["theory"]["mechanisms"]:
        for span in mechanism["spans"]:
            if span["from"] <= day <= span["to"]:
                forms = any(one["forms"] for one in span["expectations"])
                (expected if forms else silent).add(mechanism["iri"])
    return expected, silent


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", ["1956-01-01", "2022-05-25"])
def test_the_framework_at_the_sliders_day(tour: Tour, told: Plain, day: str, language: str) -> None:
    tour.open(f"date={day}&lang={language}&view=theory")
    expected, silent = on(told, day)
    found = tour.value(
        "[...document.querySelectorAll('#theory-view .chains > li > h3 > .pick')]"
        ".map(node => node.dataset.id)"
    )
    assert set(found) == {f"theory:{iri}" for iri in expected}
    assert tour.count("#theory-view .silent-ones li") == len(silent)
    assert told["theory"]["circular"][language] in tour.text("#theory-view")
    names = told["theory"]["names"]
    for mechanism in told["theory"]["mechanisms"]:
        if mechanism["iri"] not in expected:
            continue
        span = next(s for s in mechanism["spans"] if s["from"] <= day <= s["to"])
        shown = tour.value(
            f"document.querySelector('[data-id=\"theory:{mechanism['iri']}\"]')"
            ".closest('li').textContent"
        )
        for one in span["expectations"]:
            assert all(names[form][language] in shown for form in one["forms"])
            assert told["theory"]["rules"][one["rule"]]["name"][language] in shown
            for coding in one["codings"]:
                assert names[told["theory"]["codings"][coding]["value"]][language] in shown
            for verdict in one["verdicts"].values():
                assert told["theory"]["words"][language]["verdict"][verdict] in shown
    # The slider moves it.
    other = "2022-05-25" if day < "2000" else "1956-01-01"
    tour.open(f"date={other}&lang={language}&view=theory")
    assert tour.count("#theory-view .chains > li") == len(on(told, other)[0])


@pytest.mark.slow
def test_every_step_opens_and_leads_back(tour: Tour, told: Plain) -> None:
    tour.open("date=2022-05-25&lang=en&select=arr:quad")
    tour.click('#panel [data-id="theory:arr:quad"]')  # from the arrangement to its theory
    assert "select=theory:arr:quad" in tour.hash()
    text = tour.text("#panel")
    codings = ("cod:quad-power-gap", "cod:quad-external-threat", "cod:quad-internal-divergence")
    for coding in codings:
        own = told["theory"]["codings"][coding]
        assert own["gist"]["en"] in text
        for passage in own["passages"]:
            assert told["passages"][passage]["gist"]["en"] in text
    rule = "rule:small-gap-single-threat-large-divergence"
    assert told["theory"]["rules"][rule]["gist"]["en"] in text
    assert told["theory"]["circular"]["en"] in text
    for step in (codings[0], rule, "record:arr:quad"):
        tour.click(f'#panel [data-id="{step}"]')
        assert f"select={step}" in tour.hash()
        tour.click('#panel [data-id="theory:arr:quad"]')
        assert "select=theory:arr:quad" in tour.hash()
    tour.click('#panel [data-id="arr:quad"]')  # and back to the arrangement
    assert tour.hash().endswith("select=arr:quad")


@pytest.mark.slow
def test_what_never_came_about_has_no_members(tour: Tour) -> None:
    tour.open("date=1951-04-30&lang=en&view=theory&select=record:arr:pacific-pact")
    assert "never came about; 5 were wanted or talked of" in tour.text("#panel")
    assert "0 members" not in tour.text("#theory-view")


@pytest.mark.slow
def test_the_debate_as_a_view(tour: Tour, told: Plain) -> None:
    tour.open("date=2022-05-25&lang=zh")
    tour.click('#tabs [value="debate"]')
    assert "view=debate" in tour.hash()
    debate = told["debate"]
    for number, question in enumerate(debate["questions"]):
        tour.value(f"document.querySelectorAll('#debate-view [name=question]')[{number}].click()")
        text = tour.text("#debate-view")
        for section in question["sections"]:
            assert section["heading"]["zh"] in text
            for strand in section["strands"]:
                assert strand["name"]["zh"] in text
                for claim in [*strand["claims"], *(c["claim"] for c in strand["criticisms"])]:
                    own = debate["claims"][claim]
                    assert own["name"]["zh"] in text
                    assert all(debate["people"][who]["zh"] in text for who in own["who"])
    id_, own = next(
        (id_, own)
        for id_, own in debate["claims"].items()
        if own.get("works") and own.get("contradicted_by")
    )
    tour.open(f"date=2022-05-25&lang=zh&view=debate&select={id_}")
    text = tour.text("#panel")
    assert own["gist"]["zh"] in text
    for work in own["works"]:
        assert debate["works"][work["work"]]["reference"] in text
    assert all(debate["claims"][other]["name"]["zh"] in text for other in own["contradicted_by"])
    assert all(told["passages"][passage]["gist"]["zh"] in text for passage in own["passages"])
    criticism = debate["questions"][0]["sections"][0]["strands"][0]["criticisms"][0]
    tour.open(f"date=2022-05-25&lang=zh&view=debate&select={criticism['claim']}")
    assert all(
        debate["claims"][one]["name"]["zh"] in tour.text("#panel") for one in criticism["of"]
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "size", "theme"),
    [
        ("view=theory&lang=en&date=2022-05-25&select=theory:arr:aukus", (1366, 850), "light"),
        ("view=theory&lang=zh&date=1956-01-01", (390, 844), "dark"),
        ("view=debate&lang=en&date=2022-05-25", (390, 844), "light"),
        ("view=debate&lang=zh&select=clm:paper-author-criticism-allies-overlooked", (1366, 850),
         "dark"),
    ],
)  # fmt: skip
def test_axe_finds_nothing_serious(
    tour: Tour, address: str, size: tuple[int, int], theme: str
) -> None:
    feature = {"name": "prefers-color-scheme", "value": theme}
    tour.browser.send("Emulation.setEmulatedMedia", features=[feature])
    tour.open(address, size)
    assert tour.value("document.documentElement.scrollWidth") <= size[0]
    tour.value("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert tour.browser.axe() == []


@pytest.mark.slow
def test_hostile_texts_of_theory_and_debate_run_nothing(
    chromium: Chromium, evil: ox.Store, tmp_path: Path
) -> None:
    html, _ = make(evil)
    path = tmp_path / "evil.html"
    path.write_text(html, encoding="utf-8")
    reader = Tour(chromium, path, parsed(html).blocks)
    theory, debate = reader.blocks["theory"], reader.blocks["debate"]
    chosen = [
        "theory:arr:quad", "record:arr:aukus", *list(theory["codings"])[:3],
        *list(theory["rules"])[:1], *list(debate["claims"])[:20:4],
        debate["questions"][0]["sections"][0]["strands"][0]["criticisms"][0]["claim"],
    ]  # fmt: skip
    for view in ("theory", "debate"):
        reader.open(f"date=2022-05-25&lang=en&view={view}")
        assert EVIL in reader.text(f"#{view}-view")
        for id_ in chosen:
            chromium.run(
                "new Promise(done => { addEventListener('hashchange', () => setTimeout(done),"
                "{ once: true }); location.hash ="
                f" 'date=2022-05-25&lang=en&view={view}&select={quote(id_, safe='')}'; }})"
            )
            assert EVIL in reader.text("#panel"), id_
            assert reader.count("img, main a, iframe, object, main script") == 0
            assert chromium.run("document.title") == "The alliance web"
    assert chromium.complaints() == []


@pytest.mark.slow
def test_what_cannot_be_opened_is_not(tour: Tour) -> None:
    for wrong in ("theory:arr:none", "record:", "cod:constructor", "rule:__proto__", "__proto__"):
        tour.open(f"date=2022-05-25&lang=en&view=constructor&select={wrong}")
        assert "select=" not in tour.hash()
        assert "view=" not in tour.hash()


# The site ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client(built: Built) -> Iterator[TestClient]:
    with serving(built.store) as found:
        yield found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", ["1956-01-01", "2022-05-25"])
def test_the_framework_on_the_site(
    client: TestClient, told: Plain, day: str, language: str
) -> None:
    page = Reading(client.get(f"/{language}/theory?date={day}").text)
    is_harmless(page)
    links = set(page.values("href"))
    expected, silent = on(told, day)
    for iri in expected | silent:
        assert f"/{language}/page/arrangement/{iri.removeprefix('arr:')}" in links
    assert page.text.count(told["theory"]["circular"][language]) >= 1 + len(expected)
    codings = {link for link in links if f"/{language}/page/coding/" in link}
    rules = {link for link in links if f"/{language}/page/rule/" in link}
    passages = {link for link in links if f"/{language}/page/passage/" in link}
    assert all((codings, rules, passages))
    for link in sorted(codings | rules | set(sorted(passages)[:5])):
        assert client.get(link).status_code == 200, link


def test_a_day_that_is_none_is_said_in_a_sentence(client: TestClient) -> None:
    for language, word in (("en", "nonsense"), ("zh", "nonsense")):
        answer = client.get(f"/{language}/theory?date=nonsense")
        assert answer.status_code == 200
        assert 'role="alert"' in answer.text
        assert word in answer.text
    early = client.get("/en/theory?date=1700-01-01").text
    assert "no mechanism" in early


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_debate_on_the_site(client: TestClient, told: Plain, language: str) -> None:
    page = Reading(client.get(f"/{language}/debate").text)
    is_harmless(page)
    links, ids = set(page.values("href")), page.values("id")
    assert len(ids) == len(set(ids))
    for id_, claim in told["debate"]["claims"].items():
        assert f"/{language}/page/claim/{id_.removeprefix('clm:')}" in links
        assert claim["name"][language] in page.text
    for work in told["debate"]["works"]:
        assert f"/{language}/page/work/{work.removeprefix('wrk:')}" in links
    for link in sorted(one for one in links if "/ask/sources/works-by-" in one):
        assert client.get(link).status_code == 200


def test_mechanisms_and_claims_lead_to_the_argument_and_it_leads_back(client: TestClient) -> None:
    assert {"/en/theory", "/en/debate"} <= set(Reading(client.get("/en/").text).values("href"))
    for path, place in (("arrangement/quad", "theory"), ("arrangement/seato", "theory"),
                        ("claim/paper-author-criticism-allies-overlooked", "debate")):  # fmt: skip
        page = Reading(client.get(f"/zh/page/{path}").text)
        link = next(one for one in page.values("href") if one.startswith(f"/zh/{place}"))
        there = Reading(client.get(link).text)
        assert link.rpartition("#")[2] in there.values("id")
        assert f"/zh/page/{path}" in there.values("href")
    japan = Reading(client.get("/en/page/state/japan").text).values("href")
    assert not [one for one in japan if one.startswith(("/en/theory", "/en/debate"))]


def test_hostile_texts_are_harmless_on_the_site(evil: ox.Store) -> None:
    with serving(evil) as client:
        for path in ("theory", "theory?date=1956-01-01", "debate", "theory?date=%3Cscript%3E"):
            answer = client.get(f"/en/{path}")
            assert answer.status_code == 200
            is_harmless(Reading(answer.text))
            assert "&lt;/script&gt;&lt;script&gt;" in answer.text


@pytest.mark.slow
def test_the_site_draws_the_web_with_both_and_leads_back(client: TestClient) -> None:
    answer = client.get("/web")
    page = parsed(answer.text)
    assert {"theory", "debate", "passages"} <= set(page.blocks)
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert not any(text.strip() for text in page.scripts + page.styles)
    assert ("a", "href", "/") in page.attributes
    for name in ("vis-network.js", "page.js", "page.css", "han.woff"):
        assert client.get(f"/web/{name}").status_code == 200
        assert f"/web/{name}" in answer.text or name.endswith(".woff")
    assert client.get("/web/none.js").status_code == 404
