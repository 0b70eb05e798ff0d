"""Commands that ask: ask, query, list, show, overlap."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from latticework.cli.common import EXTRA, FOLDERS, LANGUAGE, SOURCE, opened, source_iris
from latticework.errors import InputError

FORMAT = click.option(
    "--format",
    "style",
    type=click.Choice(["table", "tsv", "csv", "json", "sparql-json", "xml"]),
    help="Form of the answer; a table on a terminal, TSV on a pipe.",
)
ENDPOINT = click.option(
    "--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the shipped graph."
)


@click.command()
@click.argument("name")
@click.option("--as-of", "as_of", metavar="DATE", help="The parameter 'asOf' of the question.")
@click.option("--state", metavar="NAME", help="The parameter 'state' of the question.")
@click.option("--arrangement", metavar="NAME", help="The parameter 'arrangement'.")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="KEY=VALUE",
    help="Any other parameter; the same key again gives it several values.",
)
@SOURCE
@EXTRA
@ENDPOINT
@FORMAT
@LANGUAGE
def ask(
    name: str,
    as_of: str | None,
    state: str | None,
    arrangement: str | None,
    given: Sequence[str],
    sources: Sequence[str],
    extra: Sequence[Path],
    endpoint: str | None,
    style: str | None,
    language: str,
) -> None:
    """Answer a named question; 'latticework list questions' shows them all.

    Names may be given in English or Chinese, dates as 2022-05-25.

    \b
    Example:  latticework ask in-one-not-in-the-other --set first=Quad --set second=AUKUS
    """
    from latticework.graph import KnowledgeGraph

    parameters = {"asOf": as_of, "state": state, "arrangement": arrangement}
    chosen = {key: [value] for key, value in parameters.items() if value is not None}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals:
            raise InputError("'{pair}' is not of the form KEY=VALUE", pair=pair)
        chosen.setdefault(key, []).append(value)
    graph = KnowledgeGraph(opened(extra, only=sources))
    sparql = graph.bind(name, **chosen)
    _answer(graph, sparql, endpoint, style, language)


@click.command()
@click.argument("text", required=False)
@click.option("-f", "--query-file", type=FOLDERS, help="Read the query from a file.")
@click.option("--exit-code", is_flag=True, help="Exit 1 if an ASK is false.")
@SOURCE
@EXTRA
@ENDPOINT
@FORMAT
@LANGUAGE
def query(
    text: str | None,
    query_file: Path | None,
    exit_code: bool,
    sources: Sequence[str],
    extra: Sequence[Path],
    endpoint: str | None,
    style: str | None,
    language: str,
) -> None:
    """Answer a SPARQL query given as text, in a file, or on standard input.

    SELECT gives a table, ASK true or false, CONSTRUCT and DESCRIBE Turtle.

    \b
    Example:  latticework query 'SELECT ?s WHERE { ?s a lw:State }'
    """
    from latticework.graph import KnowledgeGraph

    if query_file is not None:
        try:
            text = query_file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                "{query_file} cannot be read as UTF-8 text: {error}",
                query_file=query_file,
                error=error,
            ) from error
    elif text is None or text == "-":
        text = sys.stdin.read()
    if not text.strip():
        raise InputError("the query is empty; give it as text, with --query-file, or on stdin")
    graph = KnowledgeGraph(opened(extra, only=sources))
    true = _answer(graph, text, endpoint, style, language)
    if exit_code and not true:
        sys.exit(1)


def _answer(
    graph: Any,  # noqa: ANN401
    sparql: str,
    endpoint: str | None,
    style: str | None,
    language: str,
) -> bool:
    """Print the answer in the form of the query; false only for an ASK that is not so."""
    from latticework.cli.tables import print_table, print_triples, print_truth

    match form_of(sparql) if endpoint else graph.kind(sparql):
        case "ASK":
            true = bool(_there("truth", endpoint, sparql) if endpoint else graph.test(sparql))
            print_truth(true, style)
            return true
        case "CONSTRUCT":
            found = _there("construct", endpoint, sparql) if endpoint else graph.triples(sparql)
            print_triples(found)
        case _:
            found = _there("ask", endpoint, sparql) if endpoint else graph.query(sparql)
            print_table(found, style, language, graph.store)
    return True


def _there(form: str, url: str, sparql: str) -> Any:  # noqa: ANN401
    """The answer of somebody's endpoint."""
    from latticework import endpoint

    asks = {
        "ask": endpoint.ask_endpoint,
        "truth": endpoint.truth_at_endpoint,
        "construct": endpoint.construct_endpoint,
    }
    return asks[form](url, _declared(sparql))


