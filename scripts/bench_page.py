"""Measure the page beside pyvis's own page: size, time to usable, frames a second.

    scripts/bench_page.py [TIES ...]

Worlds of 60, 600 and 3,000 ties (by default) are made up, each drawn once by our page and once by
pyvis with its default options, and opened in a headless Chromium whose network is cut. *Usable* is
the time from asking for the page to the second picture after it answers. *Frames* are counted
while our page is scrubbed from the first to the last day, and while pyvis's page, which knows no
time, is only moved about. On a machine that does other things too, the processor's own time on the
page's main thread says more: until usable, and for a frame. One run each.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import pyoxigraph as ox

from browser import LOADED, Chromium
from latticework import resources
from latticework.coverage import read_coverage
from latticework.index import Incidence, incidence
from latticework.store import add, construct
from latticework.structure import panels
from latticework.view import page
from latticework.vocabulary import PREFIXES, shorten
from latticework.web import ties
from world import HUB, description, label

SIZES = (60, 600, 3000)
PATIENCE = 240.0  # seconds for a page to become usable
FRAMES = 120
TWO_PICTURES = (
    "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
)
COUNT = """new Promise(done => {{
  let n = 0;
  const begun = performance.now();
  const frame = () => {{
    {step};
    if (++n <= {frames}) requestAnimationFrame(frame);
    else done(1000 * {frames} / (performance.now() - begun));
  }};
  requestAnimationFrame(frame);
}})"""
SCRUB = (
    "const slider = document.getElementById('slider');"
    f"slider.value = +slider.min + (slider.max - slider.min) * n / {FRAMES};"
    "slider.dispatchEvent(new Event('input'))"
)
MOVE = "network.moveTo({ position: { x: n, y: n } })"
SETTLED = """new Promise(done => {
  const look = () => typeof network === "object" && network
    && network.physics.stabilizationIterations >= 1000 || window.network?.physics?.stabilized
    ? done() : setTimeout(look, 50);
  look();
})"""


def world(folder: Path, count: int) -> None:
    """Write a source of about so many ties, each begun (and some ended) on a New Year's Day."""
    random = Random(count)
    states = 24 if count < 200 else 60 if count < 1000 else 150
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    blocks = [*description()]
    blocks += [
        (f"state:made-up-{i}", ["a lw:State", *label(f"State {i}", f"国家{i}")])
        for i in range(1, states + 1)
    ]
    made = number = 0
    while made < count:
        number += 1
        size = random.choices((2, 3, 4), (7, 2, 1))[0]
        members = random.sample(range(2, states + 1), size)
        if random.random() < 1 / 3:
            members[0] = 1
        made += size * (size - 1) // 2
        layer = random.choice(("treatyAlliance", "securityCooperation"))
        pact = f"arr:made-up-{number}"
        blocks.append((pact, [
            "a lw:Arrangement", *label(f"Pact {number}", f"公约{number}"), f"lw:layer lwc:{layer}",
            "lw:ofAsiaPacific true", "lw:status lwc:operating",
        ]))  # fmt: skip
        begun = random.randint(1945, 2015)
        ended = random.randint(begun + 1, 2021) if random.random() < 0.4 else None
        dates = [f'lw:begin "{begun}-01-01"^^edtf:EDTF']
        dates += [f'lw:end "{ended}-01-01"^^edtf:EDTF'] if ended else []
        blocks += [
            (f"mem:made-up-{number}-{i}", [
                "a lw:Membership", f"lw:arrangement {pact}", f"lw:member state:made-up-{i}",
                *dates, 'lw:locator "line"', "dct:source source:made-up",
            ])
            for i in members
        ]  # fmt: skip
    folder.mkdir(parents=True)
    text = "".join(f"\n{s}\n    " + " ;\n    ".join(own) + " .\n" for s, own in blocks)
    (folder / "source.ttl").write_text(head + text, encoding="utf-8")


def loaded(folder: Path) -> ox.Store:
    """A data set with the days that its dates allow, and nothing else derived."""
    store = ox.Store()
    for file in (*resources.folder("ontology").glob("*.ttl"), folder / "source.ttl"):
        store.bulk_load(path=str(file), to_graph=ox.NamedNode("urn:all"))
    rule = (resources.folder("ontology") / "rules" / "bounds.rq").read_text("utf-8")
    add(store, construct(store, rule), "urn:all")
    return store


def ours(folder: Path) -> tuple[str, Incidence]:
    """Our page of a source."""
    store = loaded(folder)
    data = incidence(store)
    return page(store, data, panels(data, read_coverage(store), HUB), hub=HUB), data


def theirs(data: Incidence) -> str:
    """Pyvis's own page of all ties, with its default options and everything in the file."""
    from pyvis.network import Network

    drawn = Network(height="100vh", cdn_resources="in_line", directed=True)
    for state in data.states:
        drawn.add_node(shorten(state))
    for tie in ties(data):
        drawn.add_edge(shorten(tie.one), shorten(tie.other), title=shorten(tie.arrangement))
    return str(drawn.generate_html())


def worked(browser: Chromium) -> float:
    """Seconds that the processor has worked on the page's main thread."""
    metrics = browser.send("Performance.getMetrics")["metrics"]
    return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))


def measure(file: Path, loaded: str, step: str) -> tuple[float, ...]:
    """Seconds to usable, and of work; frames a second, milliseconds of work for one."""
    with tempfile.TemporaryDirectory() as profile:
        binary = shutil.which("chromium") or shutil.which("chrome") or "chromium"
        browser = Chromium(binary, Path(profile))
        try:
            browser.size(1366, 850)
            browser.send("Performance.enable", timeDomain="threadTicks")
            browser.send("Page.navigate", url="about:blank")
            before = worked(browser)
            begun = time.perf_counter()
            browser.send("Page.navigate", url=file.as_uri())
            while True:
                try:
                    browser.run(loaded)
                    browser.run(TWO_PICTURES)
                    break
                except AssertionError:  # busy with itself
                    if time.perf_counter() - begun > PATIENCE:
                        return (float("inf"),) * 4
            usable, ready = time.perf_counter() - begun, worked(browser)
            rate = browser.run(COUNT.format(step=step, frames=FRAMES))
            each = 1000 * (worked(browser) - ready) / FRAMES
            return usable, ready - before, rate, each
        finally:
            browser.close()


def main() -> int:
    """Print a line for each page."""
    if not all(text.isdigit() for text in sys.argv[1:]):
        print("bench: give numbers of ties, such as 60 600 3000", file=sys.stderr)
        return 2
    sizes = [int(text) for text in sys.argv[1:]] or SIZES
    print("ties\tpage\tkilobytes\tusable_s\twork_s\tframes_per_s\twork_ms_per_frame")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            source = Path(folder) / f"world-{size}"
            world(source, size)
            html, data = ours(source)
            pages = {
                "ours": (html, LOADED, SCRUB),
                "pyvis": (theirs(data), SETTLED, MOVE),
            }
            for name, (text, loaded, step) in pages.items():
                file = Path(folder) / f"{name}-{size}.html"
                file.write_text(text, encoding="utf-8")
                found = measure(file, loaded, step)
                cells = (len(ties(data)), name, len(text.encode()) // 1000,
                         *(f"{value:.2f}" for value in found[:2]),
                         *(f"{value:.0f}" for value in found[2:]))  # fmt: skip
                print(*cells, sep="\t", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
