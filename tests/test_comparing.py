"""The commands that measure and compare: what they print, in both languages, and how they fail."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from test_cli import Ran, run  # noqa: F401

Run = Callable[..., Ran]
PAPER = ("--source", "paper")


def rows(out: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(out), delimiter="\t"))


@pytest.fixture
def table(run: Run) -> Callable[..., list[dict[str, str]]]:  # noqa: F811
    """Runs a command that must succeed, and reads its TSV."""

    def call(*arguments: str) -> list[dict[str, str]]:
        code, out, err = run(*arguments, "--format", "tsv")
        assert code == 0, err
        return rows(out)

    return call


Table = Callable[..., list[dict[str, str]]]


# structure ---------------------------------------------------------------------------------------


def test_one_day_is_the_row_of_the_series_that_holds_on_it(table: Table) -> None:
    (one,) = table("structure", *PAPER, "--at", "1960-01-01")
    series = [row for row in table("structure", *PAPER) if row["date"] <= "1960-01-01"]
    assert {k: v for k, v in one.items() if k not in ("date", "worlds")} == {
        k: v for k, v in series[-1].items() if k not in ("date", "worlds")
    }


def test_a_stretch_has_its_first_day_and_every_change_point(table: Table) -> None:
    found = [
        r["date"] for r in table("structure", *PAPER, "--from", "2010-01-01", "--to", "2018-01-01")
    ]
    every = [r["date"] for r in table("structure", *PAPER, "--all")]
    assert found == ["2010-01-01", *(day for day in every if "2010-01-01" < day <= "2018-01-01")]


def test_formats_hold_the_same_values(run: Run, table: Table) -> None:  # noqa: F811
    asked = ("structure", *PAPER, "--at", "2022-05-25", "--measures", "all")
    (plain,) = table(*asked)
    _, out, _ = run(*asked, "--format", "json")
    (found,) = json.loads(out)
    assert {k: str(v) for k, v in found.items()} == plain
    _, out, _ = run(*asked, "--format", "csv")
    assert next(csv.DictReader(io.StringIO(out))) == plain


def test_measures_are_chosen_by_name_and_keep_n_k_and_coverage(table: Table) -> None:
    (one,) = table("structure", *PAPER, "--at", "2022-05-25", "--measures", "transitivity",
                   "--measures", "autonomous")  # fmt: skip
    assert list(one) == [
        "date", "covered", "n", "k", "autonomous", "autonomous_low", "autonomous_high", "worlds",
        "transitivity",
    ]  # fmt: skip
    (gap,) = table("structure", *PAPER, "--at", "1990-01-01", "--measures", "all")
    assert gap.pop("covered") == "False"
    assert gap.pop("date") == "1990-01-01"
    assert set(gap.values()) == {""}


def test_hub_and_layer_may_be_named_in_either_language(table: Table) -> None:
    asked = ("structure", *PAPER, "--at", "2022-05-25")
    english = table(*asked, "--hub", "Japan", "--layer", "security cooperation")
    assert english == table(*asked, "--hub", "日本", "--layer", "安全合作")
    assert english != table(*asked, "--layer", "安全合作")
    assert english != table(*asked, "--hub", "日本")


def test_a_layer_that_is_not_covered_has_no_values(table: Table) -> None:
    (one,) = table("structure", "--at", "2022-05-25", "--layer", "dialogue")
    assert (one["covered"], one["n"], one["mediated"]) == ("False", "", "")


def test_beyond_the_region_there_are_more_states(table: Table) -> None:
    asked = ("structure", *PAPER, "--at", "2022-05-25")
    (near,), (far,) = table(*asked), table(*asked, "--beyond-region")
    assert int(far["n"]) > int(near["n"])


@pytest.mark.parametrize("measure", ["autonomous", "mediated", "dependence"])
def test_rows_of_an_opened_number_count_what_it_counts(table: Table, measure: str) -> None:
    (one,) = table("structure", *PAPER, "--at", "2022-05-25")
    found = table("structure", *PAPER, "--explain", "2022-05-25", "--measure", measure)
    pairs = {(r["one"], r["other"]) for r in found if r["counted"] == "True"}
    k = int(one["k"])
    assert len(pairs) / (k * (k - 1) / 2) == pytest.approx(float(one[measure]), abs=1e-6)
    assert {r["n"] for r in found} == {one["n"]}


# change ------------------------------------------------------------------------------------------


def test_parts_of_a_change_add_up_as_printed(table: Table) -> None:
    found = table("change", "2007-01-01", "2022-05-25", *PAPER)
    before, after, change, *events = found
    assert [row["what"] for row in (before, after, change)] == ["before", "after", "change"]
    for measure in ("mediated", "convened", "autonomous", "dependence", "dependence_hub_only"):
        total = float(change[measure])
        assert total == pytest.approx(float(after[measure]) - float(before[measure]), abs=2e-6)
        assert sum(float(e[measure]) for e in events) == pytest.approx(total, abs=1e-5)
    assert all(e["memberships"].startswith("mem:") for e in events)


@pytest.mark.parametrize(
    ("days", "reason"),
    [
        (("1953-12-31", "2022-05-25"), "not comparable"),
        (("1953-12-31", "1990-01-01"), "not covered"),
    ],
)
def test_days_that_cannot_be_compared_have_events_and_no_parts(
    table: Table, days: tuple[str, str], reason: str
) -> None:
    _, _, change, *events = table("change", *days, *PAPER)
    assert change["what"] == reason
    assert events
    assert {row["mediated"] for row in (change, *events)} == {""}


def test_without_days_the_largest_changes_are_told(run: Run) -> None:  # noqa: F811
    for language, name in (("en", "SEATO"), ("zh", "东南亚条约组织")):
        code, out, _ = run("change", *PAPER, "--format", "text", "--lang", language)
        assert code == 0
        assert name in out


# what-if -----------------------------------------------------------------------------------------


def test_without_an_arrangement_values_stand_beside_those_as_they_are(table: Table) -> None:
    found = table("what-if", *PAPER, "--at", "1960-01-01", "--without", "SEATO")
    (as_is,) = table("structure", *PAPER, "--at", "1960-01-01")
    (without,) = [r for r in table("what-if", *PAPER, "--at", "1960-01-01")
                  if "SEATO" in r["without"]]  # fmt: skip
    for row in found:
        assert row["as_is"] == as_is[row["measure"]]
        assert row["supposed"] == without[row["measure"]]
        assert float(row["difference"]) == pytest.approx(
            float(row["supposed"]) - float(row["as_is"]), abs=2e-6
        )


def test_leaving_out_agrees_with_choosing_the_rest(table: Table) -> None:
    (alone,) = table("structure", *PAPER, "--at", "2022-05-25", "--layer", "treatyAlliance")
    without = table("what-if", *PAPER, "--without", "security cooperation")
    assert {row["measure"]: row["supposed"] for row in without} == {
        row["measure"]: alone[row["measure"]] for row in without
    }
    other = table("what-if", *PAPER, "--other-layer", "条约联盟")
    assert [row["supposed"] for row in other] == [row["supposed"] for row in without]


def test_another_hub_and_an_arrangement_added_or_ended(table: Table) -> None:
    (japan,) = table("structure", *PAPER, "--at", "2022-05-25", "--hub", "Japan")
    beside = table("what-if", *PAPER, "--other-hub", "日本")
    assert {r["measure"]: r["supposed"] for r in beside} == {
        r["measure"]: japan[r["measure"]] for r in beside
    }
    more = table("what-if", *PAPER, "--added", "Japan,South Korea=2020-01-01")
    assert float(more[4]["difference"]) == pytest.approx(1 / 36, abs=1e-6)  # autonomous
    fewer = table("what-if", *PAPER, "--ended", "“五眼联盟”=2022-01-01")
    left = table("what-if", *PAPER, "--without", "Five Eyes")
    assert [r["supposed"] for r in fewer] == [r["supposed"] for r in left]
    one = table("what-if", *PAPER, "--without", "Japan@Quad")
    assert one != left


# periods, chance, overlap ------------------------------------------------------------------------


def test_periods_have_every_layer_and_span(table: Table) -> None:
    found = table("periods", *PAPER)
    assert {row["layer"] for row in found} == {"treaty alliance", "security cooperation", "all"}
    assert {row["span"] for row in found} == {"certain", "possible"}
    (treaty,) = [r for r in found if r["layer"] == "treaty alliance" and r["span"] == "certain"
                 and r["period"].startswith("Biden") and r["measure"] == "mediated"]  # fmt: skip
    assert (treaty["value_from"], treaty["value_to"]) == ("1.0", "1.0")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_account_has_a_verdict_a_claimant_and_passages(table: Table, language: str) -> None:
    found = table("periods", *PAPER, "--account", "--lang", language)
    assert all(row["passages"].startswith("psg:") for row in found)
    assert all(row["claimant"] and row["gist"] for row in found)
    assert {bool(row["verdict"]) for row in found} == {True, False}


def test_chance_gives_the_same_for_the_same_seed(table: Table) -> None:
    asked = ("chance", "2022-05-25", *PAPER, "--draws", "20", "--seed", "3")
    found = table(*asked)
    assert found == table(*asked)
    (one,) = table("structure", *PAPER, "--at", "2022-05-25")
    assert {r["observed"] for r in found if r["measure"] == "mediated"} == {one["mediated"]}
    (gap,) = table("chance", "1990-01-01", *PAPER)
    assert (gap["covered"], gap["observed"]) == ("False", "")


def test_overlap_as_matrix_and_by_combination(table: Table) -> None:
    square = table("overlap", *PAPER, "--matrix")
    names = [row["arrangement"] for row in square]
    assert list(square[0]) == ["arrangement", *names]
    combined = table("overlap", *PAPER, "--upset")
    (structure,) = table("structure", *PAPER, "--at", "2022-05-25")
    assert sum(int(row["states"]) for row in combined) == int(structure["n"])
    besides = table("overlap", *PAPER, "--upset", "--hub", "美国")
    assert not [row for row in besides if "United States" in row["in_just_these"].split(", ")]


def test_overlap_outside_coverage_says_so(run: Run) -> None:  # noqa: F811
    for language, words in (("en", "do not cover every layer"), ("zh", "未覆盖全部层次")):
        code, _, err = run("overlap", *PAPER, "--as-of", "1990-01-01", "--lang", language)
        assert code == 0
        assert words in err


# Languages and bad input -------------------------------------------------------------------------

SHOWN = [
    ("structure", "--at", "2022-05-25", "--format", "table"),
    ("structure", "--explain", "2022-05-25", "--measure", "dependence"),
    ("change", "2007-01-01", "2022-05-25", "--format", "table"),
    ("change", "1953-12-31", "2022-05-25", "--format", "text"),
    ("what-if", "--format", "table"),
    ("what-if", "--without", "SEATO", "--at", "1990-01-01", "--format", "table"),
    ("periods", "--format", "table"),
    ("periods", "--account", "--format", "text"),
    ("chance", "2022-05-25", "--draws", "5", "--format", "text"),
    ("overlap", "--upset", "--format", "table"),
]


@pytest.mark.parametrize("asked", SHOWN, ids=lambda asked: " ".join(asked[:2]))
def test_every_answer_for_people_is_in_their_language(
    run: Run,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    asked: tuple[str, ...],
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for language in ("en", "zh"):
        code, out, err = run(*asked, *PAPER, "--lang", language)
        assert code == 0, err
        han = sum("\u4e00" <= c <= "\u9fff" for c in out)
        assert han > 20 if language == "zh" else han == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("structure", "--hub", "Jpan"), "did you mean japan"),
        (("structure", "--hub", "Israel", *PAPER), "is in no arrangement of the chosen layers"),
        (("structure", "--layer", "treatyaliance"), "did you mean treatyAlliance"),
        (("structure", "--layer", "cuisine"), "'cuisine' is no layer; there are: dialogue"),
        (("structure", "--measures", "fame"), "there is no measure 'fame'"),
        (("structure", "--from", "2022-01-01", "--to", "2020-01-01"), "put the earlier date first"),
        (("structure", "--from", "2022-01-01"), "give both --from and --to"),
        (("structure", "--at", "2022-01-01", "--to", "2022-02-01"), "not both"),
        (("structure", "--at", "2022"), "is not one day"),
        (("structure", "--measure", "mediated"), "belongs to --explain"),
        (("structure", "--explain", "2022-05-25", "--measure", "fame"), "no measure 'fame'"),
        (("change", "2022-01-01", "2020-01-01"), "put the earlier date first"),
        (("change", "2022-01-01", "2022-01-01"), "put the earlier date first"),
        (("change", "2022-01-01"), "give two days"),
        (("what-if", "--without", "Qaud"), "did you mean quad"),
        (("what-if", "--without", "Israel", *PAPER), "not in the chosen layers and sources"),
        (("what-if", "--ended", "AUKUS"), "not of the form NAME=DATE"),
        (("what-if", "--added", "Japan=2020-01-01"), "name at least two"),
        (("what-if", "--other-hub", "Atlantis"), "nothing is named 'Atlantis'"),
        (("periods", "--format", "text"), "add --account"),
        (("chance", "someday"), "is no date"),
        (("overlap", "--matrix", "--upset"), "not both"),
    ],
)
def test_bad_input_gets_one_clear_sentence(
    run: Run,  # noqa: F811
    arguments: tuple[str, ...],
    words: str,
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1
