"""The Python face: questions, SPARQL, tables, a store on disk, the rdflib and networkx views."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from latticework.build import Built
from latticework.errors import InputError, OutputError, QueryProblem, UnknownName
from latticework.graph import KnowledgeGraph, open_graph
from latticework.names import resolve
from latticework.results import MOST_SHOWN, Table
from latticework.vocabulary import PREFIXES


@pytest.fixture(scope="module")
def graph(built: Built) -> KnowledgeGraph:
    return KnowledgeGraph(built.store)


def test_a_question_takes_names_dates_and_lists(graph: KnowledgeGraph) -> None:
    one = graph.ask("in-any-of-these", arrangement="四边机制", asOf="2022-05-25")
    both = graph.ask("in-any-of-these", arrangement=["Quad", "AUKUS"])
    assert (len(one), len(both)) == (4, 5)
    assert {row["arrangements"] for row in both} == {1, 2}


def test_a_name_that_is_no_parameter_is_said_before_its_value_is_looked_up(
    graph: KnowledgeGraph,
) -> None:
    with pytest.raises(InputError, match="has no parameter 'nation'; it has: arrangement, asOf"):
        graph.ask("members-at-a-date", nation="Atlantis")


def test_the_short_forms_of_a_name_are_known(graph: KnowledgeGraph) -> None:
    for name in (
        "Quad",
        "四边机制",
        "“四边机制”",
        "四方安全对话",
        "quadrilateral security dialogue",
    ):
        assert resolve(graph.store, name) == PREFIXES["arr"] + "quad", name


def test_the_wrong_kind_of_query_is_said(graph: KnowledgeGraph) -> None:
    for call, sparql in (
        (graph.query, "ASK {}"), (graph.test, "SELECT * {}"), (graph.construct, "ASK {}"),
    ):  # fmt: skip
        with pytest.raises(QueryProblem, match="this is no "):
            call(sparql)


def test_a_store_on_disk_answers_as_the_one_in_memory(
    graph: KnowledgeGraph, tmp_path: Path
) -> None:
    place = tmp_path / "deep" / "store"
    new = open_graph(store=place)
    asked = [new.ask("memberships-of-a-state", state="Japan").terms]
    del new
    again = open_graph(store=place)
    asked.append(again.ask("memberships-of-a-state", state="日本").terms)
    expected = graph.ask("memberships-of-a-state", state="Japan").terms
    assert asked == [expected, expected]
    assert again.web("2022-05-25").number_of_edges() == graph.web("2022-05-25").number_of_edges()
    assert [child.name for child in place.parent.iterdir()] == ["store"], "nothing is left aside"


def test_a_folder_with_something_else_is_not_taken_for_a_store(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds no data set of Oxigraph"):
        open_graph(store=tmp_path)
    assert [child.name for child in tmp_path.iterdir()] == ["notes.txt"]


def test_a_store_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(OutputError, match="cannot be written"):
        open_graph(store=tmp_path / "file" / "store")
    assert [child.name for child in tmp_path.iterdir()] == ["file"]


def test_only_the_facts_of_the_chosen_sources_are_there() -> None:
    paper = open_graph(sources=["paper"])
    facts = paper.query(
        "SELECT DISTINCT ?source WHERE { ?fact a lw:Membership ; dct:source ?source }"
    )
    assert facts.column("source") == [PREFIXES["source"] + "paper"]
    with pytest.raises(UnknownName, match="there is no source 'wikipedia'"):
        open_graph(sources=["wikipedia"])


def test_a_table_becomes_a_data_frame(graph: KnowledgeGraph) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    answer = graph.ask("states-by-number-of-arrangements")
    frame = answer.to_dataframe()
    assert list(frame.columns) == list(answer.columns)
    assert frame.to_dict("records") == list(answer)


def test_a_notebook_shows_a_table_escaped_and_capped() -> None:
    nasty = ox.Literal("<script>alert(1)</script>")
    shown = Table(("<b>",), ((nasty,),) * (MOST_SHOWN + 3))._repr_html_()
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert shown.count("<tr>") == MOST_SHOWN + 1
    assert "3 more rows" in shown


def test_the_rdflib_face_answers_through_oxigraph(graph: KnowledgeGraph) -> None:
    found = graph.dataset.query(f"SELECT ?s WHERE {{ ?s a <{PREFIXES['lw']}State> }}")
    assert len(list(found)) == len(graph.query("SELECT ?s WHERE { ?s a lw:State }"))
