"""Chance or structure: the null model keeps what it says, and its p-values are valid."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations, product

import numpy as np
import pytest

from latticework import null_model
from latticework.chance import JUDGED, ROUNDING, SENTENCES, Judged, chance, judge, said, values
from latticework.companions import COMPANIONS
from latticework.coverage import read_coverage
from latticework.errors import InputError
from latticework.index import FIRST_DAY, LAST_DAY, Incidence, incidence
from latticework.measures import WORDS
from latticework.null_model import ROUNDS, forced, random_webs
from latticework.structure import MEASURES, UNITED_STATES, world
from latticework.vocabulary import PREFIXES

PAPER = {PREFIXES["source"] + "paper"}


def matrix(states: int, arrangements: list[set[int]]) -> np.ndarray:
    found = np.zeros((states, len(arrangements)), dtype=bool)
    for column, members in enumerate(arrangements):
        found[list(members), column] = True
    return found


def all_webs(like: np.ndarray) -> list[np.ndarray]:
    """Every web with the row and column sums of one."""
    states = range(len(like))
    choices = [list(combinations(states, int(size))) for size in like.sum(axis=0)]
    webs = (matrix(len(like), [set(members) for members in chosen]) for chosen in product(*choices))
    return [web for web in webs if (web.sum(axis=1) == like.sum(axis=1)).all()]


SMALL = matrix(5, [{0, 1}, {0, 2, 3}, {0, 4}, {1, 2}])


def paper_web(built, on: date) -> tuple[np.ndarray, int]:
    data = incidence(built.store, sources=PAPER)
    web = world(data, data.certain(on.toordinal()))
    return web[:, web.sum(axis=0) >= 2], data.states.index(UNITED_STATES)


# The null model -----------------------------------------------------------------------------------


def test_random_webs_keep_sizes_and_participation_and_follow_the_seed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    web = rng.random((9, 13)) < 0.3
    webs = list(random_webs(web, 50, np.random.default_rng(7)))
    assert len(webs) == 50
    for one in webs:
        assert one.dtype == bool
        assert (one.sum(axis=0) == web.sum(axis=0)).all()
        assert (one.sum(axis=1) == web.sum(axis=1)).all()
    assert len({one.tobytes() for one in webs}) > 40
    again = list(random_webs(web, 50, np.random.default_rng(7)))
    assert all((one == other).all() for one, other in zip(webs, again, strict=True))
    monkeypatch.setattr(null_model, "MOST_CELLS", 3 * web.size)
    assert len(list(random_webs(web, 50, np.random.default_rng(7)))) == 50


def test_all_webs_of_the_same_sums_are_equally_frequent() -> None:
    possible = all_webs(SMALL)
    drawn = Counter(w.tobytes() for w in random_webs(SMALL, 12_000, np.random.default_rng(1)))
    assert set(drawn) == {web.tobytes() for web in possible}
    mean = 12_000 / len(possible)
    squares = sum((count - mean) ** 2 / mean for count in drawn.values())
    freedom = len(possible) - 1
    assert abs(squares - freedom) < 4 * (2 * freedom) ** 0.5


def test_forced_means_that_no_other_web_has_the_same_sums() -> None:
    rng = np.random.default_rng(5)
    found = []
    for _ in range(150):
        web = rng.random((4, int(rng.integers(1, 5)))) < rng.uniform(0.2, 0.9)
        found.append(forced(web))
        assert found[-1] == (len(all_webs(web)) == 1)
    assert 10 < sum(found) < 140


def test_rounds_enough_for_the_papers_web_to_forget_where_it_began(built) -> None:
    web, hub = paper_web(built, date(2022, 5, 25))
    means = {}
    for rounds in (ROUNDS, 5 * ROUNDS):
        drawn = [
            values(one, hub) for one in random_webs(web, 400, np.random.default_rng(2), rounds)
        ]
        table = np.array(drawn, dtype=float)
        means[rounds] = (table.mean(axis=0), table.std(axis=0) / 20)
    (few, error), (many, _) = means.values()
    assert (np.abs(few - many) <= 4 * 2**0.5 * error + ROUNDING).all()


# p-values -----------------------------------------------------------------------------------------


def test_p_values_are_the_shares_of_all_webs_that_are_as_extreme() -> None:
    table = np.array([values(web, 0) for web in all_webs(SMALL)], dtype=float)
    own = np.array(values(SMALL, 0), dtype=float)
    for i, one in enumerate(judge(SMALL, 0, 4000, seed=4)):
        for p, extreme in (
            (one.p_high, table >= own - ROUNDING),
            (one.p_low, table <= own + ROUNDING),
        ):
            unknown = np.isnan(table[:, i])
            assert p == pytest.approx((extreme[:, i] | unknown).mean(), abs=0.035), one.measure


@pytest.mark.parametrize("rounds", [1, 10])
def test_p_values_are_valid_under_the_null_after_few_rounds_too(rounds: int) -> None:
    """P(p <= a) <= a for webs that are drawn fairly from all, whatever the rounds."""
    possible, rng, runs = all_webs(SMALL), np.random.default_rng(rounds), 500
    found: dict[tuple[str, str], list[float]] = {}
    for seed in range(runs):
        web = possible[rng.integers(len(possible))]
        for one in judge(web, 0, 19, seed, rounds):
            for side in ("p_high", "p_low", "p_two"):
                if getattr(one, side) is not None:
                    found.setdefault((one.measure, side), []).append(getattr(one, side))
    least = 1.0
    for key, ps in found.items():
        for a in (0.05, 0.1, 0.2, 0.5):
            slack = 4 * (a * (1 - a) / runs) ** 0.5
            assert np.mean(np.array(ps) <= a + ROUNDING) * len(ps) / runs <= a + slack, (key, a)
        least = min(least, *ps)
    assert least <= 0.1  # small ones do occur


def test_the_observed_web_is_one_more_draw_after_few_rounds_too() -> None:
    """It is as close to a draw as two draws are to each other; that makes its rank fair."""
    possible, rng, runs = all_webs(SMALL), np.random.default_rng(0), 4000
    near_observed, near_each_other = 0, 0
    for _ in range(runs):
        web = possible[rng.integers(len(possible))]
        one, other = random_webs(web, 2, rng, rounds=1)
        near_observed += (one == web).all()
        near_each_other += (one == other).all()
    assert near_observed > 100
    assert abs(near_observed - near_each_other) < 4 * (near_observed + near_each_other) ** 0.5


def test_no_p_value_is_below_one_in_the_number_of_draws_and_one() -> None:
    star = matrix(9, [{0, i} for i in range(1, 9)] + [{1, 2}, {3, 4}, {5, 6}, {7, 8}, {1, 2, 3, 4}])
    for one in judge(star, 0, 99, seed=0):
        assert one.p_two is None or 1 / 100 <= one.p_two <= 1
        if one.p_high is not None and one.p_low is not None:
            assert one.p_high + one.p_low >= 1


def test_draws_in_which_a_measure_is_not_defined_count_as_extreme() -> None:
    web = matrix(5, [{0, 1}, {0, 2}, {1, 2}, {3, 4}])  # a draw may tie the hub to one state twice
    one = judge(web, 0, 500, seed=0)[0]
    assert one.undefined > 0
    assert one.p_high is not None
    assert one.p_low is not None
    assert min(one.p_high, one.p_low) >= (1 + one.undefined) / 501


# Where there is nothing to compare ----------------------------------------------------------------


def only(one: Judged) -> tuple[float | None, ...]:
    return one.p_high, one.p_low, one.p_two


def test_one_pact_is_forced_and_a_star_has_the_same_measures_in_every_draw() -> None:
    pact, star = matrix(5, [{0, 1, 2, 3, 4}]), matrix(5, [{0, i} for i in range(1, 5)])
    assert forced(pact)
    assert not forced(star)  # the partners may change places, which no measure sees
    for web, count in ((pact, 0), (star, 200)):
        for one in judge(web, 0, count, seed=0):
            assert only(one) == ((None,) * 3 if one.observed is None else (1, 1, 1))
            assert one.fixed == (one.observed is not None)


def lasting(web: np.ndarray) -> Incidence:
    """A web as memberships that hold on every day, the hub in the first row."""
    member, arrangement = np.nonzero(web)
    first, last = (np.full(len(member), day) for day in (FIRST_DAY, LAST_DAY))
    return Incidence(
        (UNITED_STATES, *(f"state-{i}" for i in range(1, len(web)))),
        tuple(f"arrangement-{i}" for i in range(web.shape[1])),
        ("",) * len(member), ("",) * len(member), ("",) * web.shape[1], frozenset(),
        member, arrangement, first, first, last, last,
    )  # fmt: skip


@pytest.mark.parametrize("arrangements", [[{0, 1, 2, 3}], [{0, 1, 2, 3}, {0, 1}, {0, 1, 2}, {3}]])
def test_a_forced_web_says_so_instead_of_giving_numbers(arrangements: list[set[int]]) -> None:
    found = chance(lasting(matrix(4, arrangements)), date(2000, 1, 1), draws=50)
    assert found.forced
    assert "no other web" in next(iter(said(found, "en")))
    for one in found.measures:
        assert only(one) == ((None,) * 3 if one.observed is None else (1, 1, 1))
    free = chance(lasting(SMALL), date(2000, 1, 1), draws=50)
    assert not free.forced
    assert "50 random webs" in next(iter(said(free, "en")))


def test_outside_coverage_nothing_is_compared(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    for found in (
        chance(data, date(1990, 1, 1), coverage=coverage),
        chance(data, date(2022, 5, 25), hub="nobody"),
    ):
        assert not found.covered
        assert found.measures == ()
        assert len(list(said(found, "zh"))) == 1


def test_too_few_draws_are_refused(built) -> None:
    with pytest.raises(InputError, match="0 draws are too few"):
        chance(incidence(built.store, sources=PAPER), date(2022, 5, 25), draws=0)


# What the measures page says of the paper's own web ----------------------------------------------


def test_the_measures_page_says_what_was_compared(built) -> None:
    data = incidence(built.store, sources=PAPER)
    for day in (date(1953, 12, 31), date(1977, 7, 1)):
        assert all(one.fixed for one in chance(data, day, draws=300).measures)
    for day in (date(1956, 12, 31), date(2022, 5, 25)):
        found = chance(data, day).measures
        assert not all(one.fixed for one in found)
        assert min(one.p_two for one in found if one.p_two is not None) > 0.05
    by_name = {one.measure: one for one in found}
    for measure in ("mediated", "degree_centralization", "betweenness_centralization"):
        one = by_name[measure]
        assert one.observed is not None
        assert one.median is not None
        assert one.p_high is not None
        assert one.observed > one.median
        assert one.p_high < 0.05


# Words --------------------------------------------------------------------------------------------


def test_the_comparison_is_said_in_both_languages(built) -> None:
    data, coverage = incidence(built.store, sources=PAPER), read_coverage(built.store, PAPER)
    found = chance(data, date(2022, 5, 25), draws=99, seed=1, coverage=coverage)
    assert [one.measure for one in found.measures] == list(JUDGED)
    assert found == chance(data, date(2022, 5, 25), draws=99, seed=1, coverage=coverage)
    for language in SENTENCES:
        lines = list(said(found, language))
        assert len(lines) == 1 + len(JUDGED) + 2
        for one, line in zip(found.measures, lines[1:], strict=False):
            assert WORDS[one.measure][language].name in line
            assert f"{one.observed:.3f}" in line
    assert SENTENCES["en"].keys() == SENTENCES["zh"].keys()


def test_every_measure_has_words_in_both_languages() -> None:
    assert list(WORDS) == [*MEASURES, *COMPANIONS]
    for both in WORDS.values():
        assert both.keys() == {"en", "zh"}
        assert both["en"].plain.endswith(".")
        assert both["zh"].plain.endswith("。")
    for language in ("en", "zh"):
        assert len({both[language].name for both in WORDS.values()}) == len(WORDS)
