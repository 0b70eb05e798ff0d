"""The command line: what it prints, how it fails, what it leaves behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest

from latticework import cli
from latticework.build import Built, build
from latticework.cli.asking import form_of

Ran = tuple[int, str, str]


@pytest.fixture
def run(
    built: Built, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Runs a command in this process on the graph that is built already."""

    def taken(extra: object, *, only: Sequence[str] = (), validate: bool = True) -> Built:
        return build(only=only, validate=False) if only else built

    def opened(extra: object, *, only: Sequence[str] = ()) -> ox.Store:
        return taken(extra, only=only).store

    for path, module in list(sys.modules.items()):
        for name, stand_in in (("built", taken), ("opened", opened)):
            if path.startswith("latticework.cli.") and hasattr(module, name):
                monkeypatch.setattr(module, name, stand_in)

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


def test_every_command_has_help_with_an_example(run: Callable[..., Ran]) -> None:
    for name in cli.cli.commands:
        code, out, _ = run(name, "--help")
        assert code == 0
        assert "Example:  latticework" in out, name


def test_ask_answers_in_tsv_on_a_pipe(run: Callable[..., Ran]) -> None:
    code, out, _ = run(
        "ask", "in-one-not-in-the-other", "--set", "first=Quad", "--set", "second=AUKUS"
    )
    assert code == 0
    assert out.splitlines()[0] == "state"
    assert [line.rpartition("/")[2] for line in out.splitlines()[1:]] == ["india", "japan"]


def test_names_may_be_given_in_chinese(run: Callable[..., Ran]) -> None:
    _, english, _ = run("show", "Japan")
    _, chinese, _ = run("show", "日本")
    assert english == chinese


def test_formats_agree(run: Callable[..., Ran]) -> None:
    asked = ("ask", "in-one-not-in-the-other")
    _, tsv, _ = run(*asked, "--format", "tsv")
    _, plain, _ = run(*asked, "--format", "json")
    _, sparql, _ = run(*asked, "--format", "sparql-json")
    states = tsv.splitlines()[1:]
    assert [row["state"] for row in json.loads(plain)] == states
    assert [b["state"]["value"] for b in json.loads(sparql)["results"]["bindings"]] == states


