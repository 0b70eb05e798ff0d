"""Queries are read before the engine reads them: what is refused, where, and what is not."""

from __future__ import annotations

import faulthandler
import os
import re
from contextlib import suppress
from itertools import product

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from latticework.errors import QueryProblem, QueryRefused
from latticework.resources import folder
from latticework.server.guard import Reading, read
from latticework.server.limits import DEFAULT, Limits

GRAPH = "http://example.org/graph"
OUTSIDE = ("http://127.0.0.1:1/secret", "file:///etc/passwd", "data:text/turtle,", "urn:none", "x")


def reading(text: str) -> Reading:
    return read(text, DEFAULT, {GRAPH})


def refusal(text: str) -> str:
    with pytest.raises(QueryRefused) as caught:
        reading(text)
    return str(caught.value)


def problem(text: str) -> str:
    with pytest.raises(QueryProblem) as caught:
        reading(text)
    assert not isinstance(caught.value, QueryRefused)
    return str(caught.value)


def test_every_question_and_check_of_ours_is_let_through() -> None:
    files = sorted([*folder("queries").rglob("*.rq"), *folder("ontology").rglob("*.rq")])
    assert len(files) > 60
    for file in files:
        reading(file.read_text(encoding="utf-8"))


# What is too much --------------------------------------------------------------------------------

OPENED = {
    "group": "{",
    "expression": "{ FILTER " + "(",
    "exists": "{ FILTER EXISTS ",
    "node": "{ ?s ?p " + "[ ?p ",
    "list": "{ ?s ?p " + "( ",
    "quoted": "{ " + "<< ",
    "triple term": "{ ?s ?p " + "<<( ?s ?p ",
    "annotation": "{ ?s ?p ?o " + "{| ?p ",
}


@pytest.mark.parametrize("kind", OPENED)
def test_deep_nesting_is_refused_of_every_bracket(kind: str) -> None:
    head, _, piece = OPENED[kind].rpartition("{ ") if kind != "group" else ("", "", "{")
    piece = {"expression": "(", "exists": "{ FILTER EXISTS ", "node": "[ ?p "}.get(kind, piece)
    said = refusal("ASK { " + head + (piece + " ") * 150)
    assert re.match(r"line 1, column \d+: more than 100 (brackets|triple patterns)", said)


def test_a_hundred_brackets_are_let_through_and_one_more_is_not() -> None:
    assert reading("ASK " + "{" * 100 + "}" * 100).form == "ASK"
    assert "line 1, column 105: more than 100 brackets" in refusal("ASK " + "{" * 101 + "}" * 101)


@pytest.mark.parametrize(
    "hidden",
    [
        '"{{{"',
        "'((('",
        "'''\n{{'{{'''",
        '"""[[\\"""["""',
        "# {{{\n",
        "<http://e/((([[[>",
        '"\\"{{{"',
    ],
)
def test_brackets_in_strings_comments_and_iris_count_for_nothing(hidden: str) -> None:
    hidden = re.sub(r"([({\[])\1+", lambda found: found[1] * 200, hidden)
    text = f"ASK {{ ?s ?p {hidden}\n ?o }}" if hidden[0] == "#" else f"ASK {{ ?s ?p {hidden} }}"
    assert reading(text).form == "ASK"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ASK {" + "?s ?p ?o . " * 101 + "}", "triple patterns"),
        ("ASK { ?s " + "?p ?o ; " * 101 + "}", "triple patterns"),
        ("ASK { ?s ?p " + "?o , " * 101 + "?o }", "triple patterns"),
        ("ASK { ?s " + "/".join(["<p>"] * 102) + " ?o }", "triple patterns"),
        ("ASK { ?s (" + "|".join(["<p>"] * 102) + ") ?o }", "triple patterns"),
        ("ASK { ?s ?p (" + " 1" * 60 + ") }", "triple patterns"),
        ("ASK { ?s ?p " + "[ ?p " * 60 + "1" + "]" * 60 + " ; " + "?p ?o ;" * 60 + "}", "triple"),
        ("ASK { FILTER(" + "||".join(["true"] * 2_100) + ") }", "clauses"),
        ("ASK { FILTER(" + "!" * 2_100 + "true) }", "clauses"),
        ("ASK { " + " UNION ".join(["{}"] * 1_100) + " }", "clauses"),
        ("ASK { " + "OPTIONAL {}" * 1_100 + " }", "clauses"),
        ("ASK { " + "BIND(1 AS ?x)" * 800 + " }", "clauses"),
        ("SELECT " + "(1 AS ?x)" * 1_100 + " {}", "clauses"),
        ("DESCRIBE" + " <x>" * 2_100, "clauses"),
        ("SELECT * {} ORDER BY" + " ?x" * 2_100, "clauses"),
    ],
)
def test_long_chains_are_refused(text: str, what: str) -> None:
    assert re.match(rf"line 1, column \d+: more than [\d,]+ {what}", refusal(text))


