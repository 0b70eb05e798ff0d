"""The command line: parse, call, print. Heavy libraries are imported inside the command."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from latticework import __version__
from latticework.errors import DateProblem, InputError, LatticeworkError

FOLDERS = click.Path(path_type=Path)
EXTRA = click.option(
    "--with",
    "extra",
    multiple=True,
    type=FOLDERS,
    metavar="DIR",
    help="Add a source folder (may be given several times).",
)
LANGUAGE = click.option(
    "--lang", "language", type=click.Choice(["en", "zh"]), default="en", help="Language of output."
)
OUT = click.option(
    "-o", "--out", type=FOLDERS, default=Path("out"), show_default=True, help="Where to write."
)
SOURCE = click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="NAME",
    help="Only this source, such as 'paper' (may be given several times; all by default).",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="latticework")
def cli() -> None:
    """A knowledge graph of the US security system in the Asia-Pacific, 1945 to 2022.

    \b
    Start with:  latticework run
    Then try:    latticework structure --source paper
                 latticework verify YOUR-COPY.txt
    """


@cli.command()
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
    from latticework.figure import structure_plot
    from latticework.index import incidence
    from latticework.output import write_folder
    from latticework.structure import panels
    from latticework.summary import print_summary
    from latticework.view import page

    built = _built(extra)
    with _progress("measure and draw"):
        paper = _source_iris(built.store, ["paper"])
        series = panels(incidence(built.store, sources=paper), read_coverage(built.store, paper))
        everything = incidence(built.store)
        files = {
            "latticework.ttl": export.to_turtle(built).encode(),
            "latticework.trig": export.to_trig(built).encode(),
            "web.html": page(built.store, everything, series).encode(),
            "structure.svg": structure_plot(series, language),
            "structure.png": structure_plot(series, language, "png"),
            "structure.tsv": _tsv(_panel_rows(series)).encode(),
            **export.ontology(),
        }
    write_folder(out, files)
    console = Console(soft_wrap=not sys.stdout.isatty())
    print_summary(console, built, series, language)
    console.print(f"Wrote to {out}/:", highlight=False)
    for name, content in files.items():
        console.print(f"  {name}  [dim]{len(content):,} bytes[/dim]", highlight=False)
    console.print(
        f"\nNext: open {out}/web.html in a browser; 'latticework structure --explain 2022-05-25';\n"
        "      'latticework verify COPY.txt' to check every passage against your copy of the text.",
        highlight=False,
    )


@cli.command()
@EXTRA
@OUT
def build(extra: Sequence[Path], out: Path) -> None:
    """Build and validate the graph; write it as Turtle and TriG.

    The last good result stays in place until the new one is complete.

    \b
    Example:  latticework build --with my-source/ --out out
    """
    from latticework import export
    from latticework.output import write_folder

    built = _built(extra)
    files = {
        "latticework.ttl": export.to_turtle(built).encode(),
        "latticework.trig": export.to_trig(built).encode(),
        **export.ontology(),
    }
    write_folder(out, files)
    click.echo(
        f"{len(built.store):,} statements from {len(built.sources)} sources; all shapes hold, "
        f"{len(built.warnings)} warnings ('latticework validate' shows them)"
    )
    click.echo(f"wrote {', '.join(files)} to {out}/")


@cli.command()
@EXTRA
@LANGUAGE
def validate(extra: Sequence[Path], language: str) -> None:
    """Check the graph against its shapes and checks; exit 1 if one is broken.

    \b
    Example:  latticework validate --with my-source/
    """
    built = _built(extra)
    for warning in built.warnings:
        message = warning.message_zh if language == "zh" else warning.message
        click.echo(f"warning: {warning.file}: {warning.node}: {message}")
    click.echo(f"all shapes and checks hold; {len(built.warnings)} warnings")


@cli.command()
@click.argument("copy", type=FOLDERS)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a passage.")
@click.option("--show", metavar="NAME", help="Show the sentence of one passage, such as 5.3-02.")
def verify(copy: Path, as_json: bool, show: str | None) -> None:
    """Find every passage in your own copy of the text: exact, moved, or not found.

    Exit 1 if any passage is not found.

    \b
    Example:  latticework verify paper.txt
              latticework verify paper.txt --show 5.3-02
    """
    from latticework import evidence

    built = _built((), validate=False)
    text = evidence.read_copy(copy)
    with _progress("find passages"):
        anchors = evidence.find(text, evidence.passages(built.store))
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
                click.echo(f"orphan: psg:{anchor.slug}")
        total = len(anchors)
        click.echo(
            f"{total} passages: {counts['exact']} exact, {counts['unique']} found elsewhere, "
            f"{counts['orphan']} not found ({100 * (total - counts['orphan']) / total:.1f} % found)"
        )
    if counts["orphan"] == len(anchors):
        raise InputError(
            f"{copy} does not look like a copy of the text: not one passage of it was found"
        )
    if counts["orphan"]:
        sys.exit(1)


def _show_sentence(text: str, anchors: Sequence[Any], name: str) -> None:
    from latticework import evidence
    from latticework.errors import UnknownName

    slug = name.removeprefix("psg:")
    anchor = next((a for a in anchors if a.slug == slug), None)
    if anchor is None:
        raise UnknownName(f"there is no passage '{name}'; they are named like 5.3-02 or fn117-3")
    if anchor.status == "orphan":
        raise InputError(f"psg:{slug} was not found in your copy")
    click.echo(evidence.sentence(text, anchor))


@cli.command()
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

    built = _built(extra, validate=False)
    chosen = _source_iris(built.store, sources)
    data, coverage = incidence(built.store, sources=chosen), read_coverage(built.store, chosen)
    if explain is not None:
        from latticework.explain import explain_day

        for line in explain_day(built.store, data, coverage, _day(explain), language):
            click.echo(line)
        return
    series = panels(data, coverage)
    series = series if every else changes(series)
    style = style or ("table" if sys.stdout.isatty() else "tsv")
    if style == "table":
        Console().print(structure_table(series, language))
    elif style == "tsv":
        click.echo(_tsv(_panel_rows(series)), nl=False)
    else:
        head, *rows = _panel_rows(series)
        click.echo(json.dumps([dict(zip(head, row, strict=True)) for row in rows], indent=1))


@cli.command()
@EXTRA
@SOURCE
@click.option("-o", "--out", type=FOLDERS, required=True, help="The HTML file to write.")
def web(extra: Sequence[Path], sources: Sequence[str], out: Path) -> None:
    """Draw the alliance web over time as one HTML file that works offline.

    \b
    Example:  latticework web -o web.html
    """
    from latticework.coverage import read_coverage
    from latticework.index import incidence
    from latticework.output import write_file
    from latticework.structure import panels
    from latticework.view import page

    built = _built(extra, validate=False)
    chosen = _source_iris(built.store, sources)
    data = incidence(built.store, sources=chosen)
    with _progress("draw"):
        html = page(built.store, data, panels(data, read_coverage(built.store, chosen)))
    write_file(out, html.encode())
    click.echo(f"wrote {out} ({len(html.encode()):,} bytes); open it in a browser")


@cli.command()
@click.argument("files", nargs=-1, required=True, type=FOLDERS)
@click.option("--check", is_flag=True, help="Only say which files are not tidy; exit 1 if any.")
def tidy(files: Sequence[Path], check: bool) -> None:
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
            click.echo(f"{file} is not tidy; run: latticework tidy {file}")
        else:
            write_file(file, wanted.encode())
            click.echo(f"tidied {file}")
    if check and untidy:
        sys.exit(1)


def _built(extra: Sequence[Path], *, validate: bool = True) -> Any:  # noqa: ANN401
    from latticework.build import build as build_graph

    with _progress("build") as step:
        return build_graph(extra, validate=validate, progress=step)


@contextmanager
def _progress(first: str) -> Iterator[Callable[[str], None]]:
    """A spinner on standard error, only on a terminal; yields how to name the next step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(first) as status:
        yield status.update


