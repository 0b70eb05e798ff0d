"""The named questions: their form, their answers, and questions asked of the paper.

The golden answers in ``golden/`` were checked by hand against the paper; ``paper`` names the
lines. ``where`` narrows the rows to those of one source or kind, so that another source, or a
further fact about something else, changes nothing.
"""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery

from latticework.build import Built, build
from latticework.catalogue import Question, question, questions
from latticework.export import to_turtle
from latticework.resources import folder
from latticework.terms import label
from latticework.vocabulary import PREFIXES, XSD, shorten

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
FOLDERS = {
    "claims", "indicators", "meetings", "membership", "overlap", "sources", "theory", "threats",
    "timeline", "treaties",
}  # fmt: skip
NUMBERS = {"integer", "decimal", "double"}
Value = str | int | Decimal | bool | None


MAY_BE_EMPTY = {
    "meetings/meetings-with-a-topic": {"actor"},
    "meetings/who-joined-in": {"date"},
    "meetings/who-took-part": {"person", "office"},
    "membership/members-at-a-date": {"end"},
    "membership/memberships-of-a-state-at-a-date": {"end"},
    "sources/facts-about-a-thing": {"end"},
    "theory/record-and-prediction": {"commitment"},
    "threats/stances": {"date"},
    "timeline/milestones": {"place"},
}
"""Columns that nothing fills under the defaults, and that other parameters do fill."""


