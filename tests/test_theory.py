"""The framework: its whole decision table, table 1, explanations without idle steps, what if.

Nothing here repeats the rules: what is expected of them is written down by hand from figure 1 and
table 1 as the prose gives them.
"""

from __future__ import annotations

import json
import re
import shlex
import string
import sys
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from conftest import ROOT, MakeSource, entities, membership
from latticework import cli
from latticework.build import Built, build
from latticework.errors import InputError, LatticeworkError, UnknownName
from latticework.resources import folder
from latticework.store import add, construct, select
from latticework.terms import Label
from latticework.theory import (
    Expectation,
    Reasons,
    Theory,
    against_record,
    decision_table,
    panel_data,
    predict,
    read_theory,
    sensitivity,
    why_not,
)
from latticework.theory import suppositions as parts
from latticework.theory import words as said
from latticework.theory.days import Days
from latticework.theory.gap import classify, gaps
from latticework.theory.reading import VALUES, ask, text
from latticework.theory.record import CRITERIA, Held
from latticework.theory.scenarios import AGAIN, SUPPOSED, of, suppose, what_if
from latticework.vocabulary import DERIVED, LW, LWC, PREFIXES, RDF_TYPE

PRESENT = date(2022, 5, 25)
"""The day to which the paper speaks; its codings are attested for it."""

BILATERAL = {"bilateralAlliance", "bilateralSecurityCooperation"}
ALLIANCE, COOPERATION = {"multilateralAlliance"}, {"multilateralSecurityCooperation"}
FIGURE_1 = {
    ("gapLarge", "threatSingle", "divergenceSmall"): BILATERAL,
    ("gapLarge", "threatSingle", "divergenceLarge"): BILATERAL,
    ("gapLarge", "threatMultiple", "divergenceSmall"): BILATERAL,
    ("gapLarge", "threatMultiple", "divergenceLarge"): BILATERAL,
    ("gapSmall", "threatSingle", "divergenceSmall"): ALLIANCE,
    ("gapSmall", "threatSingle", "divergenceLarge"): COOPERATION,
    ("gapSmall", "threatMultiple", "divergenceSmall"): COOPERATION,
    ("gapSmall", "threatMultiple", "divergenceLarge"): COOPERATION,
}
TABLE_1 = {
    "us-japan-south-korea": ("threatSingle", "divergenceLarge", COOPERATION),
    "aukus": ("threatSingle", "divergenceSmall", ALLIANCE),
    "quad": ("threatSingle", "divergenceLarge", COOPERATION),
    "five-eyes": ("threatMultiple", "divergenceLarge", COOPERATION),
}


@pytest.fixture(scope="module")
def theory(built: Built) -> Theory:
    return read_theory(built.store)


def arr(slug: str) -> str:
    return PREFIXES["arr"] + slug


def short(iris: Collection[str]) -> set[str]:
    return {iri.rpartition("#")[2] for iri in iris}


def expected(
    theory: Theory, slug: str, on: date = PRESENT, by: str | None = None
) -> tuple[Expectation, ...]:
    return predict(theory, on, by, [theory.mechanism(arr(slug))])


# Prediction --------------------------------------------------------------------------------------


def test_the_whole_decision_table(built: Built) -> None:
    found = {
        tuple(value.rpartition("#")[2] for value in key): short(outcome.forms)
        for key, outcome in decision_table(built.store).items()
    }
    assert found == FIGURE_1
    assert all(len(outcome.rules) == 1 for outcome in decision_table(built.store).values())


@pytest.mark.parametrize("slug", TABLE_1)
def test_table_1_is_reproduced(theory: Theory, slug: str) -> None:
    threat, divergence, forms = TABLE_1[slug]
    (one,) = expected(theory, slug)
    assert (one.status, short(one.forms)) == ("certain", forms)
    values = {
        c.variable: c.value.rpartition("#")[2]
        for c in theory.codings
        if c.arrangement == arr(slug) and c.named and c.variable in VALUES
    }
    assert list(map(values.get, VALUES)) == ["gapSmall", threat, divergence]


def test_it_is_silent_where_nothing_is_coded(theory: Theory) -> None:
    (alliance,) = expected(theory, "us-japan-alliance")
    assert (alliance.status, alliance.forms) == ("not covered", ())
    assert [v.rpartition("/")[2] for v in alliance.missing] == [
        "external-threat", "internal-divergence",
    ]  # fmt: skip
    assert expected(theory, "japan-india-two-plus-two")[0].status == "outside"
    assert expected(theory, "quad", date(1990, 1, 1))[0].status == "not in being"
    for beyond in (date(1900, 1, 1), date(2023, 1, 1)):
        assert expected(theory, "us-japan-alliance", beyond)[0].status == "not covered"


def test_uncertain_dates_stay_uncertain(theory: Theory) -> None:
    """The present is coded without a date: certain on the day that attests it, before possible."""
    assert expected(theory, "aukus", date(2021, 10, 1))[0].status == "possible"
    cold_war, present = expected(theory, "quad", date(2009, 1, 1))
    assert (cold_war.status, short(cold_war.forms)) == ("possible", BILATERAL)
    assert (present.status, short(present.forms)) == ("possible", COOPERATION)


