"""Commands that make, check and keep the graph: run, build, validate, verify, tidy."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from latticework.cli.common import EXTRA, FOLDERS, LANGUAGE, OUT, built, progress, source_iris, tsv
from latticework.cli.drawing import caption
from latticework.cli.measuring import panel_rows
from latticework.errors import InputError
from latticework.phrases import say


@click.command()
@EXTRA
@OUT
@LANGUAGE
def run(extra: Sequence[Path], out: Path, language: str) -> None:
    """Do the main job: build, validate, summarise, and write everything.

    \b
    Example:  latticework run --out out --lang zh
    """
    from rich.console import Console

    from latticework import export
    from latticework.coverage import read_coverage
    from latticework.figures.shares import shares
    from latticework.figures.style import cite, saved, short, styled
    from latticework.index import incidence
    from latticework.layers import layers_of
    from latticework.output import write_folder
    from latticework.periods import read_periods
    from latticework.structure import panels
    from latticework.summary import print_summary
    from latticework.terms import label
    from latticework.view import page
    from latticework.view.blocks import blocks

    graph = built(extra)
    with progress("measure and draw"):
        paper, coverage = source_iris(graph.store, ["paper"]), read_coverage(graph.store)
        series = panels(incidence(graph.store, sources=paper), read_coverage(graph.store, paper))
        everything = incidence(graph.store)
        periods = [
            (short(label(graph.store, one.iri).in_language(language)), one)
            for one in read_periods(graph.store)
        ]
        with styled(language):
            plot = shares(series, periods, language)
            cite(plot, caption(["paper"], language))
            plots = {f"structure.{kind}": saved(plot, kind) for kind in ("svg", "png")}
        files = {
            "latticework.ttl": export.to_turtle(graph).encode(),
            "latticework.trig": export.to_trig(graph).encode(),
            "web.html": page(
                graph.store,
                everything,
                panels(everything, coverage),
                blocks=blocks(graph.store),
                wider=incidence(graph.store, layers=layers_of(graph.store)),
            ).encode(),
            **plots,
            "structure.tsv": tsv(panel_rows(series)).encode(),
            "void.ttl": export.description(graph.store),
            **export.ontology(),
        }
    write_folder(out, files)
    console = Console(soft_wrap=not sys.stdout.isatty())
    print_summary(console, graph, series, language)
    console.print(say("Wrote to {out}/:", language, out=out), highlight=False)
    for name, content in files.items():
        size = say("{size:,} bytes", language, size=len(content))
        console.print(f"  {name}  [dim]{size}[/dim]", highlight=False)
    console.print(
        say(
            "\nNext: open {out}/web.html in a browser, or 'latticework serve' for all of it;\n"
            "      'latticework structure --explain 2022-05-25';\n"
            "      'latticework verify COPY.txt' to check every passage against your copy of the "
            "text.",
            language,
            out=out,
        ),
        highlight=False,
    )


@click.command()
@EXTRA
@OUT
@LANGUAGE
def build(extra: Sequence[Path], out: Path, language: str) -> None:
    """Build and validate the graph; write it as Turtle and TriG.

    The last good result stays in place until the new one is complete.

    \b
    Example:  latticework build --with my-source/ --out out
    """
    from latticework import export
    from latticework.output import write_folder

    graph = built(extra)
    files = {
        "latticework.ttl": export.to_turtle(graph).encode(),
        "latticework.trig": export.to_trig(graph).encode(),
        "void.ttl": export.description(graph.store),
        **export.ontology(),
    }
    write_folder(out, files)
    click.echo(
        say(
            "{statements:,} statements from {sources} sources; all shapes hold, {warnings} "
            "warnings ('latticework validate' shows them)",
            language,
            statements=len(graph.store),
            sources=len(graph.sources),
            warnings=len(graph.warnings),
        )
    )
    click.echo(say("wrote {files} to {out}/", language, files=list(files), out=out))


@click.command()
@EXTRA
@LANGUAGE
def validate(extra: Sequence[Path], language: str) -> None:
    """Check the graph against its shapes and checks; exit 1 if one is broken.

    \b
    Example:  latticework validate --with my-source/
    """
    graph = built(extra)
    for warning in graph.warnings:
        click.echo(say("warning: {warning}", language, warning=warning))
    number = len(graph.warnings)
    click.echo(say("all shapes and checks hold; {number} warnings", language, number=number))


@click.command()
@click.argument("copy", type=FOLDERS)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a passage.")
@click.option("--show", metavar="NAME", help="Show the sentence of one passage, such as 5.3-02.")
@LANGUAGE
def verify(copy: Path, as_json: bool, show: str | None, language: str) -> None:
    """Find every passage in your own copy of the text: exact, moved, or not found.

    Exit 1 if any passage is not found.

    \b
    Example:  latticework verify paper.txt
              latticework verify paper.txt --show 5.3-02
    """
    from latticework import evidence
    from latticework.passages import passages

    graph = built((), validate=False)
    text = evidence.read_copy(copy)
    with progress("find passages"):
        anchors = evidence.find(text, passages(graph.store))
    if show is not None:
        _show_sentence(text, anchors, show)
        return
    counts = {s: sum(a.status == s for a in anchors) for s in ("exact", "unique", "orphan")}
    if as_json:
        for anchor in anchors:
            line = {"passage": anchor.slug, "status": anchor.status, "ranges": anchor.ranges}
            click.echo(json.dumps(line))
    else:
        for anchor in anchors:
            if anchor.status == "orphan":
                click.echo(say("orphan: psg:{passage}", language, passage=anchor.slug))
        total = len(anchors)
        click.echo(
            say(
                "{total} passages: {exact} exact, {unique} found elsewhere, {orphan} not found "
                "({share:.1f} % found)",
                language,
                total=total,
                share=100 * (total - counts["orphan"]) / total,
                **counts,
            )
        )
    if counts["orphan"] == len(anchors):
        raise InputError(
            "{copy} does not look like a copy of the text: not one passage of it was found",
            copy=copy,
        )
    if counts["orphan"]:
        sys.exit(1)


def _show_sentence(text: str, anchors: Sequence[Any], name: str) -> None:
    from latticework import evidence
    from latticework.errors import UnknownName

    slug = name.removeprefix("psg:")
    anchor = next((a for a in anchors if a.slug == slug), None)
    if anchor is None:
        raise UnknownName(
            "there is no passage '{name}'; they are named like 5.3-02 or fn117-3", name=name
        )
    if anchor.status == "orphan":
        raise InputError("psg:{slug} was not found in your copy", slug=slug)
    click.echo(evidence.sentence(text, anchor))


@click.command()
@click.argument("files", nargs=-1, required=True, type=FOLDERS)
@click.option("--check", is_flag=True, help="Only say which files are not tidy; exit 1 if any.")
@LANGUAGE
def tidy(files: Sequence[Path], check: bool, language: str) -> None:
    """Put Turtle files into the stable order and form in which they are kept.

    \b
    Example:  latticework tidy graph/paper/memberships.ttl
    """
    from latticework import turtle
    from latticework.output import write_file

    untidy = 0
    for file in files:
        wanted = turtle.write(turtle.read(file))
        if file.read_text(encoding="utf-8") == wanted:
            continue
        untidy += 1
        if check:
            click.echo(say("{file} is not tidy; run: latticework tidy {file}", language, file=file))
        else:
            write_file(file, wanted.encode())
            click.echo(say("tidied {file}", language, file=file))
    if check and untidy:
        sys.exit(1)
