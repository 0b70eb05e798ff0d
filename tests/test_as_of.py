"""Answers from the arrays have the rows of the named questions, on random worlds."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest

from conftest import HEAD, membership
from latticework import as_of
from latticework.build import build
from latticework.catalogue import question
from latticework.index import DEFAULT_LAYERS, Incidence, incidence
from latticework.overlap import overlaps
from latticework.store import select
from latticework.vocabulary import LWC, XSD
from latticework.web import alliance_web

TESTS = Path(__file__).parent
LAYERS = {
    LWC + name
    for name in ("treatyAlliance", "securityCooperation", "dialogue", "economicInitiative")
}
SURE = {True: "certain", False: "possible"}


class World:
    """A made-up world, what the arrays hold of it, and some days and names to ask about."""

    def __init__(self, folder: Path, seed: int) -> None:
        spec = importlib.util.spec_from_file_location("world", TESTS.parent / "scripts/world.py")
        assert spec
        assert spec.loader
        made = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(made)
        made.STATES = 14  # few, so that they meet often
        made.write_world(folder, 5_000, seed)
        (folder / "again.ttl").write_text(HEAD + "".join(spells(Random(seed))), "utf-8")
        self.store = build([folder], graph=TESTS / "world", validate=False).store
        self.all = incidence(self.store, layers=LAYERS, beyond_region=True)
        self.web = incidence(self.store)
        random = Random(seed)
        self.days = [*random.sample(self.all.change_points(), 6), date(1930, 1, 1)]
        self.states = random.sample(self.all.states, 5)
        self.arrangements = random.sample(self.all.arrangements, 6)

    def rows(self, name: str, *columns: str, **asked: str | date) -> Counter[tuple[str, ...]]:
        """What the question answers, through SPARQL."""
        text = question(name).bind({key: [term(value)] for key, value in asked.items()})
        return Counter(
            tuple(str(getattr(row[column], "value", "")) for column in columns)
            for row in select(self.store, text)
        )


def spells(random: Random) -> Iterator[str]:
    """Further spells of memberships, some of them of another member: the same seat twice."""
    for i in range(60):
        begin = random.choice(("1950", "1960-03", "1971-05-06"))
        end = random.choice(("1980", "1990-07", "2001-02-03"))
        yield membership(
            f"made-up-{random.randint(1, 14)}", begin, end, name=f"again-{i}", source="made-up",
            arrangement=f"made-up-{random.randint(1, 12)}",
        )  # fmt: skip


def term(value: str | date) -> ox.NamedNode | ox.Literal:
    if isinstance(value, date):
        return ox.Literal(value.isoformat(), datatype=ox.NamedNode(XSD + "date"))
    return ox.NamedNode(value)


def same(found: Iterable[tuple[object, ...]], expected: Counter[tuple[str, ...]]) -> bool:
    return Counter(tuple(map(str, row)) for row in found) == expected


@pytest.fixture(scope="module", params=[1, 2, 3])
def made(request, tmp_path_factory) -> World:
    return World(tmp_path_factory.mktemp("world"), request.param)


def test_the_worlds_leave_dates_open_and_hold_what_is_asked_about(made: World) -> None:
    some = [day.toordinal() for day in made.days[:-1]]
    assert any((made.all.possible(day) & ~made.all.certain(day)).any() for day in some)
    assert len(made.web.arrangements) < len(made.all.arrangements)
    assert set(made.web.layers) <= DEFAULT_LAYERS


def test_members_of_an_arrangement_and_memberships_of_a_state(made: World) -> None:
    data = made.all
    for on in made.days:
        for one in made.arrangements:
            found, sure = as_of.members(data, one, on)
            rows = [
                (data.states[data.member[i]], SURE[bool(yes)], data.sources[i])
                for i, yes in zip(found, sure, strict=True)
            ]
            asked = made.rows("membership/members-at-a-date", "state", "certainty", "source",
                              arrangement=one, asOf=on)  # fmt: skip
            assert same(rows, asked)
        for one in made.states:
            found, sure = as_of.memberships_of(data, one, on)
            rows = [
                (data.arrangements[a], data.layers[a], SURE[bool(yes)])
                for a, yes in zip(data.arrangement[found], sure, strict=True)
            ]
            asked = made.rows("membership/memberships-of-a-state-at-a-date", "arrangement", "layer",
                              "certainty", state=one, asOf=on)  # fmt: skip
            assert same(rows, asked)


def test_arrangements_in_being(made: World) -> None:
    for on in made.days:
        found = as_of.sizes(made.all, on)
        rows = [
            (made.all.arrangements[a], made.all.layers[a], certain, at_most)
            for a, certain, at_most in zip(
                found.arrangement, found.certain, found.at_most, strict=True
            )
        ]
        asked = made.rows("membership/arrangements-at-a-date", "arrangement", "layer", "certain",
                          "atMost", asOf=on)  # fmt: skip
        assert same(rows, asked)


def test_what_two_states_share(made: World) -> None:
    data = made.all
    for on in made.days:
        for one, other in zip(made.states, made.states[1:], strict=False):
            found, sure = as_of.shared_by(data, one, other, on)
            rows = [
                (data.arrangements[a], data.layers[a], SURE[bool(yes)])
                for a, yes in zip(found, sure, strict=True)
            ]
            asked = made.rows("overlap/shared-by-two-states", "arrangement", "layer", "certainty",
                              one=one, other=other, asOf=on)  # fmt: skip
            assert same(rows, asked)


def test_who_is_in_all_of_some_arrangements_and_who_in_any(made: World) -> None:
    data = made.all
    for on in made.days:
        for i, one in enumerate(made.arrangements):
            three = [one, made.arrangements[i - 1], made.arrangements[i - 2 if i % 2 else i - 1]]
            found, sure = as_of.in_all(data, three, on)
            rows = [(data.states[s], SURE[bool(y)]) for s, y in zip(found, sure, strict=True)]
            names = dict(zip(("first", "second", "third"), three, strict=True))
            asked = made.rows("overlap/in-all-of-these", "state", "certainty", **names, asOf=on)
            assert same(rows, asked)
            state, count = as_of.in_any(data, [one], on)
            some = [(data.states[s], c) for s, c in zip(state, count, strict=True)]
            asked = made.rows("overlap/in-any-of-these", "state", "arrangements",
                              arrangement=one, asOf=on)  # fmt: skip
            assert same(some, asked)


def test_several_arrangements_are_counted_each_once(made: World) -> None:
    data, on = made.all, made.days[0]
    state, count = as_of.in_any(data, [*made.arrangements, made.arrangements[0]], on)
    held: Counter[str] = Counter()
    for one in made.arrangements:
        found, sure = as_of.members(data, one, on)
        held.update({data.states[s] for s in data.member[found[sure]]})
    assert {data.states[s]: int(c) for s, c in zip(state, count, strict=True)} == held


def test_the_web_and_who_shares_how_much(made: World) -> None:
    for on in made.days:
        asked = made.rows("overlap/states-sharing-arrangements", "one", "other", "certain",
                          "atMost", asOf=on)  # fmt: skip
        found = as_of.sharing(made.web, on)
        rows = zip(found.one, found.other, found.certain, found.at_most, strict=True)
        states = made.web.states
        assert same([(states[a], states[b], c, m) for a, b, c, m in rows], asked)
        drawn: dict[tuple[str, str], list[str]] = {}
        for a, b, status in alliance_web(made.web, on).edges(data="status"):
            drawn.setdefault((min(a, b), max(a, b)), []).append(status)
        assert same(
            [(*pair, ties.count("certain"), len(ties)) for pair, ties in drawn.items()], asked
        )


def test_states_by_number_of_arrangements(made: World) -> None:
    for on in made.days:
        found = as_of.participation(made.web, on)
        rows = zip(found.state, found.arrangements, found.partners, strict=True)
        asked = made.rows("overlap/states-by-number-of-arrangements", "state", "arrangements",
                          "partners", asOf=on)  # fmt: skip
        assert same([(made.web.states[s], a, p) for s, a, p in rows], asked)


def overlap_rows(data: Incidence, on: date) -> dict[tuple[str, str], tuple[int, int, bool]]:
    found = as_of.overlapping(data, on)
    return {
        (data.arrangements[a], data.arrangements[b]): (int(shared), int(either), bool(nested))
        for a, b, shared, either, nested in zip(
            found.one, found.other, found.shared, found.either, found.nested, strict=True
        )
    }


def test_overlapping_arrangements(made: World) -> None:
    for on in made.days:
        rows = overlap_rows(made.web, on)
        asked = made.rows("overlap/overlapping-arrangements", "one", "other", "shared", "either",
                          "nested", asOf=on)  # fmt: skip
        assert same([(*k, s, e, str(n).lower()) for k, (s, e, n) in rows.items()], asked)
        values = as_of.overlapping(made.web, on).jaccard.tolist()
        assert values == [shared / either for shared, either, _ in rows.values()]
        for one in overlaps(made.web, on):  # it leaves out arrangements of which one is named
            shared, either, nested = rows[one.one, one.other]
            assert (len(one.shared), one.jaccard, one.nested) == (shared, shared / either, nested)