def test_long_lists_of_values_are_let_through() -> None:
    reading("ASK { VALUES ?x {" + " <http://e/x>" * 5_000 + "} }")
    reading("ASK { VALUES (?x ?y) {" + " (<http://e/x#a> <http://e/x#b>)" * 5_000 + "} }")
    reading("ASK { ?s ?p ?o FILTER(?o IN (" + ",".join(["<http://e/x#a>"] * 5_000) + ")) }")


# What reaches out --------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["SERVICE", "service", "Service", "SERVICE SILENT"])
def test_service_is_refused(word: str) -> None:
    said = refusal(f"SELECT * {{ ?s ?p ?o\n OPTIONAL {{ {word} <http://e/> {{}} }} }}")
    assert said.startswith("line 2, column 13: SERVICE would ask another server")


def test_service_is_only_a_word() -> None:
    reading('ASK { ?service <http://e/SERVICE> "SERVICE"@service ; service:service ?o } # SERVICE')


@pytest.mark.parametrize("graph", OUTSIDE)
@pytest.mark.parametrize("clause", ["FROM", "from named"])
def test_graphs_outside_the_data_set_are_refused(clause: str, graph: str) -> None:
    assert "there is no graph" in refusal(f"ASK {clause} <{graph}> {{}}")


@pytest.mark.parametrize(
    "text",
    [
        "ASK FROM <http://example.org/graph> {}",
        "PREFIX e: <http://example.org/> ASK FROM e:graph {}",
        "BASE <http://example.org/x> ASK FROM NAMED <graph> {}",
        "ASK FROM <http://example.org/gr\\u0061ph> {}",
    ],
)
def test_graphs_of_the_data_set_are_let_through(text: str) -> None:
    assert reading(text).graphs == (GRAPH,)


@pytest.mark.parametrize(
    "text",
    ["INSERT DATA {}", "DELETE WHERE {}", "LOAD <file:///etc/passwd>", "clear all", "DROP ALL",
     "PREFIX e: <http://e/> WITH e:g DELETE {} WHERE {}", "CREATE GRAPH <x>", "ADD <a> TO <b>",
     "# a comment\nMOVE <a> TO <b>", "COPY DEFAULT TO <b>"],
)  # fmt: skip
def test_updates_are_refused(text: str) -> None:
    assert "is an update, and the data are read-only here" in refusal(text)


