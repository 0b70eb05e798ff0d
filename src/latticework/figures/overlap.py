"""How far arrangements overlap on a day: shared members and Jaccard similarity as a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from latticework.overlap import Overlap

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORDS = {
    "en": {
        "title": "Overlap of arrangements on {day}",
        "bar": "Jaccard similarity (shared members over all members of either)",
        "note": "the figures are shared members; an arrangement stands here if it shares any",
    },
    "zh": {
        "title": "{day} 各安排的重叠",
        "bar": "雅卡尔相似度（共同成员占双方全部成员之比）",
        "note": "格内数字为共同成员数；仅列与他者有共同成员的安排",
    },
}


def overlap(
    found: Sequence[Overlap], on: date, labels: Mapping[str, str], language: str = "en"
) -> Figure:
    """Draw the matrix of arrangements that share members.

    Args:
        found: every pair of arrangements with a shared member.
        on: the day.
        labels: short labels of the arrangements.
        language: ``en`` or ``zh``.

    """
    from matplotlib.figure import Figure

    words = WORDS[language]
    names = sorted({name for o in found for name in (o.one, o.other)}, key=labels.__getitem__)
    at = {name: i for i, name in enumerate(names)}
    jaccard = np.full((len(names), len(names)), np.nan)
    size = max(4.5, 0.34 * len(names) + 2.6)
    figure = Figure(figsize=(size + 1.4, size), layout="constrained")
    axes = figure.subplots()
    for o in found:
        for row, column in ((at[o.one], at[o.other]), (at[o.other], at[o.one])):
            jaccard[row, column] = o.jaccard
            dark = o.jaccard > 0.55
            axes.text(
                column, row, str(len(o.shared)), ha="center", va="center",
                fontsize=7, color="white" if dark else "black",
            )  # fmt: skip
    image = axes.imshow(jaccard, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), [labels[n] for n in names], rotation=90, fontsize=7)
    axes.set_yticks(range(len(names)), [labels[n] for n in names], fontsize=7)
    axes.set_title(words["title"].format(day=on.isoformat()))
    axes.set_xlabel(words["note"], fontsize=7)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    figure.colorbar(image, ax=axes, label=words["bar"], shrink=0.7)
    return figure
