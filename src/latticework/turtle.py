"""Tidy Turtle: one block a subject, in a stable order, so that a diff shows what changed.

The same writer makes the authored files (``latticework tidy``) and the exports. It knows no
blank nodes, on purpose: authored facts and exports have none. Ontology and shapes, whose syntax
needs lists, stay hand-written.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from latticework.errors import InputError, SyntaxProblem
from latticework.phrases import Phrase
from latticework.vocabulary import PREFIXES, RDF_TYPE, RDFS_LABEL, XSD

LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")
LANGUAGE_CASE = {"zh-hans": "zh-Hans"}
"""Oxigraph keeps language tags in lower case; they are written as BCP 47 recommends."""
FIRST_PREDICATES = (
    RDF_TYPE,
    RDFS_LABEL,
    PREFIXES["dct"] + "title",
    PREFIXES["skos"] + "definition",
)
LAST_PREDICATES = tuple(
    PREFIXES[prefix] + name
    for prefix, name in (
        ("lw", "gist"),
        ("lw", "codingNote"),
        ("lw", "evidence"),
        ("dct", "source"),
    )
)


def read(path: Path) -> list[ox.Triple]:
    """Parse one Turtle file, or raise :class:`SyntaxProblem` with line, column and reason."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            "{path} cannot be read: {reason}", path=path, reason=error.strerror
        ) from error
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        raise SyntaxProblem(
            str(path), line, column, Phrase("not UTF-8; save the file as UTF-8")
        ) from error
    if data.startswith(codecs.BOM_UTF8):
        raise SyntaxProblem(
            str(path), 1, 1, Phrase("a byte order mark; save the file as UTF-8 without it")
        )
    try:
        return [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)]
    except SyntaxError as error:
        reason = re.sub(r"^Parser error (?:at|between).*?\d(?:: | and .*?: )", "", str(error.msg))
        raise SyntaxProblem(str(path), error.lineno or 0, error.offset or 0, reason) from error


def write(triples: Iterable[ox.Triple], prefixes: dict[str, str] = PREFIXES) -> str:
    """Return tidy Turtle of ``triples``; the same triples give the same text, byte for byte."""
    writer = _Writer(prefixes)
    body = writer.blocks(triples)
    return writer.head() + body


def write_trig(
    graphs: Mapping[str, Iterable[ox.Triple]], prefixes: dict[str, str] = PREFIXES
) -> str:
    """Return tidy TriG of named graphs, in the order of their names."""
    writer = _Writer(prefixes)
    bodies = [f"<{name}> {{\n\n{writer.blocks(graphs[name])}\n}}\n" for name in sorted(graphs)]
    return writer.head() + "\n".join(bodies)


def natural(text: str) -> list[tuple[int, str, str]]:
    """Sort key in which s2 stands before s10."""
    parts = re.split(r"([0-9]+)", text)
    numbers = [(part.lstrip("0"), part) if at % 2 else ("", part) for at, part in enumerate(parts)]
    return [(len(digits), digits, part) for digits, part in numbers]


def _predicate_order(predicate: str) -> tuple[int, int, str]:
    if predicate in FIRST_PREDICATES:
        return 0, FIRST_PREDICATES.index(predicate), ""
    if predicate in LAST_PREDICATES:
        return 2, LAST_PREDICATES.index(predicate), ""
    return 1, 0, predicate


class _Writer:
    """Terms to text, remembering which prefixes were used."""

    def __init__(self, prefixes: dict[str, str]) -> None:
        self.prefixes = prefixes
        self.by_length = sorted(prefixes.items(), key=lambda item: -len(item[1]))
        self.used: set[str] = set()
        self.cache: dict[object, str] = {}

    def head(self) -> str:
        """The prefix lines of what was written so far."""
        lines = [f"@prefix {name}: <{self.prefixes[name]}> .\n" for name in sorted(self.used)]
        return "".join(lines) + "\n" if lines else ""

    def blocks(self, triples: Iterable[ox.Triple]) -> str:
        """One block a subject, sorted."""
        subjects: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for triple in triples:
            subjects[self.term(triple.subject)][triple.predicate.value].add(
                self.term(triple.object)
            )
        return "\n".join(self.block(s, subjects[s]) for s in sorted(subjects, key=natural))

    def block(self, subject: str, predicates: Mapping[str, set[str]]) -> str:
        """One subject with its predicates and objects, sorted."""
        lines = []
        for predicate in sorted(predicates, key=_predicate_order):
            name = "a" if predicate == RDF_TYPE else self.iri(predicate)
            objects = " , ".join(sorted(predicates[predicate], key=natural))
            lines.append(f"    {name} {objects}")
        return f"{subject}\n" + " ;\n".join(lines) + " .\n"

    def term(self, term: object) -> str:
        """One term, from the cache where it was met before."""
        text = self.cache.get(term)
        if text is None:
            text = self.cache[term] = self._term(term)
        return text

    def _term(self, term: object) -> str:
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        if isinstance(term, ox.Literal):
            return self._literal(term)
        raise InputError(
            "{term} has no name; give it an IRI (blank nodes are not used here)", term=term
        )

    def iri(self, iri: str) -> str:
        """Prefixed name where it is a legal one, else the whole IRI."""
        for prefix, namespace in self.by_length:
            if iri.startswith(namespace) and LOCAL_NAME.fullmatch(iri[len(namespace) :]):
                self.used.add(prefix)
                return f"{prefix}:{iri[len(namespace) :]}"
        return f"<{iri}>"

    def _literal(self, literal: ox.Literal) -> str:
        value, datatype = literal.value, literal.datatype.value
        if datatype == XSD + "boolean" and value in ("true", "false"):
            return value
        if datatype == XSD + "integer" and re.fullmatch(r"-?\d+", value):
            return value
        if datatype == XSD + "decimal" and re.fullmatch(r"-?\d+(\.\d+)?", value):
            return value if "." in value else f"{value}.0"
        quoted = '"' + _escape(value) + '"'
        if literal.direction:
            raise InputError(
                "{literal} has a direction, which RDF 1.1 lacks; leave it out", literal=literal
            )
        if literal.language:
            return f"{quoted}@{LANGUAGE_CASE.get(literal.language, literal.language)}"
        if datatype == XSD + "string":
            return quoted
        return f"{quoted}^^{self.iri(datatype)}"


def _escape(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
