"""The site as a person meets it: by mouse and by keyboard, in both languages, with no network."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from time import sleep

import pytest

from browser import Chromium, text_of
from latticework.server import editor

LOADED = """new Promise(done => {
  document.readyState === "complete" ? done() : addEventListener("load", done);
})"""
SEEN = (
    "/",
    "/page/arrangement/quad",
    "/theory?date=2021-10-01",
    "/debate",
    "/uses/lw:Policy",
    "/search?q=seoul",
    "/ask",
    "/ask/membership/memberships-of-a-state",
    "/query?query=SELECT+*+%7B+%3Fs+a+lw%3APeriod+%7D",
    "/nothing-here",
)


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The address of a running ``latticework serve``."""
    command = [sys.executable, "-m", "latticework.cli", "serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout is not None
        found = re.search(r"http://[^/\s]+", run.stdout.readline())
        assert found, "the server does not say where it is"
        yield found[0]
        run.send_signal(signal.SIGINT)
        run.wait(10)


def click(browser: Chromium, selector: str) -> None:
    """Click the middle of an element, as a mouse does."""
    find = f"document.querySelector({json.dumps(selector)})"
    browser.run(f"{find}.scrollIntoView({{block: 'center'}})")
    place = browser.run(
        f"(r => [r.x + r.width / 2, r.y + r.height / 2])({find}.getBoundingClientRect())"
    )
    for kind in ("mousePressed", "mouseReleased"):
        browser.send(
            "Input.dispatchMouseEvent",
            type=kind,
            x=place[0],
            y=place[1],
            button="left",
            clickCount=1,
        )


def follow(browser: Chromium, selector: str) -> str:
    """Click a link or a button and wait for the page that it leads to."""
    browser.run("window.old = true")
    click(browser, selector)
    return arrived(browser)


def arrived(browser: Chromium) -> str:
    """The address of the page that is loading, once it is there."""
    for _ in range(300):
        if browser.run("!window.old && document.readyState === 'complete'"):
            return str(browser.run("location.pathname + location.search"))
        sleep(0.05)
    raise AssertionError("the page does not arrive")


def press(browser: Chromium, key: str, times: int = 1) -> None:
    for _ in range(times):
        codes = {"Tab": 9, "Enter": 13, "ArrowDown": 40, "Escape": 27}
        for kind in ("keyDown", "keyUp"):
            text = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            browser.send(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=codes[key],
                **text,
            )


def write(browser: Chromium, text: str) -> None:
    browser.send("Input.insertText", text=text)


def until(browser: Chromium, condition: str) -> None:
    browser.run(
        f"new Promise(done => {{ const look = () => ({condition}) "
        "? done() : setTimeout(look, 20); look(); })"
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_page_has_a_serious_barrier_or_a_complaint(
    chromium: Chromium, site: str, language: str
) -> None:
    for path in SEEN if language == "en" else SEEN[::3]:
        chromium.open(f"{site}/{language}{path}", LOADED)
        assert chromium.axe() == [], path
        assert chromium.run("document.documentElement.scrollWidth <= innerWidth"), path
    complaints = [c for c in chromium.complaints() if "404" not in c]
    assert complaints == []
    assert {
        address.split("/")[2] for address in chromium.requests() if address.startswith("http")
    } == {site.split("/")[2]}


def test_a_phone_and_the_dark_are_served_too(chromium: Chromium, site: str) -> None:
    chromium.size(390, 844)
    features = [{"name": "prefers-color-scheme", "value": "dark"}]
    chromium.send("Emulation.setEmulatedMedia", features=features)
    for path in (
        "/",
        "/theory",
        "/debate",
        "/page/place/canberra",
        "/ask/membership/memberships-of-a-state",
    ):
        chromium.open(f"{site}/zh{path}", LOADED)
        assert chromium.axe() == [], path
        assert chromium.run("document.documentElement.scrollWidth <= 390"), path


def test_by_mouse_from_the_start_to_a_passage_and_into_chinese(
    chromium: Chromium, site: str
) -> None:
    chromium.open(f"{site}/en/", LOADED)
    assert follow(chromium, 'a[href="/en/kind/arrangement"]') == "/en/kind/arrangement"
    assert follow(chromium, 'a[href="/en/page/arrangement/quad"]') == "/en/page/arrangement/quad"
    follow(chromium, 'main a[href="/en/page/membership/quad-india-2017"]')
    assert follow(chromium, '.evidence a[href$="1.3-05"]') == "/en/page/passage/1.3-05"
    assert follow(chromium, "a.other") == "/zh/page/passage/1.3-05"
    assert chromium.run("document.documentElement.lang") == "zh-Hans"
    assert follow(chromium, ".facts dt a").startswith("/zh/ontology")
    assert chromium.run("document.querySelector(':target') !== null")


def test_by_keyboard_alone_to_an_answer_and_its_sparql(chromium: Chromium, site: str) -> None:
    chromium.open(f"{site}/en/ask/membership/members-at-a-date", LOADED)
    press(chromium, "Tab")
    assert chromium.run("document.activeElement.className") == "skip"
    press(chromium, "Enter")
    press(chromium, "Tab", 2)
    assert chromium.run("document.activeElement.id") == "p-arrangement"
    chromium.run("document.activeElement.value = 'arr:quad'")
    chromium.run("window.old = true")
    for _ in range(12):
        press(chromium, "Tab")
        if chromium.run("document.activeElement.matches('form.ask button')"):
            break
    press(chromium, "Enter")
    assert "arrangement=arr%3Aquad" in arrived(chromium)
    rows = chromium.run("document.querySelectorAll('.answer tbody tr').length")
    assert rows == 4
    chromium.run("window.old = true; document.querySelector('.after a').focus()")
    press(chromium, "Enter")
    assert arrived(chromium).startswith("/en/query?query=")
    assert "VALUES ?arrangement" in chromium.run("document.getElementById('query').value")
    assert chromium.run("document.querySelectorAll('.answer tbody tr').length") == rows


def test_the_search_suggests_and_leads_there_by_keyboard(chromium: Chromium, site: str) -> None:
    chromium.open(f"{site}/zh/", LOADED)
    chromium.run("document.getElementById('q').focus()")
    write(chromium, "四边")
    until(chromium, "document.querySelectorAll('.suggestions [role=option]').length")
    press(chromium, "ArrowDown")
    assert chromium.run("document.getElementById('q').getAttribute('aria-activedescendant')")
    assert chromium.axe() == []
    chromium.run("window.old = true")
    press(chromium, "Enter")
    assert arrived(chromium) == "/zh/page/arrangement/quad"


def test_the_editor_completes_writes_prefixes_and_runs(chromium: Chromium, site: str) -> None:
    chromium.open(f"{site}/en/query?plain", LOADED)
    chromium.run("document.getElementById('query').focus()")
    write(chromium, "SELECT ?m { ?m a lw:Memb")
    until(chromium, "!document.getElementById('completions').hidden")
    assert "lw:Membership" in text_of(chromium, "#completions [aria-selected=true]")
    assert chromium.axe() == []
    press(chromium, "Enter")
    write(chromium, " ; lw:member state:japan }")
    click(chromium, "#write-prefixes")
    until(chromium, "document.getElementById('query').value.includes('PREFIX state:')")
    press(chromium, "Escape")
    assert "lw:Membership ; lw:member" in chromium.run("document.getElementById('query').value")
    click(chromium, "#editor .button")
    until(chromium, "document.querySelector('.answer tbody')")
    assert chromium.run("location.search").startswith("?query=PREFIX")
    assert chromium.run("document.activeElement.id") == "answer"
    assert chromium.axe() == []
    assert int(chromium.run("document.querySelectorAll('.answer tbody tr').length")) > 5


@pytest.mark.skipif(not editor.is_here(), reason="Yasgui is not here; scripts/get_editor gets it")
def test_yasqe_edits_where_it_is_here(chromium: Chromium, site: str) -> None:
    chromium.open(f"{site}/en/query", LOADED)
    until(chromium, "document.querySelector('.CodeMirror textarea')")
    chromium.run("document.querySelector('.CodeMirror textarea').focus()")
    write(chromium, "SELECT ?m { ?m a lw:Memb")
    until(chromium, "document.querySelector('.CodeMirror-hint')")
    assert chromium.run("document.getElementById('query').value").startswith("PREFIX lw: <")
    assert chromium.axe() == []
    press(chromium, "Enter")
    write(chromium, " }")
    press(chromium, "Tab")
    assert not chromium.run("document.activeElement.closest('.CodeMirror')")
    click(chromium, "#editor .button")
    until(chromium, "document.querySelector('.answer tbody')")
    assert chromium.run("document.querySelectorAll('.answer tbody tr').length") > 50
    assert [c for c in chromium.complaints() if "404" not in c] == []
    elsewhere = {u.split("/")[2] for u in chromium.requests() if u.startswith("http")}
    assert elsewhere == {site.split("/")[2]}


def test_what_the_reader_types_is_never_run(chromium: Chromium, site: str) -> None:
    hostile = "<img src=x onerror=\"document.title='run'\"><script>document.title='run'</script>"
    chromium.open(f"{site}/en/", LOADED)
    chromium.run("document.getElementById('q').focus()")
    write(chromium, hostile)
    chromium.run("window.old = true")
    press(chromium, "Enter")
    arrived(chromium)
    assert hostile in text_of(chromium, "main .lead")
    assert chromium.run("document.title") != "run"


@pytest.mark.slow
def test_the_vocabulary_has_no_serious_barrier(chromium: Chromium, site: str) -> None:
    for path in ("/en/ontology", "/zh/concepts"):
        chromium.open(f"{site}{path}", LOADED)
        assert chromium.axe() == [], path


@pytest.mark.slow
def test_the_alliance_web_is_drawn_behind_the_door(chromium: Chromium, site: str) -> None:
    chromium.open(f"{site}/web#lang=zh&date=2021-10-01")
    assert "2021" in text_of(chromium, "#date")
    assert chromium.run("document.documentElement.lang").startswith("zh")


def test_a_running_query_can_be_cancelled(chromium: Chromium, site: str) -> None:
    chromium.open(f"{site}/en/query?plain", LOADED)
    long = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    chromium.run(f"document.getElementById('query').value = {json.dumps(long)}")
    click(chromium, "#editor .button")
    until(chromium, "!document.getElementById('cancel').hidden")
    click(chromium, "#cancel")
    until(chromium, "document.querySelector('[role=alert]')")
    assert "cancelled" in text_of(chromium, "[role=alert]")
