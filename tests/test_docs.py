"""The documentation says what is there: links, commands, quoted facts, numbers and examples."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from pathlib import Path

import click
import pyoxigraph as ox
import pytest

from latticework import __version__, turtle
from latticework.build import Built, build
from latticework.chance import chance
from latticework.cli import cli
from latticework.companions import COMPANIONS, companion_series
from latticework.coverage import read_coverage
from latticework.index import DEFAULT_LAYERS, incidence
from latticework.store import select
from latticework.structure import MEASURES, Panel, changes, panels
from latticework.text import digest, normalise
from latticework.vocabulary import KINDS, LWC, PREFIXES, shorten

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]

FENCE = re.compile(r"^( *)```([^\n]*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?:^|[\s`/])latticework +([a-z-][^`\n|;&#]*)")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> Iterator[tuple[str, str]]:
    """The fenced blocks of a language: what stands after its name, and the text."""
    for indent, info, text in FENCE.findall(read(name)):
        first, _, rest = info.strip().partition(" ")
        if first == language:
            yield rest, re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)


# Links and commands ------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The anchors that GitHub makes of the headings of a page."""
    found: set[str] = set()
    for heading in HEADING.findall(FENCE.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = 1
        while (unique := slug if number == 1 else f"{slug}-{number - 1}") in found:
            number += 1
        found.add(unique)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    broken = []
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists():
            broken.append(f"{link}: no such file")
        elif anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
            broken.append(f"{link}: no such heading")
    assert not broken, f"{name}: " + "; ".join(broken)


def commands(text: str) -> Iterator[list[str]]:
    """The words of every call of the command line in code, after the program's name."""
    code = [body for _, info, body in FENCE.findall(text) if info.split()[:1] in ([], ["sh"])]
    code += re.findall(r"`([^`\n]+)`", FENCE.sub("", text))
    for part in code:
        for found in COMMAND.finditer(part):
            yield shlex.split(found[1])


@pytest.mark.parametrize("name", NAMES)
def test_commands_exist_with_their_options(name: str) -> None:
    wrong = []
    for words in commands(read(name)):
        owner: click.Command = cli
        if not words[0].startswith("-"):
            if words[0] not in cli.commands:
                wrong.append(f"latticework {words[0]}: no such command")
                continue
            owner = cli.commands[words[0]]
        known = {"-h", "--help", *(option for p in owner.params for option in p.opts)}
        wrong += [
            f"latticework {words[0]}: no option {word}"
            for word in words
            if word.startswith("-") and word.partition("=")[0] not in known
        ]
    assert not wrong, f"{name}: " + "; ".join(wrong)


def test_version_is_the_same_everywhere() -> None:
    cited = re.search(r"^version: *\"?([^\"\n]+)\"?$", read("CITATION.cff"), re.MULTILINE)
    project = re.search(r"^version = \"([^\"]+)\"$", read("pyproject.toml"), re.MULTILINE)
    assert cited
    assert project
    assert cited[1] == project[1] == __version__
    assert f"## [{__version__}]" in read("CHANGELOG.md")


# What is quoted from the graph -------------------------------------------------------------------


def parse(text: str) -> list[ox.Triple]:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return [quad.triple for quad in ox.parse(head + text, format=ox.RdfFormat.TURTLE)]


@pytest.mark.parametrize("name", NAMES)
def test_turtle_parses(name: str) -> None:
    for _, text in blocks(name, "turtle"):
        assert parse(text)


@pytest.mark.parametrize("name", NAMES)
def test_quoted_facts_are_in_the_graph(name: str, built: Built) -> None:
    wrong = [
        f"{triple}"
        for rest, text in blocks(name, "turtle")
        if rest == "graph"
        for triple in parse(text)
        if not list(
            built.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        )
    ]
    assert not wrong, f"{name} quotes what the graph does not say: {wrong}"


@pytest.mark.parametrize("name", NAMES)
def test_questions_have_answers(name: str, built: Built) -> None:
    for _, text in blocks(name, "sparql"):
        assert select(built.store, text), f"{name}: no answer to\n{text}"


@pytest.mark.parametrize("name", NAMES)
def test_python_compiles(name: str) -> None:
    for _, text in blocks(name, "python"):
        compile(text, name, "exec")


def test_kinds_of_things_are_listed() -> None:
    listed = dict(re.findall(r"\| `([a-z]+):` \| ([a-z-]+) (?=\|)", read("docs/model.md")))
    assert listed == KINDS


# Parts that the graph writes ---------------------------------------------------------------------

PART = re.compile(
    r"<!-- (lists|discrepancies|structure|companions|chance)(?:: ([^\n]*))? -->\n"
    r"(.*?)\n<!-- end -->",
    re.S,
)
REFRESH = ".venv/bin/python tests/test_docs.py"
"""Writes these parts anew; what the text around them says must be read again by a person."""


def part(built: Built, kind: str, names: str) -> str:
    """The rows that a marked part of a page should have."""
    match kind:
        case "lists":
            return list_rows(built, names.split())
        case "discrepancies":
            return discrepancy_rows(built)
        case "companions":
            return companion_rows(built, [date.fromisoformat(name) for name in names.split()])
        case "chance":
            return chance_rows(built, date.fromisoformat(names))
        case _:
            return structure_rows(built)


def texts(built: Built, query: str) -> Iterator[tuple[str, ...]]:
    """The rows of a query as texts, names in short form."""
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    for row in select(built.store, head + query):
        yield tuple(
            shorten(term.value) if isinstance(term, ox.NamedNode) else str(term.value)
            for term in row.values()
        )


def table(head: Iterable[str], rows: Iterable[Iterable[str]], align: str = " --- |") -> str:
    lines = [tuple(head), *(tuple(cell.replace("|", "\\|") for cell in row) for row in rows)]
    text = [f"| {' | '.join(cells)} |" for cells in lines]
    return "\n".join([text[0], "| --- |" + align * (len(lines[0]) - 1), *text[1:]])


def list_rows(built: Built, lists: Iterable[str]) -> str:
    rows = [
        (f"`{value}`", label, definition)
        for name in lists
        for value, label, definition in texts(
            built,
            f"""SELECT ?value ?label ?definition {{
              ?value skos:inScheme lwc:{name} ; rdfs:label ?label ; skos:definition ?definition .
              FILTER (LANG(?label) = "en" && LANG(?definition) = "en")
            }} ORDER BY ?value""",
        )
    ]
    return table(("value", "name", "when"), rows)


def discrepancy_rows(built: Built) -> str:
    values: dict[tuple[str, str], list[str]] = {}
    for node, label, value in texts(
        built,
        """SELECT ?node ?label ?value {
          ?node a lw:Discrepancy ; dct:source source:paper ;
              rdfs:label ?label ; lw:printedValue ?value .
          FILTER (LANG(?label) = "en")
        } ORDER BY ?node ?value""",
    ):
        values.setdefault((node, label), []).append(value)
    rows = [(f"`{node}`", label, " **/** ".join(v)) for (node, label), v in values.items()]
    return table(("node", "what", "values, as the paper has them"), rows)


def structure_rows(built: Built) -> str:
    series = changes(paper_panels(built))
    rows = [structure_row(one) for one in series if one.covered and one.certain]
    return table(("from", "n", "k", *MEASURES, "worlds"), rows, align=" ---: |")


def paper_panels(built: Built, layers: Collection[str] = DEFAULT_LAYERS) -> list[Panel]:
    paper = {PREFIXES["source"] + "paper"}
    data = incidence(built.store, sources=paper, layers=layers)
    return panels(data, read_coverage(built.store, paper))


def structure_row(one: Panel) -> list[str]:
    sure = one.certain
    assert sure is not None
    cells = [one.date.isoformat(), str(sure.states), str(sure.partners)]
    for measure in MEASURES:
        value, low, high = (
            "" if (number := getattr(shares, measure, None)) is None else f"{number:.3f}"
            for shares in (sure, one.low, one.high)
        )
        cells.append(f"{value} [{low}, {high}]" if {low, high} - {value} else value)
    return [*cells, str(one.worlds)]


def companion_rows(built: Built, days: list[date]) -> str:
    paper = {PREFIXES["source"] + "paper"}
    data, coverage = incidence(built.store, sources=paper), read_coverage(built.store, paper)
    found = [one.companions for one in companion_series(data, coverage, days=days)]
    rows = [
        (f"`{measure}`", *(cell(getattr(one, measure, None), digits) for one in found))
        for measure, digits in (("n", 0), ("k", 0), *((name, 3) for name in COMPANIONS))
    ]
    return table(("measure", *map(str, days)), rows, align=" ---: |")


def chance_rows(built: Built, day: date) -> str:
    data = incidence(built.store, sources={PREFIXES["source"] + "paper"})
    rows = [
        (f"`{one.measure}`", cell(one.observed), f"{cell(one.low)} to {cell(one.high)}",
         cell(one.p_two, 2))
        for one in chance(data, day).measures
    ]  # fmt: skip
    head = ("measure", "observed", "95 % of the random webs", "p (both sides)")
    return table(head, rows, align=" ---: |")


def cell(value: float | None, digits: int = 3) -> str:
    return "" if value is None else f"{value:.{digits}f}"


@pytest.mark.parametrize("name", NAMES)
def test_parts_are_those_of_the_graph(name: str, built: Built) -> None:
    for kind, names, text in PART.findall(read(name)):
        assert text == part(built, kind, names), f"{kind} {names} changed; run: {REFRESH}"


def test_every_closed_list_is_explained(built: Built) -> None:
    said = {
        name
        for kind, names, _ in PART.findall(read("docs/codebook.md"))
        if kind == "lists"
        for name in names.split()
    }
    query = "SELECT DISTINCT ?list { ?value skos:inScheme ?list }"
    assert said | {"topics"} == {name.removeprefix("lwc:") for (name,) in texts(built, query)}


def test_alliances_alone_are_a_star_on_the_days_that_the_measures_page_names(built: Built) -> None:
    said = re.search(r"alliances alone is a pure star on\s+([^:]*):", read("docs/measures.md"))
    assert said
    series = paper_panels(built, {LWC + "treatyAlliance"})
    mediated = {one.date.isoformat(): one.certain and one.certain.mediated for one in series}
    assert [mediated[day] for day in re.findall(r"\d{4}-\d{2}-\d{2}", said[1])] == [1, 1, 1, 1]


# The example sources -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders that docs/extending.md prints, as a reader would write them."""
    root = tmp_path_factory.mktemp("examples")
    for rest, text in blocks("docs/extending.md", "turtle"):
        if rest.startswith("file="):
            path = root / rest.removeprefix("file=")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return sorted(root.iterdir())


def test_example_sources_build(examples: list[Path]) -> None:
    assert [folder.name for folder in examples] == ["example-data", "example-text"]
    extended = build(examples)
    assert {source.iri for source in extended.sources} >= {
        PREFIXES["source"] + folder.name for folder in examples
    }


def test_example_sources_are_tidy(examples: list[Path]) -> None:
    for folder in examples:
        for file in sorted(folder.glob("*.ttl")):
            assert file.read_text(encoding="utf-8") == turtle.write(turtle.read(file)), file.name


def test_example_passage_is_found_in_the_example_text() -> None:
    page = read("docs/extending.md")
    text = re.search(r"^> (Invented memorandum\..*)$", page, re.MULTILINE)
    start, end, sha = (
        re.search(pattern, page)
        for pattern in (r"oa:start (\d+)", r"oa:end (\d+)", r'lw:sha256 "([0-9a-f]{64})"')
    )
    assert text
    assert start
    assert end
    assert sha
    assert digest(normalise(text[1])[int(start[1]) : int(end[1])]) == sha[1]


def refresh() -> None:
    """Write the marked parts of all pages anew."""
    graph = build(validate=False)
    for page in PAGES:
        old = page.read_text(encoding="utf-8")
        new = PART.sub(
            lambda m: (
                m[0][: m.start(3) - m.start()]
                + part(graph, m[1], m[2] or "")
                + m[0][m.end(3) - m.start() :]
            ),
            old,
        )
        if new != old:
            page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    refresh()
