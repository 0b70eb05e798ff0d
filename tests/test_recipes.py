"""The recipes run: their Python as it stands on the page, with the output that the page shows.

    .venv/bin/python tests/test_recipes.py

writes the outputs anew; what the text around them says must be read again by a person.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import click
import pytest

from latticework import export, networks
from latticework.build import Built, build
from latticework.cli import cli
from latticework.coverage import read_coverage
from latticework.explain import pairs_by_tie
from latticework.graph import KnowledgeGraph
from latticework.index import Incidence, incidence
from latticework.structure import UNITED_STATES, Shares, panel
from latticework.vocabulary import LWC

ROOT = Path(__file__).resolve().parent.parent
RECIPES = ROOT / "docs" / "recipes"
PAGES = sorted(RECIPES.glob("*.md"))
NAMES = [page.name for page in PAGES]
NOTEBOOKS = sorted(RECIPES.glob("*.ipynb"))

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(.*?)^```\n+```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ENDPOINT = "127.0.0.1:7878"
NOT_RUN = {"r.md"}
"""Pages whose code no test runs; they say so."""

RUNNER = """
import contextlib, io, json, sys
space, outputs = {"__name__": "__main__"}, []
for code in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as text:
        exec(compile(code, "recipe", "exec"), space)
    outputs.append(text.getvalue())
json.dump(outputs, sys.stdout)
"""


def make_files(built: Built, folder: Path) -> Path:
    """The files that the recipes read, as the commands on docs/recipes/README.md write them."""
    store, data = built.store, incidence(built.store)
    paper = [source.iri for source in built.sources if source.iri.endswith("/paper")]
    of_paper = incidence(store, sources=paper)
    files = {
        "out/latticework.ttl": export.to_turtle(built),
        "out/latticework.trig": export.to_trig(built),
        "web.graphml": networks.to_graphml(store, of_paper),
        "web.gexf": networks.to_gexf(store, of_paper),
        "memberships.csv": networks.spells_csv(store),
        "dyads.csv": networks.dyad_year_csv(store, data, read_coverage(store)),
    }
    (folder / "out").mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name, content in export.ontology().items():
        (folder / "out" / name).write_bytes(content)
    return folder


@pytest.fixture(scope="session")
def files(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_files(built, tmp_path_factory.mktemp("recipes"))


def outputs(codes: list[str], folder: Path) -> list[str]:
    """What pieces of code print, run one after the other in one fresh interpreter."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", RUNNER],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"},
        input=json.dumps(codes),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return list(json.loads(done.stdout))


@contextmanager
def endpoint(folder: Path) -> Iterator[str]:
    """The address of an Oxigraph server that holds the data, as the page starts it."""
    binary = Path(sys.executable).with_name("oxigraph")
    found = str(binary) if binary.exists() else shutil.which("oxigraph")
    if found is None:
        pytest.skip("no 'oxigraph' server here; pip install oxigraph")
    with socket.create_server(("127.0.0.1", 0)) as free:
        where = f"127.0.0.1:{free.getsockname()[1]}"
    place = tempfile.mkdtemp(dir=folder)
    load = [found, "load", "--location", place, "--file", str(folder / "out" / "latticework.ttl")]
    subprocess.run(load, check=True, capture_output=True)
    serve = [found, "serve-read-only", "--location", place, "--bind", where]
    process = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        host, port = where.split(":")
        for _ in range(200):
            with suppress(OSError):
                socket.create_connection((host, int(port)), 1).close()
                break
            time.sleep(0.05)
        yield where
    finally:
        process.terminate()
        process.wait(10)


def printed(page: Path, folder: Path) -> list[str]:
    """What the Python of a page prints, block by block."""
    codes = [code for code, _ in PYTHON.findall(page.read_text(encoding="utf-8"))]
    if not any(ENDPOINT in code for code in codes):
        return outputs(codes, folder)
    with endpoint(folder) as where:
        return outputs([code.replace(ENDPOINT, where) for code in codes], folder)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in {"README.md", *NOT_RUN}])
def test_recipes_print_what_they_show(name: str, files: Path) -> None:
    page = RECIPES / name
    shown = [output for _, output in PYTHON.findall(page.read_text(encoding="utf-8"))]
    assert shown
    assert printed(page, files) == shown, "run: .venv/bin/python tests/test_recipes.py"