def form_of(sparql: str) -> str:
    """``SELECT``, ``ASK`` or ``CONSTRUCT`` (which stands for DESCRIBE too), by its first word."""
    bare = re.sub(r"<[^<>\s]*>|#[^\n]*", " ", sparql)
    found = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!:)", bare, re.IGNORECASE)
    word = found[1].upper() if found else "SELECT"
    return "CONSTRUCT" if word == "DESCRIBE" else word


def _declared(sparql: str) -> str:
    """The query with our prefixes declared where it uses them without saying so."""
    from latticework.vocabulary import PREFIXES

    return (
        "".join(
            f"PREFIX {name}: <{iri}>\n"
            for name, iri in PREFIXES.items()
            if f"{name}:" in sparql and f"PREFIX {name}:" not in sparql
        )
        + sparql
    )


@click.command("list")
@click.argument("what", type=click.Choice(["questions", "things", "kinds", "sources"]))
@click.option("--kind", metavar="PREFIX", help="Only things of one kind, such as 'arr' or 'state'.")
@EXTRA
@FORMAT
@LANGUAGE
def list_(
    what: str, kind: str | None, extra: Sequence[Path], style: str | None, language: str
) -> None:
    """List the named questions, the things of the graph, its kinds, or its sources.

    \b
    Example:  latticework list questions
              latticework list things --kind arr --lang zh
    """
    from latticework.cli.tables import print_rows
    from latticework.inventory import kinds, named_questions, sources, things

    if what == "questions":
        print_rows(("question", "title", "parameters"), named_questions(language), style)
        return
    store = opened(extra)
    if what == "kinds":
        print_rows(("prefix", "kind", "things"), kinds(store, language), style)
    elif what == "sources":
        print_rows(("source", "name", "horizon"), sources(store, language), style)
    else:
        print_rows(("name", "label"), things(store, kind, language), style)


@click.command()
@click.argument("thing")
@SOURCE
@EXTRA
@LANGUAGE
@click.option("--format", "style", type=click.Choice(["text", "json", "ttl"]), default="text")
def show(
    thing: str, sources: Sequence[str], extra: Sequence[Path], language: str, style: str
) -> None:
    """Show one thing: what is said of it, the facts that name it, dates, sources, passages.

    The name may be a label in English or Chinese, a slug, or a prefixed name.

    \b
    Example:  latticework show AUKUS
              latticework show 四边机制 --lang zh
    """
    from dataclasses import asdict

    from latticework.cli.tables import description_lines
    from latticework.export import of_thing, serialize
    from latticework.names import resolve
    from latticework.show import describe

    store = opened(extra, only=sources)
    iri = resolve(store, thing)
    if style == "ttl":
        click.echo(serialize(of_thing(store, iri), "ttl").decode(), nl=False)
    elif style == "json":
        click.echo(json.dumps(asdict(describe(store, iri)), ensure_ascii=False, indent=1))
    else:
        for line in description_lines(describe(store, iri), language):
            click.echo(line)


@click.command()
@click.option("--as-of", "on", metavar="DATE", default="2022-05-25", show_default=True)
@EXTRA
@SOURCE
@FORMAT
@LANGUAGE
def overlap(
    on: str, extra: Sequence[Path], sources: Sequence[str], style: str | None, language: str
) -> None:
    """Which arrangements share members on a day, and how far (Jaccard).

    \b
    Example:  latticework overlap --as-of 2022-05-25 --source paper
    """
    from latticework.cli.tables import print_rows
    from latticework.dates import day
    from latticework.index import incidence
    from latticework.overlap import overlaps
    from latticework.terms import label
    from latticework.vocabulary import PREFIXES

    store = opened(extra)
    data = incidence(store, sources=source_iris(store, sources))

    def name(iri: str) -> str:
        return label(store, iri).in_language(language)

    rows = [
        (name(o.one), name(o.other), len(o.shared), f"{o.jaccard:.2f}", "yes" if o.nested else "",
         ", ".join(name(state) for state in o.shared),
         ", ".join(source.removeprefix(PREFIXES["source"]) for source in o.sources))
        for o in overlaps(data, day(on))
    ]  # fmt: skip
    head = ("one", "other", "shared", "jaccard", "nested", "members", "sources")
    print_rows(head, rows, style)
