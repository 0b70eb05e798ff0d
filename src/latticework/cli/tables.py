"""Tables in the form that was asked for, and the text of one thing."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click
import pyoxigraph as ox

from latticework.results import Table, shown, value
from latticework.terms import label

if TYPE_CHECKING:
    from latticework.show import Description


def print_table(answer: Table, style: str | None, language: str, store: ox.Store) -> None:
    """Print an answer: labels for people, terms for machines."""
    style = style or ("table" if sys.stdout.isatty() else "tsv")
    if style == "table":
        rows = [
            [
                label(store, t.value).in_language(language)
                if isinstance(t, ox.NamedNode)
                else _short(t, language)
                for t in row
            ]
            for row in answer.terms
        ]
        print_rows(answer.columns, rows, "table", language)
    elif style == "sparql-json":
        click.echo(json.dumps(_sparql_json(answer), ensure_ascii=False))
    elif style == "xml":
        click.echo(_sparql_xml(answer))
    elif style == "json":
        print_rows(answer.columns, [list(row.values()) for row in answer], "json")
    else:
        rows = [
            ["" if t is None else str(getattr(t, "value", t)) for t in row] for row in answer.terms
        ]
        print_rows(answer.columns, rows, style)


def _short(term: ox.BlankNode | ox.Literal | ox.Triple | None, language: str) -> str:
    """A literal for people: a fraction with three places, a truth value as a word."""
    found = value(term)
    if isinstance(found, bool):
        return {"en": ("no", "yes"), "zh": ("否", "是")}[language][found]
    return f"{found:.3f}" if isinstance(found, Decimal | float) and found % 1 else shown(term)


def print_truth(true: bool, style: str | None) -> None:
    """Print the answer to an ASK: a word, or the SPARQL forms."""
    said = "true" if true else "false"
    forms = {
        "json": said,
        "sparql-json": json.dumps({"head": {}, "boolean": true}),
        "xml": '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
        f"<head></head><boolean>{said}</boolean></sparql>",
    }
    click.echo(forms.get(style or "", said))


def print_triples(triples: Iterable[ox.Triple]) -> None:
    """Print the answer to a CONSTRUCT or DESCRIBE as tidy Turtle."""
    from latticework.export import serialize

    click.echo(serialize(triples, "ttl").decode(), nl=False)


def print_rows(
    head: Sequence[str], rows: Iterable[Sequence[Any]], style: str | None, language: str = "en"
) -> None:
    """Print plain rows as a table, TSV, CSV or JSON; a table's columns are named in Chinese too."""
    style = style or ("table" if sys.stdout.isatty() else "tsv")
    if style == "table":
        from rich.console import Console
        from rich.table import Table as RichTable
        from rich.text import Text

        table = RichTable(box=None, pad_edge=False)
        for name in _column_names(head, language):
            table.add_column(name, overflow="fold")
        for row in rows:
            table.add_row(*(Text(str(cell)) for cell in row))
        Console().print(table)
    elif style == "json":
        dictionaries = [dict(zip(head, row, strict=True)) for row in rows]
        click.echo(json.dumps(dictionaries, ensure_ascii=False, indent=1, default=str))
    else:
        out = io.StringIO()
        delimiter = "," if style == "csv" else "\t"
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
        click.echo(out.getvalue(), nl=False)


def _column_names(head: Sequence[str], language: str) -> Sequence[str]:
    """The columns as the site calls them in Chinese; in English their own names are words."""
    if language == "en":
        return head
    from latticework.server.wording import columns

    known = {**columns()[language], **OWN_COLUMNS}
    return [known.get(name, name) for name in head]


OWN_COLUMNS = {
    "in_just_these": "恰属这些安排的国家",
    "combination": "安排组合",
    "members": "共同成员",
    "nested": "包含",
    "sources": "来源",
    "states": "国家数",
    "question": "问题",
    "parameters": "参数",
    "prefix": "前缀",
    "things": "事物数",
    "horizon": "截止日期",
    "covered": "覆盖",
    "measure": "指标",
    "value": "值",
    "low": "最低",
    "high": "最高",
}


def _sparql_json(answer: Table) -> dict[str, Any]:
    """SPARQL 1.1 Query Results JSON Format."""
    bindings = [
        {
            name: _json_term(term)
            for name, term in zip(answer.columns, row, strict=True)
            if term is not None
        }
        for row in answer.terms
    ]
    return {"head": {"vars": list(answer.columns)}, "results": {"bindings": bindings}}


def _json_term(term: object) -> dict[str, str]:
    if isinstance(term, ox.Literal):
        found = {"type": "literal", "value": term.value}
        if term.language:
            found["xml:lang"] = term.language
        elif not term.datatype.value.endswith("#string"):
            found["datatype"] = term.datatype.value
        return found
    kind = "uri" if isinstance(term, ox.NamedNode) else "bnode"
    return {"type": kind, "value": str(getattr(term, "value", term))}


def _sparql_xml(answer: Table) -> str:
    """SPARQL Query Results XML Format, by way of the JSON form."""
    found = ox.parse_query_results(json.dumps(_sparql_json(answer)), ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    return bytes(found.serialize(format=ox.QueryResultsFormat.XML) or b"").decode()


def description_lines(found: Description, language: str) -> Iterator[str]:
    """The text of one thing."""
    other = found.label.en if language == "zh" else found.label.zh
    kinds = ", ".join(kind.in_language(language) for kind in found.kinds)
    yield f"{found.label.in_language(language)}  ({other})"
    yield f"{kinds}  <{found.iri}>"
    for statement in found.statements:
        values = "; ".join(value.in_language(language) for value in statement.values)
        yield f"  {statement.property.in_language(language)}: {values}"
    kind = ""
    for fact in found.facts:
        if (name := fact.kind.in_language(language)) != kind:
            kind = name
            yield f"\n{kind}"
        places = "; ".join(place.in_language(language) for place in fact.passages)
        dates = f", {fact.dates}" if fact.dates else ""
        yield f"  {fact.label.in_language(language)}{dates}  [{fact.source}: {places or '-'}]"