def _source_iris(store: Any, names: Sequence[str]) -> Collection[str] | None:  # noqa: ANN401
    """IRIs of the sources named, ``None`` for all."""
    from latticework.build import sources_of
    from latticework.errors import UnknownName
    from latticework.vocabulary import PREFIXES

    if not names:
        return None
    known = {iri.removeprefix(PREFIXES["source"]): iri for iri in sources_of(store)}
    for name in names:
        if name not in known and name not in known.values():
            raise UnknownName(f"there is no source '{name}'; there are: {', '.join(known)}")
    return {known.get(name, name) for name in names}


def _day(text: str) -> date:
    from latticework.dates import parse

    span = parse(text)
    if span.first is None or span.first != span.last:
        raise DateProblem(f"'{text}' is not one day; write it like 2022-05-25")
    return span.first


def _panel_rows(series: Sequence[Any]) -> list[tuple[Any, ...]]:
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


def _tsv(rows: Sequence[Sequence[Any]]) -> str:
    import io

    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue()


def main() -> None:
    """Run the command line; every error of ours is one sentence and an exit code."""
    try:
        cli(standalone_mode=False)
    except LatticeworkError as error:
        click.echo(f"latticework: {error}", err=True)
        sys.exit(error.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


if __name__ == "__main__":
    main()
