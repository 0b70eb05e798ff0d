"""Plots for papers and slides (matplotlib), the same to the byte over runs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

from latticework.structure import MEASURES, Panel, Shares

COLOURS = {"mediated": "#56B4E9", "convened": "#E69F00", "autonomous": "#009E73"}
"""Okabe and Ito's colours, told apart by the colour-blind."""
NAMES = {
    "en": {
        "mediated": "mediated: only through the hub",
        "convened": "convened: in an arrangement with the hub",
        "autonomous": "autonomous: in an arrangement without the hub",
        "share": "share of pairs of the hub's partners",
        "dependence": "hub dependence",
        "gap": "not covered",
        "title": "How the partners of the United States are tied to each other",
    },
    "zh": {
        "mediated": "中介：仅经由枢纽",
        "convened": "召集：同处有枢纽的安排",
        "autonomous": "自主：同处无枢纽的安排",
        "share": "枢纽伙伴两两之间的占比",
        "dependence": "对枢纽的依赖度",
        "gap": "未覆盖",
        "title": "美国的伙伴彼此如何相连",
    },
}


def structure_plot(series: Sequence[Panel], language: str = "en", kind: str = "svg") -> bytes:
    """The three shares as stacked bands over time, hub dependence as a line, gaps where not covered.

    Args:
        series: panels in order of date.
        language: ``en`` or ``zh``.
        kind: ``svg``, ``pdf`` or ``png``.

    """
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    words = NAMES[language]
    settings = {
        "svg.hashsalt": "latticework",
        "svg.fonttype": "path" if language == "zh" else "none",
        "font.family": ["DejaVu Sans", "Noto Sans CJK SC", "Noto Sans SC"],
    }
    with mpl.rc_context(settings):
        figure, axes = plt.subplots(figsize=(9, 4.6), layout="constrained")
        for run in _runs(series):
            _draw_run(axes, run, words)
        _draw_gaps(axes, series, words["gap"])
        axes.set(ylim=(0, 1), ylabel=words["share"], title=words["title"])
        axes.spines[["top", "right"]].set_visible(False)
        handles, names = axes.get_legend_handles_labels()
        unique = dict(zip(names, handles, strict=True))
        figure.legend(unique.values(), unique.keys(), loc="outside lower center", ncols=2, frameon=False)
        out = io.BytesIO()
        metadata = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
        figure.savefig(out, format=kind, metadata=metadata, dpi=160)
        plt.close(figure)
    return out.getvalue()


def _runs(series: Sequence[Panel]) -> list[list[tuple[date, Shares]]]:
    """Stretches of covered panels, each closed by the date at which it stops to hold."""
    runs: list[list[tuple[date, Shares]]] = []
    last: Shares | None = None
    for one in series:
        shares = one.certain if one.covered and one.certain and one.certain.mediated is not None else None
        if last is not None:
            runs[-1].append((one.date, last))
        if shares is not None:
            if last is None:
                runs.append([])
            runs[-1].append((one.date, shares))
        last = shares
    return runs


def _draw_run(axes, run: list[tuple[date, Shares]], words: dict[str, str]) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    days = [day for day, _ in run]
    bands = {name: [getattr(shares, name) for _, shares in run] for name in MEASURES[:3]}
    axes.stackplot(
        days,
        *bands.values(),
        labels=[words[name] for name in bands],
        colors=[COLOURS[name] for name in bands],
        alpha=0.85,
    )
    line = [shares.dependence for _, shares in run]
    axes.plot(days, line, color="black", linewidth=1.6, linestyle="--", label=words["dependence"])


def _draw_gaps(axes, series: Sequence[Panel], word: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    start: date | None = None
    for one in series:
        if not one.covered and start is None:
            start = one.date
        elif one.covered and start is not None:
            axes.axvspan(start, one.date, facecolor="none", edgecolor="#999999", hatch="//", linewidth=0)
            middle = date.fromordinal((start.toordinal() + one.date.toordinal()) // 2)
            axes.text(middle, 0.5, word, ha="center", va="center", backgroundcolor="white")
            start = None
