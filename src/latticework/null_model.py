"""Random webs with the same sizes of arrangements and the same participation of states.

A web is redrawn by trades (the "curveball": Strona, Nappo, Boccacci, Fattorini and San-Miguel-Ayanz
2014, Nature Communications 5, 4114): two arrangements lay the members that only one of them has on
the table and take back as many as they laid, at random. No size and no participation changes. In a
*round* all arrangements, paired at random, trade at once (Carstens, Hamann, Meyer, Penschuck, Tran
and Wagner 2018, arXiv:1804.08487). A round leads from one web to another as often as
back, and rounds reach every web, so that in the long run all are equally frequent (Carstens 2015,
Physical Review E 91, 042812). Trades were chosen over swaps of two memberships because one trade
moves many members.

How long is long enough cannot be known in general, and p-values must not depend on it. Therefore
the draws do not start at the observed web: from it the rounds lead to a middle, and from the middle
every draw makes as many rounds of its own. As rounds can be read backwards, the observed web is
then one more draw from the middle, and its rank among them is fair after any number of rounds
(Besag and Clifford 1989, Biometrika 76(4), 633-642, the parallel method). More rounds only make the
draws differ more.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from latticework.index import Mask

ROUNDS = 40
"""Rounds from the observed web to the middle, and from there to each draw."""

MOST_CELLS = 4_000_000
"""Cells (draws by arrangements by states) that are redrawn at once, to bound the memory."""


def random_webs(
    membership: Mask, count: int, random: np.random.Generator, rounds: int = ROUNDS
) -> Iterator[Mask]:
    """Random webs with the column and row sums of ``membership``, one after the other.

    Args:
        membership: states by arrangements, True where the state is a member.
        count: how many webs.
        random: the generator; the same seed gives the same webs.
        rounds: rounds of trades to the middle, and from there to each draw.

    """
    middle = _traded(membership.T[None], rounds, random)
    at_once = max(1, MOST_CELLS // max(1, membership.size))
    for first in range(0, count, at_once):
        webs = np.repeat(middle, min(at_once, count - first), axis=0)
        yield from _traded(webs, rounds, random).transpose(0, 2, 1)


def forced(membership: Mask) -> bool:
    """Whether no other web has the same sizes and participation.

    So it is exactly if of any two arrangements one holds all members of the other: then no two
    have anything to trade (Ryser 1957, Canadian Journal of Mathematics 9, 371-377).
    """
    held = membership.astype(np.float32)
    shared = held.T @ held
    own = shared < np.diag(shared)  # [a, b]: b has a member that a has not
    return not bool((own & own.T).any())


def _traded(webs: Mask, rounds: int, random: np.random.Generator) -> Mask:
    """Every web (webs by arrangements by states) after so many rounds of its own."""
    count, arrangements, _ = webs.shape
    webs = webs.copy()
    rows = np.arange(count)[:, None]
    half = arrangements // 2
    everyone = np.tile(np.arange(arrangements), (count, 1))
    for _ in range(rounds if half else 0):
        order = random.permuted(everyone, axis=1)
        left, right = order[:, :half], order[:, half : 2 * half]
        webs[rows, left], webs[rows, right] = _trade(webs[rows, left], webs[rows, right], random)
    return webs


def _trade(one: Mask, other: Mask, random: np.random.Generator) -> tuple[Mask, Mask]:
    """What two arrangements hold after a trade, for many pairs at once (members last)."""
    both, table = one & other, one ^ other
    laid = np.count_nonzero(one & ~other, axis=-1)[..., None]
    lots: npt.NDArray[np.float64] = np.where(table, random.random(table.shape), 2.0)
    taken = np.zeros_like(one)
    np.put_along_axis(taken, lots.argsort(axis=-1), np.arange(one.shape[-1]) < laid, axis=-1)
    return both | taken, both | (table & ~taken)
