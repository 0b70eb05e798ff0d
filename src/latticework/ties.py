"""Ties among states, as matrices of states by states: who shares an arrangement, who is connected.

``True`` in row i and column j stands for a tie of the two; the matrices are symmetric, and no state
is tied to itself.
"""

from __future__ import annotations

import numpy as np

from latticework.index import Indices, Mask


def projection(membership: Mask) -> Mask:
    """Which states share some arrangement, of a matrix of states by arrangements.

    Eight arrangements at a time, as the bits of a byte.
    """
    found = np.zeros((len(membership), len(membership)), dtype=np.uint8)
    for eight in np.packbits(membership[:, membership.any(axis=0)].T, axis=0):
        found |= eight[:, None] & eight
    np.fill_diagonal(found, 0)
    return np.asarray(found > 0)


def components(ties: Mask) -> Indices:
    """For every state the lowest state to which some path leads, itself included.

    Every state takes the lowest label among its own and its neighbours', until all that are
    connected have the same.
    """
    label = np.arange(len(ties))
    while True:
        lower = np.minimum(label, np.where(ties, label, len(ties)).min(axis=1, initial=len(ties)))
        lower = lower[lower]  # the label of the label, which is connected too
        if (lower == label).all():
            return label
        label = lower
