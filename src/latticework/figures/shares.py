"""The lead panel over time: three shares as stacked bands, with hub dependence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from latticework.figures.style import COLOURS, PALE, position
from latticework.periods import Period
from latticework.structure import MEASURES, Panel, Shares

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SLIVER = 240
"""Days by which the last value is drawn on, so that it can be seen."""
PERIODS = ("#B8C4D6", "#D9CFA8")
"""Two tints in turn, so that neighbours part."""
WIDE_ENOUGH = 10 * 365
"""Days a gap must last for its words to fit."""
NAMES = {
    "en": {
        "mediated": "mediated: only through the hub",
        "convened": "convened: in an arrangement with the hub",
        "autonomous": "autonomous: in an arrangement without the hub",
        "share": "share of pairs of the hub's partners",
        "dependence": "hub dependence",
        "range": "open, because dates are uncertain",
        "gap": "not covered",
        "title": "How the partners of the United States are tied to each other",
    },
    "zh": {
        "mediated": "中介：仅经由枢纽",
        "convened": "召集：同处有枢纽的安排",
        "autonomous": "自主：同处无枢纽的安排",
        "share": "枢纽伙伴两两之间的占比",
        "dependence": "对枢纽的依赖度",
        "range": "因日期不确定而未定",
        "gap": "未覆盖",
        "title": "美国的伙伴彼此如何相连",
    },
}


def shares(
    series: Sequence[Panel],
    periods: Sequence[tuple[str, Period]] = (),
    language: str = "en",
) -> Figure:
    """Draw the three shares as stacked bands over time, with hub dependence and the gaps.

    Args:
        series: panels in order of date.
        periods: how a source divides the time, with labels; drawn above, pale where open.
        language: ``en`` or ``zh``.

    """
    from matplotlib.figure import Figure

    words = NAMES[language]
    figure = Figure(figsize=(9, 4.8), layout="constrained")
    axes = figure.subplots()
    for run in _runs(series):
        _draw_run(axes, run, words)
    _draw_gaps(axes, series, words["gap"])
    if series:
        edges = (position(series[0].date), position(series[-1].date) + SLIVER)
        axes.set_xlim(*edges)
        _draw_periods(axes, periods, edges)
    axes.xaxis_date()
    axes.set(ylim=(0, 1.03), ylabel=words["share"])
    axes.set_title(words["title"], pad=34)
    axes.spines[["top", "right"]].set_visible(False)
    handles, names = axes.get_legend_handles_labels()
    unique = dict(zip(names, handles, strict=True))
    figure.legend(
        unique.values(), unique.keys(), loc="outside lower center", ncols=2, frameon=False
    )
    return figure


def _runs(series: Sequence[Panel]) -> list[list[tuple[date, Panel]]]:
    """Stretches of covered panels, each closed by the date at which it stops to hold."""
    runs: list[list[tuple[date, Panel]]] = []
    last: Panel | None = None
    for one in series:
        if last is not None:
            runs[-1].append((one.date, last))
        holds = one.covered and one.certain is not None and one.certain.mediated is not None
        if holds:
            if last is None:
                runs.append([])
            runs[-1].append((one.date, one))
        last = one if holds else None
    if last is not None:  # the last day would have no width: a sliver stands for it
        runs[-1].append((last.date + timedelta(days=SLIVER), last))
    return runs


def _draw_run(axes: Axes, run: list[tuple[date, Panel]], words: dict[str, str]) -> None:
    days = [position(day) for day, _ in run]
    certain = {name: [_value(one.certain, name, 0.0) for _, one in run] for name in MEASURES[:4]}
    axes.stackplot(
        days,
        *(certain[name] for name in COLOURS),
        labels=[words[name] for name in COLOURS],
        colors=list(COLOURS.values()),
        alpha=0.85,
    )
    line = certain["dependence"]
    axes.plot(days, line, color="black", linewidth=1.6, linestyle="--", label=words["dependence"])
    low = [
        _value(one.low, "mediated", sure)
        for (_, one), sure in zip(run, certain["mediated"], strict=True)
    ]
    high = [
        _value(one.high, "mediated", sure)
        for (_, one), sure in zip(run, certain["mediated"], strict=True)
    ]
    _hatch(axes, days, low, high, words["range"])
    top = [1 - _value(one.high, "autonomous", 0.0) for _, one in run]
    _hatch(axes, days, top, [1.0] * len(days), words["range"])


def _hatch(axes: Axes, days: list[float], low: list[float], high: list[float], word: str) -> None:
    """Hatch what uncertain dates leave open."""
    axes.fill_between(
        days,
        low,
        high,
        facecolor="none",
        edgecolor="#333333",
        hatch="....",
        linewidth=0,
        label=word,
    )


def _value(shares: Shares | None, measure: str, default: float) -> float:
    value = getattr(shares, measure, None)
    return default if value is None else float(value)


def _draw_periods(
    axes: Axes, periods: Sequence[tuple[str, Period]], edges: tuple[float, float]
) -> None:
    """A strip above the plot: the days that surely belong to a period, and those that may."""
    from matplotlib.patches import Rectangle

    horizon = (date(1945, 1, 1), date(2022, 12, 31))
    for number, (label, period) in enumerate(periods):
        for certain, colour in ((False, PALE), (True, PERIODS[number % 2])):
            first, last = period.span(certain, horizon)
            left, right = max(position(first), edges[0]), min(position(last) + 1, edges[1])
            if left >= right:
                continue
            strip = Rectangle((left, 1.035), right - left, 0.05, facecolor=colour, clip_on=False)
            axes.add_patch(strip)
            if certain:
                narrow = right - left < WIDE_ENOUGH
                height = 1.06 if not narrow else 1.105 + 0.045 * (number % 2)
                axes.text(
                    (left + right) / 2, height, label, ha="center", va="center",
                    fontsize=6 if narrow else 7,
                )  # fmt: skip


def _draw_gaps(axes: Axes, series: Sequence[Panel], word: str) -> None:
    start: float | None = None
    for one in series:
        day = position(one.date)
        if not one.covered and start is None:
            start = day
        elif one.covered and start is not None:
            axes.axvspan(start, day, facecolor="none", edgecolor="#999999", hatch="//", linewidth=0)
            if day - start > WIDE_ENOUGH:
                axes.text(
                    (start + day) / 2, 0.5, word, ha="center", va="center", backgroundcolor="white"
                )
            start = None
