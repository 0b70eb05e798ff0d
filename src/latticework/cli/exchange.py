"""Commands that take data away and bring it back: export, diff, fetch, push."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from latticework.cli.common import EXTRA, FOLDERS, LANGUAGE, SOURCE, built, source_iris
from latticework.errors import InputError
from latticework.phrases import Phrase, said, say

RDF = {".ttl": "ttl", ".trig": "trig", ".nq": "nq", ".nt": "nt", ".jsonld": "jsonld"}
NETWORK = {".graphml": "graphml", ".gexf": "gexf"}
FORMS = [*RDF.values(), *NETWORK.values(), "spells-csv", "dyad-year-csv", "void"]


@click.command()
@click.option("-o", "--out", type=FOLDERS, help="File to write; standard output by default.")
@click.option("--format", "form", type=click.Choice(FORMS), help="Guessed from the file's suffix.")
@click.option("--area", metavar="NAME", help="Only one subject area, such as 'meetings'.")
@click.option("--about", metavar="THING", help="Only one thing with all that belongs to it.")
@click.option("--construct", type=FOLDERS, metavar="FILE", help="The result of a CONSTRUCT query.")
@SOURCE
@EXTRA
@LANGUAGE
def export(
    out: Path | None,
    form: str | None,
    area: str | None,
    about: str | None,
    construct: Path | None,
    sources: Sequence[str],
    extra: Sequence[Path],
    language: str,
) -> None:
    """Export the graph, or a part of it, for other projects.

    Turtle, TriG, N-Quads, N-Triples, JSON-LD; GraphML and dynamic GEXF 1.3 for network software;
    CSV of memberships by spell and of dyads by year, with ISO and COW codes; the description of
    the data set (VoID, DCAT). docs/exports.md says what each format holds.

    \b
    Example:  latticework export -o aukus.ttl --about AUKUS
              latticework export -o web.gexf
              latticework export -o dyads.csv --format dyad-year-csv
    """
    from latticework.output import write_file

    form = form or _guess(out)
    cut = [option for option in (area, about, construct) if option is not None]
    if cut and form not in RDF.values():
        raise InputError(
            "{form} takes no part of the graph but that of a --source; --area, --about and "
            "--construct go with ttl, nt and jsonld",
            form=form,
        )
    if len(cut) + bool(sources) > 1:
        raise InputError("give only one of --area, --about, --construct and --source")
    content = _exported(built(extra, validate=False), form, area, about, construct, sources)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        write_file(out, content)
        click.echo(say("wrote {out} ({size:,} bytes)", language, out=out, size=len(content)))


def _guess(out: Path | None) -> str:
    if out is None:
        return "ttl"
    form = {**RDF, **NETWORK}.get(out.suffix.lower())
    if form is None:
        raise InputError(
            "the format of {out} is not known from its suffix; say it with --format", out=out
        )
    return form


def _exported(
    graph: Any,  # noqa: ANN401
    form: str,
    area: str | None,
    about: str | None,
    construct: Path | None,
    sources: Sequence[str],
) -> bytes:
    from latticework import export as exporting
    from latticework import networks
    from latticework.coverage import read_coverage
    from latticework.graph import KnowledgeGraph
    from latticework.index import incidence
    from latticework.names import resolve

    store = graph.store
    if form == "void":
        return exporting.description(store)
    chosen = source_iris(store, sources)
    if form not in RDF.values():
        data, coverage = incidence(store, sources=chosen), read_coverage(store, chosen)
        makers: dict[str, Callable[[], str]] = {
            "graphml": lambda: networks.to_graphml(store, data),
            "gexf": lambda: networks.to_gexf(store, data),
            "spells-csv": lambda: networks.spells_csv(store, chosen),
            "dyad-year-csv": lambda: networks.dyad_year_csv(store, data, coverage),
        }
        return makers[form]().encode()
    if form in ("trig", "nq") and not (area or about or construct or sources):
        return exporting.to_trig(graph).encode() if form == "trig" else exporting.to_nquads(store)
    if form in ("trig", "nq"):
        raise InputError(
            "{form} holds the whole graph; choose ttl, nt or jsonld for a part", form=form
        )
    if area is not None:
        triples = exporting.of_area(store, area)
    elif about is not None:
        triples = exporting.of_thing(store, resolve(store, about))
    elif construct is not None:
        found = KnowledgeGraph(store).triples(_query_text(construct))
        triples = exporting.readable_alone(store, found)
    elif chosen is not None:
        triples = exporting.of_sources(store, chosen)
    else:
        triples = exporting.everything(store)
    return exporting.serialize(triples, form)


def _query_text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise InputError("there is no file {path}", path=file) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("{file} cannot be read as UTF-8 text", file=file) from error


@click.command()
@click.argument("old", type=FOLDERS)
@click.argument("new", type=FOLDERS)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a node.")
@click.option("--exit-code", is_flag=True, help="Exit 1 if there is a difference.")
@LANGUAGE
def diff(old: Path, new: Path, as_json: bool, exit_code: bool, language: str) -> None:
    """Compare two Turtle files, or two source folders, fact by fact.

    \b
    Example:  latticework diff out-before/latticework.ttl out/latticework.ttl
    """
    from dataclasses import asdict

    from latticework.difference import difference

    changes = difference(_triples(old), _triples(new))
    for change in changes:
        if as_json:
            click.echo(json.dumps(asdict(change), ensure_ascii=False))
        else:
            click.echo(f"{said(Phrase(change.kind), language)}: {change.node}")
            for line in change.lines:
                click.echo(f"  {line}")
    if not as_json:
        click.echo(say("{number} nodes differ", language, number=len(changes)))
    if exit_code and changes:
        sys.exit(1)


def _triples(place: Path) -> list[Any]:
    from latticework import turtle

    if not place.exists():
        raise InputError("there is no {place}", place=place)
    files = sorted(place.rglob("*.ttl")) if place.is_dir() else [place]
    return [triple for file in files for triple in turtle.read(file)]


@click.command()
@click.argument("url")
@click.option("-f", "--query-file", type=FOLDERS, required=True, help="A CONSTRUCT query.")
@click.option("-o", "--out", type=FOLDERS, help="Turtle file to write; standard output by default.")
@LANGUAGE
def fetch(url: str, query_file: Path, out: Path | None, language: str) -> None:
    """Run a CONSTRUCT query at somebody's SPARQL endpoint and keep the result as Turtle.

    \b
    Example:  latticework fetch http://127.0.0.1:7878/query -f part.rq -o part.ttl
    """
    from latticework.endpoint import construct_endpoint
    from latticework.export import serialize
    from latticework.output import write_file

    content = serialize(construct_endpoint(url, _query_text(query_file)), "ttl")
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        write_file(out, content)
        click.echo(say("wrote {out} ({size:,} bytes)", language, out=out, size=len(content)))


@click.command()
@click.argument("url")
@EXTRA
@LANGUAGE
def push(url: str, extra: Sequence[Path], language: str) -> None:
    """Load every named graph into a store that speaks the SPARQL 1.1 Graph Store Protocol.

    \b
    Example:  latticework push http://127.0.0.1:7878/store
    """
    from latticework.endpoint import push as push_graphs
    from latticework.vocabulary import ONTOLOGY

    graph = built(extra)
    graphs = {name: graph.graph(name) for name in graph.graph_names() if name != ONTOLOGY}
    push_graphs(url, graphs, report=lambda one: click.echo(one.graph, err=True))
    total = sum(map(len, graphs.values()))
    click.echo(
        say(
            "wrote {graphs} graphs with {statements:,} statements to {url}",
            language,
            graphs=len(graphs),
            statements=total,
            url=url,
        )
    )
