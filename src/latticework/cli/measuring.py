"""Commands on structure over time: structure, web."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from latticework.cli.choosing import (
    TABULAR,
    Chosen,
    Web,
    change_points,
    chooses_web,
    days_asked,
    every_layer,
    read_web,
)
from latticework.cli.common import (
    FOLDERS,
    LANGUAGE,
    opened,
    progress,
    source_iris,
)
from latticework.cli.tables import print_rows
from latticework.phrases import say


@click.command()
@chooses_web
@click.option("--at", "--as-of", "at", metavar="DATE", help="Only this day.")
@click.option("--from", "first", metavar="DATE", help="This day and every change point after it.")
@click.option("--to", "last", metavar="DATE", help="Change points up to this day.")
@click.option(
    "--measures",
    "asked",
    multiple=True,
    default=("lead",),
    metavar="NAME",
    help="'lead' (the default), 'all', or the name of a measure (may be given several times).",
)
@click.option("--explain", metavar="DATE", help="Open the numbers of one day down to passages.")
@click.option(
    "--measure",
    "explained",
    multiple=True,
    metavar="NAME",
    help="With --explain: only this measure (may be given several times).",
)
@click.option("--all", "every", is_flag=True, help="Every change point, not only visible changes.")
@TABULAR
@LANGUAGE
def structure(
    chosen: Chosen,
    at: str | None,
    first: str | None,
    last: str | None,
    asked: Sequence[str],
    explain: str | None,
    explained: Sequence[str],
    every: bool,
    style: str | None,
    language: str,
) -> None:
    """Hub and spokes against a web, by date: the lead panel with its band of uncertain dates.

    A table on a terminal, TSV on a pipe. Outside coverage values are missing, never 0.

    \b
    Example:  latticework structure --source paper
              latticework structure --at 2022-05-25 --measures all --hub Japan
              latticework structure --explain 2022-05-25 --measure autonomous
    """
    from rich.console import Console

    from latticework.errors import InputError
    from latticework.structure import MEASURES, changes, panel, panels
    from latticework.summary import structure_table

    measures = measures_named(asked)
    if explained and explain is None:
        raise InputError("--measure belongs to --explain DATE; --measures chooses the columns")
    days = days_asked(at, first, last)
    web = read_web(opened(chosen.extra), chosen)
    if explain is not None:
        _explain(web, explain, explained, style, language)
        return
    if days is None:
        series = panels(web.data, web.coverage, web.hub)
        series = series if every else changes(series)
    else:
        points = [days[0]] if at else change_points(web, *days)
        series = [panel(web.data, on, web.coverage, web.hub) for on in points]
    style = style or ("table" if sys.stdout.isatty() else "tsv")
    if style == "table" and tuple(measures) == MEASURES:
        Console().print(structure_table(series, language, web.title(language)))
        return
    head, *rows = panel_rows(series, measures, _companions(web, series, measures))
    if style == "table":  # so many columns stand in no window
        click.echo(web.title(language))
        print_rows(TALL, tall_rows(head, rows, measures, language), style, language)
        return
    if style == "json":
        click.echo(json.dumps([dict(zip(head, row, strict=True)) for row in rows], indent=1))
    else:
        print_rows(head, [["" if c is None else c for c in row] for row in rows], style)


def measures_named(names: Sequence[str]) -> list[str]:
    """The measures that are asked for, in their stable order."""
    from latticework.companions import COMPANIONS
    from latticework.errors import UnknownName
    from latticework.structure import MEASURES

    groups = {"lead": MEASURES, "all": (*MEASURES, *COMPANIONS)}
    wanted = {one for name in names for one in groups.get(name, (name,))}
    unknown = sorted(wanted - set(groups["all"]))
    if unknown:
        raise UnknownName(
            "there is no measure '{name}'; there are: {known}",
            name=unknown[0],
            known=("lead", "all", *groups["all"]),
        )
    return [measure for measure in groups["all"] if measure in wanted]


def _companions(web: Web, series: Sequence[Any], measures: Sequence[str]) -> list[Any]:
    """The companion measures of every day, where any is asked for."""
    from latticework.companions import COMPANIONS, companion_series

    if not set(measures) & set(COMPANIONS):
        return []
    return companion_series(web.data, web.coverage, web.hub, [one.date for one in series])


def _explain(
    web: Web, explain: str, explained: Sequence[str], style: str | None, language: str
) -> None:
    from latticework.dates import day
    from latticework.explain import COLUMNS, KINDS, explain_day, explained_rows, openings

    on, measures = day(explain), measures_named(explained) or KINDS
    if style is None:
        lines = explain_day(web.store, web.data, web.coverage, on, language, web.hub, measures)
        for line in lines:
            click.echo(line)
        return
    found = openings(web.data, web.coverage, on, web.hub, measures)
    print_rows(COLUMNS, explained_rows(web.store, found, language), style)


@click.command()
@chooses_web
@click.option(
    "--text",
    "copy",
    type=FOLDERS,
    metavar="COPY.txt",
    help="Your own copy of the text: its sentences are shown. Keep such a page to yourself.",
)
@click.option("-o", "--out", type=FOLDERS, required=True, help="The HTML file to write.")
@LANGUAGE
def web(chosen: Chosen, copy: Path | None, out: Path, language: str) -> None:
    """Draw the alliance web over time as one HTML file that works offline.

    \b
    Example:  latticework web -o web.html
              latticework web -o japan.html --hub Japan --layer 'security cooperation'
              latticework web -o mine.html --text COPY.txt
    """
    from latticework.output import write_file
    from latticework.structure import panels
    from latticework.view import page
    from latticework.view.blocks import blocks

    store = opened(chosen.extra)
    own = read_web(store, chosen)
    with progress("draw"):
        text = _sentences(store, copy) if copy is not None else None
        series = panels(own.data, own.coverage, own.hub)
        beside = blocks(store, source_iris(store, chosen.sources), text)
        wider = None if chosen.layers else every_layer(store, chosen)
        html = page(store, own.data, series, text=text, hub=own.hub, blocks=beside, wider=wider)
    write_file(out, html.encode())
    size = len(html.encode())
    click.echo(
        say("wrote {out} ({size:,} bytes); open it in a browser", language, out=out, size=size)
    )
    if text is not None:
        click.echo(
            say("it holds sentences of your copy; it is not for passing on", language), err=True
        )


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


def panel_rows(
    series: Sequence[Any],
    measures: Sequence[str] | None = None,
    companions: Sequence[Any] = (),
) -> list[tuple[Any, ...]]:
    """Measures as plain rows under a head; missing values are empty (None).

    Args:
        series: lead panels.
        measures: the measures to show, the lead ones by default.
        companions: the companion measures of the same days, if any is to be shown.

    """
    from latticework.structure import MEASURES

    shown = MEASURES if measures is None else measures
    lead = [measure for measure in shown if measure in MEASURES]
    others = [measure for measure in shown if measure not in MEASURES]
    bands = tuple(f"{measure}{end}" for measure in lead for end in ("", "_low", "_high"))
    rows: list[tuple[Any, ...]] = [
        ("date", "covered", "n", "k", *bands, *(["worlds"] if lead else []), *others)
    ]
    for i, one in enumerate(series):
        sure = one.certain
        cells = [
            _rounded(shares, measure) for measure in lead for shares in (sure, one.low, one.high)
        ]
        cells += [one.worlds or None] if lead else []
        beside = companions[i].companions if companions else None
        cells += [_rounded(beside, measure) for measure in others]
        size = (sure.states, sure.partners) if sure else (None, None)
        rows.append((one.date.isoformat(), one.covered, *size, *cells))
    return rows


TALL = ("date", "measure", "value", "low", "high")


def tall_rows(
    head: Sequence[str], rows: Sequence[Sequence[Any]], measures: Sequence[str], language: str
) -> list[tuple[str, ...]]:
    """The same as a row a measure, for reading: the day stands on its first row only."""
    from latticework.measures import words

    tall: list[tuple[str, ...]] = []
    for row in rows:
        cells = dict(zip(head, row, strict=True))
        if not cells["covered"]:
            tall.append((cells["date"], say("not covered", language), "", "", ""))
            continue
        sizes = [(name, str(cells[name]), "", "") for name in ("n", "k")]
        shares = [
            (words(name, language).name, *(_places(cells.get(name + end)) for end in ENDS))
            for name in measures
        ]
        for number, cells_of_one in enumerate([*sizes, *shares]):
            tall.append(("" if number else cells["date"], *cells_of_one))
    return tall


ENDS = ("", "_low", "_high")


def _places(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _rounded(shares: Any, measure: str) -> float | None:  # noqa: ANN401
    value = getattr(shares, measure, None)
    return None if value is None else round(float(value), 6)