def test_a_small_gap_is_not_thought_back_into_the_cold_war(theory: Theory) -> None:
    """Its beginning is not stated, but its claimant certainly held the gap to be large then."""
    (one,) = expected(theory, "five-eyes", date(1960, 1, 1))
    assert (one.status, short(one.forms)) == ("certain", BILATERAL)
    begins = {
        c.iri.rpartition("/")[2]: c.days.earliest_begin
        for c in theory.codings
        if c.value == LWC + "gapSmall"
    }
    assert set(begins.values()) == {date(1998, 2, 20)}


def test_mere_ideas_are_no_mechanisms(theory: Theory) -> None:
    assert arr("asian-nato") not in {m.iri for m in theory.mechanisms}
    with pytest.raises(UnknownName, match="no mechanism that the framework could speak of"):
        theory.mechanism(arr("asian-nato"))


def test_only_the_chosen_sources_speak(built: Built) -> None:
    cow = read_theory(built.store, {PREFIXES["source"] + "cow-alliances-4.1"})
    assert not cow.predictions
    assert not cow.claimants()
    assert {one.status for one in predict(cow, date(1960, 1, 1))} <= {
        "not covered", "outside", "not in being",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(1949, 12, 31), None),
        (date(1950, 6, 1), "possible"),
        (date(1953, 12, 31), "certain"),
        (date(1977, 6, 30), "certain"),
        (date(1978, 1, 1), "possible"),
        (date(1980, 1, 2), None),
    ],
)
def test_days(on: date, found: str | None) -> None:
    days = Days(date(1950, 1, 1), date(1953, 12, 31), date(1977, 6, 30), date(1980, 1, 1))
    assert days.on(on) == found
    assert days.edges() == {
        date(1950, 1, 1), date(1953, 12, 31), date(1977, 7, 1), date(1980, 1, 2),
    }  # fmt: skip


# Rivals and contradictions -----------------------------------------------------------------------

RIVAL = """
    person:rival a lw:Person ; rdfs:label "A rival"@en , "另一学者"@zh-Hans .
    cod:rival-{what} a lw:Coding ; lw:arrangement arr:quad ; lw:variable var:{what} ;
        lw:codedValue lwc:{value} ; lw:claimant {claimant} ; lw:begin "2017-11"^^edtf:EDTF ;
        lw:gist "x"@en , "甲"@zh-Hans ; lw:locator "1" ; dct:source source:tiny .
"""


def coded(what: str, value: str, claimant: str = "person:rival") -> str:
    return RIVAL.format(what=what, value=value, claimant=claimant)


def read_with(make_source: MakeSource, facts: str) -> tuple[Built, Theory]:
    found = build([make_source(facts)], validate=False)
    return found, read_theory(found.store)


def test_a_rival_gives_a_prediction_of_their_own(make_source: MakeSource) -> None:
    facts = coded("power-gap", "gapSmall") + coded("external-threat", "threatSingle")
    built, theory = read_with(make_source, facts + coded("internal-divergence", "divergenceSmall"))
    by = {one.claimant: one for one in expected(theory, "quad")}
    author, rival = PREFIXES["body"] + "paper-author", PREFIXES["person"] + "rival"
    assert {who: short(one.forms) for who, one in by.items()} == {
        author: COOPERATION, rival: ALLIANCE,
    }  # fmt: skip
    assert {one.status for one in by.values()} == {"certain"}
    assert [one.claimant for one in expected(theory, "quad", by=rival)] == [rival]
    assert all(one.status != "contradictory" for one in predict(theory, PRESENT))
    assert [one.claimant for one in expected(theory, "aukus")] == [author]
    rows = [row for row in ask(built.store, "theory/differing-codings") if "rival" in str(row)]
    assert {text(row, "certainty") for row in rows if "divergence" in str(row)} == {"certain"}


def test_claimants_are_never_mixed(make_source: MakeSource) -> None:
    """A rival who leaves one cause out gets no prediction with the author's value of it."""
    other = {"power-gap": "gapSmall", "external-threat": "threatSingle",
             "internal-divergence": "divergenceSmall"}  # fmt: skip
    left_out = dict(zip(("quad", "aukus", "us-japan-south-korea"), other, strict=True))
    facts = "".join(
        coded(what, value).replace("arr:quad", f"arr:{slug}").replace("cod:", f"cod:{slug}-")
        for slug, missing in left_out.items()
        for what, value in other.items()
        if what != missing
    )
    built, theory = read_with(make_source, facts)
    mixed = (
        f"PREFIX lw: <{LW}> PREFIX prov: <{PREFIXES['prov']}> SELECT * {{ "
        "?prediction a lw:Prediction ; lw:claimant ?who ; prov:wasDerivedFrom ?coding . "
        "?coding a lw:Coding . FILTER NOT EXISTS { ?coding lw:claimant ?who } }"
    )
    assert select(built.store, mixed) == []
    for slug, missing in left_out.items():
        author, rival = expected(theory, slug)
        assert (author.status, short(author.forms)) == ("certain", TABLE_1[slug][2])
        assert (rival.status, rival.forms) == ("not covered", ())
        assert [v.rpartition("/")[2] for v in rival.missing] == [missing]


