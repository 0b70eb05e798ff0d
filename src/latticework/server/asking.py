"""The named questions as forms, and their answers: table, time line, downloads, SPARQL."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import pyoxigraph as ox

from latticework.catalogue import Question
from latticework.errors import InputError, LatticeworkError, QueryProblem
from latticework.graph import PARAMETER_KINDS, KnowledgeGraph
from latticework.results import Table, table
from latticework.server.addresses import page
from latticework.server.day_words import in_words, span_in_words
from latticework.server.pool import Answer
from latticework.server.things import Value, named, texts, value_of
from latticework.server.timeline import Row, Timeline, timeline
from latticework.vocabulary import EDTF, PREFIXES, XSD, shorten

FORMATS = {
    "csv": ("CSV", "text/csv"),
    "tsv": ("TSV", "text/tab-separated-values"),
    "json": ("JSON", "application/sparql-results+json"),
    "xml": ("XML", "application/sparql-results+xml"),
}
GRAPH_FORMATS = {"ttl": ("Turtle", "text/turtle"), "nt": ("N-Triples", "application/n-triples")}
MOST_SHOWN = 1_000
"""Rows of an answer that a page shows; a download has them all."""
MOST_TEXT = 200_000
"""Bytes of a graph that a page shows."""
MOST_CHOICES = 40
"""Choices up to which a list drops down; more are suggested while one writes."""
MOST_SUGGESTED = 700
BEGINS = ("begin", "from", "first", "fromDate", "earliestBegin")
ENDS = ("end", "until", "last", "latestEnd")
CERTAINTY = {
    "certain": {"en": "certain", "zh": "确定"},
    "possible": {"en": "possible", "zh": "可能"},
}
WRITTEN = re.compile(r"VALUES \?(\w+) \{([^}]*)\}")


@dataclass(frozen=True)
class Choice:
    """Something that a parameter may be: what is sent, and what is read."""

    value: str
    name: str


@dataclass(frozen=True)
class Field:
    """A parameter as a field of a form.

    ``control`` is ``date``, ``select``, ``suggest`` (a list to choose from while one writes),
    ``search`` (suggestions are asked for) or ``text``.
    """

    name: str
    title: str
    kind: str
    control: str
    value: str
    default: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Cell:
    """A value of an answer, where it leads, and its language where that is not the page's."""

    text: str
    address: str = ""
    language: str = ""
    note: str = ""


@dataclass(frozen=True)
class Shown:
    """An answer as a page shows it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    number: int
    truncated: bool
    timeline: Timeline | None
    boolean: bool | None = None
    text: str = ""
    text_cut: bool = False


def fields(
    store: ox.Store, asked: Question, given: Mapping[str, str], language: str
) -> list[Field]:
    """The fields of a question's form, filled with what was given or else the defaults."""
    written = {name: braces.split() for name, braces in WRITTEN.findall(asked.text)}
    return [
        _field(store, name, kind, written.get(name, []), given.get(name), language)
        for name, kind in asked.parameters
    ]


def _field(
    store: ox.Store, name: str, kind: str, defaults: Sequence[str], given: str | None, language: str
) -> Field:
    if kind == "date":
        default = defaults[0].split('"')[1] if defaults else ""
        return Field(name, _title(name, language), kind, "date", given or default, default, ())
    if kind in ("text", "string"):
        default = " ".join(defaults).strip('"')
        return Field(name, _title(name, language), kind, "text", given or default, default, ())
    names = [named(store, _expand(one), language) for one in defaults]
    default = ("; " if language == "en" else "；").join(value.text for value in names)
    choices = _choices(store, kind, names, language)
    several = len(names) > 1
    if choices and len(choices) <= MOST_CHOICES:
        chosen = _sent(store, given, kind) if given else "" if several else _short(names)
        return Field(
            name,
            _title(name, language),
            kind,
            "select",
            chosen,
            default if several else "",
            choices,
        )
    control = "suggest" if choices else "search"
    value = given or ("" if several else default)
    return Field(name, _title(name, language), kind, control, value, default, choices)


def _sent(store: ox.Store, given: str, kind: str) -> str:
    """What was given as the form sends it: a prefixed name."""
    from latticework.names import resolve

    try:
        return shorten(resolve(store, given, PARAMETER_KINDS.get(kind, ())))
    except (LatticeworkError, ValueError):
        return given


def _short(values: Sequence[Value]) -> str:
    return shorten(values[0].iri) if values else ""


