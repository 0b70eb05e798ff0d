"""Commands on structure over time: structure, web."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from latticework.cli.common import (
    EXTRA,
    FOLDERS,
    LANGUAGE,
    SOURCE,
    built,
    progress,
    source_iris,
    tsv,
)
from latticework.phrases import say


@click.command()
@EXTRA
@SOURCE
@LANGUAGE
@click.option("--explain", metavar="DATE", help="Open the numbers of one day down to passages.")
@click.option("--all", "every", is_flag=True, help="Every change point, not only visible changes.")
@click.option("--format", "style", type=click.Choice(["table", "tsv", "json"]), help="Output form.")
def structure(
    extra: Sequence[Path],
    sources: Sequence[str],
    language: str,
    explain: str | None,
    every: bool,
    style: str | None,
) -> None:
    """Hub and spokes against a web, by date: the lead panel with its band of uncertain dates.

    A table on a terminal, TSV on a pipe. Outside coverage values are missing, never 0.

    \b
    Example:  latticework structure --source paper
              latticework structure --explain 2022-05-25
    """
    from rich.console import Console

    from latticework.coverage import read_coverage
    from latticework.index import incidence
    from latticework.structure import changes, panels
    from latticework.summary import structure_table

    graph = built(extra, validate=False)
    chosen = source_iris(graph.store, sources)
    data, coverage = incidence(graph.store, sources=chosen), read_coverage(graph.store, chosen)
    if explain is not None:
        from latticework.dates import day
        from latticework.explain import explain_day

        for line in explain_day(graph.store, data, coverage, day(explain), language):
            click.echo(line)
        return
    series = panels(data, coverage)
    series = series if every else changes(series)
    style = style or ("table" if sys.stdout.isatty() else "tsv")
    if style == "table":
        Console().print(structure_table(series, language))
    elif style == "tsv":
        click.echo(tsv(panel_rows(series)), nl=False)
    else:
        head, *rows = panel_rows(series)
        click.echo(json.dumps([dict(zip(head, row, strict=True)) for row in rows], indent=1))


@click.command()
@EXTRA
@SOURCE
@click.option("-o", "--out", type=FOLDERS, required=True, help="The HTML file to write.")
@LANGUAGE
def web(extra: Sequence[Path], sources: Sequence[str], out: Path, language: str) -> None:
    """Draw the alliance web over time as one HTML file that works offline.

    \b
    Example:  latticework web -o web.html
    """
    from latticework.coverage import read_coverage
    from latticework.index import incidence
    from latticework.output import write_file
    from latticework.structure import panels
    from latticework.view import page

    graph = built(extra, validate=False)
    chosen = source_iris(graph.store, sources)
    data = incidence(graph.store, sources=chosen)
    with progress("draw"):
        html = page(graph.store, data, panels(data, read_coverage(graph.store, chosen)))
    write_file(out, html.encode())
    size = len(html.encode())
    click.echo(
        say("wrote {out} ({size:,} bytes); open it in a browser", language, out=out, size=size)
    )


def panel_rows(series: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The lead panel as plain rows; missing values are empty (None)."""
    from latticework.structure import MEASURES

    head = (
        "date",
        "covered",
        "n",
        "k",
        *(f"{m}{s}" for m in MEASURES for s in ("", "_low", "_high")),
        "worlds",
    )
    rows: list[tuple[Any, ...]] = [head]
    for one in series:
        sure = one.certain
        cells = [
            None if shares is None or getattr(shares, m) is None else round(getattr(shares, m), 6)
            for m in MEASURES
            for shares in (sure, one.low, one.high)
        ]
        size = (sure.states, sure.partners) if sure else (None, None)
        rows.append((one.date.isoformat(), one.covered, *size, *cells, one.worlds or None))
    return rows