def test_contradictory_codings_are_reported_and_not_resolved(make_source: MakeSource) -> None:
    facts = coded("internal-divergence", "divergenceSmall", "body:paper-author")
    built, theory = read_with(make_source, facts)
    found = expected(theory, "quad")
    assert [one.status for one in found] == ["contradictory", "contradictory"]
    assert {frozenset(short(one.forms)) for one in found} == {
        frozenset(ALLIANCE), frozenset(COOPERATION),
    }  # fmt: skip
    rows = ask(built.store, "theory/differing-codings")
    certain = [row for row in rows if text(row, "certainty") == "certain"]
    assert [(text(row, "one"), text(row, "other")) for row in certain] == [
        (
            PREFIXES["cod"] + "quad-internal-divergence",
            PREFIXES["cod"] + "rival-internal-divergence",
        )
    ]
    lines = list(Reasons(built.store).explain(found[0], PRESENT, "en"))
    assert said.SENTENCES["en"]["contradictory"] in lines
    assert all(one.status == "certain" for one in expected(theory, "aukus"))


def test_the_shipped_codings_do_not_contradict_each_other(built: Built) -> None:
    rows = ask(built.store, "theory/differing-codings")
    assert {text(row, "certainty") for row in rows} == {"possible"}


# Explanation -------------------------------------------------------------------------------------

RULE = (folder("ontology") / "rules" / "predictions.rq").read_text(encoding="utf-8")


def test_no_step_of_any_explanation_could_be_dropped(built: Built, theory: Theory) -> None:
    """From its steps alone a prediction follows; without any one of them nothing does."""
    bare = ox.Store()
    bare.extend(q for q in built.store if q.graph_name.value != DERIVED + "predictions")
    applies, then = ox.NamedNode(LW + "appliesTo"), ox.NamedNode(LW + "thenForm")
    for predicate in (applies, then):
        for quad in list(bare.quads_for_pattern(None, predicate, None, None)):
            bare.remove(quad)

    def follows(steps: Collection[str], arrangement: str) -> set[str]:
        premises = [
            quad
            for step in steps
            for predicate in (applies, then)
            for quad in built.store.quads_for_pattern(ox.NamedNode(step), predicate, None, None)
            if predicate == then or quad.object.value == arrangement
        ]
        bare.extend(premises)
        found = {t.subject.value for t in construct(bare, RULE)}
        for quad in premises:
            bare.remove(quad)
        return found

    assert len(theory.predictions) > 30
    sizes = set()
    for one in theory.predictions:
        steps = {one.rule, *(coding.iri for coding in one.codings)}
        sizes.add(len(steps))
        assert follows(steps, one.arrangement) == {one.iri}
        for step in steps:
            assert follows(steps - {step}, one.arrangement) == set(), (one.iri, step)
    assert sizes == {2, 3, 4}


def test_an_explanation_opens_to_passages_in_both_languages(built: Built, theory: Theory) -> None:
    reasons = Reasons(built.store)
    for slug in TABLE_1:
        (one,) = expected(theory, slug)
        for step in reasons.steps(one.predictions[0]):
            assert step.gist.en
            assert step.gist.zh
            assert step.passages
            for passage in step.passages:
                assert re.search(r"p\. \d+", passage.place.en)
                assert re.search(r"第\d+页", passage.place.zh)
                assert passage.gist.en
                assert passage.gist.zh


def test_divergence_is_no_step_for_five_eyes_and_said_to_be_none(
    built: Built, theory: Theory
) -> None:
    (one,) = expected(theory, "five-eyes")
    assert [c.variable.rpartition("/")[2] for c in one.predictions[0].codings] == [
        "power-gap", "external-threat",
    ]  # fmt: skip
    lines = "\n".join(Reasons(built.store).explain(one, PRESENT, "en"))
    assert "Not needed for it: internal divergence" in lines


def test_the_tension_stands_beside_and_changes_nothing(built: Built, theory: Theory) -> None:
    reasons = Reasons(built.store)
    assert {t.claim.rpartition("/")[2] for t in reasons.tensions} == {
        "paper-author-reconciled-divergence-favours-alliance",
        "paper-author-turn-to-china-threat-favours-alliance",
    }
    (quad,) = expected(theory, "quad")
    (seato,) = expected(theory, "seato", date(1960, 1, 1))
    assert len(reasons.tensions_of(quad.predictions[0])) == 2
    assert reasons.tensions_of(seato.predictions[0]) == ()
    assert short(quad.forms) == COOPERATION


def test_what_is_left_open_is_a_set_with_its_reason(built: Built, theory: Theory) -> None:
    (one,) = expected(theory, "seato", date(1960, 1, 1))
    lines = "\n".join(Reasons(built.store).explain(one, date(1960, 1, 1), "en"))
    assert said.SENTENCES["en"]["set"] in lines
    assert "does not go into it" in lines