# What cannot be read -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the query is empty"),
        ("# nothing", "the query is empty"),
        ("PREFIX e: <http://e/>", "the query is empty"),
        ("FOO", "line 1, column 1: the query begins with 'FOO'"),
        ("ASK {", "line 1, column 5: '{' is never closed"),
        ("ASK }", "line 1, column 5: '}' closes nothing"),
        ("ASK {\n (}", "line 2, column 3: '}' does not close '(' of line 2, column 2"),
        ('ASK { ?s ?p "x }', "line 1, column 13: the string that '\"' opens is not closed"),
        ("ASK { ?s ?p '''x' }", 'line 1, column 13: the string that "\'" opens is not closed'),
        ("ASK \\u007B }", "line 1, column 5: '\\\\' cannot be read here"),
        ("ASK {}\0", "line 1, column 7: '\\x00' cannot be read here"),
        ("ASK\xa0{}", "line 1, column 4: '\\xa0' cannot be read here"),
    ],
)
def test_what_is_no_query_is_told_where(text: str, said: str) -> None:
    assert problem(text).startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { FILTER(1<'x>'||" + "(" * 3_000 + "1" + ")" * 3_000 + ") }",
        "ASK { FILTER(1<e:p('>'||" + "(" * 3_000 + ") }",
        "ASK { FILTER(1<<('>'||" + "(" * 3_000 + ") }",
        "ASK { FILTER(?a<?b#c>)\n}",
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(text: str) -> None:
    assert "put a space" in problem(text)


def test_a_comparison_with_spaces_is_let_through() -> None:
    reading("ASK { ?s ?p ?a , ?b FILTER(?a < ?b && ?b>?a && ?a<=5 && ?a<'x' && 1<2) }")


# Limits put into the query -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "capped"),
    [
        ("SELECT * {} # all", "SELECT * {} # all\nLIMIT 7 "),
        ("SELECT * {} LIMIT 5 OFFSET 1", "SELECT * {} LIMIT 5 OFFSET 1"),
        ("SELECT * {} OFFSET 1 LIMIT 50", "SELECT * {} OFFSET 1 LIMIT 7"),
        ("SELECT * {} limit 99999999999999999999", "SELECT * {} limit 7"),
        ("SELECT * {} VALUES ?x { 1 }", "SELECT * {} \nLIMIT 7 VALUES ?x { 1 }"),
        (
            "SELECT * { { SELECT * {} LIMIT 99 } VALUES ?x {1} }",
            "SELECT * { { SELECT * {} LIMIT 99 } VALUES ?x {1} }\nLIMIT 7 ",
        ),
    ],
)
def test_a_select_asks_for_no_more_rows_than_the_limit(text: str, capped: str) -> None:
    assert reading(text).capped(7) == capped
    ox.Store().query(capped)


# Whatever is sent --------------------------------------------------------------------------------

PIECES = [
    "<", ">", "<<", ">>", "<<(", ")>>", "'", '"', "'''", '"""', "#", "\n", "\r", "(", ")", "{", "}",
    "[", "]", "{|", "|}", "\\", "\\'", "\\u0027", "\\u007B", " ", "?x", "$y", "a", "e:p", "e:a\\'b",
    ":", "_:b", "1", ".5", "5.", "1e3", "||", "&&", "!", "/", "^", "^^", "@en", "*", "+", "-", "=",
    ",", ".", ";", "FILTER", "UNION", "VALUES", "SELECT", "ASK", "EXISTS", "IN", "NOT", "<http://e/#x>",
    "<'>", "<?b#c>", "true", "LIMIT", "FROM", "PREFIX", "\u00b7", "\u2028", "é", "\U0001d7d8",
]  # fmt: skip
TANGLE = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@given(
    st.one_of(
        st.text(max_size=300), TANGLE, st.binary(max_size=99).map(lambda raw: raw.decode("latin-1"))
    )
)
@hypothesis_settings(max_examples=400)
def test_whatever_is_sent_is_let_through_or_refused_in_a_sentence(text: str) -> None:
    try:
        reading(text).capped(9)
    except QueryProblem as error:
        sentence = str(error)
    else:
        return
    assert sentence
    assert "\n" not in sentence


@given(
    st.lists(st.sampled_from([p for p in PIECES if p.strip()]), max_size=8), st.sampled_from("({[")
)
@hypothesis_settings(max_examples=300)
def test_no_deep_nesting_is_let_through_after_whole_words(words: list[str], bracket: str) -> None:
    closers = {"(": ")", "{": "}", "[": "]"}
    whole = [w for w in words if not set(w) & set("'\"#\\(){}[]<>|\u2028")]
    text = f"ASK {{ {' '.join(whole)} " + bracket * 101 + closers[bracket] * 101 + " }"
    with pytest.raises(QueryProblem):
        reading(text)


