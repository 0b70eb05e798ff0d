"""On which days something holds, certainly or possibly; the bounds are those of the graph."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from latticework.results import value
from latticework.store import Row

Certainty = Literal["certain", "possible"]


@dataclass(frozen=True)
class Days:
    """Four bounds, days inclusive; ``None`` is unbounded."""

    earliest_begin: date | None
    latest_begin: date
    earliest_end: date
    latest_end: date | None

    def on(self, day: date) -> Certainty | None:
        """Whether it holds on that day: certainly, possibly, or (``None``) certainly not."""
        if self.latest_begin <= day <= self.earliest_end:
            return "certain"
        begun = self.earliest_begin is None or self.earliest_begin <= day
        going_on = self.latest_end is None or day <= self.latest_end
        return "possible" if begun and going_on else None

    def edges(self) -> set[date]:
        """The first days on which the answer of :meth:`on` may differ from the day before."""
        begins = {self.earliest_begin, self.latest_begin}
        ends = {next_day(self.earliest_end), next_day(self.latest_end)}
        return {day for day in begins | ends if day is not None}


def next_day(day: date | None) -> date | None:
    """The day after, or ``None`` where there is none."""
    if day is None or day == date.max:
        return None
    return date.fromordinal(day.toordinal() + 1)


def days(row: Row) -> Days:
    """The bounds in a row of a question that gives all four."""
    return Days(
        _day(row, "earliestBegin"),
        _day(row, "latestBegin") or date.max,
        _day(row, "earliestEnd") or date.min,
        _day(row, "latestEnd"),
    )


def _day(row: Row, name: str) -> date | None:
    found = value(row.get(name))
    return found if isinstance(found, date) else None


def surest(found: list[Certainty | None]) -> Certainty | None:
    """The best of several answers: one that is certain, else one that is possible."""
    if "certain" in found:
        return "certain"
    return "possible" if "possible" in found else None