@pytest.mark.parametrize(
    ("slug", "form", "changes"),
    [
        ("quad", "multilateralAlliance", [{"internal-divergence": "divergenceSmall"}]),
        ("five-eyes", "multilateralAlliance",
         [{"external-threat": "threatSingle", "internal-divergence": "divergenceSmall"}]),
        ("aukus", "multilateralSecurityCooperation",
         [{"external-threat": "threatMultiple"}, {"internal-divergence": "divergenceLarge"}]),
        ("aukus", "bilateralAlliance", [{"power-gap": "gapLarge"}]),
        ("us-japan-alliance", "multilateralAlliance",
         [{"external-threat": "threatSingle", "internal-divergence": "divergenceSmall"}]),
        ("us-japan-alliance", "multilateralSecurityCooperation",
         [{"external-threat": "threatMultiple"}, {"internal-divergence": "divergenceLarge"}]),
        ("quad", "multilateralSecurityCooperation", []),
    ],
)  # fmt: skip
def test_why_not(
    built: Built, theory: Theory, slug: str, form: str, changes: list[dict[str, str]]
) -> None:
    found = why_not(built.store, theory, theory.mechanism(arr(slug)), LWC + form, PRESENT, None)
    assert [
        {v.rpartition("/")[2]: c.rpartition("#")[2] for v, c in change.values} for change in found
    ] == changes
    assert all(form in short(change.forms) for change in found)


def test_a_single_threat_alone_makes_no_alliance_of_five_eyes(built: Built) -> None:
    supposed = scenario(built, "five-eyes:externalThreat=single")
    after = of(what_if(built.store, supposed, PRESENT).after, arr("five-eyes"))
    assert [short(one.forms) for one in after] == [COOPERATION]


# Record ------------------------------------------------------------------------------------------


def held_on(rows: list[Held], slug: str, on: date) -> list[Held]:
    return [h for h in rows if h.expectation.mechanism.iri == arr(slug) and h.first <= on <= h.last]


@pytest.fixture(scope="module")
def held(built: Built) -> list[Held]:
    return against_record(built.store, sources={PREFIXES["source"] + "paper"})


@pytest.mark.parametrize(
    ("slug", "on", "forms", "verdicts"),
    [
        ("us-philippines-alliance", date(1960, 1, 1), BILATERAL, ("agrees", "open", "open")),
        ("us-thailand-alliance", date(1960, 1, 1), BILATERAL, ("agrees", "not covered", "open")),
        ("seato", date(1960, 1, 1), BILATERAL, ("differs", "open", "open")),
        ("pacific-pact", date(1951, 4, 30), BILATERAL, ("open", "not covered", "open")),
        ("five-eyes", date(1947, 12, 31), BILATERAL, ("agrees", "not covered", "not covered")),
        ("five-eyes", date(1950, 1, 1), BILATERAL, ("differs", "not covered", "not covered")),
        ("us-japan-alliance", date(1995, 1, 1), BILATERAL, ("not covered",) * 3),
        ("aukus", PRESENT, ALLIANCE, ("agrees", "differs", "agrees")),
        ("quad", PRESENT, COOPERATION, ("agrees", "agrees", "agrees")),
        ("five-eyes", PRESENT, COOPERATION, ("agrees", "agrees", "agrees")),
        ("us-japan-south-korea", PRESENT, COOPERATION, ("agrees", "agrees", "agrees")),
        ("us-japan-alliance", PRESENT, set(), ("not covered",) * 3),
    ],
)
def test_prediction_beside_the_record(
    held: list[Held], slug: str, on: date, forms: set[str], verdicts: tuple[str, ...]
) -> None:
    (one,) = held_on(held, slug, on)
    assert short(one.expectation.forms) == forms
    assert tuple(one.verdicts[name] for name in CRITERIA) == verdicts


def test_the_periods_of_the_codings_are_kept_apart(held: list[Held]) -> None:
    rows = held_on(held, "us-philippines-alliance", date(1980, 1, 1))
    assert {(r.period or "").rpartition("/")[2] for r in rows} == {
        "cold-war", "early-post-cold-war",
    }  # fmt: skip


def test_stretches_of_one_kind_do_not_overlap_and_hold_what_is_certain(held: list[Held]) -> None:
    for one in held:
        assert one.first <= one.last
        assert all(one.first <= a <= b <= one.last for a, b in one.certain)
        for other in held:
            alike = (
                one is not other
                and one.expectation.mechanism == other.expectation.mechanism
                and (one.expectation.rule, one.period) == (other.expectation.rule, other.period)
            )
            assert not (alike and one.first <= other.last and other.first <= one.last)


def test_silence_is_none_only_where_the_source_covers_the_layer_fully(held: list[Held]) -> None:
    (now,) = held_on(held, "quad", PRESENT)
    (then,) = held_on(held, "five-eyes", date(1960, 1, 1))
    assert (now.record.commitment, then.record.commitment) == ("none", "not named")


# What if -----------------------------------------------------------------------------------------


def scenario(built: Built, *values: str, **more: object) -> parts.Scenario:
    found = tuple(parts.value_of(built.store, value) for value in values)
    return parts.Scenario(Label("", ""), values=found, **more)  # type: ignore[arg-type]


