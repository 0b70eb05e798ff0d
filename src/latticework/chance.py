"""Chance or structure: do the measures of a web say more than sizes and participation explain.

The web at a date is compared with random ones in which every arrangement has as many members and
every state belongs to as many arrangements (:mod:`latticework.null_model`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

import numpy as np

from latticework.companions import of_graph
from latticework.coverage import Coverage, covered
from latticework.errors import InputError
from latticework.index import Incidence, Mask
from latticework.measures import words
from latticework.null_model import ROUNDS, forced, random_webs
from latticework.structure import MEASURES, UNITED_STATES, shares, world
from latticework.ties import projection

JUDGED = (
    *MEASURES,
    "degree_centralization",
    "betweenness_centralization",
    "spoke_density",
    "constraint",
    "core_periphery",
    "transitivity",
    "efficiency_loss",
)
"""The measures that are compared. Left out are the hub's share of tie weight and the multilateral
share, which sizes and participation fix, and clustering and effective size, which say the same as
the mediated share."""

ROUNDING = 1e-9
"""Values this close are the same."""

RARE = 0.05
"""Two-sided p-values up to this are called rare in words."""


@dataclass(frozen=True)
class Judged:
    """One measure among the random webs; ``None`` where it is not defined.

    The p-values count the observed web as one of the draws: (1 + draws at least so extreme) /
    (1 + draws). Draws in which the measure is not defined count as extreme on both sides, which
    can only make a p-value larger. So the chance of a p-value of a or less is at most a, if the web
    were one of the random ones, for any number of draws.
    """

    measure: str
    observed: float | None
    mean: float | None
    """Of the draws in which it is defined; so are the quantiles."""
    low: float | None
    """The 2.5 % quantile."""
    median: float | None
    high: float | None
    """The 97.5 % quantile."""
    p_high: float | None
    """How often a value at least as high comes up."""
    p_low: float | None
    """How often a value at least as low comes up."""
    p_two: float | None
    """Both sides: twice the smaller of the two, at most 1."""
    fixed: bool
    """Every draw has the observed value; p is then 1 and says nothing."""
    undefined: int
    """Draws in which the measure is not defined."""


@dataclass(frozen=True)
class Chance:
    """The certain web of a day among random webs with the same sizes and participation."""

    date: date
    covered: bool
    """False outside the coverage of the sources, or where they do not know the hub: no values."""
    n: int
    k: int
    arrangements: int
    """Arrangements of two or more members: what is redrawn."""
    draws: int
    seed: int
    rounds: int
    forced: bool
    """No other web has the same sizes and participation: nothing was drawn, every p is 1."""
    measures: tuple[Judged, ...]
    """In the order of :data:`JUDGED`."""


def chance(
    data: Incidence,
    on: date,
    hub: str = UNITED_STATES,
    *,
    draws: int = 2000,
    seed: int = 0,
    coverage: Sequence[Coverage] | None = None,
) -> Chance:
    """Compare the certain web of a day with random ones.

    Args:
        data: the dated incidence.
        on: the day.
        hub: IRI of the hub; it is the same state in every draw.
        draws: how many random webs, at least 1; with 2,000 the smallest p-value is 1 in 2,001.
        seed: the same seed gives the same draws.
        coverage: what the sources cover; where given, a day outside has no values.

    """
    if draws < 1:
        raise InputError("{draws} draws are too few; ask for at least 1", draws=draws)
    known = hub in data.states and (coverage is None or covered(coverage, on, data.asked))
    if not known:
        return Chance(on, False, 0, 0, 0, draws, seed, ROUNDS, False, ())
    web = world(data, data.certain(on.toordinal()))
    web = web[:, np.count_nonzero(web, axis=0) >= 2]  # a list of one ties nobody
    row = data.states.index(hub)
    lead = shares(web, row)
    nothing_else = forced(web)
    judged = judge(web, row, 0 if nothing_else else draws, seed)
    return Chance(
        on,
        True,
        lead.states,
        lead.partners,
        web.shape[1],
        draws,
        seed,
        ROUNDS,
        nothing_else,
        judged,
    )


def judge(web: Mask, hub: int, count: int, seed: int, rounds: int = ROUNDS) -> tuple[Judged, ...]:
    """Every measure of a web among so many draws; without any, it is all there is."""
    random = np.random.default_rng(seed)
    observed = values(web, hub)
    found = [values(one, hub) for one in random_webs(web, count, random, rounds)] if count else []
    return tuple(
        _judged(measure, observed[i], [row[i] for row in found]) for i, measure in enumerate(JUDGED)
    )


def values(web: Mask, hub: int) -> tuple[float | None, ...]:
    """The measures of one web, in the order of :data:`JUDGED`."""
    lead, beside = shares(web, hub), of_graph(projection(web), hub)
    return tuple(getattr(lead if name in MEASURES else beside, name) for name in JUDGED)


def _judged(measure: str, observed: float | None, drawn: Sequence[float | None]) -> Judged:
    known = np.array([value for value in drawn if value is not None])
    undefined = len(drawn) - len(known)
    if observed is None:
        return Judged(measure, *(None,) * 8, fixed=False, undefined=undefined)
    among = known if len(known) else np.array([observed])
    low, median, high = (float(q) for q in np.quantile(among, (0.025, 0.5, 0.975)))
    p_high, p_low = (
        (1 + undefined + int(np.count_nonzero(extreme))) / (1 + len(drawn))
        for extreme in (known >= observed - ROUNDING, known <= observed + ROUNDING)
    )
    return Judged(
        measure,
        observed,
        float(among.mean()),
        low,
        median,
        high,
        p_high,
        p_low,
        min(1.0, 2 * min(p_high, p_low)),
        fixed=not undefined and bool((np.abs(known - observed) <= ROUNDING).all()),
        undefined=undefined,
    )


# In words ----------------------------------------------------------------------------------------

SENTENCES = {
    "en": {
        "not covered": "{date}: the chosen sources do not cover this day, or do not know the hub; "
        "there is nothing to compare.",
        "compared": "{date}: compared with {draws} random webs in which each of the {arrangements} "
        "arrangements has as many members, and each of the {n} states belongs to as many "
        "arrangements, as in the sources (n = {n}, k = {k}, seed {seed}).",
        "forced": "{date}: no other web has the same sizes of arrangements and the same "
        "participation of states, so that there is nothing to compare with; every p is 1.",
        "meaning": "The sources' arrangements are all there are here, not a sample: p says nothing "
        "about other systems or other times. It says how often a blind matching of states and "
        "arrangements, of these sizes and with this participation, gives a value at least so far "
        "out. A small p: sizes and participation alone do not account for the value. A large p: "
        "they do. It is not the probability that an account is true, and names no cause.",
        "many": "With {number} measures side by side, a p below 0.05 comes up by chance too.",
        "undefined": "{name}: not defined here.",
        "fixed": "{name}: {observed}, the same in all random webs: sizes and participation leave "
        "it no room, and p says nothing.",
        "higher": "{name}: {observed}, rarely so high by chance ({low} to {high} in 95 % of the "
        "random webs; p = {p}).",
        "lower": "{name}: {observed}, rarely so low by chance ({low} to {high} in 95 % of the "
        "random webs; p = {p}).",
        "usual": "{name}: {observed}, not unusual by chance ({low} to {high} in 95 % of the "
        "random webs; p = {p}).",
    },
    "zh": {
        "not covered": "{date}：所选来源未覆盖此日，或不知该枢纽；无可比较。",
        "compared": "{date}：与{draws}个随机网络比较；其中{arrangements}项安排各自的成员数、"
        "{n}个国家各自所属的安排数，均与来源所述相同（n = {n}，k = {k}，种子{seed}）。",
        "forced": "{date}：没有别的网络具有相同的安排规模与各国参与数，故无可比较；各 p 值均为1。",
        "meaning": "来源所述的安排在此即为全体，并非样本：p 值不涉及其他体系或其他时期。"
        "它表示：在同样的规模与参与数之下，把国家与安排盲目相配，有多常得到至少同样偏离的数值。"
        "p 小：仅凭规模与参与数不足以说明该数值；p 大：足以说明。"
        "它不是某一论述为真的概率，也不指明原因。",
        "many": "并列{number}项测度时，偶然也会出现低于0.05的 p 值。",
        "undefined": "{name}：此处无定义。",
        "fixed": "{name}：{observed}，各随机网络皆同：规模与参与数不留余地，p 值不说明什么。",
        "higher": "{name}：{observed}，偶然很少如此之高"
        "（95%的随机网络在{low}至{high}之间；p = {p}）。",
        "lower": "{name}：{observed}，偶然很少如此之低"
        "（95%的随机网络在{low}至{high}之间；p = {p}）。",
        "usual": "{name}：{observed}，偶然亦属寻常（95%的随机网络在{low}至{high}之间；p = {p}）。",
    },
}


def said(found: Chance, language: str) -> Iterator[str]:
    """The comparison in sentences (``en`` or ``zh``): what was done, each measure, what p means."""
    sentences = SENTENCES[language]
    if not found.covered:
        yield sentences["not covered"].format(date=found.date)
        return
    values = {field.name: getattr(found, field.name) for field in fields(found)}
    yield sentences["forced" if found.forced else "compared"].format(**values)
    for one in found.measures:
        yield sentences[_verdict(one)].format(
            name=words(one.measure, language).name,
            **{name: _short(getattr(one, name)) for name in ("observed", "low", "high")},
            p=_short(one.p_two),
        )
    yield sentences["meaning"]
    yield sentences["many"].format(number=len(found.measures))


def _verdict(one: Judged) -> str:
    if one.p_two is None or one.p_high is None or one.p_low is None:
        return "undefined"
    if one.fixed:
        return "fixed"
    if one.p_two > RARE:
        return "usual"
    return "higher" if one.p_high < one.p_low else "lower"


def _short(value: float | None) -> str:
    """Three decimals; four where a p-value would else be 0."""
    if value is None:
        return ""
    return f"{value:.3f}" if value >= 0.0005 or value <= 0 else f"{value:.1g}"