class Terms:
    """Several values for one parameter, as the query writes them."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    def __str__(self) -> str:
        return " ".join(map(str, map(term, self.texts)))


def term(text: str) -> ox.NamedNode | ox.Literal:
    """The term that a short text names: a prefixed name, a day, or a plain word."""
    prefix, colon, rest = text.partition(":")
    if colon and prefix in PREFIXES:
        return ox.NamedNode(PREFIXES[prefix] + rest)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return ox.Literal(text, datatype=ox.NamedNode(XSD + "date"))
    return ox.Literal(text)


def plain(value: object) -> Value:
    """A term as a value: prefixed name, number, truth value or text."""
    if value is None or isinstance(value, ox.NamedNode):
        return None if value is None else shorten(value.value)
    assert isinstance(value, ox.Literal)
    kind = value.datatype.value.removeprefix(XSD)
    if kind == "boolean":
        return value.value == "true"
    if kind in NUMBERS:
        number = Decimal(value.value)
        return int(number) if number == number.to_integral_value() else _short(number)
    return value.value


def _short(number: Decimal) -> Decimal:
    """At most nine places, none of them an idle nought."""
    return round(number, 9).normalize()


def ask(built: Built, name: str, **parameters: str | Terms) -> list[dict[str, Value]]:
    """Rows of a named question as values; unbound columns are ``None``."""
    values = {k: [v] if isinstance(v, Terms) else [term(v)] for k, v in parameters.items()}
    text = question(name).bind(values)
    return [{k: plain(v) for k, v in row.items()} for row in rows_of(built, text)]


def rows_of(built: Built, text: str) -> list[dict[str, object]]:
    """All rows of a query, with every column."""
    solutions = built.store.query(text, use_default_graph_as_union=True, prefixes=PREFIXES)
    assert isinstance(solutions, ox.QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: solution[name] for name in names} for solution in solutions]


# Form --------------------------------------------------------------------------------------------

every = pytest.mark.parametrize("asked", questions(), ids=lambda q: q.name)


def test_as_many_as_planned() -> None:
    assert 40 <= len(questions()) <= 90
    assert {q.name.partition("/")[0] for q in questions()} == FOLDERS
    ends = Counter(q.name.rpartition("/")[2] for q in questions())
    assert not [name for name, number in ends.items() if number > 1], "the short name is unclear"


@every
def test_header(asked: Question) -> None:
    path = folder("queries") / f"{asked.name}.rq"
    keys = Counter(re.findall(r"^#\+ (\w+): .+$", path.read_text("utf-8"), re.MULTILINE))
    assert set(keys) - {"parameter"} == {"title", "title_zh", "summary", "summary_zh", "tags"}
    assert all(number == 1 for key, number in keys.items() if key != "parameter")
    for english, chinese in ((asked.title, asked.title_zh), (asked.summary, asked.summary_zh)):
        assert english.isascii()
        assert re.search(r"[\u4e00-\u9fff]", chinese)
    assert asked.summary.endswith(".")
    assert asked.summary_zh.endswith("。")


@every
def test_parameters_stand_in_the_text(asked: Question) -> None:
    for name, kind in asked.parameters:
        assert kind
        lines = re.findall(rf"^ *VALUES \?{name} {{ .+ }}$", asked.text, re.MULTILINE)
        assert len(lines) == 1, f"{name} must stand in one line of its own"
        bound = asked.bind({name: [ox.NamedNode("urn:x:there-is-none")]})
        assert bound.count("<urn:x:there-is-none>") == 1
        ox.Store().query(bound)


@every
def test_parses_on_two_engines_and_names_its_order(asked: Question) -> None:
    ox.Store().query(asked.text)
    prepareQuery(asked.text)
    assert re.search(r"^ORDER BY", asked.text, re.MULTILINE)


@every
def test_answers_with_its_defaults(asked: Question, built: Built) -> None:
    rows = rows_of(built, asked.text)
    assert rows
    empty = [name for name in rows[0] if all(row[name] is None for row in rows)]
    assert set(empty) <= MAY_BE_EMPTY.get(asked.name, set()), "a column that nothing fills"


@pytest.mark.slow
def test_same_rows_on_rdflib(built: Built) -> None:
    graph = rdflib.Graph().parse(data=to_turtle(built), format="turtle")
    different = []
    for asked in questions():
        solutions = built.store.query(asked.text, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [variable.value for variable in solutions.variables]
        ours = [tuple(_neutral(row[name]) for name in names) for row in solutions]
        theirs = [tuple(_neutral(row[name]) for name in names) for row in graph.query(asked.text)]
        if ours != theirs:
            different.append(f"{asked.name}: {len(ours)} rows here, {len(theirs)} there")
    assert not different


def _neutral(value: object) -> tuple[object, ...] | None:
    """A term of either library, numbers by value and language tags in lower case."""
    match value:
        case None:
            return None
        case ox.Literal():
            datatype, language, text = value.datatype.value, value.language, value.value
        case rdflib.Literal():
            datatype, language, text = str(value.datatype), value.language, str(value)
        case _:
            return (str(getattr(value, "value", value)),)
    if datatype.removeprefix(XSD) in NUMBERS:
        return (round(float(text), 9),)
    return (text, (language or "").lower())


def test_days_between_are_those_of_the_calendar(built: Built) -> None:
    days = {
        str(plain(row["event"])): date.fromisoformat(str(plain(row["day"])))
        for row in rows_of(
            built,
            "SELECT ?event ?day { ?event lw:eventKind ?kind ; lw:date ?date ; "
            "lw:earliestBegin ?day ; lw:latestBegin ?day ; lw:latestEnd ?day }",
        )
    }
    assert len(days) > 20
    named = Terms(*days)
    text = question("timeline/time-between").bind({"first": [named], "second": [named]})
    text = text.replace("SELECT ", "SELECT ?first ?second ", 1)
    rows = rows_of(built, text)
    assert len(rows) == len(days) ** 2
    for row in rows:
        first, second = (days[str(plain(row[name]))] for name in ("first", "second"))
        assert plain(row["days"]) == (second - first).days
        assert plain(row["years"]) == second.year - first.year


# Golden answers ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_answer(path: Path, built: Built) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    rows = ask(built, golden["question"], **golden["parameters"])
    kept = [r for r in rows if all(_fits(r[k], v) for k, v in golden["where"].items())]
    found = [[_text(row[name]) for name in golden["columns"]] for row in kept]
    assert list(map(list, dict.fromkeys(map(tuple, found)))) == golden["rows"]


def _fits(value: Value, wanted: str) -> bool:
    """Whether a value is one of ``a|b``, or is not ``!a``."""
    return value != wanted[1:] if wanted.startswith("!") else value in wanted.split("|")


def _text(value: Value) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_golden_answers_cover_every_folder() -> None:
    asked = {json.loads(path.read_text(encoding="utf-8"))["question"] for path in GOLDEN}
    assert len(asked) >= 20
    assert {name.partition("/")[0] for name in asked} == FOLDERS


# A fact taken away -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameters", "file", "fact", "gone"),
    [
        ("overlap/in-one-not-in-the-other", {}, "memberships", "mem:five-eyes-canada",
         {"state": "state:canada"}),
        ("overlap/in-all-of-these", {}, "memberships", "mem:aukus-australia",
         {"state": "state:australia"}),
        ("membership/members-at-a-date", {}, "memberships", "mem:five-eyes-new-zealand",
         {"state": "state:new-zealand"}),
        ("membership/prospective-members", {}, "memberships", "mem:quad-plus-vietnam",
         {"state": "state:vietnam"}),
        ("overlap/overlapping-arrangements", {}, "memberships", "mem:aukus-united-kingdom",
         {"one": "arr:aukus", "other": "arr:five-eyes", "either": 5, "jaccard": Decimal("0.6")}),
        ("timeline/changes-between", {}, "milestones", "mil:quad-restarted-2017",
         {"change": "lwc:restarted", "arrangement": "arr:quad"}),
        ("treaties/wanted-and-signed", {}, "instruments",
         "sig:southeast-asia-collective-defense-treaty-philippines",
         {"state": "state:philippines", "roleInSecond": "lwc:signed"}),
        ("meetings/who-met-whom", {"person": "person:wendy-sherman"}, "participations",
         "par:2022-05-25-us-japan-south-korea-cho-hyun-dong", {"other": "person:cho-hyun-dong"}),
        ("meetings/topics-in-both", {}, "agenda-items", "agd:2022-05-24-quad-tokyo-summit-myanmar",
         {"topic": "topic:myanmar"}),
        ("threats/targets-of-arrangements", {}, "threat-perceptions", "thr:aukus-china-target",
         {"arrangement": "arr:aukus", "target": "state:china"}),
        ("theory/predicted-forms", {}, "theory", "rule:small-gap-single-threat-small-divergence",
         {"arrangement": "arr:aukus"}),
        ("indicators/gap-and-ratio", {}, "indicators", "obs:gdp-current-usd-china-1978",
         {"period": "1978"}),
    ],
)  # fmt: skip
def test_without_its_fact_the_answer_changes(
    name: str, parameters: dict[str, str], file: str, fact: str, gone: dict[str, Value],
    built: Built, tmp_path: Path,
) -> None:  # fmt: skip
    def has(data: Built) -> bool:
        rows = ask(data, name, **parameters)
        return any(all(row[k] == v for k, v in gone.items()) for row in rows)

    assert has(built)
    graph = shutil.copytree(folder("graph"), tmp_path / "graph")
    path = graph / "paper" / f"{file}.ttl"
    text = path.read_text(encoding="utf-8")
    without, count = re.subn(rf"^{re.escape(fact)}\n(?:    .*\n)+", "", text, flags=re.MULTILINE)
    assert count == 1
    path.write_text(without, encoding="utf-8")
    assert not has(build(graph=graph, validate=False))


# Questions asked of the paper --------------------------------------------------------------------


class Saying(str):
    """A text of ours that must say all of these words."""

    __slots__ = ()


@dataclass(frozen=True)
class Sample:
    """A question, how it is asked here, and the rows that must come back, as values."""

    id: str
    text: str
    ask: str
    """A named question, or a short query."""
    rows: Sequence[tuple[object, ...]]
    """Things by the beginning of their English name."""
    columns: str
    parameters: dict[str, str | Terms] = field(default_factory=dict)
    keep: Callable[[dict[str, Value]], object] = bool
    """Which rows of the answer are meant."""
    ordered: bool = False
    also_more: bool = False
    """Whether the answer may hold further rows."""


SIX = ["arr:quad", "arr:aukus", "arr:five-eyes", "arr:us-japan-south-korea",
       "arr:us-japan-australia", "arr:us-japan-india"]  # fmt: skip
TABLE2 = "series:us-japan-south-korea-trilateral"
SEATO_TREATY = "ins:southeast-asia-collective-defense-treaty"
EIGHT = ["Australia", "Canada", "India", "Japan", "New Zealand", "South Korea", "United Kingdom",
         "United States"]  # fmt: skip


def in_table2(row: dict[str, Value]) -> bool:
    """Whether the event of a row is one of the trilateral talks."""
    return str(row["event"]).endswith("-us-japan-south-korea")


def each(*values: object) -> list[tuple[object, ...]]:
    """Rows of one column."""
    return [(value,) for value in values]


SAMPLES = [
    Sample("A-Q03", "Which Five Eyes members are not members of AUKUS?",
           "overlap/in-one-not-in-the-other", each("Canada", "New Zealand"), "state"),
    Sample("A-Q06", "How many distinct states are members of at least one of the six mechanisms "
           "Quad, AUKUS, Five Eyes, US-Japan-South Korea, US-Japan-Australia and US-Japan-India?",
           "overlap/in-any-of-these", each(*EIGHT), "state"),
    Sample("A-Q09", "Of the six mechanisms Quad, AUKUS, Five Eyes, US-Japan-South Korea, "
           "US-Japan-Australia and US-Japan-India, which have Japan as a member?",
           "membership/memberships-of-a-state-at-a-date",
           each("Quad", "US-Japan-South Korea trilateral security cooperation",
                "US-Japan-Australia trilateral", "US-Japan-India trilateral"), "arrangement",
           {"state": "state:japan"}, keep=lambda r: r["arrangement"] in SIX),
    Sample("A-Q12", "Which named signatories of the 1954 Southeast Asia Collective Defense Treaty "
           "are not Southeast Asian countries, and how many are they?",
           f"""SELECT ?state {{
             ?signature lw:instrument {SEATO_TREATY} ; lw:party ?state ;
                 lw:signatureRole lwc:signed .
             FILTER NOT EXISTS {{
               clm:paper-author-seato-founders-not-southeast-asian lw:about ?state
             }}
           }}""",
           each("Australia", "France", "New Zealand", "Pakistan", "United Kingdom",
                "United States"), "state"),
    Sample("A-Q14", "How many years did SEATO exist from its founding to its dissolution?",
           "timeline/time-between", each(22), "years",
           {"first": "mil:seato-founded-1955", "second": "mil:seato-dissolved-1977"}),
    Sample("A-Q19", "Which states that the US wanted for the Pacific Pact later signed the 1954 "
           "Southeast Asia Collective Defense Treaty, and which did not?",
           "treaties/wanted-and-signed",
           [("Australia", "signed"), ("New Zealand", "signed"), ("Philippines", "signed"),
            ("Japan", None)], "state roleInSecond",
           keep=lambda r: r["role"] == "lwc:wantedAsParty"),
    Sample("A-Q21", "Which states feared Japan during the Pacific Pact negotiations and were later "
           "founding members of SEATO?",
           """SELECT ?state {
             ?perception lw:object state:japan ; lw:threatWord lwc:fear ; lw:perceiver ?state .
             ?membership lw:arrangement arr:seato ; lw:member ?state ;
                 lw:membershipRole lwc:foundingMember .
           }""", each("Australia", "New Zealand", "Philippines"), "state"),
    Sample("A-Q22", "With which four states did the US sign security treaties according to "
           "Dulles, and are they the same states as those named for the Pacific Pact?",
           """SELECT ?state ?role {
             ?tie lw:sayer person:john-foster-dulles ; lw:relationKind lwc:allianceTie ;
                 lw:subject state:united-states ; lw:object ?state .
             OPTIONAL {
               ?wanted lw:instrument ins:pacific-pact ; lw:party ?state ; lw:signatureRole ?role
             }
           }""",
           [(s, "was wanted as a party")
            for s in ("Australia", "New Zealand", "Philippines", "Japan")], "state role"),
    Sample("A-Q23", "Which prospective parties of the Pacific Pact are members of the Quad?",
           "membership/prospective-members", each("Australia", "Japan", "United States"), "state",
           keep=lambda r: (r["arrangement"], r["alsoIn"]) == ("arr:pacific-pact", "arr:quad")),
    Sample("A-Q26", "How many months lie between the first and the second Quad ministerial "
           "meeting?", "timeline/time-between", each(13), "months",
           {"first": "mtg:2019-09-quad-ministerial", "second": "mtg:2020-10-quad-ministerial"}),
    Sample("A-Q27", "Which multilateral meetings of the Quad or of Five Eyes took place in "
           "October 2020?", "timeline/events-between",
           [("Second Quad ministerial meeting", "2020-10"),
            ("First Five Eyes defence ministers' meeting", "2020-10-15/2020-10-16")],
           "event date", keep=lambda r: r["kind"] == "lwc:meetingEvent"),
    Sample("A-Q29", "Which Five Eyes country was not represented by its defence minister at the "
           "first Five Eyes defence ministers' meeting, by whom was it represented, and why?",
           "meetings/who-took-part", [("New Zealand", Saying("senior official election"))],
           "actor remark", keep=lambda r: r["role"] == "lwc:represented"),
    Sample("A-Q30", "On which dates was the first Five Eyes defence ministers' meeting held and "
           "which two topics did it cover?",
           """SELECT ?date ?said {
             VALUES ?meeting { mtg:2020-10-15-five-eyes-defence-ministers }
             ?meeting lw:date ?date .
             { ?item lw:event ?meeting ; lw:topic ?topic . ?topic rdfs:label ?said } UNION
             { ?work lw:statedIn ?meeting ; lw:undertakingKind lwc:fieldOfWork ; lw:gist ?said }
             FILTER (LANGMATCHES(LANG(?said), "en"))
           }""",
           [("2020-10-15/2020-10-16", Saying("Indo-Pacific")),
            ("2020-10-15/2020-10-16", Saying("advance cooperation defence security"))],
           "date said", also_more=True),
    Sample("A-Q33", "Which documents does O'Brien's Strategic Framework link together?",
           """SELECT ?linked ?how {
             VALUES ?linked { wrk:national-security-strategy-2017 pol:strategic-approach-to-china }
             ?claim lw:claimant person:robert-obrien ; lw:gist ?how ;
                 lw:about pol:strategic-framework-for-the-indo-pacific , ?linked .
             FILTER (LANGMATCHES(LANG(?how), "en"))
           }""",
           [("National Security Strategy of the United States of America", Saying("implemented")),
            ("United States Strategic Approach to the People's Republic of China",
             Saying("basis"))], "linked how"),
    Sample("A-Q35", "How many days before the publication of the Indo-Pacific Strategy of the "
           "United States did Jen Psaki speak about AUKUS?", "timeline/time-between", each(148),
           "days"),
    Sample("A-Q41", "Which countries or groups are said to have been invaded by Japan?",
           "threats/relations", each("South Korea", "Southeast Asian states"), "object",
           keep=lambda r: r["subject"] == "state:japan"),
    Sample("A-Q44", "Which articles published in Foreign Affairs are cited, with author and "
           "printed year?", "sources/works-in-a-venue",
           [("Ben Limb", "The Pacific Pact", "1951"),
            ("James A. Baker III", "America in Asia", "1990"),
            ("John Foster Dulles", "Security in the Pacific", "1952")],
           "author work printedDate"),
    Sample("A-Q45", "Which two cited articles appeared in International Security?",
           "sources/works-in-a-venue",
           [("Victor D. Cha", "2010", "34", "3"), ("Aaron L. Friedberg", "1993", "18", "3")],
           "author printedDate volume issue", {"venue": "ven:international-security"}),
    Sample("A-Q49", "Which explanations of the missing Asian NATO from the US perspective does "
           "the paper distinguish, and with which author for each?", "claims/claimants-by-strand",
           [("rationalism", "Victor D. Cha"), ("rationalism", "Donald Crone"),
            ("ideas and identity", "Christopher Hemmer"),
            ("ideas and identity", "Peter J. Katzenstein"),
            ("ideas and identity", "John Foster Dulles"),
            ("prospect theory", "Kai He"), ("prospect theory", "Huiyun Feng")], "strand claimant",
           keep=lambda r: r["strand"] in ("lwc:rationalist", "lwc:identity", "lwc:prospectTheory")
           and r["claimant"] != "body:paper-author"),
    Sample("A-Q54", "According to the abstract, what decides whether cooperation is multilateral, "
           "and what decides whether it comes close to an alliance?",
           """SELECT ?cause ?says {
             ?claim a lw:Claim ; lw:evidence psg:abstract-03 ; lw:claimant body:paper-author ;
                 lw:about var:form-of-cooperation , ?cause ; lw:gist ?says .
             ?cause a lw:Variable .
             FILTER (?cause != var:form-of-cooperation && LANGMATCHES(LANG(?says), "en"))
           }""",
           [("power gap", Saying("shrinks multilateral")),
            ("external threat", Saying("close alliance")),
            ("internal divergence", Saying("close alliance"))], "cause says", also_more=True),
    Sample("B-Q10", "For which mechanism of Table 1 does the framework predict a multilateral "
           "security alliance or de facto alliance (given a small power gap)?",
           "theory/predicted-forms", each("AUKUS"), "arrangement",
           keep=lambda r: r["predicted"] == "lwc:multilateralAlliance"),
    Sample("B-Q12", "Of the eight combinations of power gap, external threat and internal "
           "divergence, how many lead to a multilateral alliance (or de facto alliance), how many "
           "to multilateral security cooperation and how many to a bilateral form of undetermined "
           "subtype?",
           """SELECT ?form (COUNT(*) AS ?combinations) {
             ?gap skos:inScheme lwc:powerGaps . ?threat skos:inScheme lwc:threatValues .
             ?divergence skos:inScheme lwc:divergenceValues .
             ?rule lw:ifPowerGap ?gap ; lw:thenForm ?form .
             OPTIONAL { ?rule lw:ifThreat ?t } OPTIONAL { ?rule lw:ifDivergence ?d }
             FILTER (COALESCE(?t = ?threat, true) && COALESCE(?d = ?divergence, true))
           } GROUP BY ?form""",
           [("multilateral alliance", 1), ("multilateral security cooperation", 3),
            ("bilateral alliance", 4), ("bilateral security cooperation", 4)],
           "form combinations"),
    Sample("B-Q14", "If the internal divergence of Five Eyes became small while its threat stays "
           "multiple, would the predicted form change?", "theory/what-if",
           [("large", "multilateral security cooperation"),
            ("small", "multilateral security cooperation")], "divergence predicted",
           {"powerGap": "lwc:gapSmall", "threat": "lwc:threatMultiple"}),
    Sample("B-Q23", "Which state is targeted by two mechanisms of Table 1 and by which?",
           """SELECT ?target ?arrangement {
             { SELECT ?target (COUNT(DISTINCT ?any) AS ?number) {
                 ?one lw:threatWord lwc:targetOf ; lw:object ?target ; lw:arrangement ?any
               } GROUP BY ?target }
             FILTER (?number = 2)
             ?perception lw:threatWord lwc:targetOf ; lw:object ?target ;
                 lw:arrangement ?arrangement .
           }""", [("China", "AUKUS"), ("China", "Quad")], "target arrangement"),
    Sample("B-Q24", "Which mechanism of Table 1 has no third country as main target?",
           "threats/targets-of-arrangements", each("Five Eyes"), "arrangement",
           keep=lambda r: r["target"] is None),
    Sample("B-Q32", "What is the absolute GDP gap (US minus China, trillion current US dollars) "
           "in 1978 and 2020, and did it shrink?", "indicators/gap-and-ratio",
           [("1978", Decimal("2.2")), ("2020", Decimal("6.23"))], "period gap"),
    Sample("B-Q33", "By what factor did the GDP of China and of the US grow from 1978 to 2020?",
           "SELECT ?area (ROUND(?end * 10.0 / ?start) / 10.0 AS ?factor) { "
           "?a lw:indicator ind:gdp-current-usd ; lw:refArea ?area ; lw:value ?start ; "
           "lw:refPeriod '1978'^^edtf:EDTF . ?b lw:indicator ind:gdp-current-usd ; "
           "lw:refArea ?area ; lw:value ?end ; lw:refPeriod '2020'^^edtf:EDTF }",
           [("China", Decimal("98.1")), ("United States", Decimal("8.9"))], "area factor"),
    Sample("B-Q38", "Which data source stands behind the GDP, the trade and the military figures?",
           """SELECT ?indicator ?body {
             VALUES ?indicator {
               ind:gdp-current-usd ind:countries-trading-more-with-china
               ind:share-world-military-expenditure
             }
             ?indicator lw:measuredBy ?body .
           }""",
           [("total GDP", "The World Bank"), ("number of countries whose trade", "Lowy Institute"),
            ("share of world military", "Stockholm International Peace Research Institute")],
           "indicator body"),
    Sample("B-Q39", "Which US strategy documents do the footnotes of sections 4 and 5 cite? List "
           "them in order of publication.", "sources/works-of-a-kind",
           [("2010-05", "National Security Strategy"), ("2015-02", "National Security Strategy"),
            ("2017-12", "National Security Strategy"),
            ("2018", "Summary of the 2018 National Defense Strategy"),
            ("2019-06-01", "Indo-Pacific Strategy Report"),
            ("2021-03-03", "Interim National Security Strategic Guidance"),
            ("2022-02-11", "Indo-Pacific Strategy")], "printedDate work",
           keep=lambda r: str(r["section"])[0] in "45", ordered=True),
    Sample("B-Q44", "From China's accession to the WTO to the second trade comparison, how many "
           "years passed?",
           "SELECT DISTINCT (xsd:integer(STR(?period)) - xsd:integer(STR(?year)) AS ?years) { "
           "evt:2001-china-wto-accession lw:date ?year . "
           "?o lw:indicator ind:countries-trading-more-with-china ; lw:refPeriod ?period }",
           each(17), "years"),
    Sample("B-Q48", "Which two states did Biden visit in May 2022, in which order, and what do "
           "both states have in common in Table 1?",
           """SELECT ?state ?day ?arrangement {
             VALUES ?trip { evt:2022-05-20-biden-visit-south-korea-japan }
             ?trip lw:earliestBegin ?from ; lw:latestEnd ?until .
             ?visit lw:event ?trip ; lw:actor ?state ;
                 lw:participationRole lwc:host .
             ?signed lw:actor ?state ; lw:participationRole lwc:signatoryOfStatement ;
                 lw:event ?statement .
             ?statement lw:level lwc:leaders ; lw:eventKind lwc:jointStatement ; lw:date ?day ;
                 lw:earliestBegin ?then .
             FILTER (?then >= ?from && ?then <= ?until)
             ?state lw:memberOf ?arrangement .
             ?coding lw:arrangement ?arrangement ; lw:variable var:external-threat .
           } ORDER BY ?then ?arrangement""",
           [("South Korea", "2022-05-21", "US-Japan-South Korea trilateral security cooperation"),
            ("Japan", "2022-05-23", "US-Japan-South Korea trilateral security cooperation")],
           "state day arrangement", keep=lambda r: r["arrangement"] == "arr:us-japan-south-korea",
           ordered=True),
    Sample("B-Q53", "Which scholar says bilateral ties give the US more control while networking "
           "aids joint action?",
           """SELECT DISTINCT ?claimant {
             ?one lw:claimant ?claimant ; lw:gist ?first .
             ?other lw:claimant ?claimant ; lw:gist ?second .
             FILTER (CONTAINS(?first, "single-line ties") && CONTAINS(?first, "control"))
             FILTER (CONTAINS(?second, "networking") && CONTAINS(?second, "act jointly"))
           }""", each("Zhou Fangyin"), "claimant"),
    Sample("C-Q09", "How many Table 2 rows does each US official appear in?",
           f"""SELECT ?person (COUNT(DISTINCT ?row) AS ?rows) {{
             ?meeting lw:series {TABLE2} .
             ?part lw:event ?meeting ; lw:person ?person ; lw:actor state:united-states ;
                 lw:evidence ?row .
             FILTER (STRSTARTS(STR(?row), CONCAT(STR(psg:), "table2-")))
           }} GROUP BY ?person""",
           [("Wendy Sherman", 5), ("Sung Kim", 4), ("Antony J. Blinken", 4), ("Jake Sullivan", 1)],
           "person rows"),
    Sample("C-Q11", "Which distinct persons represented South Korea in Table 2?",
           "meetings/who-took-part-most",
           each("Cho Hyun-dong", "Choi Jong-Kun", "Chung Eui-yong", "Noh Kyu-duk", "Park Jin",
                "Suh Hoon"), "person", {"state": "state:south-korea"}),
    Sample("C-Q12", "Which distinct persons represented Japan in Table 2?",
           "meetings/who-took-part-most",
           each("Hayashi Yoshimasa", "Mori Takeo", "Motegi Toshimitsu", "Shigeru Kitamura",
                "Takehiro Funakoshi"), "person", {"state": "state:japan"}),
    Sample("C-Q17", "Who were the South Korean First Vice Foreign Ministers in Table 2 and in "
           "which meetings?", "meetings/who-acted-in-an-office",
           [("Choi Jong-Kun", "2021-07-20"), ("Choi Jong-Kun", "2021-11-17"),
            ("Choi Jong-Kun", "2022-02-01"), ("Choi Jong-Kun", "2022-03-24"),
            ("Cho Hyun-dong", "2022-05-25")], "person date"),
    Sample("C-Q22", "Which Table 2 meeting lasted more than one day, how many days and where?",
           f"""SELECT ?date ?days ?place {{
             ?meeting lw:series {TABLE2} ; lw:date ?date ; lw:place ?place ;
                 lw:latestBegin ?first ; lw:earliestEnd ?last .
             FILTER (?last > ?first && SUBSTR(STR(?last), 1, 7) = SUBSTR(STR(?first), 1, 7))
             BIND (1 + xsd:integer(SUBSTR(STR(?last), 9)) - xsd:integer(SUBSTR(STR(?first), 9))
                   AS ?days)
           }}""", [("2021-06-19/2021-06-23", 5, "Seoul")], "date days place"),
    Sample("C-Q27", "Which Table 2 entries name neither North Korea nor the Korean Peninsula "
           "among their topics?",
           f"""SELECT ?date {{
             ?meeting lw:series {TABLE2} ; lw:date ?date .
             FILTER NOT EXISTS {{
               ?item lw:event ?meeting ; lw:topic ?topic . ?topic rdfs:label ?name
               FILTER (CONTAINS(?name, "North Korea") || CONTAINS(?name, "Korean Peninsula"))
             }}
           }}""", each("2021-11-17"), "date"),
    Sample("C-Q29", "Which Table 2 entries mention climate, supply chains and COVID-19 "
           "respectively?", "meetings/meetings-with-a-topic",
           [("climate", "2021-07-20"), ("climate", "2021-09-22"), ("climate", "2021-11-17"),
            ("supply chains", "2021-09-22"), ("supply chains", "2021-11-17"),
            ("COVID-19", "2021-07-20")], "raised date",
           {"topic": Terms("topic:climate", "topic:supply-chains", "topic:covid-19")},
           keep=in_table2),
    Sample("C-Q31", "In which Table 2 entries is the Indo-Pacific mentioned?",
           "meetings/meetings-with-a-topic",
           each("2021-02-18", "2021-04-02", "2021-07-20", "2021-11-17", "2022-02-12",
                "2022-03-24"), "date", {"topic": "topic:indo-pacific-cooperation"}, keep=in_table2),
    Sample("C-Q33", "Which Table 2 entry took place one day after the fourth Quad ministerial "
           "meeting, and which one day after the Quad Tokyo summit?",
           f"""SELECT ?quad ?meeting ?place {{
             VALUES (?quad ?next) {{
               (mtg:2022-02-11-quad-ministerial-4 "2022-02-12"^^xsd:date)
               (mtg:2022-05-24-quad-tokyo-summit "2022-05-25"^^xsd:date)
             }}
             ?meeting lw:series {TABLE2} ; lw:earliestBegin ?next .
             OPTIONAL {{ ?meeting lw:place ?place }}
           }}""",
           [("Fourth Quad ministerial meeting", "US-Japan-South Korea talks, 12 February 2022",
             "Hawaii"),
            ("Quad leaders' summit in Tokyo", "US-Japan-South Korea call, 25 May 2022", None),
            ("Quad leaders' summit in Tokyo", "Call of Blinken and Hayashi", None),
            ("Quad leaders' summit in Tokyo", "Call of Blinken and Park Jin", None)],
           "quad meeting place"),
    Sample("C-Q35", "Which states are members of both AUKUS and Five Eyes?",
           "overlap/in-all-of-these", each("Australia", "United Kingdom", "United States"),
           "state",
           {"first": "arr:aukus", "second": "arr:five-eyes", "third": "arr:five-eyes"}),
    Sample("C-Q42", "How many years after Canada did Australia and New Zealand join Five Eyes?",
           "timeline/time-between", each(8), "years",
           {"first": "mem:five-eyes-canada",
            "second": Terms("mem:five-eyes-australia", "mem:five-eyes-new-zealand")}),
    Sample("C-Q45", "Which treaties or pacts does Biden invoke for the UK and Australia when "
           "sending AUKUS texts to Congress?",
           """SELECT ?state ?pact {
             clm:biden-uk-nato-australia-anzus lw:about ?state ; lw:evidence ?passage .
             ?membership lw:member ?state ; lw:arrangement ?pact ; lw:evidence ?passage .
           }""",
           [("United Kingdom", "North Atlantic Treaty Organization (NATO)"),
            ("Australia", "ANZUS")], "state pact"),
    Sample("C-Q50", "In which month was the second Quad ministerial meeting, as derived from the "
           "third being in February 2021 only 4 months later?",
           """SELECT ?second ?months ?derived {
             ?meeting lw:series series:quad-ministerial ; lw:ordinal 2 ; lw:date ?second .
             ?third lw:series series:quad-ministerial ; lw:ordinal 3 ; lw:date ?date .
             ?observation lw:indicator ind:months-since-previous-quad-ministerial ;
                 lw:value ?months .
             BIND (xsd:integer(SUBSTR(STR(?date), 1, 4)) AS ?year)
             BIND (xsd:integer(SUBSTR(STR(?date), 6, 2)) AS ?month)
             BIND (12 * ?year + ?month - 1 - ?months AS ?count)
             BIND (CONCAT(STR(xsd:integer(FLOOR(?count / 12.0))), "-",
                   STR(xsd:integer(?count - 12 * FLOOR(?count / 12.0) + 1))) AS ?derived)
           }""", [("2020-10", 4, "2020-10")], "second months derived"),
    Sample("C-Q55", "Which of the case mechanisms does the article judge able to turn into a "
           "multilateral alliance, and which not in the short term?",
           """SELECT DISTINCT ?arrangement ?says {
             VALUES ?arrangement {
               arr:aukus arr:us-japan-south-korea arr:quad arr:us-japan-australia
             }
             ?claim lw:claimant body:paper-author ; lw:about ?arrangement ; lw:gist ?says ;
                 lw:claimKind ?kind .
             FILTER (?kind IN (lwc:prediction, lwc:explanation) && LANGMATCHES(LANG(?says), "en"))
             FILTER (CONTAINS(?says, "multilateral alliance"))
           }""",
           [("AUKUS", Saying("possible turns into multilateral alliance")),
            ("US-Japan-South Korea", Saying("will not turn short term")),
            ("Quad", Saying("more as multilateral security cooperation than")),
            ("Quad", Saying("India aside more likely Japan Australia")),
            ("US-Japan-Australia", Saying("India aside more likely Japan Australia"))],
           "arrangement says"),
    Sample("C-Q61", "Which states are potential members of a \"Quad+\", and which of them belongs "
           "to another mechanism of Table 1?",
           """SELECT ?state ?mechanism {
             ?membership lw:arrangement arr:quad-plus ; lw:member ?state ;
                 lw:membershipRole lwc:prospectiveMember .
             OPTIONAL {
               ?state lw:memberOf ?mechanism .
               ?coding lw:arrangement ?mechanism ; lw:variable var:external-threat
             }
           }""",
           [("Indonesia", None), ("Vietnam", None),
            ("South Korea", "US-Japan-South Korea trilateral")], "state mechanism"),
    Sample("C-Q62", "Which scholars or bodies are cited on the nature of AUKUS and what do they "
           "say?",
           """SELECT DISTINCT ?who ?says {
             ?claim a lw:Claim ; lw:about arr:aukus ; lw:gist ?says .
             { ?claim lw:claimant ?who } UNION
             { ?citation lw:citedFor ?claim ; lw:work ?work . ?work lw:author ?who }
             FILTER (LANGMATCHES(LANG(?says), "en"))
           }""",
           [("Institute of South Asian Studies", Saying("narrow much in common")),
            ("Fan Jishe", Saying("important step rebuilding alliance relations")),
            ("Fan Jishe", Saying("confrontation between blocs")),
            ("Lan Jiang", Saying("stronger military")),
            ("Jiang Wenyu", Saying("stronger military")),
            ("Lan Jiang", Saying("central position alliance system")),
            ("Lan Jiang", Saying("offensive alliance")),
            ("Jiang Wenyu", Saying("offensive alliance")),
            ("Ministry of Foreign Affairs of China", Saying("Anglo-Saxon circle")),
            ("Ministry of Foreign Affairs of China", Saying("Asia-Pacific version NATO"))],
           "who says", also_more=True),
    Sample("C-Q75", "Which topics are common to Table 2 meetings and the Quad Tokyo summit?",
           f"""SELECT DISTINCT ?subject {{
             ?item lw:event mtg:2022-05-24-quad-tokyo-summit ; lw:topic ?topic .
             ?other lw:topic ?same ; lw:event ?meeting . ?meeting lw:series {TABLE2} .
             ?topic rdfs:label ?name . ?same rdfs:label ?sameName .
             FILTER (LANGMATCHES(LANG(?name), "en") && LANGMATCHES(LANG(?sameName), "en"))
             BIND (REGEX(?name, "North Korea|Korean Peninsula") AS ?korea)
             FILTER (?topic = ?same || ?korea && REGEX(?sameName, "North Korea|Korean Peninsula"))
             BIND (IF(?korea, "North Korea", STR(?name)) AS ?subject)
           }}""", each("North Korea", "Myanmar", "COVID-19", "climate change"), "subject"),
]  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_question_asked_of_the_paper(sample: Sample, built: Built) -> None:
    named = re.fullmatch(r"[\w/-]+", sample.ask)
    if named:
        rows = ask(built, sample.ask, **sample.parameters)
    else:
        rows = [{k: plain(v) for k, v in row.items()} for row in rows_of(built, sample.ask)]
    columns = sample.columns.split()
    found = list(dict.fromkeys(
        tuple(_name(built, row[name]) for name in columns) for row in rows if sample.keep(row)
    ))  # fmt: skip
    wanted = list(sample.rows)
    if sample.ordered:
        assert len(found) == len(wanted)
        assert all(map(_answers, found, wanted)), found
        return
    missing = [w for w in wanted if not any(_answers(f, w) for f in found)]
    beyond = [f for f in found if not any(_answers(f, w) for w in wanted)]
    assert not missing, (missing, found)
    assert sample.also_more or not beyond, beyond


def _name(built: Built, value: Value) -> Value:
    """The English name of a thing; any other value as it is."""
    prefix, colon, rest = str(value).partition(":")
    if isinstance(value, str) and colon and prefix in PREFIXES:
        return label(built.store, PREFIXES[prefix] + rest).en
    return value


def _answers(found: Iterable[Value], wanted: Iterable[object]) -> bool:
    return all(map(_is, found, wanted))


def _is(found: Value, wanted: object) -> bool:
    """Whether a value is the one wanted; a name may go on after the words wanted."""
    if isinstance(wanted, Saying):
        return all(word in str(found) for word in wanted.split())
    if isinstance(found, str) and isinstance(wanted, str) and found != wanted:
        return bool(re.match(rf"{re.escape(wanted)}[ :,(]", found.lstrip('"')))
    return found == wanted
