"""Every shape catches an example that breaks it, in words a person can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
import shacl
from rdflib import RDF, SH

from conftest import HEAD, ROOT, TESTS
from latticework import build, turtle
from latticework.errors import ValidationProblem
from latticework.vocabulary import EDTF, LW, shorten

BROKEN = sorted((TESTS / "broken").glob("*.ttl"))
SHAPES = ROOT / "ontology" / "shapes.ttl"
ABSTRACT = {"Actor", "FormAsOf", "Prediction", "Scenario"}
"""Classes that no authored node of a source has as its own."""

Row = tuple[str, str, str, str]


def expected(example: Path) -> list[tuple[str, str]]:
    """Node and message fragment of each ``# caught: node: message`` line."""
    text = example.read_text(encoding="utf-8")
    return re.findall(r"^# caught: (\S+): (.+)$", text, flags=re.MULTILINE)


def found(folder: Path) -> list[tuple[str, str, str]]:
    """File, node and message of each finding that a user is told of."""
    try:
        warnings = build.build(graph=folder).warnings
    except ValidationProblem as problem:
        return re.findall(r"^  (?:(\S+\.ttl): )?(\S+): (.+)$", str(problem), flags=re.MULTILINE)
    return [(finding.file, finding.node, finding.message) for finding in warnings]


def results_of_shacl(triples: Iterable[ox.Triple]) -> set[Row]:
    """Severity, node, kind of constraint and value, by the validator that we ship."""
    text = "".join(sorted({f"{t} .\n" for t in triples}))
    report = shacl.Shapes.from_file(str(SHAPES)).validate_text(text, format="ntriples")
    return {
        (r.severity, r.focus_node.strip("<>"), local(r.component.strip("<>")), r.value_plain or "")
        for r in report.results
    }


def results_of_pyshacl(triples: Iterable[ox.Triple]) -> set[Row]:
    """The same by the reference implementation."""
    import pyshacl

    data = rdflib.Graph().parse(data="".join({f"{t} .\n" for t in triples}), format="nt")
    shapes = rdflib.Graph().parse(SHAPES)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, allow_warnings=True)
    rows = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        severity, kind = (
            local(str(report.value(result, part)))
            for part in (SH.resultSeverity, SH.sourceConstraintComponent)
        )
        value = report.value(result, SH.value)
        node = str(report.value(result, SH.focusNode))
        rows.add((severity, node, kind, "" if value is None else str(value)))
    return rows


def local(iri: str) -> str:
    return iri.rpartition("#")[2]


def triples_of(folder: Path) -> list[ox.Triple]:
    """The ontology and the facts of a folder, as the build validates them."""
    ontology = build.read_ontology("latticework.ttl", "alignments.ttl", "concepts.ttl")
    return ontology + [t for file in sorted(folder.glob("*.ttl")) for t in turtle.read(file)]


def messages() -> dict[str, dict[str, str]]:
    """Messages of ``shapes.ttl`` by English text, with every language they are in."""
    graph = rdflib.Graph().parse(SHAPES)
    owners = set(graph.subjects(SH.message))
    each = [{str(m.language).lower(): str(m) for m in graph.objects(o, SH.message)} for o in owners]
    return {texts.get("en", "?"): texts for texts in each}


def test_the_sound_world_breaks_no_shape() -> None:
    assert found(TESTS / "world") == []


@pytest.mark.parametrize("example", BROKEN, ids=lambda path: path.stem)
def test_broken_example_is_caught(example: Path, make_world: Callable[..., Path]) -> None:
    name = f"broken-{example.name}"
    findings = found(make_world(example.read_text(encoding="utf-8"), name=name))
    wanted = expected(example)
    assert wanted
    told = {(node, message) for _, node, message in findings}
    missed = [w for w in wanted if not any(n == w[0] and m.startswith(w[1]) for n, m in told)]
    unasked = [t for t in told if not any(t[0] == n and t[1].startswith(m) for n, m in wanted)]
    assert not missed, f"not caught: {missed}; told: {told}"
    assert not unasked, f"more than the header says: {unasked}"