def _choices(
    store: ox.Store, kind: str, defaults: Sequence[Value], language: str
) -> tuple[Choice, ...]:
    """What a parameter of a kind may be; nothing where there is too much to list."""
    if kind in ("concept", "layer"):
        scheme = PREFIXES["skos"] + "inScheme"
        lists = {one for value in defaults for one in texts(store, value.iri, scheme)}
        iris = {
            quad.subject.value
            for one in lists
            for quad in store.quads_for_pattern(None, ox.NamedNode(scheme), ox.NamedNode(one), None)
            if isinstance(quad.subject, ox.NamedNode)
        } or {value.iri for value in defaults}
    else:
        roots = tuple(PREFIXES[prefix] for prefix in PARAMETER_KINDS.get(kind, ()))
        if not roots:
            return ()
        label = ox.NamedNode(PREFIXES["rdfs"] + "label")
        iris = {
            quad.subject.value
            for quad in store.quads_for_pattern(None, label, None, None)
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(roots)
        }
    if len(iris) > MOST_SUGGESTED:
        return ()
    values = sorted((named(store, iri, language) for iri in iris), key=lambda value: value.text)
    few = len(values) <= MOST_CHOICES
    return tuple(Choice(shorten(v.iri) if few else v.text, v.text) for v in values)


def _expand(name: str) -> str:
    prefix, _, slug = name.partition(":")
    return PREFIXES.get(prefix, "") + slug


def bound(store: ox.Store, asked: Question, given: Mapping[str, str]) -> str:
    """The SPARQL of a question with what was given; what is left empty keeps its default."""
    known = {name for name, _ in asked.parameters}
    chosen = {name: value for name, value in given.items() if name in known and value.strip()}
    try:
        return KnowledgeGraph(store).bind(asked.name, **chosen)
    except ValueError as error:  # an IRI that is none
        raise InputError(
            "'{given}' is no name that can be looked up", given="', '".join(chosen.values())
        ) from error


def address(language: str, asked: Question, given: Mapping[str, str], **more: str) -> str:
    """The address of a question with what was given, of which a person can make a link."""
    known = {name for name, _ in asked.parameters}
    pairs = {name: value for name, value in given.items() if name in known and value} | more
    return f"/{language}/ask/{asked.name}" + (f"?{urlencode(pairs)}" if pairs else "")


def show(
    store: ox.Store, given: Answer, language: str, horizon: date, *, as_written: bool = False
) -> Shown:
    """An answer as a page shows it, read from what the server gives.

    Args:
        store: the data set, for labels.
        given: the answer, a table in SPARQL's JSON or else a text.
        language: of the page.
        horizon: until when what has not ended lasts.
        as_written: show terms as SPARQL has them, not as people call them.

    """
    if not given.media_type.startswith("application/sparql-results+json"):
        text = given.body[:MOST_TEXT].decode("utf-8", "replace")
        cut = len(given.body) > MOST_TEXT
        return Shown((), (), 0, given.truncated, None, text=text, text_cut=cut)
    body, number = _read(given.body)
    found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return Shown((), (), 0, given.truncated, None, boolean=bool(found))
    if not isinstance(found, ox.QuerySolutions):
        raise QueryProblem("the answer is no table")
    answer = table(found)
    cell = _cell_as_written if as_written else _cell
    rows = tuple(tuple(cell(store, term, language) for term in row) for row in answer.terms)
    drawn = timeline(_timed(answer, rows, language), horizon)
    return Shown(answer.columns, rows, number, given.truncated, drawn)


def _read(body: bytes) -> tuple[bytes, int]:
    """The first rows of an answer in SPARQL's JSON, and how many there are.

    Only what the standard names is kept; a cut answer says so in one member more.
    """
    told = json.loads(body)
    rows = told.get("results", {}).get("bindings", [])
    number = len(rows)
    del rows[MOST_SHOWN:]
    kept = {key: told[key] for key in ("head", "results", "boolean") if key in told}
    return json.dumps(kept).encode(), number


def _cell_as_written(store: ox.Store, term: object, language: str) -> Cell:
    """A term as SPARQL has it, for those who wrote the query: short names, tags of languages."""
    if isinstance(term, ox.NamedNode):
        return Cell(
            shorten(term.value), page(term.value, language), note=_name(store, term, language)
        )
    if isinstance(term, ox.Literal):
        return Cell(term.value, language=term.language or "", note=term.language or "")
    return Cell("" if term is None else str(term))


def _name(store: ox.Store, term: ox.NamedNode, language: str) -> str:
    name = named(store, term.value, language).text
    return "" if name == shorten(term.value) else name