BAD = [
    (("ask", "no-such-question"), "there is no question 'no-such-question'"),
    (("ask", "members-at-date"), "did you mean members-at-a-date"),
    (("ask", "members-at-a-date", "--as-of", "1956-13-01"), "does not exist in the calendar"),
    (("ask", "members-at-a-date", "--source", "nobody"), "there is no source 'nobody'"),
    (("show", "Quad", "--source", "nobody"), "there is no source 'nobody'"),
    (("ask",), "'NAME' is missing"),
    (("ask", "x", "--nope"), "there is no option --nope"),
    (("ask", "x", "--format", "docx"), "takes one of: table, tsv"),
    (("ask", "x", "--as-of"), "--as-of needs a value"),
    (("ask", "in-one-not-in-the-other", "--set", "first=Qaud"), "did you mean quad"),
    (("ask", "in-one-not-in-the-other", "--set", "third=Quad"), "has no parameter 'third'"),
    (("ask", "in-one-not-in-the-other", "--set", "first"), "not of the form KEY=VALUE"),
    (("ask", "members-at-a-date", "--arrangement", "Japan"), "'Japan' is state:japan"),
    (("export", "--about", "AUKUS", "--format", "gexf"), "gexf takes no part"),
    (("export", "--construct", "/no/such.rq"), "there is no file"),
    (("query", "-f", "/no/such.rq"), "there is no file"),
    (("shw", "AUKUS"), "there is no command shw; did you mean show"),
    (("show", "Japan", "China"), "an argument too many: China"),
    (("chance", "2022-05-25", "--draws", "0"), "takes a whole number from 1 to"),
    (
        ("query", "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"),
        "SERVICE would ask another server",
    ),
    (("show", "Atlantis"), "nothing is named 'Atlantis'"),
    (("show", "state:atlantis"), "there is no state:atlantis"),
    (("query", "SELECT ?x WHER"), "does not parse"),
    (("query", ""), "the query is empty"),
    (("structure", "--explain", "2022-02-30"), "does not exist in the calendar"),
    (("structure", "--explain", "2022"), "is not one day"),
    (("structure", "--source", "nobody"), "there is no source 'nobody'"),
    (("overlap", "--as-of", "yesterday"), "is no date"),
    (("verify", "/no/such/file"), "no file"),
    (("export", "-o", "x.docx"), "not known from its suffix"),
    (("export", "--area", "cuisine"), "there is no subject area 'cuisine'"),
    (("list", "things", "--kind", "unicorn"), "there is no kind 'unicorn'"),
    (("diff", "/no/a.ttl", "/no/b.ttl"), "there is no /no/a.ttl"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_bad_input_gets_one_clear_sentence(
    run: Callable[..., Ran], arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = run(*arguments)
    assert code == 2
    assert out == ""
    assert words in err
    assert len(err.strip().splitlines()) == 1
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in BAD])
def test_bad_input_is_said_in_chinese_too(
    run: Callable[..., Ran], arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATTICEWORK_LANG", "zh")
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert re.search(r"[\u4e00-\u9fff]{2}", err), err


def test_an_unknown_language_in_the_environment_is_said_in_english(
    run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATTICEWORK_LANG", "fr")
    code, out, err = run("list", "kinds")
    assert (code, out) == (2, "")
    assert err.startswith("latticework: '--lang' takes one of: en, zh")


def test_without_a_command_the_help_is_shown_alone(run: Callable[..., Ran]) -> None:
    for group in ((), ("theory",)):
        _, out, err = run(*group)
        assert (out + err).startswith("Usage: latticework")
        assert "shows how" not in err


def test_from_narrows_a_query_to_its_graph(run: Callable[..., Ran]) -> None:
    count = "SELECT (COUNT(*) AS ?n) {clause} WHERE {{ ?s ?p ?o }}"
    sizes = [
        int(run("query", count.format(clause=clause))[1].splitlines()[1])
        for clause in ("", "FROM source:capitals")
    ]
    assert sizes[0] > sizes[1] > 0
    code, _, err = run("query", count.format(clause="FROM <https://example.org/none>"))
    assert code == 2
    assert "there is no graph <https://example.org/none>" in err
    _, out, _ = run("query", "SELECT ?from { ?from a lw:State } # from here")
    assert len(out.splitlines()) > 2


def test_ask_says_that_a_day_is_not_covered(run: Callable[..., Ran]) -> None:
    _, _, err = run("ask", "members-at-a-date", "--as-of", "1930-01-01")
    assert err == "1930-01-01: no source covers this day\n"
    assert run("ask", "members-at-a-date", "--as-of", "2022-05-25")[2] == ""


def test_many_measures_stand_below_one_another_in_a_table(run: Callable[..., Ran]) -> None:
    asked = ("structure", "--source", "paper", "--at", "2022-05-25", "--measures", "all")
    _, out, _ = run(*asked, "--format", "table", "--lang", "zh")
    lines = out.splitlines()
    assert lines[1].split() == ["日期", "指标", "值", "最低", "最高"]
    assert any(line.split()[:2] == ["中介", "0.722"] for line in lines)
    _, out, _ = run(*asked[:3], "--at", "1990-01-01", *asked[5:], "--format", "table")
    assert "not covered" in out


def test_the_language_of_an_error_is_the_one_asked_for(run: Callable[..., Ran]) -> None:
    _, _, err = run("show", "Atlantis", "--lang", "zh")
    assert err.startswith("latticework: 没有名为“Atlantis”的事物")
    _, _, err = run("show", "Atlantis")
    assert err.startswith("latticework: nothing is named 'Atlantis'")


def test_an_answer_from_one_source_leaves_the_facts_of_the_others_out(
    run: Callable[..., Ran],
) -> None:
    def members(*more: str) -> list[list[str]]:
        asked = ("ask", "members-at-a-date", "--arrangement", "SEATO", "--as-of")
        _, out, _ = run(*asked, "1954-10-01", *more)
        return [line.split("\t") for line in out.splitlines()[1:]]

    assert members(), "Correlates of War has SEATO begin in 1954"
    assert len(members("--source", "cow-alliances-4.1")) == 8
    paper = {status for _, status, *_ in members("--source", "paper")}
    assert "certain" not in paper


def test_a_parameter_takes_several_values(run: Callable[..., Ran]) -> None:
    given = [("--set", f"arrangement={name}") for name in ("Quad", "AUKUS")]
    _, out, _ = run("ask", "in-any-of-these", *(word for pair in given for word in pair))
    found = {tuple(line.rsplit("/", 1)[1].split("\t")) for line in out.splitlines()[1:]}
    assert found == {
        ("australia", "2"), ("india", "1"), ("japan", "1"),
        ("united-kingdom", "1"), ("united-states", "2"),
    }  # fmt: skip


def test_an_ask_is_told_by_its_exit_code_where_wanted(run: Callable[..., Ran]) -> None:
    assert run("query", "ASK { arr:quad a lw:State }") == (0, "false\n", "")
    assert run("query", "ASK { arr:quad a lw:State }", "--exit-code")[0] == 1
    assert run("query", "ASK { arr:quad a lw:Arrangement }", "--exit-code")[0] == 0
    _, out, _ = run("query", "ASK { arr:quad a lw:State }", "--format", "sparql-json")
    assert json.loads(out) == {"head": {}, "boolean": False}


@pytest.mark.parametrize(
    ("sparql", "form"),
    [
        ("PREFIX ask: <http://x/#ASK> SELECT ?ask { ?ask ask:b ?c }", "SELECT"),
        ("# SELECT comes later\nASK { }", "ASK"),
        ("describe arr:quad", "CONSTRUCT"),
        ("BASE <http://select/> CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
    ],
)
def test_the_form_of_a_query_is_read_from_its_first_word(sparql: str, form: str) -> None:
    assert form_of(sparql) == form


def test_structure_outside_coverage_is_empty_not_zero(run: Callable[..., Ran]) -> None:
    _, out, _ = run("structure", "--source", "paper")
    head, *rows = [line.split("\t") for line in out.splitlines()]
    gap = next(row for row in rows if row[0] == "1978-01-01")
    assert gap[head.index("covered")] == "False"
    assert set(gap[2:]) == {""}


def test_explain_opens_a_day_down_to_passages(run: Callable[..., Ran]) -> None:
    code, out, _ = run("structure", "--source", "paper", "--explain", "2022-05-25")
    assert code == 0
    assert "autonomous pairs: tied without the hub: 3 of 36 = 0.083" in out
    assert "section 6.1.1, sentence 9 (p. 121)" in out


def test_export_of_a_part_reads_back(run: Callable[..., Ran], tmp_path: Path) -> None:
    import rdflib

    code, _, _ = run("export", "-o", str(tmp_path / "aukus.ttl"), "--about", "AUKUS")
    assert code == 0
    graph = rdflib.Graph().parse(tmp_path / "aukus.ttl")
    assert (rdflib.URIRef("https://w3id.org/latticework/id/arrangement/aukus"), None, None) in graph


def test_diff_names_what_changed(run: Callable[..., Ran], tmp_path: Path) -> None:
    old, new = tmp_path / "old.ttl", tmp_path / "new.ttl"
    head = "@prefix s: <https://w3id.org/latticework/id/state/> ."
    old.write_text(f"{head} s:a s:p 1 . s:b s:p 1 .")
    new.write_text(f"{head} s:a s:p 2 . s:c s:p 1 .")
    code, out, _ = run("diff", str(old), str(new), "--exit-code")
    assert code == 1
    assert "changed: state:a" in out
    assert "removed: state:b" in out
    assert "added: state:c" in out


def process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "latticework.cli", *arguments],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, **environment},
    )  # fmt: skip


def test_a_closed_pipe_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m latticework.cli list things | head -1",
        shell=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""


def test_chinese_output_survives_a_plain_locale() -> None:
    done = process("list", "questions", "--lang", "zh", LC_ALL="C", PYTHONUTF8="0")
    assert done.returncode == 0, done.stderr
    assert "属于一个安排而不属于另一个" in done.stdout


def test_on_a_pipe_nothing_but_the_answer_is_printed() -> None:
    done = process("ask", "in-one-not-in-the-other")
    assert done.returncode == 0
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


def test_a_date_and_an_arrangement_can_be_asked_for(run: Callable[..., Ran]) -> None:
    code, out, err = run(
        "ask", "members-at-a-date", "--as-of", "1950-06-01", "--arrangement", "Five Eyes"
    )
    assert code == 0, err
    found = {line.split("\t")[0].rpartition("/")[2] for line in out.splitlines()[1:]}
    assert found == {"canada", "united-kingdom", "united-states"}


def test_list_finds_what_holds_the_words(run: Callable[..., Ran]) -> None:
    _, out, _ = run("list", "things", "五眼", "--kind", "arr", "--lang", "zh")
    assert [line.split("\t")[0] for line in out.splitlines()] == ["name", "arr:five-eyes"]
    _, out, _ = run("list", "questions", "OVERLAPPING")
    assert [line.split("\t")[0] for line in out.splitlines()[1:]] == [
        "overlap/overlapping-arrangements"
    ]