@pytest.mark.parametrize("name", NAMES)
def test_every_piece_of_python_shows_its_output(name: str) -> None:
    text = (RECIPES / name).read_text(encoding="utf-8")
    assert text.count("```python\n") == len(PYTHON.findall(text))
    if name in NOT_RUN:
        assert "**Not run here.**" in text


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    text = FENCE.sub("", (RECIPES / name).read_text(encoding="utf-8"))
    targets = [link.partition("#")[0] for link in LINK.findall(text) if "://" not in link]
    assert [target for target in targets if not (RECIPES / target).exists()] == []


def test_every_recipe_is_listed() -> None:
    text = (RECIPES / "README.md").read_text(encoding="utf-8")
    assert set(LINK.findall(text)) >= {path.name for path in [*PAGES, *NOTEBOOKS]} - {"README.md"}


@pytest.mark.parametrize("name", NAMES)
def test_commands_exist_with_their_options(name: str) -> None:
    """Every line that calls latticework parses, and makes a file that a recipe may read."""
    for language, body in FENCE.findall((RECIPES / name).read_text(encoding="utf-8")):
        for line in body.splitlines() if language == "sh" else ():
            program, command, *words = shlex.split(line)
            if program == "latticework":
                owner = cli.commands[command]
                owner.make_parser(click.Context(owner)).parse_args(words)


# The notebook ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_are_valid_and_carry_no_output(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-zA-Z0-9-_]{1,64}", name) for name in ids)
    for cell in notebook["cells"]:
        assert cell["cell_type"] in ("markdown", "code")
        assert cell["metadata"] == {}
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert text == json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebooks_run_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]
    printed = outputs(cells, tmp_path)
    silent = [code for code, text in zip(cells, printed, strict=True) if not text]
    assert silent == cells[:1], "every cell but the first shows something"


def test_what_the_story_says_holds(built: Built) -> None:
    paper = [source.iri for source in built.sources if source.iri.endswith("/paper")]
    coverage = read_coverage(built.store, paper)
    data = incidence(built.store, sources=paper)
    treaties = incidence(built.store, sources=paper, layers=[LWC + "treatyAlliance"])

    def on(day: str, some: Incidence = data) -> Shares:
        sure = panel(some, date.fromisoformat(day), coverage).certain
        assert sure is not None
        return sure

    spokes, pact, last = on("1953-12-31"), on("1955-12-31"), on("2022-05-25")
    before, after = on("1977-06-30"), on("1977-07-01")
    assert spokes.autonomous == pact.autonomous == 0, "no pair is tied without Washington"
    assert spokes.mediated > 0.5, "most pairs meet only through Washington"
    assert pact.convened > 2 * spokes.convened, "the convened share jumps"
    assert after.convened < before.convened / 2, "and falls back"
    assert not panel(data, date(1990, 1, 1), coverage).covered
    assert 0 < last.autonomous < last.convened, "some pairs, and few"
    assert on("2022-05-25", treaties).autonomous == 0, "nothing among treaties"
    pairs = pairs_by_tie(data, date(2022, 5, 25), UNITED_STATES)["autonomous"]
    assert all("two-plus-two" in tie for ties in pairs.values() for tie in ties)
    answer = KnowledgeGraph(built.store).ask("theory/predicted-forms")
    assert all(row["predicted"] == row["coded"] for row in answer), "the predictions fit"


def refresh() -> None:
    """Write the outputs on all pages anew."""
    with tempfile.TemporaryDirectory() as place:
        folder = make_files(build(validate=False), Path(place))
        for page in PAGES:
            text = page.read_text(encoding="utf-8")
            if page.name in NOT_RUN or not PYTHON.search(text):
                continue
            news = iter(printed(page, folder))
            fresh = PYTHON.sub(
                lambda found, news=news: f"```python\n{found[1]}```\n\n```text\n{next(news)}```",
                text,
            )
            if fresh != text:
                page.write_text(fresh, encoding="utf-8")
                print(f"wrote {page.name}")


if __name__ == "__main__":
    refresh()
