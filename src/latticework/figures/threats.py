"""Who calls whom or what a threat, according to whom: a matrix of marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.figures.style import FAINT
from latticework.store import select
from latticework.vocabulary import PREFIXES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WORDS = {
    "en": {
        "title": "Who calls whom or what a threat, a rival or a challenge, according to whom",
        "work": "a document says so",
        "person": "a person says so",
        "other": "the paper's author says so",
        "note": "a mark is one perception; one saying may hold several",
    },
    "zh": {
        "title": "谁视谁或何物为威胁、对手或挑战，据谁所言",
        "work": "据文件",
        "person": "据个人",
        "other": "据论文作者",
        "note": "一个标记为一项认知；同一言说可含多项",
    },
}
MARKS = {"work": ("o", "#0072B2"), "person": ("^", "#D55E00"), "other": ("s", "#999999")}
KINDS = ("state", "adm", "group", "body", "topic")
"""Prefixes in the order in which perceivers and objects stand."""


@dataclass(frozen=True)
class Perception:
    """One perception: who regards what as a threat, and who says so."""

    perceiver: str
    object: str
    word: str
    sayer: str


def perceptions(store: ox.Store) -> list[Perception]:
    """All perceptions of the graph."""
    return [
        Perception(*(str(getattr(row[name], "value", "")) for name in
                     ("perceiver", "object", "word", "sayer")))
        for row in select(store, question("threats/perceptions").text)
    ]  # fmt: skip


def threats(found: Sequence[Perception], labels: Mapping[str, str], language: str = "en") -> Figure:
    """Draw perceivers by objects, a mark for each perception, its shape and colour by the sayer.

    Args:
        found: the perceptions.
        labels: short labels of perceivers and objects.
        language: ``en`` or ``zh``.

    """
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    words = WORDS[language]
    rows = sorted({p.perceiver for p in found}, key=lambda iri: _order(iri, labels))
    columns = sorted({p.object for p in found}, key=lambda iri: _order(iri, labels))
    figure = Figure(
        figsize=(0.27 * len(columns) + 3.4, 0.27 * len(rows) + 2.9), layout="constrained"
    )
    axes = figure.subplots()
    for y, perceiver in enumerate(rows):
        for x, thing in enumerate(columns):
            own = sorted(
                _sayer(p.sayer) for p in found if (p.perceiver, p.object) == (perceiver, thing)
            )
            for number, kind in enumerate(own):
                mark, colour = MARKS[kind]
                shift = (number - (len(own) - 1) / 2) * 0.8 / max(len(own), 3)
                axes.plot(x + shift, y, mark, color=colour, markersize=4.2, zorder=2)
    axes.set_xticks(range(len(columns)), [labels[c] for c in columns], rotation=90, fontsize=7)
    axes.set_yticks(range(len(rows)), [labels[r] for r in rows], fontsize=7)
    axes.set(xlim=(-0.6, len(columns) - 0.4), ylim=(len(rows) - 0.4, -0.6))
    axes.grid(color="#EEEEEE", zorder=0)
    axes.tick_params(length=0)
    axes.spines[:].set_color("#CCCCCC")
    axes.set_title(words["title"])
    axes.set_xlabel(words["note"], fontsize=7, color=FAINT)
    handles = [
        Line2D([], [], marker=mark, color=colour, linestyle="", markersize=5, label=words[kind])
        for kind, (mark, colour) in MARKS.items()
        if any(_sayer(p.sayer) == kind for p in found)
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
    return figure


def _order(iri: str, labels: Mapping[str, str]) -> tuple[int, str]:
    kind = next((i for i, k in enumerate(KINDS) if iri.startswith(PREFIXES[k])), len(KINDS))
    return kind, labels[iri]


def _sayer(iri: str) -> str:
    if iri.startswith(PREFIXES["wrk"]):
        return "work"
    return "person" if iri.startswith(PREFIXES["person"]) else "other"
