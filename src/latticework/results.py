"""Answers as plain tables: rows to iterate, a pandas DataFrame, HTML for a notebook."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from latticework.vocabulary import XSD, shorten

if TYPE_CHECKING:
    import pandas

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Value = str | int | float | bool | Decimal | date | None
MOST_SHOWN = 200
"""Rows that a notebook shows; the table holds them all."""


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT: columns, and rows of RDF terms (``None`` where unbound)."""

    columns: tuple[str, ...]
    terms: tuple[tuple[Term | None, ...], ...]

    def __iter__(self) -> Iterator[dict[str, Value]]:
        """Rows as plain dictionaries of Python values; IRIs are strings."""
        for row in self.terms:
            yield dict(zip(self.columns, map(value, row), strict=True))

    def __len__(self) -> int:
        return len(self.terms)

    def column(self, name: str) -> list[Value]:
        """The values of one column."""
        at = self.columns.index(name)
        return [value(row[at]) for row in self.terms]

    def to_dataframe(self) -> pandas.DataFrame:
        """A pandas DataFrame (pandas must be installed)."""
        import pandas as pd

        return pd.DataFrame([list(row.values()) for row in self], columns=list(self.columns))

    def _repr_html_(self) -> str:
        """Escaped HTML for notebooks, capped at :data:`MOST_SHOWN` rows, and saying so."""
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{html.escape(shown(term))}</td>" for term in row) + "</tr>"
            for row in self.terms[:MOST_SHOWN]
        )
        rest = len(self) - MOST_SHOWN
        note = f"<p>{rest} more rows</p>" if rest > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def table(solutions: ox.QuerySolutions) -> Table:
    """Read all solutions."""
    columns = tuple(variable.value for variable in solutions.variables)
    return Table(columns, tuple(tuple(row[name] for name in columns) for row in solutions))


def value(term: Term | None) -> Value:
    """The Python value of a term: numbers, truth values and dates by their datatype, else text."""
    if term is None or isinstance(term, ox.NamedNode | ox.BlankNode):
        return None if term is None else term.value
    if not isinstance(term, ox.Literal):
        return str(term)
    try:
        match term.datatype.value.removeprefix(XSD):
            case "integer" | "int" | "long" | "nonNegativeInteger":
                return int(term.value)
            case "decimal":
                return Decimal(term.value)
            case "double" | "float":
                return float(term.value)
            case "boolean":
                return term.value in ("true", "1")
            case "date":
                return date.fromisoformat(term.value)
    except ValueError:  # an ill-typed literal stays text
        pass
    return term.value


def shown(term: Term | None) -> str:
    """A term as people read it: prefixed name, or the text of a literal."""
    if term is None:
        return ""
    return (
        shorten(term.value) if isinstance(term, ox.NamedNode) else str(getattr(term, "value", term))
    )
