"""Every membership as a bar: dark where it certainly held, pale where it may have."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from latticework.figures.style import FAINT, INK, position, weight
from latticework.index import FIRST_DAY, LAST_DAY, Incidence
from latticework.vocabulary import PREFIXES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORDS = {
    "en": {"title": "Who belonged to what, and when", "certain": "certain", "possible": "possible"},
    "zh": {"title": "谁在何时属于哪个安排", "certain": "确定", "possible": "可能"},
}
COLOUR, LIGHT = "#0072B2", "#A6CEE3"


def timeline(
    data: Incidence,
    labels: Mapping[str, str],
    first: date,
    last: date,
    language: str = "en",
) -> Figure:
    """Draw all memberships, one row each, under their arrangements in order of beginning.

    Args:
        data: the dated incidence.
        labels: short labels of states and arrangements.
        first: the left edge; what begins before it is cut there.
        last: the right edge, the horizon of the sources.
        language: ``en`` or ``zh``.

    """
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

    words = WORDS[language]
    rows = _rows(data, labels)
    height = sum(len(members) + 1.4 for _, members in rows)
    figure = Figure(figsize=(9, 0.125 * height + 1.1), layout="constrained")
    axes = figure.subplots()
    several = len(set(data.sources)) > 1
    y = 0.0
    for arrangement, members in rows:
        axes.text(
            0, y, labels[arrangement] + " ", ha="right", va="center", fontsize=7,
            fontweight=weight(language), transform=axes.get_yaxis_transform(),
        )  # fmt: skip
        y += 1
        for i in members:
            _bar(axes, data, i, y, (first, last))
            name = labels[data.states[data.member[i]]]
            if several:
                name += f" · {data.sources[i].removeprefix(PREFIXES['source'])}"
            axes.text(
                0, y, name + " ", ha="right", va="center", fontsize=5.5, color=FAINT,
                transform=axes.get_yaxis_transform(),
            )  # fmt: skip
            y += 1
        y += 0.4
    axes.set(ylim=(y, -1), xlim=(position(first), position(last)))
    axes.set_yticks([])
    axes.xaxis_date()
    axes.set_title(words["title"])
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#EEEEEE", zorder=0)
    handles = [
        Patch(color=COLOUR, label=words["certain"]),
        Patch(facecolor=LIGHT, hatch="////", edgecolor=INK, linewidth=0, label=words["possible"]),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    return figure


def _rows(data: Incidence, labels: Mapping[str, str]) -> list[tuple[str, list[int]]]:
    """Arrangements in order of their first possible day, each with its memberships by name."""
    rows = []
    for number, arrangement in enumerate(data.arrangements):
        members = [int(i) for i in np.flatnonzero(data.arrangement == number)]
        members.sort(key=lambda i: (int(data.latest_begin[i]), labels[data.states[data.member[i]]]))
        begin = min(int(data.latest_begin[i]) for i in members)
        rows.append((begin, labels[arrangement], arrangement, members))
    return [(arrangement, members) for _, _, arrangement, members in sorted(rows)]


def _bar(axes: object, data: Incidence, i: int, y: float, edges: tuple[date, date]) -> None:
    def place(day: int) -> float:
        inside = min(max(day, edges[0].toordinal()), edges[1].toordinal() + 1)
        return position(date.fromordinal(inside))

    draw = axes.broken_barh  # type: ignore[attr-defined]
    spans = (
        (int(data.earliest_begin[i]), int(data.latest_end[i]), {
            "facecolor": LIGHT, "hatch": "////", "edgecolor": INK, "linewidth": 0}),
        (int(data.latest_begin[i]), int(data.earliest_end[i]), {"facecolor": COLOUR}),
    )  # fmt: skip
    for begin, end, look in spans:
        left = place(max(begin, FIRST_DAY))
        right = place(min(end, LAST_DAY - 1) + 1)
        if right > left:
            draw([(left, right - left)], (y - 0.4, 0.8), zorder=2, **look)
