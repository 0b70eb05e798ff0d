"""Rows with dates as bars on a time line: what may be, and within it what certainly is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from latticework.dates import Span, parse
from latticework.errors import DateProblem

WIDTH = 1000.0
"""Units of the drawing's width; the page scales it."""
MOST = 200
"""Rows that are drawn; a table has them all."""


@dataclass(frozen=True)
class Row:
    """What a bar stands for, and its dates as the source gives them (EDTF, or empty)."""

    text: str
    address: str
    begin: str
    end: str
    when: str


@dataclass(frozen=True)
class Bar:
    """A row with its place: the stretch that the dates allow, the certain one within it."""

    row: Row
    left: float
    width: float
    sure_left: float
    sure_width: float
    open_start: bool
    open_end: bool


@dataclass(frozen=True)
class Tick:
    """A year with its place."""

    year: int
    left: float


@dataclass(frozen=True)
class Timeline:
    """Bars in order of time, and years to read them by."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    undated: int
    cut: int


@dataclass(frozen=True, order=True)
class Days:
    """First and last possible day, first and last certain day (none if the first is later)."""

    first: date
    last: date
    sure_first: date
    sure_last: date


def timeline(rows: Sequence[Row], horizon: date) -> Timeline | None:
    """Lay out the rows that have dates; ``None`` where there are none.

    What has begun and not ended lasts until the ``horizon`` of the sources, and says so.
    """
    dated = [(row, days) for row in rows if (days := _days(row, horizon)) is not None]
    if not dated:
        return None
    dated.sort(key=lambda pair: pair[1])
    shown = dated[:MOST]
    low = date(min(days.first for _, days in shown).year, 1, 1).toordinal()
    high = date(max(days.last for _, days in shown).year, 12, 31).toordinal() + 1
    scale = WIDTH / (high - low)

    def at(day: date) -> float:
        return round((day.toordinal() - low) * scale, 2)

    def width(start: date, end: date) -> float:
        return round(max((end.toordinal() + 1 - start.toordinal()) * scale, 0), 2)

    bars = tuple(
        Bar(
            row,
            at(days.first),
            max(width(days.first, days.last), 3.0),
            at(days.sure_first),
            width(days.sure_first, days.sure_last),
            open_start=row.begin.startswith("[.."),
            open_end=bool(row.begin) and not row.end,
        )
        for row, days in shown
    )
    return Timeline(bars, _ticks(low, high, scale), len(rows) - len(dated), len(dated) - len(shown))


def _days(row: Row, horizon: date) -> Days | None:
    """The days that the dates of a row allow; ``None`` where they say nothing."""
    begin, end = _span(row.begin), _span(row.end)
    if begin is not None and row.begin == row.end:
        first, last = _ends(begin)
        certain = begin.lasting or first == last
        return Days(first, last, first if certain else last, last if certain else first)
    if begin is not None:
        start, sure_start = _ends(begin)
        stop = _ends(end)[1] if end else max(horizon, sure_start)
        sure_end = (end.first or start) if end else stop
        return Days(start, max(start, stop), sure_start if begin.last else stop, sure_end)
    if end is not None:  # it lasted until then, nobody says since when
        first, last = _ends(end)
        return Days(first, last, last, first)
    return None


def _ends(span: Span) -> tuple[date, date]:
    """First and last day; one of them for both where the other is open."""
    first, last = span.first or span.last, span.last or span.first
    assert first is not None
    assert last is not None
    return first, last


def _span(text: str) -> Span | None:
    try:
        return parse(text) if text else None
    except DateProblem:
        return None


def _ticks(low: int, high: int, scale: float) -> tuple[Tick, ...]:
    first, last = date.fromordinal(low).year, date.fromordinal(high - 1).year
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if (last - first) / s <= 9), 500)
    years = range(first + (-first) % step, last + 1, step)
    return tuple(
        Tick(year, round((date(year, 1, 1).toordinal() - low) * scale, 2)) for year in years
    )
