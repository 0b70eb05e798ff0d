"""The power gap from the numbers that a source prints, as ratio and as difference.

The two tell different stories, so neither stands alone. Nothing is interpolated: a period with a
number for one side only gives no gap. The paper draws no line between a large and a small gap; a
threshold is the user's own assumption and never a default.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.errors import InputError
from latticework.results import value
from latticework.store import Row, select
from latticework.theory.reading import text
from latticework.vocabulary import LWC

Measure = Literal["ratio", "difference"]


@dataclass(frozen=True)
class Gap:
    """One indicator in one period for the United States and a rival."""

    indicator: str
    period: str
    """As the source gives it, in EDTF."""
    unit: str
    own: Decimal
    own_qualifier: str
    """How the source qualifies the number, such as *only about*."""
    their: Decimal
    their_qualifier: str
    difference: Decimal
    """In the unit of the indicator; percentage points for a percentage."""
    ratio: Decimal | None
    """``None`` where the other side is 0."""
    observations: tuple[str, str]
    source: str

    def value(self, measure: Measure) -> Decimal | None:
        """The ratio or the difference."""
        return self.ratio if measure == "ratio" else self.difference


def gaps(
    store: ox.Store, rival: str | None = None, sources: Collection[str] | None = None
) -> list[Gap]:
    """All gaps that the numbers allow, in order of indicator and period.

    Args:
        store: the data set.
        rival: IRI of the other side; China by default, the rival that the paper names.
        sources: IRIs of the sources; all by default.

    """
    asked = question("theory/power-gap")
    query = asked.bind({"rival": [ox.NamedNode(rival)]}) if rival else asked.text
    return [
        _gap(row)
        for row in select(store, query)
        if sources is None or text(row, "source") in sources
    ]


def _gap(row: Row) -> Gap:
    own, their = _number(row, "own"), _number(row, "their")
    return Gap(
        indicator=text(row, "indicator"),
        period=text(row, "period"),
        unit=text(row, "unit"),
        own=own,
        own_qualifier=text(row, "ownQualifier"),
        their=their,
        their_qualifier=text(row, "theirQualifier"),
        difference=own - their,
        ratio=own / their if their else None,
        observations=(text(row, "ownObservation"), text(row, "theirObservation")),
        source=text(row, "source"),
    )


def _number(row: Row, name: str) -> Decimal:
    found = value(row.get(name))
    assert isinstance(found, Decimal)
    return found


def classify(gap: Gap, threshold: Decimal, measure: Measure = "ratio") -> str | None:
    """Large or small by the user's own threshold; at the threshold it is large.

    Returns:
        The IRI of the value, or ``None`` where there is nothing to compare.

    Raises:
        InputError: the threshold is not above 0.

    """
    if not threshold.is_finite() or threshold <= 0:
        raise InputError(
            "'{given}' is no threshold; give a number above 0, such as 2.0", given=threshold
        )
    found = gap.value(measure)
    if found is None:
        return None
    return LWC + ("gapLarge" if found >= threshold else "gapSmall")
