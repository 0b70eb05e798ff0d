"""The web on several days side by side: the hub in the middle, its partners around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING, Literal

from latticework.explain import pairs_by_tie
from latticework.figures.style import COLOURS, FAINT, INK, PALE, weight
from latticework.index import Incidence
from latticework.structure import Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WORDS = {
    "en": {
        "title": "The web on {number} days",
        "hub": "tie with the hub",
        "convened": "tied with the hub (convened)",
        "autonomous": "tied without the hub (autonomous)",
        "counts": "k = {k} partners, {pairs} pairs",
        "not covered": "not covered",
    },
    "zh": {
        "title": "{number} 个日期的网络",
        "hub": "与枢纽的联系",
        "convened": "与枢纽同处而相连（召集）",
        "autonomous": "不经枢纽而相连（自主）",
        "counts": "伙伴 k = {k}，共 {pairs} 对",
        "not covered": "未覆盖",
    },
}
LINES: dict[str, tuple[Literal["--", "-"], float]] = {
    "convened": ("--", 1.1),
    "autonomous": ("-", 2.0),
}
"""Dash and width tell the kinds of tie apart, beside their colour."""


@dataclass(frozen=True)
class Snapshot:
    """A day with its panel and the partners' pairs under how they are tied."""

    day: date
    panel: Panel
    pairs: Mapping[str, Sequence[tuple[str, str]]]


def snapshot(data: Incidence, panel: Panel, hub: str) -> Snapshot:
    """What is certain on the day of a panel."""
    found = pairs_by_tie(data, panel.date, hub) if panel.covered else {}
    return Snapshot(panel.date, panel, {kind: sorted(ties) for kind, ties in found.items()})


def snapshots(
    days: Sequence[Snapshot], hub: str, labels: Mapping[str, str], language: str = "en"
) -> Figure:
    """Draw the days side by side; a state keeps its place from one day to the next.

    Args:
        days: what to draw, in order.
        hub: IRI of the hub.
        labels: short labels of all states.
        language: ``en`` or ``zh``.

    """
    from matplotlib.figure import Figure

    words = WORDS[language]
    figure = Figure(figsize=(3.1 * len(days), 4.3), layout="constrained")
    figure.suptitle(words["title"].format(number=len(days)), fontweight=weight(language))
    partners = sorted({state for day in days for state in _partners(day)}, key=labels.__getitem__)
    turn = 2 * pi / max(len(partners), 1)
    places = {state: (sin(i * turn), cos(i * turn)) for i, state in enumerate(partners)}
    for axes, day in zip(figure.subplots(1, len(days), squeeze=False)[0], days, strict=True):
        _draw(axes, day, hub, places, labels, words)
    _legend(figure, words, ncols=min(3, len(days)))
    return figure


def _partners(day: Snapshot) -> set[str]:
    return {state for pairs in day.pairs.values() for pair in pairs for state in pair}


def _draw(
    axes: Axes,
    day: Snapshot,
    hub: str,
    places: Mapping[str, tuple[float, float]],
    labels: Mapping[str, str],
    words: Mapping[str, str],
) -> None:
    axes.set(xlim=(-1.55, 1.55), ylim=(-1.45, 1.45), aspect="equal")
    axes.axis("off")
    axes.set_title(day.day.isoformat())
    if not day.panel.covered:
        axes.text(0, 0, words["not covered"], ha="center", color=FAINT)
        return
    here = _partners(day)
    for state in sorted(here):
        x, y = places[state]
        axes.plot([0, x], [0, y], color=FAINT, linewidth=1, zorder=1)
    for kind, (dash, width) in LINES.items():
        for one, other in day.pairs.get(kind, ()):
            xs, ys = _arc(places[one], places[other])
            axes.plot(xs, ys, dash, color=COLOURS[kind], linewidth=width, zorder=2)
    for state, (x, y) in places.items():
        shown = state in here
        axes.plot(x, y, "o", color=INK if shown else PALE, markersize=5, zorder=3)
        side = "left" if x > 0.2 else "right" if x < -0.2 else "center"
        upright = "center" if side != "center" else "bottom" if y > 0 else "top"
        colour = INK if shown else FAINT
        axes.text(
            1.1 * x, 1.1 * y, labels[state], ha=side, va=upright, fontsize=7,
            color=colour, alpha=1 if shown else 0.6,
        )  # fmt: skip
    axes.plot(0, 0, "s", color=INK, markersize=8, zorder=4)
    axes.text(
        0.09, 0.09, labels[hub], fontsize=7.5, zorder=5,
        bbox={"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 0.8},
    )  # fmt: skip
    k = len(here)
    counts = words["counts"].format(k=k, pairs=k * (k - 1) // 2)
    axes.text(0, -1.42, f"{counts}\n{_shares(day.panel)}", ha="center", va="top", fontsize=7)


def _arc(one: tuple[float, float], other: tuple[float, float]) -> tuple[list[float], list[float]]:
    """A curve between two places that keeps clear of the hub."""
    x, y = (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
    away = hypot(x, y)
    if away < 0.3:  # opposite each other: around the hub on one side
        x, y = 0.55 * one[1] + x, -0.55 * one[0] + y
    else:
        x, y = x * (1 + 0.12 / away), y * (1 + 0.12 / away)
    steps = [i / 24 for i in range(25)]
    ends = zip(one, (x, y), other, strict=True)
    xs, ys = (
        [(1 - t) ** 2 * a + 2 * t * (1 - t) * b + t * t * c for t in steps] for a, b, c in ends
    )
    return xs, ys


def _shares(panel: Panel) -> str:
    if panel.certain is None or panel.certain.mediated is None:
        return "-"
    return " / ".join(f"{getattr(panel.certain, kind):.2f}" for kind in COLOURS)


def _legend(figure: Figure, words: Mapping[str, str], ncols: int) -> None:
    from matplotlib.lines import Line2D

    handles = [Line2D([], [], color=FAINT, linewidth=1, label=words["hub"])]
    handles += [
        Line2D([], [], color=COLOURS[kind], linestyle=dash, linewidth=width, label=words[kind])
        for kind, (dash, width) in LINES.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=ncols, frameon=False)