def test_finding_names_the_file_and_each_is_told_once(make_world: Callable[..., Path]) -> None:
    text = (TESTS / "broken" / "membership.ttl").read_text(encoding="utf-8")
    findings = found(make_world(text, name="members.ttl"))
    assert {Path(file).name for file, _, _ in findings} == {"members.ttl"}
    assert len(findings) == len(set(findings))


def test_a_finding_takes_one_line_whatever_was_found(make_world: Callable[..., Path]) -> None:
    extra = HEAD + 'obs:x a lw:Observation ; lw:value "1.5\\n  or so" .\n'
    told = [message for _, node, message in found(make_world(extra)) if node == "obs:x"]
    assert any(message.endswith("(found: 1.5 or so)") for message in told)


def test_every_node_shape_has_a_broken_example() -> None:
    graph = rdflib.Graph().parse(SHAPES)
    shapes = {str(s).rpartition("#")[2] for s in graph.subjects(RDF.type, SH.NodeShape)}
    examples = {"".join(w.capitalize() for w in e.stem.split("-")) for e in BROKEN}
    assert shapes == examples


def test_every_message_is_caught_by_some_example() -> None:
    caught = {message for example in BROKEN for _, message in expected(example)}
    never = [m for m in messages() if not any(c.startswith(m) or m.startswith(c) for c in caught)]
    assert never == []


def test_every_message_says_in_both_languages_what_is_wrong_and_what_to_do() -> None:
    for english, texts in messages().items():
        assert set(texts) == {"en", "zh-hans"}, english
        assert english.isascii(), "the build tells English from Chinese by this"
        assert not texts["zh-hans"].isascii()
        assert english.endswith(".")


def test_every_kind_of_node_has_a_shape() -> None:
    shapes = rdflib.Graph().parse(SHAPES)
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "latticework.ttl")
    classes = {str(c) for c in ontology.subjects(RDF.type, rdflib.OWL.Class)}
    ours = {c.removeprefix(LW) for c in classes if c.startswith(LW)}
    shaped = {str(c).removeprefix(LW) for c in shapes.objects(None, SH.targetClass)}
    above = {
        str(s).removeprefix(LW): str(o).removeprefix(LW)
        for s, o in ontology.subject_objects(rdflib.RDFS.subClassOf)
    }
    unshaped = {
        c for c in ours - shaped - ABSTRACT if above.get(c, "Fact") not in shaped - {"Fact"}
    }
    assert unshaped == set()


def test_the_shape_of_dates_refuses_what_the_build_would_have_stopped_before() -> None:
    a = ox.NamedNode("https://example.org/a")
    for text, broken in (("2001", 0), ("[..2001-02]", 0), ("spring", 1), ("2001-13", 1)):
        date = ox.Literal(text, datatype=ox.NamedNode(EDTF))
        found = results_of_shacl([ox.Triple(a, ox.NamedNode(LW + "date"), date)])
        assert [row[2] for row in found] == ["PatternConstraintComponent"] * broken


@pytest.mark.slow
def test_pyshacl_finds_the_same_in_the_broken_examples() -> None:
    triples = triples_of(TESTS / "world")
    for example in BROKEN:
        triples += turtle.read(example)
    ours, reference = results_of_shacl(triples), results_of_pyshacl(triples)
    assert ours == reference
    nodes = {shorten(row[1]) for row in reference}
    assert {node for example in BROKEN for node, _ in expected(example)} <= nodes


@pytest.mark.slow
def test_pyshacl_finds_the_same_in_the_shipped_graph(built: build.Built) -> None:
    derived = ("https://w3id.org/latticework/derived/",)
    names = [name for name in built.graph_names() if not name.startswith(derived)]
    triples = [triple for name in names for triple in built.graph(name)]
    ours, reference = results_of_shacl(triples), results_of_pyshacl(triples)
    assert ours == reference
    assert {row[0] for row in reference} <= {"Warning"}
