"""The cited works as BibTeX and CSL-JSON: all, as printed, in files that others can read."""

from __future__ import annotations

import json
import re
from typing import Any

import pyoxigraph as ox
import pytest

from conftest import HEAD
from latticework.build import Built
from latticework.citations import (
    TYPES,
    Work,
    cited_works,
    csl_item,
    reference,
    tex,
    to_bibtex,
    to_csl,
)
from latticework.store import select
from latticework.vocabulary import LW, LWC

CSL_TYPES = {
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book",
    "broadcast", "chapter", "classic", "collection", "dataset", "document", "entry",
    "entry-dictionary", "entry-encyclopedia", "event", "figure", "graphic", "hearing", "interview",
    "legal_case", "legislation", "manuscript", "map", "motion_picture", "musical_score",
    "pamphlet", "paper-conference", "patent", "performance", "periodical",
    "personal_communication", "post", "post-weblog", "regulation", "report", "review",
    "review-book", "software", "song", "speech", "standard", "thesis", "treaty", "webpage",
}  # fmt: skip
"""The types of the CSL 1.0.2 input schema."""
CSL_TEXTS = {
    "id", "type", "title", "container-title", "publisher", "publisher-place", "volume", "issue",
    "URL", "language", "note",
}  # fmt: skip
ADDRESS = r"https://example.org/{a} b\c?q=1%20&x#y"
HOSTILE = r"""Braces { and }}, \input{x}, 100% of #1 & _a_ $b$ ~ ^ "quoted" @misc{y, 中文《题》"""


@pytest.fixture(scope="module")
def works(built: Built) -> list[Work]:
    return cited_works(built.store)


def one(works: list[Work], key: str) -> Work:
    (found,) = (work for work in works if work.key == key)
    return found


def parsed(text: str) -> dict[str, dict[str, str]]:
    """Entries as an independent parser reads them: fields by name, and the ``type``."""
    bibtexparser = pytest.importorskip("bibtexparser", reason="no independent BibTeX parser here")
    parser = bibtexparser.bparser.BibTexParser(common_strings=True, ignore_nonstandard_types=False)
    entries = bibtexparser.loads(text, parser).entries
    return {entry.pop("ID"): {"type": entry.pop("ENTRYTYPE"), **entry} for entry in entries}


def untexed(text: str) -> str:
    """What TeX would print."""
    commands = {
        r"{\textbackslash}": "\\", r"{\textbraceleft}": "\0", r"{\textbraceright}": "\1",
        r"{\textasciitilde}": "~", r"{\textasciicircum}": "^",
        r"\%": "%", r"\#": "#", r"\&": "&", r"\_": "_", r"\$": "$",
    }  # fmt: skip
    pattern = "|".join(map(re.escape, commands))
    plain = re.sub(pattern, lambda found: commands[found[0]], text)
    return re.sub(r"[{}]", "", plain).replace("\0", "{").replace("\1", "}")


# All of them, each once --------------------------------------------------------------------------


def test_every_cited_work_once(built: Built, works: list[Work]) -> None:
    cited = {
        quad.object.value
        for quad in built.store.quads_for_pattern(None, ox.NamedNode(LW + "work"), None, None)
        if isinstance(quad.object, ox.NamedNode)
    }
    assert len(cited) > 90
    assert sorted(work.iri for work in works) == sorted(cited)
    keys = re.findall(r"^@\w+{(.*),$", to_bibtex(works), re.MULTILINE)
    assert keys == [item["id"] for item in json.loads(to_csl(works))] == sorted(set(keys))
    assert {work.key for work in works} == {iri.rpartition("/")[2] for iri in cited}


def test_every_kind_of_work_has_a_type(built: Built) -> None:
    kinds = select(
        built.store,
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
        f"SELECT ?kind {{ ?kind skos:inScheme <{LWC}workKinds> }}",
    )
    assert {str(getattr(row["kind"], "value", "")).removeprefix(LWC) for row in kinds} == set(TYPES)


def test_nothing_is_invented(built: Built, works: list[Work]) -> None:
    for work in works:
        said = {
            quad.object.value
            for quad in built.store.quads_for_pattern(ox.NamedNode(work.iri), None, None, None)
            if isinstance(quad.object, ox.Literal)
        }
        item = csl_item(work)
        for field in ("title", "volume", "issue", "URL", "language"):
            assert item.get(field) is None or item[field] in said, (work.key, field)
        if "issued" in item:
            (parts,) = item["issued"]["date-parts"]
            assert "-".join(f"{part:02}" for part in parts) in said
        assert "page" not in item