def test_the_shipped_conjecture_without_india(built: Built) -> None:
    found = what_if(built.store, parts.read_scenario(built.store, "without-india"), PRESENT)
    (before,), (after,) = (of(side, arr("quad")) for side in (found.before, found.after))
    assert (short(before.forms), short(after.forms)) == (COOPERATION, ALLIANCE)
    members = [side.records[arr("quad")].certain for side in (found.before, found.after)]
    assert {m.rpartition("/")[2] for m in set(members[0]) - set(members[1])} == {"india"}
    assert found.scenario.about == (
        PREFIXES["clm"] + "paper-author-us-japan-australia-alliance-likelier",
    )
    assert found.mechanisms == (arr("quad"),)


def test_leaving_india_out_is_not_enough_by_itself(built: Built) -> None:
    """Why the shipped scenario says that it supposes a small divergence as well."""
    alone = parts.Scenario(
        Label("", ""), without=(parts.member_of(built.store, "quad:india", everywhere=True),)
    )
    found = what_if(built.store, alone, PRESENT)
    assert [short(one.forms) for one in of(found.after, arr("quad"))] == [COOPERATION]


@pytest.mark.parametrize("key", FIGURE_1)
def test_every_combination_comes_out_in_a_scenario_as_in_the_table(
    built: Built, key: tuple[str, str, str]
) -> None:
    """The rule that predicts and the question that lists all combinations never disagree."""
    names = ("powerGap", "externalThreat", "internalDivergence")
    supposed = scenario(built, *(f"quad:{n}={v}" for n, v in zip(names, key, strict=True)))
    copy = suppose(built.store, supposed)
    (one,) = expected(read_theory(copy), "quad")
    assert (one.status, short(one.forms)) == ("certain", FIGURE_1[key])


def test_sensitivity_is_what_the_scenarios_show(built: Built, theory: Theory) -> None:
    found = {
        mechanism.iri.rpartition("/")[2]: [one.changes for one in dependences]
        for mechanism, _, _, dependences in sensitivity(built.store, theory, PRESENT)
    }
    assert found == {
        "aukus": [True, True, True],
        "five-eyes": [True, False, False],
        "quad": [True, False, True],
        "us-japan-south-korea": [True, False, True],
    }


def test_without_japan_the_structure_moves(built: Built) -> None:
    supposed = parts.Scenario(
        Label("", ""), without=(parts.member_of(built.store, "japan", everywhere=True),)
    )
    found = what_if(built.store, supposed, PRESENT)
    before, after = found.before.panel.certain, found.after.panel.certain
    assert before
    assert after
    assert (before.partners, after.partners) == (9, 8)
    assert after.dependence > before.dependence
    assert arr("us-japan-alliance") in found.mechanisms


def test_a_state_may_join(built: Built) -> None:
    joining = parts.member_of(built.store, "quad:south-korea", everywhere=False)
    found = what_if(built.store, parts.Scenario(Label("", ""), joined=(joining,)), PRESENT)
    record = found.after.records[arr("quad")]
    assert PREFIXES["state"] + "south-korea" in record.certain
    assert len(record.certain) == 5


def test_other_dates(built: Built) -> None:
    dates = tuple(parts.dates_of(built.store, ["aukus=2010-01-01"], ["aukus=2015-12-31"]))
    supposed = parts.Scenario(Label("", ""), dates=dates)
    now = what_if(built.store, supposed, PRESENT)
    assert of(now.after, arr("aukus"))[0].status == "not in being"
    then = what_if(built.store, supposed, date(2012, 1, 1))
    assert then.before.records[arr("aukus")].certain == ()
    assert len(then.after.records[arr("aukus")].certain) == 3


def test_outside_its_days_a_scenario_changes_nothing(built: Built) -> None:
    supposed = scenario(built, "quad:internalDivergence=small", first=date(2020, 1, 1),
                        last=date(2021, 12, 31))  # fmt: skip
    assert not what_if(built.store, supposed, PRESENT).holds
    inside = what_if(built.store, supposed, date(2021, 6, 1))
    assert inside.holds
    assert short(of(inside.after, arr("quad"))[0].forms) == ALLIANCE


def test_nothing_of_a_scenario_leaks_into_the_graph(built: Built) -> None:
    before = set(built.store)
    supposed = parts.read_scenario(built.store, "without-india")
    joining = parts.member_of(built.store, "aukus:japan", everywhere=False)
    copy = suppose(built.store, replace(supposed, joined=(joining,)))
    what_if(built.store, supposed, PRESENT)
    assert set(built.store) == before
    assert any(SUPPOSED in str(quad) for quad in copy)
    assert not any(SUPPOSED in str(quad) for quad in before)
    assert not any(LW + "Scenario" in str(quad.object) for quad in built.store
                   if quad.predicate.value == RDF_TYPE)  # fmt: skip


def test_an_empty_supposition_copies_the_graph(built: Built) -> None:
    """The rules that run again over the copy give what the build gave."""
    copy = suppose(built.store, parts.Scenario(Label("", "")))
    graphs = [ox.NamedNode(DERIVED + rule) for rule in AGAIN]
    for graph in graphs:
        ours = {q.triple for q in copy.quads_for_pattern(None, None, None, graph)}
        theirs = {
            q.triple
            for q in built.store.quads_for_pattern(None, None, None, graph)
            if q.subject != graph
        }
        assert ours == theirs, graph


