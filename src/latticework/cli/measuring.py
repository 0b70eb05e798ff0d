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
@click.option("--hub", metavar="STATE", default="united-states", help="The state in the middle.")
@click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="NAME",
    help="Only this layer, such as 'treaty alliance' (may be given several times).",
)
@click.option(
    "--text",
    "copy",
    type=FOLDERS,
    metavar="COPY.txt",
    help="Your own copy of the text: its sentences are shown. Keep such a page to yourself.",
)
@click.option("-o", "--out", type=FOLDERS, required=True, help="The HTML file to write.")
def web(
    extra: Sequence[Path],
    sources: Sequence[str],
    hub: str,
    layers: Sequence[str],
    copy: Path | None,
    out: Path,
) -> None:
    """Draw the alliance web over time as one HTML file that works offline.

    \b
    Example:  latticework web -o web.html
              latticework web -o japan.html --hub Japan --layer 'security cooperation'
              latticework web -o mine.html --text COPY.txt
    """
    from latticework.coverage import read_coverage
    from latticework.index import DEFAULT_LAYERS, incidence
    from latticework.names import resolve
    from latticework.output import write_file
    from latticework.structure import panels
    from latticework.view import page

    graph = built(extra, validate=False)
    store = graph.store
    chosen = source_iris(store, sources)
    centre = resolve(store, hub, ("state",))
    wanted = {_layer(store, name) for name in layers} or DEFAULT_LAYERS
    data = incidence(store, sources=chosen, layers=wanted)
    with progress("draw"):
        text = _sentences(store, copy) if copy is not None else None
        series = panels(data, read_coverage(store, chosen), centre)
        html = page(store, data, series, text=text, hub=centre)
    write_file(out, html.encode())
    click.echo(f"wrote {out} ({len(html.encode()):,} bytes); open it in a browser")
    if text is not None:
        click.echo("it holds sentences of your copy; it is not for passing on", err=True)


def _layer(store: Any, name: str) -> str:  # noqa: ANN401
    """The IRI of a layer by its name in either language or its short form."""
    from latticework.errors import UnknownName
    from latticework.terms import label
    from latticework.view.facts import LAYER_ORDER
    from latticework.vocabulary import LWC

    known = {LWC + slug: label(store, LWC + slug) for slug in LAYER_ORDER}
    for iri, own in known.items():
        if name.casefold() in (own.en.casefold(), own.zh, iri.removeprefix(LWC).casefold()):
            return iri
    names = ", ".join(own.en for own in known.values())
    raise UnknownName("there is no layer '{given}'; there are: {known}", given=name, known=names)


def _sentences(store: Any, copy: Path) -> dict[str, str]:  # noqa: ANN401
    """The sentences of the reader's own copy, by the IRI of their passage."""
    from latticework import evidence
    from latticework.errors import InputError
    from latticework.passages import passages
    from latticework.vocabulary import PREFIXES

    text = evidence.read_copy(copy)
    anchors = evidence.find(text, passages(store))
    if not evidence.is_copy(anchors):
        raise InputError(
            "{file} does not look like a copy of the text: hardly any passage of it was found",
            file=copy,
        )
    found = [anchor for anchor in anchors if anchor.status != "orphan"]
    return {PREFIXES["psg"] + anchor.slug: evidence.sentence(text, anchor) for anchor in found}


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