# What others read --------------------------------------------------------------------------------


def test_bibtex_reads_back(works: list[Work]) -> None:
    entries = parsed(to_bibtex(works))
    assert list(entries) == [work.key for work in works]
    for work in works:
        entry = entries[work.key]
        assert entry["type"] == work.types[0]
        assert untexed(entry["title"]) == work.title
        assert ("year" in entry) == bool(work.date)
        assert entry["author"]
        if entry["type"] == "article":
            assert entry["journal"]
        if entry["type"] == "techreport":
            assert entry["institution"]


def test_bibtex_parts_of_names(works: list[Work]) -> None:
    database = pytest.importorskip("pybtex.database", reason="no independent BibTeX parser here")
    found = database.parse_string(to_bibtex(works), "bibtex").entries
    assert len(found) == len(works)
    (baker,) = found["baker-1990"].persons["author"]
    assert (baker.last_names, baker.lineage_names) == (["Baker"], ["III"])
    assert [str(name) for name in found["ling-shengli-wang-yanfei-2022"].persons["author"]] == [
        "{凌胜利}", "{王彦飞}",
    ]  # fmt: skip
    (house,) = found["national-security-strategy-2017"].persons["author"]
    assert str(house) == "{The White House}"


def test_braces_balance_in_every_entry(works: list[Work]) -> None:
    for entry in to_bibtex(works).split("\n\n"):
        assert entry.count("{") == entry.count("}") > 0


def test_csl_follows_its_schema(works: list[Work]) -> None:
    items = json.loads(to_csl(works))
    assert isinstance(items, list)
    for item in items:
        check_csl(item)


def check_csl(item: dict[str, Any]) -> None:
    """The essential rules of the CSL-JSON schema."""
    assert item["id"]
    assert item["type"] in CSL_TYPES
    assert set(item) <= CSL_TEXTS | {"author", "issued"}
    assert all(isinstance(item[field], str) and item[field] for field in CSL_TEXTS & set(item))
    for name in item.get("author", ()):
        assert set(name) <= {"family", "given", "suffix"} or set(name) == {"literal"}
        assert all(isinstance(part, str) and part for part in name.values())
    for parts in item.get("issued", {"date-parts": []})["date-parts"]:
        assert 1 <= len(parts) <= 3
        assert all(isinstance(part, int) for part in parts)


# As printed --------------------------------------------------------------------------------------


def test_two_printed_years_are_both_kept_and_none_is_chosen(works: list[Work]) -> None:
    work = one(works, "ling-shengli-wang-yanfei-2022")
    assert work.dates == ("2021", "2022")
    assert "issued" not in csl_item(work)
    assert "year" not in to_bibtex([work]).replace("Year", "").partition("note")[0]
    assert "date: 2021; 2022" in csl_item(work)["note"]
    assert "日期印有多个值：2021；2022" in csl_item(work, "zh")["note"]
    assert "(2021/2022)" in reference(work)


def test_a_recorded_doubt_stands_beside_the_printed_year(works: list[Work]) -> None:
    item = csl_item(one(works, "baker-1990"))
    assert item["issued"] == {"date-parts": [[1990]]}
    assert "1990 (footnotes); 1991 (body)" in item["note"]
    assert item["author"] == [{"family": "Baker", "given": "James A.", "suffix": "III"}]


def test_chinese_works_stay_chinese(works: list[Work]) -> None:
    item = csl_item(one(works, "sun-ru-2012"))
    assert item["title"] == "美国亚太同盟体系的网络化及前景"
    assert item["author"] == [{"literal": "孙茹"}]
    assert item["container-title"] == "国际问题研究"
    assert item["language"] == "zh"
    assert "langid = {chinese}" in to_bibtex([one(works, "sun-ru-2012")])


def test_an_unprinted_date_is_left_out(works: list[Work]) -> None:
    assert "issued" not in csl_item(one(works, "world-bank-gdp"))
    assert "year =" not in to_bibtex([one(works, "world-bank-gdp")])