@pytest.mark.parametrize(
    ("text", "variable", "value"),
    [
        ("quad:internalDivergence=small", "internal-divergence", "divergenceSmall"),
        ("arr:quad:internal divergence=Large", "internal-divergence", "divergenceLarge"),
        ("AUKUS:externalThreat=multiple", "external-threat", "threatMultiple"),
        ("AUKUS:power gap=small (or shrinking)", "power-gap", "gapSmall"),
        ("“四边机制”（四方安全对话）:内部分歧=小", "internal-divergence", "divergenceSmall"),
        ("quad:实力差距=大", "power-gap", "gapLarge"),
    ],
)
def test_values_in_either_language(built: Built, text: str, variable: str, value: str) -> None:
    found = parts.value_of(built.store, text)
    assert found.variable == PREFIXES["var"] + variable
    assert found.value == LWC + value


@pytest.mark.parametrize(
    ("text", "arrangement"),
    [("india", None), ("state:india", None), ("印度", None), ("quad:india", "quad"),
     ("arr:quad:state:india", "quad"), ("quad:印度", "quad")],
)  # fmt: skip
def test_members_in_either_language(built: Built, text: str, arrangement: str | None) -> None:
    found = parts.member_of(built.store, text, everywhere=True)
    assert found.state == PREFIXES["state"] + "india"
    assert found.arrangement == (arrangement and arr(arrangement))


# Numbers -----------------------------------------------------------------------------------------


def test_ratio_fell_and_difference_grew(built: Built) -> None:
    own = [g for g in gaps(built.store) if g.indicator == PREFIXES["ind"] + "gdp-current-usd"]
    first, last = own
    assert [g.period for g in own] == ["1978", "2020"]
    assert (first.difference, last.difference) == (Decimal("2.20"), Decimal("6.23"))
    assert [round(float(g.ratio or 0), 1) for g in own] == [15.7, 1.4]


def test_only_periods_with_both_numbers_are_there(built: Built) -> None:
    """No value is invented or put between two others."""
    printed = {
        (text(row, "indicator"), text(row, "period"), text(row, "area"))
        for row in select(
            built.store,
            f"PREFIX lw: <{LW}> SELECT * {{ ?o lw:indicator ?indicator ; lw:refPeriod ?period ; "
            "lw:refArea ?area }",
        )
    }
    for one in gaps(built.store):
        for state in ("united-states", "china"):
            assert (one.indicator, one.period, PREFIXES["state"] + state) in printed
    assert gaps(built.store, PREFIXES["state"] + "japan") == []


def test_the_threshold_is_the_users_own(built: Built) -> None:
    first, last, *_ = gaps(built.store)
    assert classify(first, Decimal(2)) == LWC + "gapLarge"
    assert classify(last, Decimal(2)) == LWC + "gapSmall"
    assert classify(first, Decimal(3), "difference") == LWC + "gapSmall"
    assert classify(last, Decimal(3), "difference") == LWC + "gapLarge"
    for wrong in ("0", "-1", "NaN", "Infinity"):
        with pytest.raises(InputError, match="is no threshold"):
            classify(first, Decimal(wrong))


def test_observations_form_a_sound_data_cube(built: Built) -> None:
    """Conditions 1, 2, 3, 11, 12 and 14 of the RDF Data Cube recommendation, section 11.1."""
    head = "".join(f"PREFIX {n}: <{PREFIXES[n]}>\n" for n in ("lw", "qb", "rdf"))
    rows = select(
        built.store,
        head + "SELECT ?o (COUNT(DISTINCT ?set) AS ?sets) (COUNT(DISTINCT ?s) AS ?structures) "
        "{ ?o a qb:Observation . OPTIONAL { ?o qb:dataSet ?set . ?set a qb:DataSet ; "
        "qb:structure ?s . ?s a qb:DataStructureDefinition } } GROUP BY ?o",
    )
    assert len(rows) > 15
    assert {(text(r, "sets"), text(r, "structures")) for r in rows} == {("1", "1")}
    components = select(
        built.store,
        head + "SELECT ?p ?kind { lw:observationStructure qb:component ?c . "
        "?c ?kind ?p . ?p a ?type . FILTER (?kind IN (qb:dimension, qb:measure, qb:attribute)) "
        "FILTER (STRSTARTS(STR(?type), STR(qb:))) }",
    )
    kinds: dict[str, list[str]] = {}
    for row in components:
        kinds.setdefault(text(row, "kind").rpartition("#")[2], []).append(text(row, "p"))
    assert len(kinds["dimension"]) == 3
    assert kinds["measure"] == [LW + "value"]
    keys = []
    for row in rows:
        node = ox.NamedNode(text(row, "o"))
        for terms in kinds.values():
            for term in terms:
                found = list(built.store.quads_for_pattern(node, ox.NamedNode(term), None, None))
                assert len(found) == 1, (node, term)
        keys.append(
            tuple(
                next(iter(built.store.quads_for_pattern(node, ox.NamedNode(d), None, None))).object
                for d in kinds["dimension"]
            )
        )
    assert len(keys) == len(set(keys))


# For the page ------------------------------------------------------------------------------------


