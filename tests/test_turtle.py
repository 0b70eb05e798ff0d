"""The tidy writer keeps every triple and always gives the same text."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import ROOT
from latticework import turtle
from latticework.errors import InputError, SyntaxProblem
from latticework.vocabulary import PREFIXES, XSD

LOCAL = st.text("aZ09_-.:%/#²é中", min_size=1, max_size=6)
iris = st.builds(
    lambda namespace, local: ox.NamedNode(namespace + local.replace("%", "%20").replace("#", "")),
    st.sampled_from([*PREFIXES.values(), "http://example.org/", "urn:x:"]),
    LOCAL,
)
strings = st.text(st.characters(exclude_categories=["Cs"]), max_size=20) | st.text(
    "\"\\\n\r\t'@^<>²0123456789 \0\x07\x1f\x7f\x85\u2028\ufeff", max_size=12
)
languages = st.sampled_from(["en", "zh-Hans", "zh-hans", "en-GB", "de-1996"])
numbers = st.one_of(
    st.integers().map(lambda n: ox.Literal(str(n), datatype=ox.NamedNode(XSD + "integer"))),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(
        lambda n: ox.Literal(f"{n:f}", datatype=ox.NamedNode(XSD + "decimal"))
    ),
    st.sampled_from(["true", "false", "1"]).map(
        lambda text: ox.Literal(text, datatype=ox.NamedNode(XSD + "boolean"))
    ),
)
odd_numbers = st.sampled_from(
    [
        *(("integer", text) for text in ("01", "+1", "-0", "", "1e3")),
        *(("decimal", text) for text in (".5", "1.", "-0.0", "1.50", "1e3")),
    ]
).map(lambda pair: ox.Literal(pair[1], datatype=ox.NamedNode(XSD + pair[0])))
literals = st.one_of(
    strings.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), strings, languages),
    st.builds(lambda text, kind: ox.Literal(text, datatype=kind), strings, iris),
    numbers,
)
canonical = st.lists(st.builds(ox.Triple, iris, iris, iris | literals), max_size=12)
triples = st.lists(st.builds(ox.Triple, iris, iris, iris | literals | odd_numbers), max_size=12)


def reread(text: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}


def one(literal: ox.Literal) -> list[ox.Triple]:
    a = ox.NamedNode("http://example.org/a")
    return [ox.Triple(a, a, literal)]


@given(triples)
@example(one(ox.Literal('x1²2"\\\n\0')))
@example(one(ox.Literal("9" * 5000)))
def test_written_turtle_reads_back_as_the_same_triples(made: list[ox.Triple]) -> None:
    assert reread(turtle.write(made)) == set(made)


@given(triples)
def test_written_trig_reads_back_as_the_same_quads(made: list[ox.Triple]) -> None:
    half = len(made) // 2
    graphs = {"http://example.org/b": made[:half], "http://example.org/a": made[half:]}
    quads = set(ox.parse(turtle.write_trig(graphs).encode(), format=ox.RdfFormat.TRIG))
    wanted = {
        ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name))
        for name, part in graphs.items()
        for t in part
    }
    assert quads == wanted


def plain(term: object) -> tuple[str, str, str]:
    """Text, language and datatype of a term of rdflib or Oxigraph."""
    if isinstance(term, rdflib.Literal | ox.Literal):
        language, kind = (term.language or "").lower(), str(term.datatype or "").strip("<>")
        plainly = language or kind == XSD + "string"
        text = str(term) if isinstance(term, str) else term.value
        return text, language, "" if plainly else kind
    return getattr(term, "value", str(term)), "", ""


@given(canonical)
def test_rdflib_reads_the_same(made: list[ox.Triple]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        graph = rdflib.Graph().parse(data=turtle.write(made), format="turtle")
    wanted = {tuple(map(plain, (t.subject, t.predicate, t.object))) for t in made}
    assert {tuple(map(plain, triple)) for triple in graph} == wanted


@given(triples.flatmap(lambda made: st.tuples(st.just(made), st.permutations(made))))
def test_order_and_repetition_do_not_matter(pair: tuple[list[ox.Triple], list[ox.Triple]]) -> None:
    made, shuffled = pair
    assert turtle.write(made) == turtle.write(shuffled + made)
    graphs = {"http://example.org/b": made, "http://example.org/a": shuffled}
    other_order = {name: graphs[name] for name in sorted(graphs)}
    assert turtle.write_trig(graphs) == turtle.write_trig(other_order)


@given(triples)
def test_tidy_text_stays_as_it_is(made: list[ox.Triple]) -> None:
    text = turtle.write(made)
    assert turtle.write(reread(text)) == text


def test_adding_one_triple_changes_one_line() -> None:
    lw, a, b = PREFIXES["lw"], ox.NamedNode(PREFIXES["state"] + "a"), ox.NamedNode(PREFIXES["lw"])
    made = [ox.Triple(a, ox.NamedNode(lw + p), ox.NamedNode(lw + "X")) for p in ("p", "q", "r")]
    more = [*made, ox.Triple(a, ox.NamedNode(lw + "qq"), b)]
    before, after = turtle.write(made).splitlines(), turtle.write(more).splitlines()
    assert len(set(after) - set(before)) == 1
    assert set(before) - set(after) == set()


def test_a_whole_decimal_is_written_with_its_point() -> None:
    """The one change of form: a bare 1 would be an integer."""
    text = turtle.write(one(ox.Literal("1", datatype=ox.NamedNode(XSD + "decimal"))))
    assert " 1.0 ." in text


def test_numbers_in_names_are_sorted_as_numbers() -> None:
    names = ["s10", "s2", "s1-10", "s1-9", "s", "s02", "t"]
    assert sorted(names, key=turtle.natural) == ["s", "s1-9", "s1-10", "s02", "s2", "s10", "t"]


def test_types_and_labels_come_first_and_evidence_last() -> None:
    a = ox.NamedNode("http://example.org/a")
    names = ("lw:evidence", "lw:member", "dct:source", "rdfs:label", "rdf:type", "lw:gist")
    made = [
        ox.Triple(a, ox.NamedNode(PREFIXES[p] + n), a)
        for p, n in (name.split(":") for name in names)
    ]
    lines = [line.split()[0] for line in turtle.write(made).splitlines() if line.startswith("    ")]
    assert lines == ["a", "rdfs:label", "lw:member", "lw:gist", "lw:evidence", "dct:source"]


@pytest.mark.parametrize(
    "term",
    [
        ox.BlankNode("b"),
        ox.Literal("text", language="ar", direction=ox.BaseDirection.RTL),
        ox.Triple(*[ox.NamedNode("http://example.org/a")] * 3),
    ],
    ids=["blank node", "literal with a direction", "triple term"],
)
def test_what_plain_rdf_with_names_lacks_is_refused(term: object) -> None:
    with pytest.raises(InputError, match=r"give it an IRI|leave it out"):
        turtle.write(one(term))


def test_a_blank_node_as_subject_is_refused() -> None:
    a = ox.NamedNode("http://example.org/a")
    with pytest.raises(InputError, match="give it an IRI"):
        turtle.write([ox.Triple(ox.BlankNode("b"), a, a)])


@pytest.mark.parametrize(
    ("data", "line", "column", "reason"),
    [
        (b"@prefix x: <http://x/> .\nx:a x:b \n", 3, 1, "Unexpected end"),
        (
            b"@prefix x: <http://x/> .\n\nx:a x:b y:c .\n",
            3,
            9,
            "The prefix y: has not been declared",
        ),
        (b"@prefix x: <http://x/> .\nx:a x:b x:c ;\n  x:d 'one\ntwo' .\n", 3, 11, "Line jumps"),
        (b"@prefix x: <http://x/> .\nx:a 5 x:c .\n", 2, 5, "not a valid predicate"),
        ("@prefix x: <http://x/> .\nx:a x:b '中'".encode("gb18030"), 2, 10, "not UTF-8"),
        (b"\xef\xbb\xbf@prefix x: <http://x/> .\n", 1, 1, "byte order mark"),
        (b"\xff\xfe@\x00", 1, 1, "not UTF-8"),
    ],
    ids=["end", "prefix", "newline in text", "predicate", "GB 18030", "BOM", "UTF-16"],
)
def test_a_file_that_does_not_parse_names_line_column_and_reason(
    tmp_path: Path, data: bytes, line: int, column: int, reason: str
) -> None:
    file = tmp_path / "broken.ttl"
    file.write_bytes(data)
    with pytest.raises(SyntaxProblem) as caught:
        turtle.read(file)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert str(caught.value).startswith(f"{file}:{line}:{column}: ")
    assert reason in caught.value.reason
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.ttl cannot be read: No such file"):
        turtle.read(tmp_path / "nowhere.ttl")


@pytest.mark.parametrize(
    "file", sorted((ROOT / "graph").rglob("*.ttl")), ids=lambda f: f"{f.parent.name}/{f.stem}"
)
def test_authored_file_is_tidy(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert turtle.write(turtle.read(file)) == text, f"run: latticework tidy {file}"
