"""What all figures share: colours, fonts, the line on how to cite, and how they are saved."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = {"mediated": "#56B4E9", "convened": "#E69F00", "autonomous": "#009E73"}
"""Okabe and Ito's colours, told apart by the colour-blind."""
INK, FAINT, PALE = "#222222", "#777777", "#DDDDDD"
KINDS = ("svg", "pdf", "png")


@contextmanager
def styled(language: str) -> Iterator[None]:
    """Fonts with the glyphs of both languages; text stays text in English SVG."""
    import matplotlib as mpl

    settings: Any = {
        "svg.hashsalt": "latticework",
        "svg.fonttype": "path" if language == "zh" else "none",
        "pdf.fonttype": 42,
        "font.family": _fonts(),
        "font.size": 9,
        "text.color": INK,
        "axes.titleweight": weight(language),
        "axes.titlesize": 11,
    }
    # The Chinese font has one weight; that it stands in for bold is no news to anybody.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    with mpl.rc_context(settings):
        yield


def saved(figure: Figure, kind: str) -> bytes:
    """The bytes of a figure, without the date on which it was made."""
    out = io.BytesIO()
    metadata: Any = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(kind, {})
    figure.savefig(out, format=kind, metadata=metadata, dpi=160)
    return out.getvalue()


FOOT = 0.2
"""Inches at the foot of a figure that the line on how to cite it takes."""


def cite(figure: Figure, text: str) -> None:
    """Write the line that says where the figure comes from and how to cite it, below all else."""
    engine = figure.get_layout_engine()
    if engine is not None:
        foot = FOOT / figure.get_figheight()
        engine.set(rect=(0, foot, 1, 1 - foot))  # type: ignore[call-arg]
        for legend in figure.legends:  # the engine moves the axes alone, so far above the line
            legend.borderaxespad = 72 * FOOT / legend.prop.get_size_in_points()
    figure.text(0.995, 0.004, text, ha="right", va="bottom", fontsize=6.5, color=FAINT)


def position(day: date) -> float:
    """A date as matplotlib counts them: days since 1970-01-01."""
    return float((day - date(1970, 1, 1)).days)


def weight(language: str) -> str:
    """The weight of titles; the Chinese font has no bold."""
    return "bold" if language == "en" else "normal"


def short(label: str) -> str:
    """A label without quotation marks and brackets, but for those that say whose name it is."""
    bare = re.sub('["“”]', "", label)
    if "data set" in bare or "数据集" in bare:
        return bare
    return bare.partition("(")[0].partition("（")[0].strip() or bare


def _fonts() -> list[str]:
    """The Latin font and one with the Chinese glyphs, which comes as a package."""
    from matplotlib.font_manager import FontProperties, fontManager
    from pylopdf_fonts_zh_cn import sans_path

    chinese = str(sans_path())
    fontManager.addfont(chinese)
    return ["DejaVu Sans", FontProperties(fname=chinese).get_name()]
