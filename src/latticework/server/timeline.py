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
    """A row with its place: the stretch that the dates allow, and the certain one within it."""

    row: Row
    left: float
    width: float
    sure_left: float
    sure_width: float
    open_ended: bool


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


def timeline(rows: Sequence[Row], horizon: date) -> Timeline | None:
    """Lay out the rows that have dates; ``None`` where there are none.

    What has begun and not ended lasts until the ``horizon`` of the sources, and says so.
    """
    dated = [(row, days) for row in rows if (days := _days(row, horizon)) is not None]
    if not dated:
        return None
    dated.sort(key=lambda pair: (pair[1][0], pair[1][1]))
    shown = dated[:MOST]
    first = min(days[0] for _, days in shown)
    last = max(days[1] for _, days in shown)
    low = date(first.year, 1, 1).toordinal()
    high = date(last.year, 12, 31).toordinal() + 1
    scale = WIDTH / (high - low)

    def at(day: date) -> float:
        return round((day.toordinal() - low) * scale, 2)

    def width(start: date, end: date) -> float:
        return round(max((end.toordinal() + 1 - start.toordinal()) * scale, 0), 2)

    bars = tuple(
        Bar(
            row,
            at(start),
            max(width(start, end), 3.0),
            at(sure_start),
            width(sure_start, sure_end) if sure_start <= sure_end else 0.0,
            row.begin != row.end and not row.end,
        )
        for row, (start, end, sure_start, sure_end) in shown
    )
    return Timeline(bars, _ticks(low, high, scale), len(rows) - len(dated), len(dated) - len(shown))


def _days(row: Row, horizon: date) -> tuple[date, date, date, date] | None:
    """First and last possible day, first and last certain day."""
    begin, end = _span(row.begin), _span(row.end)
    if begin is None and end is None:
        return None
    if row.begin == row.end and begin is not None:
        return _event(begin)
    start = (begin and (begin.first or begin.last)) or (end and (end.first or end.last))
    assert start is not None
    sure_start = (begin and begin.last) or start
    stop = (end.last or end.first) if end else max(horizon, sure_start)
    assert stop is not None
    sure_end = (end.first or stop) if end else stop
    return (start, max(start, stop), sure_start, sure_end)


def _event(span: Span) -> tuple[date, date, date, date] | None:
    """Something on a day, or that lasted for days; certain only on these."""
    first, last = span.first or span.last, span.last or span.first
    if first is None or last is None:
        return None
    sure = span.lasting or first == last
    return (first, last, first if sure else last, last if sure else first)


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