def test_panel_data_is_plain_and_without_gaps(built: Built, theory: Theory) -> None:
    data = panel_data(built.store)
    assert json.loads(json.dumps(data)) == data
    for one in data["mechanisms"]:
        for before, after in zip(one["spans"], one["spans"][1:], strict=False):
            assert before["to"] < after["from"]
        for span in one["spans"]:
            for expectation in span["expectations"]:
                assert expectation["why"]["en"]
                assert re.search(r"[\u4e00-\u9fff]", expectation["why"]["zh"])
                assert set(expectation["codings"]) <= set(data["codings"])
                assert expectation["rule"] in {None, *data["rules"]}
                assert set(expectation["forms"]) <= set(data["names"])
                assert set(expectation["verdicts"]) == set(CRITERIA)


@pytest.mark.parametrize(
    "on", [date(1947, 6, 1), date(1951, 4, 30), date(1960, 2, 29), date(2009, 1, 1), PRESENT]
)
def test_panel_data_says_what_predict_says(built: Built, theory: Theory, on: date) -> None:
    data = panel_data(built.store)
    drawn = {
        one["iri"]: {(e["status"], *e["forms"]) for e in span["expectations"]}
        for one in data["mechanisms"]
        for span in one["spans"]
        if span["from"] <= on.isoformat() <= span["to"]
    }
    told: dict[str, set[tuple[str, ...]]] = {}
    for one in predict(theory, on):
        if one.status not in ("outside", "not in being"):
            told.setdefault(one.mechanism.iri, set()).add((one.status, *one.forms))
    assert drawn == told


# Engines -----------------------------------------------------------------------------------------


def test_the_rules_give_the_same_on_rdflib(built: Built) -> None:
    """Over everything that the shipped graph says of codings, rules, periods and members."""
    kinds = ("Coding", "TheoryRule", "Period", "Arrangement", "Membership", "Milestone")
    subjects = {
        q.subject
        for kind in kinds
        for q in built.store.quads_for_pattern(
            None, ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + kind), None
        )
    }
    fresh = ("coding-spans", "applies-to", "predictions", "labels", "forms")
    left = {DERIVED + name for name in fresh}
    triples = {
        q.triple
        for subject in subjects
        for q in built.store.quads_for_pattern(subject, None, None, None)
        if q.graph_name.value not in left
    }
    store, graph = ox.Store(), rdflib.Graph()
    add(store, triples, "https://example.org/")
    graph.parse(data="".join(f"{t} .\n" for t in triples), format="nt")
    for name in fresh[:3]:
        query = (folder("ontology") / "rules" / f"{name}.rq").read_text(encoding="utf-8")
        ours = construct(store, query)
        theirs = graph.query(query).graph
        assert theirs is not None
        again = ox.parse(theirs.serialize(format="nt").encode(), format=ox.RdfFormat.N_TRIPLES)
        assert {str(t) for t in ours} == {str(q.triple) for q in again}
        assert len(ours) > 10, name
        add(store, ours, "https://example.org/")
        graph += theirs


