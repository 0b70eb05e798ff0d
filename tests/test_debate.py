"""The debate: grouped as in the paper, attributed, with evidence, in both languages."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from conftest import HEAD, ROOT
from latticework import cli
from latticework.build import Built
from latticework.citations import cited_works
from latticework.debate import Debated, Explanation, Strand, as_data, counts, debate
from latticework.vocabulary import PREFIXES, shorten

AUTHOR = PREFIXES["body"] + "paper-author"
Ran = tuple[int, str, str]


@pytest.fixture(scope="module")
def found(built: Built) -> tuple[Debated, ...]:
    return debate(built.store)


def strands(found: tuple[Debated, ...]) -> Iterator[Strand]:
    return (strand for one in found for section in one.sections for strand in section.strands)


def explanations(found: tuple[Debated, ...]) -> Iterator[Explanation]:
    return (one for strand in strands(found) for one in strand.explanations)


def short(iri: str) -> str:
    return shorten(iri) if iri else ""


# As the paper has it -----------------------------------------------------------------------------


def test_grouped_and_ordered_as_in_the_paper(found: tuple[Debated, ...]) -> None:
    missing, turn = found
    assert {s.number: [short(strand.iri) for strand in s.strands] for s in missing.sections} == {
        "2.1": ["lwc:rationalist", "lwc:identity", "lwc:prospectTheory"],
        "2.2": ["lwc:regionalFactors", "lwc:threatConsensus", "lwc:geopolitics",
                "lwc:internalRelations", ""],
    }  # fmt: skip
    assert [section.number for section in turn.sections] == ["2.2", "4", "4.1", "4.2"]
    assert missing.sections[0].heading.en.startswith("theoretical explanations")


def test_everything_is_attributed_evidenced_and_in_both_languages(
    found: tuple[Debated, ...],
) -> None:
    for one in explanations(found):
        assert one.claimants, one.iri
        assert one.passages, one.iri
        for text in (one.label, one.gist, one.kind, *(p.place for p in one.passages)):
            assert re.search("[A-Za-z]", text.en)
            assert re.search("[\u4e00-\u9fff]", text.zh)


def test_what_others_hold_has_its_citation_and_passage(found: tuple[Debated, ...]) -> None:
    others = [one for one in explanations(found) if {w.iri for w in one.claimants} != {AUTHOR}]
    assert len(others) > 30
    for one in others:
        assert one.works, one.iri
        assert all(work.key and work.passages for work in one.works), one.iri


def test_what_is_overlooked_is_said_by_the_author_of_the_paper(found: tuple[Debated, ...]) -> None:
    by_strand = {short(strand.iri): strand.criticisms for strand in strands(found[:1])}
    criticised = {name for name, some in by_strand.items() if some}
    assert criticised == {"lwc:rationalist", "lwc:identity", "lwc:prospectTheory"}
    for some in by_strand.values():
        for criticism in some:
            assert [who.iri for who in criticism.claimants] == [AUTHOR]
            assert criticism.passages
            assert criticism.of
    capability = PREFIXES["clm"] + "paper-author-criticism-prospect-theory"
    having = [n for n, some in by_strand.items() if capability in {one.iri for one in some}]
    assert having == ["lwc:prospectTheory"]


def test_supports_and_contradictions_are_seen_from_both_ends(found: tuple[Debated, ...]) -> None:
    known = {one.iri: one for one in explanations(found)}
    pairs = 0
    for one in known.values():
        for there, back in (("supports", "supported_by"), ("contradicts", "contradicted_by")):
            for other in getattr(one, there):
                if other.iri in known:
                    pairs += 1
                    assert one.iri in {s.iri for s in getattr(known[other.iri], back)}
    assert pairs > 10


# What changes, changes it ------------------------------------------------------------------------


@pytest.fixture
def copy(built: Built) -> ox.Store:
    """A graph of our own, to take from and to add to."""
    store = ox.Store()
    store.bulk_extend(built.store)
    return store


def without(store: ox.Store, *claims: str) -> list[Explanation]:
    """The debate once claims are taken out of the graph."""
    for claim in claims:
        for quad in list(store.quads_for_pattern(ox.NamedNode(claim), None, None, None)):
            store.remove(quad)
    return list(explanations(debate(store)))


def adding(store: ox.Store, turtle: str, source: str) -> None:
    name = ox.NamedNode(PREFIXES["source"] + source)
    store.load((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE, to_graph=name)


def test_without_a_claim_the_debate_lacks_it(copy: ox.Store, found: tuple[Debated, ...]) -> None:
    claim = PREFIXES["clm"] + "donald-crone-bilateral-advantage"
    before = [one.iri for one in explanations(found)]
    after = [one.iri for one in without(copy, claim)]
    assert after == [iri for iri in before if iri != claim]
    assert len(after) == len(before) - 1


def test_without_all_claims_of_a_strand_it_is_gone(
    copy: ox.Store, found: tuple[Debated, ...]
) -> None:
    (identity,) = (strand for strand in strands(found) if short(strand.iri) == "lwc:identity")
    without(copy, *(one.iri for one in identity.explanations))
    assert identity.iri not in {strand.iri for strand in strands(debate(copy))}


def test_without_the_criticisms_nothing_is_overlooked(
    copy: ox.Store, found: tuple[Debated, ...]
) -> None:
    criticisms = {one.iri for strand in strands(found) for one in strand.criticisms}
    assert len(criticisms) == 5
    left = without(copy, *criticisms)
    assert not [one.iri for one in left if one.contradicted_by]
    assert not [strand.iri for strand in strands(debate(copy)) if strand.criticisms]


def test_another_source_does_not_enter_the_debate_of_the_paper(copy: ox.Store) -> None:
    facts = """
    psg:x a lw:Passage ; lw:sectionNumber "2.1" ; lw:order 1 ; dct:source source:tiny .
    clm:x a lw:Claim ; lw:claimant person:victor-cha ; lw:claimKind lwc:explanation ;
        lw:school lwc:identity ; lw:evidence psg:x ; dct:source source:tiny .
    """
    adding(copy, facts, "tiny")
    assert PREFIXES["clm"] + "x" not in {one.iri for one in explanations(debate(copy))}


def test_a_claim_without_words_is_still_shown(copy: ox.Store) -> None:
    facts = """
    clm:bare a lw:Claim ; lw:claimant person:nobody ; lw:claimKind lwc:explanation ;
        lw:school lwc:identity ; lw:evidence psg:2.1-09 ; dct:source source:paper .
    """
    adding(copy, facts, "paper")
    (bare,) = (one for one in without(copy) if one.iri == PREFIXES["clm"] + "bare")
    assert bare.label.en == "clm:bare"
    assert bare.gist.en == ""
    assert [who.label.zh for who in bare.claimants] == ["person:nobody"]


# Counts ------------------------------------------------------------------------------------------


def test_counts_are_those_of_the_works(built: Built) -> None:
    works = cited_works(built.store)
    languages = {one.of: one.works for one in counts(built.store, "language")}
    assert languages == {tag: sum(work.language == tag for work in works) for tag in ("en", "zh")}
    years = {one.of: one.works for one in counts(built.store, "year")}
    assert sum(years.values()) == len(works)
    assert years["2021/2022"] == 1
    assert years[""] == sum(not work.dates for work in works)
    venues = counts(built.store, "venue")
    assert sum(one.works for one in venues) == len(works)
    assert {one.of for one in venues if not one.label.zh} == set()
    authors = counts(built.store, "author")
    assert sum(one.works for one in authors) == sum(len(work.authors) for work in works)
    assert [one.works for one in authors] == sorted((one.works for one in authors), reverse=True)


def test_data_is_plain_json(built: Built) -> None:
    data = json.loads(json.dumps(as_data(built.store), ensure_ascii=False))
    assert set(data) == {"questions", "counts"}
    first = data["questions"][0]["sections"][0]["strands"][0]
    assert set(first["label"]) == {"en", "zh"}
    assert set(first) == {"iri", "label", "explanations", "criticisms"}
    assert first["explanations"][0]["claimants"][0]["label"]["zh"]


# The commands ------------------------------------------------------------------------------------


@pytest.fixture
def run(
    built: Built, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    monkeypatch.setattr("latticework.cli.debating.opened", lambda extra: built.store)

    def call(*arguments: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["latticework", *arguments])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_debate_in_both_languages(run: Callable[..., Ran]) -> None:
    code, english, _ = run("debate")
    assert code == 0
    assert 'Who explains the missing "Asian NATO" by what' in english
    assert "What it overlooks, according to the author of the paper:" in english
    assert "pp. 158-160" in english
    assert "p. 98, note 1" in english
    assert not re.search("[\u4e00-\u9fff]", english)
    code, chinese, _ = run("debate", "--lang", "zh")
    assert code == 0
    assert "据本文作者，其忽视之处：" in chinese
    assert "第98页注1" in chinese
    assert len(chinese.splitlines()) == len(english.splitlines())


def test_debate_in_all_forms(run: Callable[..., Ran]) -> None:
    _, out, _ = run("debate", "--format", "json")
    assert json.loads(out)["questions"]
    code, out, _ = run("debate", "--format", "table")
    assert code == 0
    assert "what it overlooks" in out
    code, out, err = run("debate", "--format", "tsv")
    assert (code, out) == (2, "")
    assert err == (
        "latticework: 'tsv' does not fit: the debate is given as text, table or json, "
        "counts as table, tsv or json\n"
    )


@pytest.mark.parametrize("by", ["author", "venue", "language", "year"])
def test_counts_in_all_forms(by: str, run: Callable[..., Ran]) -> None:
    code, out, _ = run("debate", "--counts", by)
    assert code == 0
    assert out.splitlines()[0] == f"{by}\tworks\tcitations"
    _, out, _ = run("debate", "--counts", by, "--lang", "zh", "--format", "json")
    rows: list[dict[str, Any]] = json.loads(out)
    assert all(isinstance(row["引用处"], int) for row in rows)
    assert run("debate", "--counts", by, "--format", "text")[0] == 2


def test_cite(run: Callable[..., Ran], tmp_path: Path) -> None:
    code, out, _ = run("cite", "--work", "cha-2010", "--work", "联盟的起源")
    assert code == 0
    assert re.findall(r"^@\w+{(.*),$", out, re.MULTILINE) == [
        "cha-2010",
        "walt-origins-of-alliances-2018",
    ]
    _, out, _ = run("cite", "--format", "csl-json", "--work", "cha-2010")
    assert [item["id"] for item in json.loads(out)] == ["cha-2010"]
    code, out, _ = run("cite", "-o", str(tmp_path / "works.bib"))
    assert code == 0
    assert (tmp_path / "works.bib").read_text(encoding="utf-8").count("\n@") > 90
    code, out, err = run("cite", "--work", "Atlantis")
    assert (code, out) == (2, "")
    assert err.startswith("latticework: nothing is named 'Atlantis'")
    assert run("cite", "-o", str(tmp_path / "no" / "works.bib"))[0] == 2


def test_the_page_shows_real_output(run: Callable[..., Ran]) -> None:
    page = (ROOT / "docs" / "debate.md").read_text(encoding="utf-8")
    calls = (["debate"], ["debate", "--lang", "zh"], ["debate", "--counts", "language"], ["cite"])
    real = {line for call in calls for line in run(*call)[1].splitlines()}
    shown = "\n".join(re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    assert len(shown.splitlines()) > 20
    assert [line for line in shown.splitlines() if line not in real] == []
