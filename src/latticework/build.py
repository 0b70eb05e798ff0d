"""Make the data set: parse the folders, derive, validate, write.

Every source is a folder with a ``source.ttl`` that describes it. Its triples go into a named
graph of that source; what a rule derives goes into a named graph of that rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from latticework import dates, turtle
from latticework.errors import (
    DateProblem,
    InputError,
    SyntaxProblem,
    UnknownName,
    ValidationProblem,
)
from latticework.phrases import Phrase
from latticework.resources import folder
from latticework.store import add, construct, select
from latticework.vocabulary import (
    CONCEPTS,
    DCT_SOURCE,
    DERIVED,
    EDTF,
    LW,
    ONTOLOGY,
    PREFIXES,
    RDF_TYPE,
    shorten,
)

if TYPE_CHECKING:
    import shacl

RULES = ("bounds", "forms", "member-of", "met-with", "disagreements", "labels")
"""The rules in the order in which they run: bounds first, the others rest on them."""

DESCRIPTION = "source.ttl"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class SourceFolder:
    """A folder of facts and the IRI by which its source is known."""

    path: Path
    iri: str
    triples: tuple[tuple[Path, tuple[ox.Triple, ...]], ...]


@dataclass(frozen=True)
class Finding:
    """What a shape or a check says about one node."""

    severity: str
    node: str
    message: str
    message_zh: str
    file: str

    def in_language(self, language: str) -> str:
        """Where, which node, and what is wrong with it."""
        place = f"{self.file}: " if self.file else ""
        return f"{place}{self.node}: {self.message_zh if language == 'zh' else self.message}"

    def __str__(self) -> str:
        return self.in_language("en")


@dataclass(frozen=True)
class Built:
    """The data set with what was found on the way."""

    store: ox.Store
    sources: tuple[SourceFolder, ...]
    warnings: tuple[Finding, ...] = field(default=())

    def graph(self, iri: str) -> list[ox.Triple]:
        """The triples of one named graph."""
        quads = self.store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
        return [quad.triple for quad in quads]

    def graph_names(self) -> list[str]:
        """The named graphs, sorted."""
        return sorted(g.value for g in self.store.named_graphs() if isinstance(g, ox.NamedNode))


def build(
    extra: Sequence[Path] = (),
    *,
    graph: Path | None = None,
    only: Collection[str] = (),
    validate: bool = True,
    progress: Progress = lambda _: None,
) -> Built:
    """Build the data set in memory.

    Args:
        extra: further source folders.
        graph: the folder of sources; the shipped one by default.
        only: names of the sources whose facts to take, such as ``paper``; all by default. What
            things are (their labels, layers, dates of their own) stays from every source.
        validate: check the shapes and the checks; off only where the same folders were
            checked before.
        progress: called with the name of each step.

    Raises:
        SyntaxProblem: a file does not parse.
        DateProblem: a date does not exist or runs backwards.
        ValidationProblem: a shape or check is broken.
        InputError: a folder is no source.
        UnknownName: no source has a name in ``only``.

    """
    progress("parse")
    sources = tuple(read_sources(graph or folder("graph"), extra))
    taken = chosen_sources(only, [source.iri for source in sources])
    store = ox.Store()
    add(store, read_ontology("latticework.ttl", "alignments.ttl"), ONTOLOGY)
    add(store, read_ontology("concepts.ttl"), CONCEPTS)
    for source in sources:
        for file, triples in source.triples:
            check_names(file, triples)
            check_source(file, triples, source.iri)
            check_dates(file, triples)
            add(store, triples, source.iri)
    for source in sources:
        if source.iri not in taken:
            drop_facts(store, source.iri)
    warnings: list[Finding] = []
    if validate:
        progress("validate")
        warnings = check_shapes(store, sources)
    progress("derive")
    derive(store, sources)
    if validate:
        progress("check")
        run_checks(store, sources)
    return Built(store, sources, tuple(warnings))


def read_sources(graph: Path, extra: Sequence[Path]) -> Iterable[SourceFolder]:
    """Read every source folder below ``graph`` and those in ``extra``, in stable order."""
    for path in extra:
        if not (path / DESCRIPTION).is_file():
            raise InputError(
                "{path} is no source: it has no {description}; describe the source "
                "there (see docs/extending.md)",
                path=path,
                description=DESCRIPTION,
            )
    found = sorted(p.parent for p in graph.rglob(DESCRIPTION))
    if not found:
        raise InputError(
            "{graph} holds no source: no folder in it has a {description}",
            graph=graph,
            description=DESCRIPTION,
        )
    seen: dict[str, Path] = {}
    for path in (*found, *extra):
        source = read_source(path)
        if source.iri in seen:
            raise InputError(
                "{path} and {other} both describe {source}; rename one",
                path=path,
                other=seen[source.iri],
                source=source.iri,
            )
        seen[source.iri] = path
        yield source


def read_source(path: Path) -> SourceFolder:
    """Read one source folder: all its Turtle files, and the one source it describes."""
    files = sorted(path.glob("*.ttl"))
    triples = tuple((file, tuple(turtle.read(file))) for file in files)
    described = {
        t.subject.value
        for file, own in triples
        if file.name == DESCRIPTION
        for t in own
        if t.predicate.value == RDF_TYPE
        and isinstance(t.object, ox.NamedNode)
        and t.object.value == LW + "Source"
        and isinstance(t.subject, ox.NamedNode)
    }
    if len(described) != 1:
        raise InputError(
            "{file} describes {count} sources; it must describe exactly one (a lw:Source)",
            file=path / DESCRIPTION,
            count=len(described),
        )
    return SourceFolder(path, described.pop(), triples)


def chosen_sources(names: Collection[str], known: Sequence[str]) -> set[str]:
    """IRIs of the sources named, by name or IRI; all of them where none is."""
    by_name = {iri.removeprefix(PREFIXES["source"]): iri for iri in known}
    for name in names:
        if name not in by_name and name not in known:
            raise UnknownName(
                "there is no source '{name}'; there are: {known}", name=name, known=list(by_name)
            )
    return {by_name.get(name, name) for name in names} or set(known)


def drop_facts(store: ox.Store, source: str) -> None:
    """Take out the facts of a source, and leave what it says of the things themselves."""
    graph = ox.NamedNode(source)
    kinds: list[ox.NamedNode] = [ox.NamedNode(LW + "Fact")]
    for kind in kinds:  # grows as it goes
        below = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")
        found = [quad.subject for quad in store.quads_for_pattern(None, below, kind, None)]
        kinds += [narrower for narrower in found if isinstance(narrower, ox.NamedNode)]
        for fact in list(store.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), kind, graph)):
            for quad in list(store.quads_for_pattern(fact.subject, None, None, graph)):
                store.remove(quad)


def read_ontology(*names: str) -> list[ox.Triple]:
    """The triples of files of the ontology folder."""
    return [triple for name in names for triple in turtle.read(folder("ontology") / name)]


def check_names(file: Path, triples: Iterable[ox.Triple]) -> None:
    """Raise :class:`InputError` for the first thing of a file that has no name."""
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
            raise InputError(
                "{file}: there is a blank node at {property}; give it an IRI (facts "
                "have no blank nodes)",
                file=file,
                property=shorten(triple.predicate.value),
            )


def check_source(file: Path, triples: Iterable[ox.Triple], source: str) -> None:
    """Raise :class:`InputError` for the first fact of a file that names another source."""
    for triple in triples:
        if triple.predicate.value == DCT_SOURCE and triple.object != ox.NamedNode(source):
            raise InputError(
                "{file}: {node} names {other} as its source, but lies in the folder of {source}; "
                "correct dct:source or move the fact",
                file=file,
                node=shorten(str(getattr(triple.subject, "value", triple.subject))),
                other=shorten(str(getattr(triple.object, "value", triple.object))),
                source=shorten(source),
            )


def check_dates(file: Path, triples: Iterable[ox.Triple]) -> None:
    """Raise :class:`SyntaxProblem` for the first date of a file that does not exist."""
    for triple in triples:
        literal = triple.object
        if isinstance(literal, ox.Literal) and literal.datatype.value == EDTF:
            try:
                dates.parse(literal.value)
            except DateProblem as problem:
                line, column = _locate(file, f'"{literal.value}"')
                node = shorten(str(getattr(triple.subject, "value", triple.subject)))
                raise SyntaxProblem(
                    str(file), line, column, Phrase("{node}: {problem}", node=node, problem=problem)
                ) from problem


def _locate(file: Path, text: str) -> tuple[int, int]:
    """Line and column, from 1, of the first occurrence of ``text`` in ``file``."""
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), start=1):
        if (column := line.find(text)) >= 0:
            return number, column + 1
    return 1, 1


def check_shapes(store: ox.Store, sources: Sequence[SourceFolder]) -> list[Finding]:
    """Validate against the SHACL shapes; return warnings, raise on violations."""
    import shacl

    shapes = shacl.Shapes.from_file(str(folder("ontology") / "shapes.ttl"))
    triples = sorted({f"{quad.triple} .\n" for quad in store})
    report = shapes.validate_text("".join(triples), format="ntriples")
    homes = _homes(sources)
    findings = sorted(
        {_finding(result, homes) for result in report.results},
        key=lambda finding: (finding.file, turtle.natural(finding.node), finding.message),
    )
    _raise_if([finding for finding in findings if finding.severity == "Violation"])
    return findings


def _finding(result: shacl.Result, homes: dict[str, str]) -> Finding:
    node = result.focus_node.strip("<>")
    messages = [*result.messages, result.component]
    english = next((m for m in messages if m.isascii()), messages[0])
    chinese = next((m for m in messages if not m.isascii()), english)
    value = ""
    if result.value_plain and result.value_plain != node:
        named = (result.value or "").startswith("<")
        plain = shorten(result.value_plain) if named else " ".join(result.value_plain.split())
        value = f" (found: {plain})"
    return Finding(
        result.severity, shorten(node), english + value, chinese + value, homes.get(node, "")
    )


def _homes(sources: Sequence[SourceFolder]) -> dict[str, str]:
    """The file in which each subject is described first."""
    homes: dict[str, str] = {}
    for source in sources:
        for file, triples in source.triples:
            for triple in triples:
                homes.setdefault(str(getattr(triple.subject, "value", "")), str(file))
    return homes


def _raise_if(violations: Sequence[Finding]) -> None:
    if violations:
        raise ValidationProblem(
            "{count} statements of the graph break a shape:{findings}"
            if len(violations) > 1
            else "{count} statement of the graph breaks a shape:{findings}",
            count=len(violations),
            findings=_Lines(violations),
        )


@dataclass(frozen=True)
class _Lines:
    """Findings, each on a line of its own."""

    findings: Sequence[Finding]

    def in_language(self, language: str) -> str:
        return "".join(f"\n  {finding.in_language(language)}" for finding in self.findings)


def derive(store: ox.Store, sources: Sequence[SourceFolder]) -> None:
    """Run every rule, its result into a graph of its own that says what it rests on."""
    prov, rdfs = PREFIXES["prov"], PREFIXES["rdfs"]
    for rule in RULES:
        text = (folder("ontology") / "rules" / f"{rule}.rq").read_text(encoding="utf-8")
        triples = construct(store, text)
        graph = ox.NamedNode(DERIVED + rule)
        about = [
            ox.Triple(graph, ox.NamedNode(RDF_TYPE), ox.NamedNode(prov + "Entity")),
            ox.Triple(
                graph,
                ox.NamedNode(rdfs + "label"),
                ox.Literal(f"derived by the rule {rule}", language="en"),
            ),
            ox.Triple(
                graph,
                ox.NamedNode(rdfs + "label"),
                ox.Literal(f"由规则 {rule} 推导", language="zh-Hans"),
            ),
            ox.Triple(
                graph, ox.NamedNode(LW + "derivedBy"), ox.NamedNode(f"{ONTOLOGY}/rules/{rule}")
            ),
            *(
                ox.Triple(graph, ox.NamedNode(prov + "wasDerivedFrom"), ox.NamedNode(s.iri))
                for s in sources
            ),
        ]
        add(store, [*triples, *about], graph.value)


def run_checks(store: ox.Store, sources: Sequence[SourceFolder]) -> None:
    """Run the questions in ``queries/checks``, which must return no rows."""
    homes = _homes(sources)
    violations = []
    for file in sorted((folder("queries") / "checks").glob("*.rq")):
        text = file.read_text(encoding="utf-8")
        title = re.findall(r"^#\+ (summary|summary_zh): (.*)$", text, flags=re.MULTILINE)
        message = dict(title)
        for row in select(store, text):
            node = str(getattr(row.get("node"), "value", ""))
            rest = ", ".join(
                f"{name} {_short(term)}" for name, term in row.items() if name != "node"
            )
            english = message.get("summary", file.stem) + (f" ({rest})" if rest else "")
            violations.append(
                Finding(
                    "Violation",
                    shorten(node),
                    english,
                    message.get("summary_zh", english),
                    homes.get(node, ""),
                )
            )
    _raise_if(sorted(violations, key=lambda v: (v.file, v.node, v.message)))


def _short(term: object) -> str:
    return (
        shorten(term.value) if isinstance(term, ox.NamedNode) else str(getattr(term, "value", term))
    )


def sources_of(store: ox.Store) -> list[str]:
    """The sources of a data set, sorted."""
    rows = store.quads_for_pattern(None, ox.NamedNode(DCT_SOURCE), None, None)
    return sorted({q.object.value for q in rows if isinstance(q.object, ox.NamedNode)})
