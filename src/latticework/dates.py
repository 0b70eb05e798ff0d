"""Dates as a source gives them (EDTF), and the days they may mean.

Four forms are used, a small part of EDTF (ISO 8601-2:2019, levels 0 to 2):

==================  =================================================  ======================
text                meaning                                            example
==================  =================================================  ======================
a day, month, year  that day, or some day within it                    ``2017-11``
one of a range      some day within; either side may be open           ``[1950..1953]``
an interval         it lasted from the one to the other, both included ``2021-06-19/2021-06-23``
==================  =================================================  ======================

The same rule stands as SPARQL in ``ontology/rules/bounds.rq``, which makes the bounds in the
graph; a test holds the two equal.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from latticework.errors import DateProblem
from latticework.phrases import Phrase

POINT = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
FORMS = Phrase(
    "a day (1977-06-30), a month (2017-11), a year (1954), [1950..1953] or 2021-06-19/2021-06-23"
)


@dataclass(frozen=True)
class Span:
    """The first and the last day that a text allows; ``None`` is unbounded."""

    first: date | None
    last: date | None
    lasting: bool = False
    """True for an interval: it lasted from ``first`` to ``last`` rather than fell within."""


def parse(text: str) -> Span:
    """Return the days that an EDTF text allows, or raise :class:`DateProblem`."""
    if text.startswith("[") and text.endswith("]") and ".." in text:
        low, _, high = text[1:-1].partition("..")
        if low and high and len(low) != len(high):
            raise DateProblem(
                "'{text}' mixes years, months or days; write both sides alike, such as "
                "[2007-01..2017-11]",
                text=text,
            )
        return _ordered(
            _point(low, text)[0] if low else None,
            _point(high, text)[1] if high else None,
            text,
            lasting=False,
        )
    if "/" in text:
        low, _, high = text.partition("/")
        return _ordered(_point(low, text)[0], _point(high, text)[1], text, lasting=True)
    first, last = _point(text, text)
    return Span(first, last)


def day(text: str) -> date:
    """Return the one day that ``text`` means, or raise :class:`DateProblem`."""
    span = parse(text)
    if span.first is None or span.first != span.last:
        raise DateProblem("'{text}' is not one day; write it like 2022-05-25", text=text)
    return span.first


def _ordered(first: date | None, last: date | None, text: str, *, lasting: bool) -> Span:
    if first is None and last is None:
        raise DateProblem(
            "'{text}' leaves both sides open; give at least one; use {forms}",
            text=text,
            forms=FORMS,
        )
    if first and last and first > last:
        raise DateProblem("'{text}' runs backwards; put the earlier date first", text=text)
    return Span(first, last, lasting)


def _point(text: str, whole: str) -> tuple[date, date]:
    """First and last day of a year, month or day."""
    found = POINT.fullmatch(text)
    if not found:
        raise DateProblem(
            "'{whole}' is no date that is understood here; use {forms}", whole=whole, forms=FORMS
        )
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        if day is not None and month is not None:
            return date(year, month, day), date(year, month, day)
        if month is not None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError as error:  # includes calendar.IllegalMonthError
        raise DateProblem(
            "'{whole}' does not exist in the calendar; correct it", whole=whole
        ) from error