# The command line --------------------------------------------------------------------------------

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(built: Built, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs ``latticework theory`` in this process on the graph that is built already."""
    monkeypatch.setattr("latticework.cli.theory_desk.opened", lambda extra: built.store)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["latticework", "theory", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


COMMANDS = [
    ("predict",),
    ("predict", "--as-of", "1960-01-01", "--by", "paper-author", "--source", "paper"),
    ("explain", "quad"),
    ("explain", "five-eyes", "--why-not", "multilateralAlliance"),
    ("test", "--source", "paper", "--all"),
    ("test", "aukus"),
    ("what-if", "without-india"),
    ("what-if", "--set", "quad:internalDivergence=small", "--without", "japan"),
    ("sensitivity",),
    ("sensitivity", "--combinations"),
    ("gap",),
    ("gap", "--threshold", "2.0"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_in_both_languages(run: Run, command: tuple[str, ...]) -> None:
    outputs = {}
    for language in ("en", "zh"):
        code, outputs[language], err = run(*command, "--format", "table", "--lang", language)
        assert code == 0, err
        assert outputs[language].strip()
    assert re.search(r"[\u4e00-\u9fff]", outputs["zh"])
    assert not re.search(r"[\u4e00-\u9fff]", outputs["en"])


@pytest.mark.parametrize("command", COMMANDS[::2], ids=" ".join)
def test_formats_agree(run: Run, command: tuple[str, ...]) -> None:
    """As many rows, under the same heads; notes go beside the data, not among it."""
    _, tsv, _ = run(*command, "--format", "tsv")
    _, plain, _ = run(*command, "--format", "json")
    head, *rows = (line.split("\t") for line in tsv.splitlines())
    assert [list(row) for row in json.loads(plain)] == [head] * len(rows)
    assert all(len(row) == len(head) for row in rows)


def runs() -> list[tuple[str, list[str]]]:
    """Every command that docs/theory.md shows, with the lines it quotes of the output."""
    page = (ROOT / "docs" / "theory.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```console\n\$ latticework theory (.+)\n((?:.*\n)*?)```$", page, re.M)
    return [(command, quoted.splitlines()) for command, quoted in blocks]


@pytest.mark.parametrize(("command", "quoted"), runs(), ids=lambda value: str(value)[:40])
def test_the_page_quotes_what_the_commands_print(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, quoted: list[str]
) -> None:
    """Dots stand for lines that are left out; what stands between them follows line on line."""
    monkeypatch.setenv("COLUMNS", "110")
    code, out, _ = run(*shlex.split(command), "--format", "table")
    assert code == 0
    printed = "".join(f"{line.rstrip()}\n" for line in out.splitlines())
    at = 0
    text = "".join(f"{line.rstrip()}\n" for line in quoted)
    for part in re.split(r"^\.\.\.\n", text, flags=re.MULTILINE):
        found = printed.find(part, at)
        assert found >= 0, part
        at = found + len(part)


def test_the_page_quotes_many_commands() -> None:
    assert len(runs()) >= 8


def test_the_test_says_that_it_is_partly_circular(run: Run) -> None:
    _, out, err = run("test", "--format", "tsv")
    assert "partly circular" in err
    assert "score" not in out
    assert "循环" in run("test", "--format", "table", "--lang", "zh")[1]


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (("explain", "atlantis"), "nothing is named 'atlantis'"),
        (("explain", "nato"), "'nato' is no mechanism that the framework could speak of"),
        (("explain", "quad", "--why-not", "empire"), "'empire' is no form of cooperation"),
        (("predict", "--as-of", "2022-02-30"), "does not exist in the calendar"),
        (("predict", "--by", "Japan"), "'Japan' codes none of the causes"),
        (("what-if",), "nothing is supposed"),
        (("what-if", "with-india"), "there is no scenario 'with-india'"),
        (("what-if", "--set", "quad:internalDivergence=huge"),
         "'huge' is no value of internalDivergence; there are: large, small"),
        (("what-if", "--set", "quad:mood=good"), "'mood' is no variable of the framework"),
        (("what-if", "--set", "atlantis:powerGap=small"), "nothing is named 'atlantis'"),
        (("what-if", "--set", "nato:powerGap=small"), "'nato' is no mechanism"),
        (("what-if", "--set", "quad"), "is not of the form MECHANISM:VARIABLE=VALUE"),
        (("what-if", "--set", "quad:powerGap=small", "--set", "quad:powerGap=large"),
         "quad:powerGap is set twice"),
        (("what-if", "without-india", "--from", "2022-01-01", "--to", "2021-01-01"),
         "the scenario would end on 2021-01-01, before it begins on 2022-01-01"),
        (("what-if", "--begin", "quad=2011-01-01", "--end", "quad=2010-01-01"),
         "arr:quad would end on 2010-01-01, before it begins on 2011-01-01"),
        (("what-if", "--begin", "quad"), "is not of the form MECHANISM=DATE"),
        (("what-if", "--without", "quad:canada"), "state:canada is no member of arr:quad"),
        (("what-if", "--join", "south-korea"), "does not say which mechanism is joined"),
        (("gap", "--threshold", "much"), "'much' is no threshold"),
        (("gap", "--threshold", "3", "--measure", "difference"), "needs one unit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)  # fmt: skip
def test_bad_input_gets_one_clear_sentence(
    run: Run, command: tuple[str, ...], message: str
) -> None:
    code, out, err = run(*command)
    assert code == 2
    assert message in err
    assert out == ""
    assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ("", "describes 0 scenarios"),
        ("scn:x a lw:Scenario ; lw:supposes lwc:divergenceSmall .", "exactly one arrangement"),
        ("scn:x a lw:Scenario ; lw:arrangement arr:quad ; lw:supposes lwc:treatyAlliance .",
         "is no value of a cause"),
        ("scn:x a lw:Scenario ; lw:arrangement arr:atlantis .", "there is no"),
        ('scn:x a lw:Scenario ; lw:arrangement arr:quad ; lw:begin "2022-01-01"^^edtf:EDTF ; '
         'lw:end "2021-01-01"^^edtf:EDTF .', "before it begins"),
    ],
)  # fmt: skip
def test_a_scenario_of_ones_own_that_cannot_be_understood(
    built: Built, tmp_path: Path, facts: str, message: str
) -> None:
    path = tmp_path / "mine.ttl"
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    path.write_text(head + facts, encoding="utf-8")
    with pytest.raises(LatticeworkError, match=message):
        parts.read_scenario(built.store, str(path))


# Words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["STATUS", "VERDICT", "RECORD", "SENTENCES", "NOTES"])
def test_both_languages_say_the_same_things(name: str) -> None:
    table = getattr(said, name)
    assert table["en"].keys() == table["zh"].keys()
    for key, english in table["en"].items():
        chinese = table["zh"][key]
        words = re.sub(r"{\w+}", "", chinese)
        assert re.search(r"[\u4e00-\u9fff]", words) or not re.search(r"[A-Za-z]", words), key
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(one) if field}
            for one in (english, chinese)
        ]
        assert fields[0] == fields[1], key


def test_a_world_of_ones_own_needs_no_paper(make_source: MakeSource) -> None:
    """The rules speak of any source that codes; membership by the United States is what counts."""
    facts = entities("ab") + membership("a", "1950") + membership("b", "1950")
    theory = read_theory(build(graph=make_source(facts), validate=False).store)
    assert [m.of_the_hub for m in theory.mechanisms] == [False]
    assert [one.status for one in predict(theory, date(1960, 1, 1))] == ["outside"]