def _cell(store: ox.Store, term: object, language: str) -> Cell:
    if isinstance(term, ox.NamedNode | ox.Literal):
        found = value_of(store, term, language)
        text = CERTAINTY.get(found.text, {}).get(language, found.text)
        return Cell(text, page(found.iri, language) if found.iri else "", found.language)
    return Cell("" if term is None else str(term))


def _timed(answer: Table, rows: Sequence[Sequence[Cell]], language: str) -> list[Row]:
    """Rows for the time line, where the answer has columns of dates."""
    begin = _dated_column(answer, BEGINS)
    end = _dated_column(answer, ENDS)
    if begin is None and end is None:
        begin = end = _dated_column(answer, answer.columns)
    if begin is None and end is None:
        return []
    dates = {begin, end}
    found = []
    for terms, cells in zip(answer.terms, rows, strict=True):
        linked = [cell for at, cell in enumerate(cells) if at not in dates and cell.address]
        first = linked[0] if linked else Cell("")
        text = " · ".join(cell.text for cell in linked[:2])
        low, high = (_edtf(terms[at]) if at is not None else "" for at in (begin, end))
        when = in_words(low, language) if low == high else span_in_words(low, high, language)
        found.append(Row(text, first.address, low, high, when))
    return found


def _dated_column(answer: Table, names: Iterable[str]) -> int | None:
    """The first column by one of these names that holds dates."""
    for name in names:
        if name in answer.columns:
            at = answer.columns.index(name)
            if any(_edtf(row[at]) for row in answer.terms):
                return at
    return None


def _edtf(term: object) -> str:
    dated = isinstance(term, ox.Literal) and term.datatype.value in (EDTF, XSD + "date")
    return str(getattr(term, "value", "")) if dated else ""


def on_the_web(store: ox.Store, given: Sequence[Field], language: str) -> str:
    """Where on the alliance web the answer can be seen: its day, and the thing asked about."""
    parts = {"lang": language}
    for one in given:
        if one.kind == "date" and one.name in ("asOf", "until"):
            parts["date"] = one.value
        if one.kind in ("state", "arrangement") and one.value.startswith(("state:", "arr:")):
            parts.setdefault("select", one.value)
    return "/web#" + urlencode(parts, safe=":") if len(parts) > 1 else ""


def _title(name: str, language: str) -> str:
    return TITLES.get(name, {}).get(language, name)


TITLES = {
    "arrangement": {"en": "Arrangement", "zh": "合作安排"},
    "asOf": {"en": "On the day", "zh": "日期"},
    "author": {"en": "Author", "zh": "作者"},
    "claimant": {"en": "Claimant", "zh": "主张者"},
    "divergence": {"en": "Internal divergence", "zh": "内部分歧"},
    "event": {"en": "Meeting or event", "zh": "会议或事件"},
    "first": {"en": "First", "zh": "其一"},
    "from": {"en": "From", "zh": "自"},
    "indicator": {"en": "Indicator", "zh": "指标"},
    "instrument": {"en": "Treaty or document", "zh": "条约或文件"},
    "kind": {"en": "Kind", "zh": "类型"},
    "layer": {"en": "Layer", "zh": "层次"},
    "object": {"en": "Seen as a threat", "zh": "被视为威胁者"},
    "office": {"en": "Office", "zh": "职务"},
    "one": {"en": "One", "zh": "一方"},
    "other": {"en": "Other", "zh": "另一方"},
    "passage": {"en": "Passage", "zh": "段落"},
    "perceiver": {"en": "Who sees the threat", "zh": "感知者"},
    "person": {"en": "Person", "zh": "人物"},
    "powerGap": {"en": "Power gap", "zh": "实力差距"},
    "rival": {"en": "Rival", "zh": "对手"},
    "second": {"en": "Second", "zh": "其二"},
    "series": {"en": "Series of meetings", "zh": "会议系列"},
    "state": {"en": "State", "zh": "国家"},
    "thing": {"en": "Thing", "zh": "事物"},
    "third": {"en": "Third", "zh": "其三"},
    "threat": {"en": "External threat", "zh": "外部威胁"},
    "topic": {"en": "Topic", "zh": "议题"},
    "towards": {"en": "Towards", "zh": "针对"},
    "until": {"en": "Until", "zh": "至"},
    "venue": {"en": "Journal or other venue", "zh": "期刊或其他出处"},
    "word": {"en": "Word", "zh": "词语"},
    "work": {"en": "Work", "zh": "文献"},
}
"""What the fields are called; a test holds that every parameter has a name."""
