"""Commands that ask: ask, query, list, show, overlap."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from latticework.cli.choosing import BEYOND, LAST_DAY_TOLD, LAYER, Chosen, Web, read_web
from latticework.cli.common import EXTRA, FOLDERS, LANGUAGE, SOURCE, opened
from latticework.errors import InputError
from latticework.phrases import say

if TYPE_CHECKING:
    from latticework.index import Incidence
    from latticework.overlap import Combination, Matrix

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
    if as_of is not None and not endpoint:
        _say_if_not_covered(graph.store, as_of, language)


def _say_if_not_covered(store: Any, as_of: str, language: str) -> None:  # noqa: ANN401
    """A word on standard error where no source covers any layer on the day."""
    from latticework.coverage import covered, read_coverage
    from latticework.dates import day

    coverage, asked = read_coverage(store), day(as_of)
    if not any(covered(coverage, asked, [one.layer]) for one in coverage):
        click.echo(say("{day}: no source covers this day", language, day=asked), err=True)


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
        except FileNotFoundError:
            raise InputError("there is no file {path}", path=query_file) from None
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
    if query_file is None and text.strip().endswith(".rq"):
        raise InputError("'{text}' is no query; to read it from a file, give -f", text=text.strip())
    graph = KnowledgeGraph(opened(extra, only=sources))
    if endpoint is None:
        _refuse_what_harms(graph, text)
    true = _answer(graph, text, endpoint, style, language)
    if exit_code and not true:
        sys.exit(1)


def _refuse_what_harms(graph: Any, text: str) -> None:  # noqa: ANN401
    """Refuse updates, SERVICE, and what would crash the engine; large queries are one's own."""
    from dataclasses import replace

    from latticework.server.guard import read
    from latticework.server.limits import Limits

    named = {name.value for name in graph.store.named_graphs()}
    read(text, replace(Limits(), patterns=1_000), named)


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
@click.argument("words", required=False)
@click.option("--kind", metavar="PREFIX", help="Only things of one kind, such as 'arr' or 'state'.")
@EXTRA
@FORMAT
@LANGUAGE
def list_(
    what: str,
    words: str | None,
    kind: str | None,
    extra: Sequence[Path],
    style: str | None,
    language: str,
) -> None:
    """List the named questions, the things of the graph, its kinds, or its sources.

    With WORDS only the rows in which they occur, upper or lower case.

    \b
    Example:  latticework list questions overlap
              latticework list things --kind arr --lang zh
    """
    from latticework.cli.tables import print_rows
    from latticework.inventory import kinds, named_questions, sources, things

    head: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    match what:
        case "questions":
            head, rows = ("question", "title", "parameters"), named_questions(language)
        case "kinds":
            head, rows = ("prefix", "kind", "things"), kinds(opened(extra), language)
        case "sources":
            head, rows = ("source", "name", "horizon"), sources(opened(extra), language)
        case _:
            head, rows = ("name", "label"), things(opened(extra), kind, language)
    if words is not None:
        sought = words.casefold()
        rows = [row for row in rows if any(sought in str(cell).casefold() for cell in row)]
    print_rows(head, rows, style, language)


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
@click.option("--as-of", "on", metavar="DATE", default=LAST_DAY_TOLD, show_default=True)
@click.option("--matrix", is_flag=True, help="Shared members of every two arrangements.")
@click.option("--upset", is_flag=True, help="Every combination, with the states in just those.")
@click.option("--hub", metavar="STATE", help="Leave this state out: what is shared besides it?")
@EXTRA
@SOURCE
@LAYER
@BEYOND
@FORMAT
@LANGUAGE
def overlap(
    on: str,
    matrix: bool,
    upset: bool,
    hub: str | None,
    extra: Sequence[Path],
    sources: Sequence[str],
    layers: Sequence[str],
    beyond_region: bool,
    style: str | None,
    language: str,
) -> None:
    """Which arrangements share members on a day, and how far (Jaccard).

    \b
    Example:  latticework overlap --as-of 2022-05-25 --source paper
              latticework overlap --upset --hub 'United States' --lang zh
    """
    from latticework.cli.tables import print_rows
    from latticework.coverage import covered
    from latticework.dates import day
    from latticework.overlap import combinations_of
    from latticework.overlap import matrix as shared_members
    from latticework.variants import without_member

    if matrix and upset:
        raise InputError("choose --matrix or --upset, not both")
    asked = day(on)
    chosen = Chosen(extra, sources, hub, layers, beyond_region)
    web = read_web(opened(extra), chosen)
    data = without_member(web.data, web.hub) if hub else web.data
    if not covered(web.coverage, asked, data.asked):
        click.echo(NOT_COVERED[language].format(day=asked), err=True)
    if matrix:
        rows = matrix_rows(web, shared_members(data, asked), style, language)
    elif upset:
        rows = upset_rows(web, combinations_of(data, asked), language)
    else:
        rows = overlap_rows(web, data, asked, language)
    head, *body = rows
    print_rows(head, body, style, language)


NOT_COVERED = {
    "en": "{day}: the chosen sources do not cover every layer; what is missing here says nothing",
    "zh": "{day}：所选来源未覆盖全部层次；此处缺席不说明任何问题",
}


def overlap_rows(web: Web, data: Incidence, on: date, language: str) -> list[tuple[Any, ...]]:
    """A head, and a row for every two arrangements that share a member."""
    from latticework.overlap import overlaps

    head = ("one", "other", "shared", "jaccard", "nested", "members", "sources")
    rows = [
        (
            web.name(o.one, language),
            web.name(o.other, language),
            len(o.shared),
            f"{o.jaccard:.2f}",
            {"en": "yes", "zh": "是"}[language] if o.nested else "",
            ", ".join(web.name(state, language) for state in o.shared),
            _sources(o.sources),
        )
        for o in overlaps(data, on)
    ]
    return [head, *rows]


def matrix_rows(
    web: Web,
    found: Matrix,
    style: str | None,
    language: str,
) -> list[tuple[Any, ...]]:
    """A head, and a row an arrangement; columns are numbered on a terminal, named elsewhere."""
    names = [web.name(arrangement, language) for arrangement in found.arrangements]
    narrow = style == "table" or (style is None and sys.stdout.isatty())
    columns = [str(number) for number in range(1, len(names) + 1)] if narrow else names
    shown = [f"{number} {name}" for number, name in zip(columns, names, strict=True)]
    rows = zip(shown if narrow else names, found.shared, strict=True)
    return [("arrangement", *columns), *((name, *cells) for name, cells in rows)]


def upset_rows(web: Web, found: Sequence[Combination], language: str) -> list[tuple[Any, ...]]:
    """A head, and a row for every combination that holds some state."""
    rows = [
        (
            len(one.states),
            ", ".join(web.name(state, language) for state in one.states),
            len(one.arrangements),
            ", ".join(web.name(arrangement, language) for arrangement in one.arrangements),
            _sources(one.sources),
        )
        for one in found
    ]
    return [("states", "in_just_these", "arrangements", "combination", "sources"), *rows]


def _sources(iris: Sequence[str]) -> str:
    from latticework.vocabulary import PREFIXES

    return ", ".join(iri.removeprefix(PREFIXES["source"]) for iri in iris)
