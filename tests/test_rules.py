"""The rules derive what they say, the same in every engine, and what they derive is marked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import edtf
import pyoxigraph as ox
import pytest
import rdflib
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import DESCRIPTION, HEAD, ROOT, TESTS, MakeSource, entities, membership
from latticework import dates, turtle
from latticework.build import RULES, Built, build
from latticework.errors import DateProblem
from latticework.store import add, construct, select
from latticework.vocabulary import DERIVED, LW, ONTOLOGY, PREFIXES, XSD, shorten

BOUNDS = ("earliestBegin", "latestBegin", "earliestEnd", "latestEnd")
HORIZON = "2022-05-25"
LEAP = ("1900-02", "1999-02", "2000-02", "2000-02-29", "2004-02", "2100-02", "1900", "2100-12-31")


def rule(name: str) -> str:
    return (ROOT / "ontology" / "rules" / f"{name}.rq").read_text(encoding="utf-8")


def parse_turtle(text: str) -> list[ox.Triple]:
    return [q.triple for q in ox.parse((HEAD + text).encode(), format=ox.RdfFormat.TURTLE)]


# Bounds

days = st.dates(date(1900, 1, 1), date(2100, 12, 31)).map(str)
points = st.sampled_from(LEAP) | st.builds(
    lambda day, n: day[:n], days, st.sampled_from([4, 7, 10])
)
pairs = st.tuples(points, points).map(lambda pair: sorted(pair, key=lambda p: dates.parse(p).first))
intervals = pairs.map("/".join)
alike = pairs.filter(lambda pair: len(pair[0]) == len(pair[1]))
one_of = alike.map(lambda pair: f"[{pair[0]}..{pair[1]}]")
open_sided = st.builds(str.format, st.sampled_from(["[..{}]", "[{}..]"]), points)
texts = points | intervals | one_of | open_sided


def bounds_by_rule(facts: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """The bounds that the rule gives to facts with these roles and texts."""
    lines = [f'source:s lw:horizon "{HORIZON}"^^xsd:date .']
    for number, (role, text) in enumerate(facts):
        role, _, more = role.partition("+")
        other = {"ended": "; lw:unknownEnd lwc:notStated", "": ""}[more]
        lines.append(f'mem:{number} lw:{role} "{text}"^^edtf:EDTF ; dct:source source:s {other} .')
    store = ox.Store()
    add(store, parse_turtle("\n".join(lines)), "https://example.org/")
    found: list[dict[str, str]] = [{} for _ in lines[1:]]
    for triple in construct(store, rule("bounds")):
        bounds = found[int(triple.subject.value.rpartition("/")[2])]
        name = triple.predicate.value.removeprefix(LW)
        assert name not in bounds, "one value each"
        assert triple.object.datatype.value == XSD + "date"
        bounds[name] = triple.object.value
    return found


def bounds_by_dates(role: str, text: str) -> dict[str, str]:
    """The same, from :func:`latticework.dates.parse`."""
    span = dates.parse(text)
    bounds = dict.fromkeys(BOUNDS)
    if role in ("begin", "begin+ended"):
        bounds |= {"earliestBegin": span.first, "latestBegin": span.last}
    elif role in ("attested", "attested+ended"):
        bounds |= {"latestBegin": span.last}
    elif role == "end":
        bounds |= {"earliestEnd": span.first, "latestEnd": span.last}
    elif span.lasting:
        low, high = (dates.parse(part) for part in text.split("/"))
        bounds = dict(zip(BOUNDS, (low.first, low.last, high.first, high.last), strict=True))
    else:
        bounds = dict(zip(BOUNDS, (span.first, span.last) * 2, strict=True))
    if role in ("begin", "attested"):
        bounds["earliestEnd"] = HORIZON
    if role.endswith("+ended"):
        bounds |= {"earliestEnd": span.first, "latestEnd": HORIZON}
    return {name: str(day) for name, day in bounds.items() if day}


@settings(max_examples=60)
@given(st.lists(texts, min_size=1, max_size=40))
@example([*LEAP])
@example(["[1950..1953]", "[..1948]", "[1950..]", "2021-06-19/2021-06-23", "2019-02/2020-02"])
@pytest.mark.parametrize(
    "role", ["begin", "end", "date", "attested", "begin+ended", "attested+ended"]
)
def test_bounds_are_those_of_dates_parse(role: str, texts: list[str]) -> None:
    assert bounds_by_rule((role, t) for t in texts) == [bounds_by_dates(role, t) for t in texts]


@given(texts)
def test_bounds_of_one_text_are_in_order(text: str) -> None:
    span = dates.parse(text)
    assert span.first or span.last
    assert not (span.first and span.last) or span.first <= span.last
    (bounds,) = bounds_by_rule([("date", text)])
    assert bounds.get("earliestBegin", "0") <= bounds.get("latestEnd", "9")


def test_an_end_takes_the_place_of_the_horizon() -> None:
    store = ox.Store()
    text = f"""
        source:s lw:horizon "{HORIZON}"^^xsd:date .
        mem:a lw:begin "1954-09-08"^^edtf:EDTF ; lw:end "1977-06-30"^^edtf:EDTF ;
            dct:source source:s .
        mem:b lw:attested "1960"^^edtf:EDTF ; lw:begin "1954"^^edtf:EDTF ; dct:source source:s .
        mem:c lw:unknownBegin lwc:neverBegan ; dct:source source:s ."""
    add(store, parse_turtle(text), "https://example.org/")
    found = {
        (shorten(t.subject.value), t.predicate.value.removeprefix(LW), t.object.value)
        for t in construct(store, rule("bounds"))
    }
    assert found == {
        ("mem:a", "earliestBegin", "1954-09-08"),
        ("mem:a", "latestBegin", "1954-09-08"),
        ("mem:a", "earliestEnd", "1977-06-30"),
        ("mem:a", "latestEnd", "1977-06-30"),
        ("mem:b", "earliestBegin", "1954-01-01"),
        ("mem:b", "latestBegin", "1954-12-31"),
        ("mem:b", "earliestEnd", HORIZON),
    }


# What counts as a date

nearly = st.from_regex(
    r"\[?([0-9]{4}(-[01][0-9]){0,2}|[0-9]{1,5})?(\.\.|/|-)?([0-9]{4}(-[0-9]{2}){0,2})?\]?",
    fullmatch=True,
)


def of_mixed_precision(text: str) -> bool:
    low, dots, high = text.strip("[]").partition("..")
    return bool(low and dots and high) and len(low) != len(high)


@settings(max_examples=80)
@given((nearly | texts).filter(lambda text: not of_mixed_precision(text)))
def test_dates_parse_accepts_only_edtf(text: str) -> None:
    try:
        dates.parse(text)
    except DateProblem:
        return
    try:
        edtf.parse_edtf(text)
    except EDTFParseException:
        pytest.fail(f"'{text}' is no EDTF, yet dates.parse takes it")


@pytest.fixture(scope="module")
def pattern() -> ox.Literal:
    shapes = rdflib.Graph().parse(ROOT / "ontology" / "shapes.ttl")
    edtf_shape = rdflib.URIRef("https://w3id.org/latticework/shapes#edtf")
    return ox.Literal(str(shapes.value(edtf_shape, rdflib.SH.pattern)))


@given(texts)
def test_dates_that_are_understood_fit_the_shape(pattern: ox.Literal, text: str) -> None:
    assert ox.Store().query(f"ASK {{ FILTER REGEX({ox.Literal(text)}, {pattern}) }}")


def test_a_range_of_mixed_precision_is_refused_as_edtf_does() -> None:
    with pytest.raises(EDTFParseException):
        edtf.parse_edtf("[2007..2017-11]")
    with pytest.raises(DateProblem):
        dates.parse("[2007..2017-11]")


@pytest.mark.parametrize(
    "text",
    [
        "1977-02-30",
        "1977-13",
        "1900-02-29",
        "0000",
        "[1953..1950]",
        "2021-06-23/2021-06-19",
        "[..]",
        "1950/",
        "/1950",
        "1950/..",
        "1950~",
        "195X",
        "77",
        "1977-6-3",
        " 1977",
        "1977\n",
        "１９７７",
        "",
    ],
)
def test_a_date_that_is_none_is_refused_with_a_hint(text: str) -> None:
    with pytest.raises(DateProblem, match=r"use a day|correct it|put the earlier date first"):
        dates.parse(text)


# Forms


def forms(built: Built) -> dict[str, tuple[str, int, int]]:
    """Form, certain and possible members by first day."""
    rows = select(
        built.store,
        f"PREFIX lw: <{LW}> SELECT ?day ?form ?certain ?possible WHERE {{ ?f lw:fromDate ?day ; "
        "lw:form ?form ; lw:certainMembers ?certain ; lw:possibleMembers ?possible }",
    )
    found = {
        r["day"].value: (
            shorten(r["form"].value)[4:],
            int(r["certain"].value),
            int(r["possible"].value),
        )
        for r in rows
    }
    assert len(found) == len(rows), "one form a day"
    return found


def test_two_members_are_bilateral_and_a_third_makes_it_multilateral(
    make_source: MakeSource,
) -> None:
    text = entities() + membership("a", "1946-03-05") + membership("b", "1946-03-05")
    found = forms(build(graph=make_source(text + membership("c", "1948-06-01"))))
    assert found == {"1946-03-05": ("bilateral", 2, 2), "1948-06-01": ("multilateral", 3, 3)}


def test_a_third_member_of_uncertain_date_leaves_the_form_open(make_source: MakeSource) -> None:
    text = entities() + membership("a", "1946-03-05") + membership("b", "1946-03-05")
    found = forms(build(graph=make_source(text + membership("c", "1948"))))
    assert found == {
        "1946-03-05": ("bilateral", 2, 2),
        "1948-01-01": ("openForm", 2, 3),
        "1948-12-31": ("multilateral", 3, 3),
    }


def test_a_member_that_leaves_counts_until_its_last_day(make_source: MakeSource) -> None:
    text = entities() + membership("a", "1951-09-01") + membership("b", "1951-09-01")
    found = forms(build(graph=make_source(text + membership("c", "1951-09-01", "1986-08-11"))))
    assert found == {"1951-09-01": ("multilateral", 3, 3), "1986-08-12": ("bilateral", 2, 2)}


def test_a_member_that_leaves_on_an_uncertain_day_leaves_the_form_open(
    make_source: MakeSource,
) -> None:
    text = entities() + membership("a", "1951") + membership("b", "1951")
    found = forms(build(graph=make_source(text + membership("c", "1951", "[1972..1973]"))))
    assert found["1951-12-31"] == ("multilateral", 3, 3)
    assert found["1972-01-02"] == ("openForm", 2, 3)
    assert found["1974-01-01"] == ("bilateral", 2, 2)


def test_a_state_that_two_memberships_name_counts_once(make_source: MakeSource) -> None:
    text = entities() + membership("a", "1951-09-01") + membership("b", "1951-09-01")
    found = forms(build(graph=make_source(text + membership("b", "1951-09-01", name="again"))))
    assert found == {"1951-09-01": ("bilateral", 2, 2)}


def test_a_list_of_one_or_an_open_list_of_two_leaves_the_form_open(make_source: MakeSource) -> None:
    one = entities() + membership("a", "1951-09-01")
    assert forms(build(graph=make_source(one))) == {"1951-09-01": ("openForm", 1, 1)}
    two = one + membership("b", "1951-09-02") + "arr:pact lw:openList true .\n"
    found = forms(build(graph=make_source(two + membership("c", "1951-09-03"), name="open")))
    assert found["1951-09-02"] == ("openForm", 2, 2)
    assert found["1951-09-03"] == ("multilateral", 3, 3)


def test_when_all_members_have_left_no_form_is_left(make_source: MakeSource) -> None:
    text = entities() + "".join(membership(m, "1955", "1977-06-30") for m in "abc")
    assert forms(build(graph=make_source(text)))["1977-07-01"] == ("noMembers", 0, 0)
    opened = text + "arr:pact lw:openList true .\n"
    found = forms(build(graph=make_source(opened, name="open")))
    assert found["1977-07-01"] == ("openForm", 0, 0), "others may have stayed"
    spell = (
        'spell:pact a lw:Spell ; lw:arrangement arr:pact ; lw:begin "1955"^^edtf:EDTF ; '
        'lw:end "1977-06-30"^^edtf:EDTF ; dct:source source:tiny .\n'
    )
    found = forms(build(graph=make_source(opened + spell, name="over"), validate=False))
    assert found["1977-07-01"] == ("noMembers", 0, 0), "the pact itself has ended"


def test_prospective_members_count_for_nothing(make_source: MakeSource) -> None:
    prospective = 'lw:membershipRole lwc:prospectiveMember ; lw:attested "1990-01-01"^^edtf:EDTF ;'
    text = entities() + membership("a", "1951-09-01") + membership("b", "1951-09-01")
    built = build(graph=make_source(text + membership("c", more=prospective)))
    assert set(forms(built).values()) == {("bilateral", 2, 2)}
    from_ = {
        t.object.value
        for t in built.graph(DERIVED + "forms")
        if t.predicate.value == PREFIXES["prov"] + "wasDerivedFrom"
    }
    assert PREFIXES["mem"] + "a" in from_
    assert PREFIXES["mem"] + "c" not in from_
    assert member_of(built) == {("state:a", "arr:pact"), ("state:b", "arr:pact")}


def test_every_form_names_the_memberships_that_it_rests_on(make_source: MakeSource) -> None:
    text = entities() + membership("a", "1946") + membership("b", "1946", "1950-12-31")
    built = build(graph=make_source(text + membership("c", "1951")))
    rows = select(
        built.store,
        f"PREFIX lw: <{LW}> PREFIX prov: <{PREFIXES['prov']}> SELECT ?m WHERE "
        '{ ?f lw:fromDate "1951-12-31"^^<http://www.w3.org/2001/XMLSchema#date> ; '
        "prov:wasDerivedFrom ?m }",
    )
    assert {shorten(r["m"].value) for r in rows} == {"mem:a", "mem:c"}


# Convenience edges


def member_of(built: Built) -> set[tuple[str, str]]:
    return {
        (shorten(t.subject.value), shorten(t.object.value))
        for t in built.graph(DERIVED + "member-of")
        if t.predicate.value == LW + "memberOf"
    }


def test_member_of_leaves_out_what_never_came_about(make_source: MakeSource) -> None:
    planned = entities("", "planned").replace("lwc:operating", "lwc:neverRealised")
    text = entities("ab") + planned + membership("a", "1951")
    text += membership("b", "1951", arrangement="planned")
    assert member_of(build(graph=make_source(text))) == {("state:a", "arr:pact")}


def test_a_source_does_not_disagree_with_itself(make_source: MakeSource) -> None:
    text = entities() + membership("a", "2007", "2008") + membership("a", "2017", name="again")
    graph = build(graph=make_source(text)).graph(DERIVED + "disagreements")
    assert [t for t in graph if t.predicate.value == LW + "about"] == []


def test_met_with_leaves_out_who_was_absent(make_source: MakeSource) -> None:
    text = entities("a") + "".join(
        f'person:{p} a lw:Person ; rdfs:label "{p}"@en , "{p}"@zh-Hans .\n'
        f"par:{p} a lw:Participation ; lw:event mtg:m ; lw:actor state:a ; lw:person person:{p} ;"
        f' lw:participationRole lwc:{role} ; lw:locator "1" ; dct:source source:tiny .\n'
        for p, role in (("p", "participant"), ("q", "host"), ("r", "absent"))
    )
    text += """
        mtg:m a lw:Meeting ; rdfs:label "m"@en , "会"@zh-Hans ; lw:gist "m"@en , "会"@zh-Hans ;
        lw:eventKind lwc:meetingEvent ; lw:date "2021-03-16"^^edtf:EDTF ; lw:meetingForm lwc:call ;
        lw:level lwc:ministers ; lw:locator "1" ; dct:source source:tiny ."""
    graph = build(graph=make_source(text)).graph(DERIVED + "met-with")
    edges = {
        (shorten(t.subject.value), shorten(t.object.value))
        for t in graph
        if t.predicate.value == LW + "metWith"
    }
    assert edges == {("person:p", "person:q"), ("person:q", "person:p")}


def test_fact_nodes_without_a_label_get_one_in_both_languages(make_source: MakeSource) -> None:
    built = build(graph=make_source(entities() + membership("a", "1951")))
    labels = {
        t.object.value: t.object.language
        for t in built.graph(DERIVED + "labels")
        if t.subject.value == PREFIXES["mem"] + "a"
    }
    assert labels == {"a in pact": "en", "a：公约成员": "zh-hans"}


# All rules


@pytest.mark.parametrize("name", RULES)
def test_derived_graph_says_what_made_it_and_from_what(built: Built, name: str) -> None:
    graph = ox.NamedNode(DERIVED + name)
    said = {
        (t.predicate.value, t.object.value) for t in built.graph(graph.value) if t.subject == graph
    }
    assert (LW + "derivedBy", f"{ONTOLOGY}/rules/{name}") in said
    derived_from = {o for p, o in said if p == PREFIXES["prov"] + "wasDerivedFrom"}
    assert derived_from == {source.iri for source in built.sources}


def test_rules_give_the_same_on_rdflib_and_oxigraph() -> None:
    triples = [t for f in sorted((TESTS / "world").glob("*.ttl")) for t in turtle.read(f)]
    triples += parse_turtle(
        entities("abcd")
        + membership("a", "1946", name="one", source="world")
        + membership("b", "1946-03", "[1972..1973-02]", name="two", source="world")
        + membership("c", "[..1948]", name="three", source="world")
        + membership("d", more='lw:attested "1956"^^edtf:EDTF ;', name="four", source="world")
        + membership("a", "1960", name="contradicting")
        + DESCRIPTION
    )
    store, graph = ox.Store(), rdflib.Graph()
    add(store, triples, "https://example.org/")
    graph.parse(data="".join(f"{t} .\n" for t in triples), format="nt")
    for name in RULES:
        ours = construct(store, rule(name))
        theirs = graph.query(rule(name)).graph
        assert theirs is not None
        lines = {line for line in theirs.serialize(format="nt").splitlines() if line}
        again = ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.N_TRIPLES)
        assert {str(t) for t in ours} == {str(q.triple) for q in again}, name
        assert ours, name
        add(store, ours, "https://example.org/")
        graph += theirs
