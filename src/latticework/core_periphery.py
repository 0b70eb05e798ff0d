"""Core and periphery: the core that fits a web best (Borgatti and Everett 1999).

In the ideal web two states are tied exactly if at least one of them is in the core: the core is a
clique, the periphery has ties to all of the core and none within itself. The fit of a core is the
correlation of the web with its ideal web over all pairs of states (Social Networks 21(4), 375-395,
the discrete model).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from latticework.index import Mask

Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]

MOST_EXACT = 16
"""Up to so many states the best core is found by looking at every one (65,536 at most)."""

TINY = 1e-12
"""Differences below this are rounding."""


def best_core(tied: Mask) -> tuple[float | None, tuple[int, ...]]:
    """The greatest fit of any core of 1 to n - 2 states, and the rows of that core.

    ``None`` where none is defined: fewer than three states, no ties, or all pairs tied.

    Given the size of the core, the ideal web has a given number of ties; so the fit depends only
    on the ties within the periphery, and the fewest are best. Up to :data:`MOST_EXACT` states they
    are counted for every set of states. Beyond that a search starts from two greedy cores (states
    enter by most ties to those left; states leave by fewest ties to those out before) and moves
    one state in, one out, or exchanges two, as long as the fit rises; the better end counts. It is
    the fit of a real core: never too high, perhaps too low.

    Args:
        tied: states by states, symmetric, without a diagonal.

    """
    n, ties = len(tied), int(np.count_nonzero(tied)) // 2
    if n < 3 or ties in (0, n * (n - 1) // 2):
        return None, ()
    core = exact_core(tied) if n <= MOST_EXACT else searched_core(tied)
    return fit_of(tied, core), tuple(int(i) for i in np.flatnonzero(core))


def fit_of(tied: Mask, core: Mask) -> float:
    """The fit of a given core, of at least one state and at most n - 2."""
    within = int(np.count_nonzero(tied[np.ix_(~core, ~core)])) // 2
    ties = int(np.count_nonzero(tied)) // 2
    return float(_fits(len(tied), ties, np.array([core.sum()]), np.array([within]))[0])


def exact_core(tied: Mask) -> Mask:
    """The best core, by the ties within every set of states."""
    n, ties = len(tied), int(np.count_nonzero(tied)) // 2
    neighbours = tied @ (1 << np.arange(n))
    within = np.zeros(1, dtype=np.int64)  # at s: the ties within the set whose bits s has
    for i in range(n):
        more = np.bitwise_count(np.arange(1 << i) & neighbours[i])
        within = np.concatenate([within, within + more])
    peripheries = _sets_by_size(n)[2:n]
    fewest = np.array([sets[within[sets].argmin()] for sets in peripheries])
    fits = _fits(n, ties, n - np.arange(2, n), within[fewest])
    best = fewest[np.flatnonzero(fits > fits.max() - TINY)[-1]]  # of as good ones the smallest core
    return np.asarray((best >> np.arange(n)) & 1 == 0)


@cache
def _sets_by_size(n: int) -> list[Counts]:
    """All sets of n states, as bits, under the number of their states."""
    size = np.bitwise_count(np.arange(1 << n))
    return [np.flatnonzero(size == count) for count in range(n + 1)]


def searched_core(tied: Mask) -> Mask:
    """A good core: the better of two greedy ones, each moved uphill."""
    ends = [_uphill(tied, start(tied)) for start in (_core_that_grows, _core_that_shrinks)]
    return max(ends, key=lambda end: end[0])[1]


def _core_that_grows(tied: Mask) -> Mask:
    """Into the core, one after the other, the state with most ties to those left; the best stop."""
    n, steps = len(tied), tied.astype(np.int32)
    left = steps.sum(axis=1, dtype=np.int32)
    order: list[int] = []
    saved: list[int] = []
    for _ in range(n - 2):
        state = int(left.argmax())
        order.append(state)
        saved.append(int(left[state]))
        left -= steps[state]
        left[state] = -n
    ties = int(np.count_nonzero(tied)) // 2
    fits = _fits(n, ties, np.arange(1, n - 1), ties - np.cumsum(saved))
    core = np.zeros(n, dtype=bool)
    core[order[: fits.argmax() + 1]] = True
    return core


def _core_that_shrinks(tied: Mask) -> Mask:
    """Out of the core, one after the other, the state with fewest ties to those out before.

    Of as many, that with fewest ties; the best stop.
    """
    n, steps = len(tied), tied.astype(np.int64)
    cost, dear = steps.sum(axis=1), steps * n
    order: list[int] = []
    added: list[int] = []
    for _ in range(n - 1):
        state = int(cost.argmin())
        order.append(state)
        added.append(int(cost[state]) // n)
        cost += dear[state]
        cost[state] = n**3
    fits = _fits(n, int(np.count_nonzero(tied)) // 2, n - np.arange(2, n), np.cumsum(added)[1:])
    core = np.ones(n, dtype=bool)
    core[order[: fits.argmax() + 2]] = False
    return core


def _uphill(tied: Mask, core: Mask) -> tuple[float, Mask]:
    """Move one state in, one out, or exchange two, whichever is best, as long as the fit rises."""
    n, ties = len(tied), int(np.count_nonzero(tied)) // 2
    steps = tied.astype(np.float32)
    while True:
        inner, outer = np.flatnonzero(core), np.flatnonzero(~core)
        to_outer = steps @ ~core  # whole numbers, exact in single precision
        within = to_outer[outer].sum() / 2
        enters, leaves = outer[to_outer[outer].argmax()], inner[to_outer[inner].argmin()]
        gain = to_outer[outer] - to_outer[inner, None] + steps[np.ix_(inner, outer)]
        one, other = np.unravel_index(gain.argmax(), gain.shape)
        moves = ((), (enters,), (leaves,), (inner[one], outer[other]))
        fewer = np.array([0, to_outer[enters], -to_outer[leaves], gain.max()])
        sizes = len(inner) + np.array([0, 1, -1, 0])
        fits = _fits(n, ties, sizes, within - fewer)
        fits[(sizes < 1) | (sizes > n - 2)] = -1
        best, fit = int(fits.argmax()), float(fits[0])
        if fits[best] <= fit + TINY:
            return fit, core
        core = core.copy()
        core[list(moves[best])] ^= True


def _fits(n: int, ties: int, sizes: Counts, within: Counts | Values) -> Values:
    """Correlations of a web with ideal webs; ``nan`` where the ideal has all pairs or none.

    Args:
        n: states.
        ties: ties of the web.
        sizes: states in each core.
        within: ties within each periphery, all others being in the ideal web too.

    """
    pairs = n * (n - 1) / 2
    ideal = pairs - (n - sizes) * (n - sizes - 1) / 2
    spread = ties * (pairs - ties) * ideal * (pairs - ideal)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((pairs * (ties - within) - ties * ideal) / np.sqrt(spread))