def test_order_of_three_authors_is_not_claimed(works: list[Work]) -> None:
    item = csl_item(one(works, "jung-lee-lee-2021"))
    assert item["author"][0] == {"family": "Jung", "given": "Sung Chul"}
    assert "the order of the authors is not recorded" in item["note"]


# Broken input ------------------------------------------------------------------------------------


def cited(slug: str, statements: str) -> str:
    """Turtle of a work that is cited."""
    return (
        f'wrk:{slug} a lw:Work ; rdfs:label "named {slug}"@en , "名{slug}"@zh-Hans ;\n'
        f"    {statements} dct:source source:tiny .\n"
        f"cit:{slug} a lw:Citation ; lw:work wrk:{slug} ; dct:source source:tiny .\n"
    )


def literal(text: str) -> str:
    return str(ox.Literal(text))


@pytest.fixture(scope="module")
def broken() -> list[Work]:
    facts = (
        cited("untitled", "lw:workKind lwc:article ;")
        + cited("bare", "")
        + cited(
            "hostile",
            f"""dct:title {literal(HOSTILE)} ; lw:workKind lwc:article ;
            lw:author person:p , body:b ; lw:venue ven:v ;
            lw:webAddress {literal(ADDRESS)} ;""",
        )
        + cited("lines", f"dct:title {literal(chr(10).join(['two', 'lines']) + chr(7))} ;")
        + cited("vague", 'lw:printedDate "[1990..1992]"^^edtf:EDTF ; lw:volume "1" , "2" ;')
        + cited("unheard", "lw:workKind lwc:noSuchKind ;")
        + 'person:p a lw:Person ; lw:originalName "Salt, Pepper and Sons" .\n'
        + f"body:b a lw:Organisation ; rdfs:label {literal('A and B {')}@en .\n"
        + f"ven:v a lw:Venue ; rdfs:label {literal(HOSTILE)}@en .\n"
        + cited("same", "")
        + '<https://example.org/same> a lw:Work ; rdfs:label "other"@en .\n'
        + "cit:other a lw:Citation ; lw:work <https://example.org/same> .\n"
    )
    store = ox.Store()
    store.load((HEAD + facts).encode(), format=ox.RdfFormat.TURTLE)
    return cited_works(store)


def test_broken_works_come_out_whole(broken: list[Work]) -> None:
    assert [work.key for work in broken] == [
        "bare", "hostile", "lines", "same", "same-2", "unheard", "untitled", "vague",
    ]  # fmt: skip
    for item in json.loads(to_csl(broken)):
        check_csl(item)
    for entry in to_bibtex(broken).split("\n\n"):
        assert entry.count("{") == entry.count("}") > 0


def test_a_work_without_title_says_so(broken: list[Work]) -> None:
    item = csl_item(one(broken, "untitled"))
    assert "title" not in item
    assert item["note"] == "no title is printed; in the graph: named untitled"
    assert "名untitled" in csl_item(one(broken, "untitled"), "zh")["note"]


def test_hostile_characters_survive(broken: list[Work]) -> None:
    work = one(broken, "hostile")
    assert csl_item(work)["title"] == HOSTILE
    assert csl_item(work)["author"] == [
        {"literal": "A and B {"}, {"family": "Sons", "given": "Salt, Pepper and"},
    ]  # fmt: skip
    assert untexed(tex(HOSTILE)) == HOSTILE
    assert "url = {https://example.org/%7Ba%7D%20b%5Cc?q=1%20&x#y}" in to_bibtex([work])
    assert "title = {{two lines}}" in to_bibtex([one(broken, "lines")])


def test_hostile_characters_are_read_back_by_others(broken: list[Work]) -> None:
    entry = parsed(to_bibtex(broken))["hostile"]
    assert untexed(entry["title"]) == untexed(entry["journal"]) == HOSTILE
    database = pytest.importorskip("pybtex.database", reason="no independent BibTeX parser here")
    found = database.parse_string(to_bibtex(broken), "bibtex").entries
    assert len(found) == len(broken)
    assert len(found["hostile"].persons["author"]) == 2


def test_vague_and_double_values_go_into_the_note(broken: list[Work]) -> None:
    item = csl_item(one(broken, "vague"))
    assert not {"issued", "volume"} & set(item)
    assert "date as printed: [1990..1992]" in item["note"]
    assert "volume: 1; 2" in item["note"]
