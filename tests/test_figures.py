"""Figures: right numbers, both languages without missing glyphs, the same bytes over runs."""

from __future__ import annotations

import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from latticework.build import Built
from latticework.cli.drawing import NAMES, _drawn, caption
from latticework.coverage import read_coverage
from latticework.figures.snapshots import snapshot
from latticework.figures.style import cite, saved, short, styled
from latticework.figures.threats import perceptions
from latticework.index import incidence
from latticework.structure import UNITED_STATES, panel

DAYS = [date(1953, 12, 31), date(2022, 5, 25)]
MAGIC = {"svg": b"<?xml", "pdf": b"%PDF", "png": b"\x89PNG"}


def drawn(built: Built, name: str, language: str) -> Any:
    days = DAYS if name == "snapshots" else DAYS[-1:]
    with styled(language):
        return _drawn(name, built.store, days, [], language)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_drawn_in_every_form_without_a_missing_glyph(
    built: Built, name: str, language: str
) -> None:
    with warnings.catch_warnings(), styled(language):
        warnings.simplefilter("error")
        figure = drawn(built, name, language)
        cite(figure, caption([], language))
        for kind, magic in MAGIC.items():
            assert saved(figure, kind).startswith(magic)


@pytest.mark.parametrize("name", ["snapshots", "threats"])
def test_the_legend_stands_whole_and_clear_of_all_else(built: Built, name: str) -> None:
    with styled("en"):
        figure = drawn(built, name, "en")
        cite(figure, caption([], "en"))
        figure.draw_without_rendering()
        legend, line = figure.legends[0].get_window_extent(), figure.texts[-1].get_window_extent()
        axes = [one.get_tightbbox() for one in figure.axes]
    assert legend.x0 >= 0
    assert legend.x1 <= figure.bbox.x1
    assert legend.y0 >= line.y1
    assert all(one.y0 >= legend.y1 for one in axes)


@pytest.mark.parametrize("name", ["snapshots", "threats"])
def test_two_runs_give_the_same_bytes(built: Built, name: str) -> None:
    with styled("en"):
        one, other = (saved(drawn(built, name, "en"), "svg") for _ in range(2))
    assert one == other


def test_the_text_of_an_english_svg_stays_text(built: Built) -> None:
    with styled("en"):
        root = ElementTree.fromstring(saved(drawn(built, "snapshots", "en"), "svg"))
    words = " ".join(
        "".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")
    )
    for name in ("United States", "Japan", "1953-12-31", "0.93 / 0.07 / 0.00"):
        assert name in words


def test_a_snapshot_shows_the_pairs_that_the_panel_counts(built: Built) -> None:
    data, coverage = incidence(built.store), read_coverage(built.store)
    for day in DAYS:
        one = panel(data, day, coverage)
        assert one.certain is not None
        shot = snapshot(data, one, UNITED_STATES)
        k = one.certain.partners
        for kind in ("mediated", "convened", "autonomous"):
            share = getattr(one.certain, kind)
            assert len(shot.pairs[kind]) == pytest.approx(share * k * (k - 1) / 2)


def test_a_day_that_is_not_covered_shows_no_ties(built: Built) -> None:
    data, coverage = incidence(built.store), read_coverage(built.store)
    shot = snapshot(data, panel(data, date(1990, 1, 1), coverage), UNITED_STATES)
    assert not shot.panel.covered
    assert shot.pairs == {}


def test_every_perception_is_one_mark(built: Built) -> None:
    axes = drawn(built, "threats", "en").axes[0]
    marks = [line for line in axes.lines if len(line.get_xdata()) == 1]
    assert len(marks) == len(perceptions(built.store)) > 60


def test_names_lose_their_brackets_but_not_whose_names_they_are() -> None:
    assert short("“四边机制”（四方安全对话）") == "四边机制"
    assert (
        short("Southeast Asia Treaty Organization (SEATO)") == "Southeast Asia Treaty Organization"
    )
    assert short("Taiwan (as the data set names it)") == "Taiwan (as the data set names it)"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("shares", "-o", "x.docx"),
            "x.docx is no file for a figure; end it in .svg, .pdf or .png",
        ),
        (("overlap", "-o", "x.svg", "--as-of", "1953", "--as-of", "2000-01-01"), "is not one day"),
        (
            ("overlap", "-o", "x.svg", "--as-of", "1953-01-01", "--as-of", "2000-01-01"),
            "only 'snapshots' takes several days",
        ),
        (("sharess", "-o", "x.svg"), "takes one of: shares, snapshots"),
    ],
)
def test_bad_input_leaves_no_file(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "latticework.cli", "figure", *arguments],
        capture_output=True, text=True, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