def survives(texts: list[str]) -> list[str]:
    """The texts at which a child of ours crashes when the engine reads them."""
    crashed = []
    while texts:
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            faulthandler.disable()
            store = ox.Store()
            for number, text in enumerate(texts):
                os.write(tell, number.to_bytes(4, "big"))
                with suppress(BaseException):  # a refusal is what we hope for
                    list(zip(range(5), store.query(text), strict=False))
            os._exit(0)
        os.close(tell)
        said = b""
        while piece := os.read(told, 65_536):
            said += piece
        os.close(told)
        _, status = os.waitpid(child, 0)
        if status == 0:
            break
        last = int.from_bytes(said[-4:], "big")
        crashed.append(texts[last])
        texts = texts[last + 1 :]
    return crashed


def test_the_engine_crashes_on_what_is_refused() -> None:
    """The tests below can fail: this is what they look for."""
    assert survives(["ASK {}", "ASK " + "{" * 9_000 + "}" * 9_000, "ASK {}"])


CONFUSING = ("<'>", "<#>", "<x#y>", "<e:p('>", "<<'>", "<", "e:a\\'b", "e:\\#", "\\'", "'x'", "\r")
OPENING = ("'", '"', "'''", "#", "")


def test_the_engine_survives_whatever_is_let_through() -> None:
    """Quotes, comments and comparisons around brackets that crash it where they are brackets."""
    let_through: list[str] = []
    starts, joints, ends = (
        ("FILTER(1", "?s ?p "),
        ("||", " "),
        ("')", '")', "''')", "\n)", ")", "'"),
    )
    for start, one, opening, joint, bracket, end in product(
        starts, CONFUSING, OPENING, joints, "({", ends
    ):
        text = f"ASK {{ {start}{one}{opening}{joint}{bracket * 9_000}{end} }}"
        with suppress(QueryProblem):
            reading(text)
            let_through.append(text)
    assert let_through, "nothing was let through, so nothing was tried"
    assert not survives(let_through)


@pytest.mark.parametrize(
    "text",
    [
        "ASK {" + "?s ?p ?o . " * 100 + "}",
        "DESCRIBE" + " <http://e/x>" * 1_990,
        "SELECT " + "".join(f"(1 AS ?x{i})" for i in range(990)) + " {}",
        "ASK { " + "".join(f"BIND(1 AS ?x{i})" for i in range(600)) + " }",
        "ASK { FILTER(" + "||".join(["true"] * 1_990) + ") }",
        "ASK { FILTER(" + "+".join(["1"] * 1_990) + ") }",
        "ASK { FILTER(" + "!" * 1_990 + "true) }",
        "ASK { " + " UNION ".join(["{}"] * 990) + " }",
        "ASK { " + "FILTER(1=1)" * 600 + " }",
        "ASK " + "{ OPTIONAL " * 49 + "{}" + "}" * 49,
        "ASK { FILTER(" + "IF(1=1," * 98 + "1" + ",2)" * 98 + ") }",
        "ASK { FILTER(" + "(" * 98 + "1" + ")" * 98 + ") }",
        "ASK " + "{ FILTER NOT EXISTS " * 98 + "{}" + "}" * 98,
        "SELECT * {} ORDER BY" + " ?x" * 1_990,
        "ASK { FILTER(1 IN (" + ",".join(["2"] * 200_000) + ")) }",
    ],
)
def test_the_engine_survives_the_most_that_is_let_through(text: str) -> None:
    reading(text)
    assert not survives([text])


def test_limits_are_limits() -> None:
    small = Limits(nesting=3, patterns=2, parts=20)
    read("ASK {{{}}}", small, ())
    for text in ("ASK {{{{}}}}", "ASK { ?s ?p ?o, ?o, ?o }", "ASK {" + "{}" * 20 + "}"):
        with pytest.raises(QueryRefused):
            read(text, small, ())
