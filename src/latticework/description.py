"""What the data set says of itself: title, licence, version, vocabularies, parts, files.

The description is VoID and DCAT. It is made from what the data set holds, so that it cannot
disagree with it, and it carries no date but that of ``SOURCE_DATE_EPOCH``, so that the same data
give the same bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Final

import pyoxigraph as ox

from latticework import __version__
from latticework.errors import InputError
from latticework.store import Row, select
from latticework.vocabulary import (
    BASE,
    CONCEPTS,
    DERIVED,
    KINDS,
    LW,
    LWC,
    ONTOLOGY,
    PREFIXES,
    RDF_TYPE,
    RDFS_LABEL,
    XSD,
)

DATASET: Final = BASE + "dataset"
DOCUMENT: Final = BASE + "void"
"""The description itself; also the name of its graph."""
LICENCE: Final = "https://creativecommons.org/licenses/by/4.0/"
DUMPS: Final = {
    "latticework.trig": (
        "application/trig",
        "a graph for each source and rule",
        "按来源与规则分图",
    ),
    "latticework.ttl": ("text/turtle", "all statements in one graph", "全部陈述合为一图"),
}
"""The files that a build writes: media type, and what they are."""
EXAMPLES: Final = ("arr:quad", "mem:quad-india-2017", "state:japan")
RULES: Final = ONTOLOGY + "/rules/"
LABELS: Final = DERIVED + "labels"
POSITION: Final = BASE + "id/selector/"

_ABOUT: Final = f"""
<{DATASET}> a void:Dataset , dcat:Dataset ;
    rdfs:label "latticework: a knowledge graph on the security system of the United States in the \
Asia-Pacific"@en , "latticework：美国亚太安全体系知识图谱"@zh-Hans ;
    dct:title "latticework: a knowledge graph on the security system of the United States in the \
Asia-Pacific"@en , "latticework：美国亚太安全体系知识图谱"@zh-Hans ;
    dct:description "The security system that the United States built in the Asia-Pacific, and \
its turn from hub and spokes to networked cooperation, as told by one scholarly paper in Chinese, \
with background from public data sets. Every fact names its source, and the passage or row on \
which it rests."@en , "美国在亚太所建的安全体系及其由轮辐结构向网络化合作的转变：依据一篇中文学术\
论文，以公开数据集为背景。每一事实均注明来源及所依据的段落或数据行。"@zh-Hans ;
    dct:creator <{DATASET}/authors> ;
    dct:publisher <{DATASET}/authors> ;
    dct:license <{LICENCE}> ;
    dct:rights "CC BY 4.0. Statements from background sources keep the terms of those sources, \
given with each source (dct:license). The text of the paper is no part of the data, which point \
to it by positions and hashes."@en , "CC BY 4.0。取自背景来源的陈述沿用该来源的条款（见各来源的 \
dct:license）。论文原文不属于本数据，数据仅以位置与哈希值指向原文。"@zh-Hans ;
    dct:language "en" , "zh-Hans" ;
    dcat:keyword "alliances"@en , "Asia-Pacific"@en , "hub and spokes"@en , "minilateralism"@en ,
        "联盟"@zh-Hans , "亚太"@zh-Hans , "轮辐体系"@zh-Hans , "小多边"@zh-Hans ;
    dcat:version "{__version__}" ;
    owl:versionInfo "{__version__}" ;
    void:feature <http://www.w3.org/ns/formats/TriG> , <http://www.w3.org/ns/formats/Turtle> ;
    void:uriSpace "{BASE}id/" .

<{DATASET}/authors> a foaf:Agent ;
    rdfs:label "the authors of latticework"@en , "latticework 的作者"@zh-Hans ;
    foaf:name "The latticework authors" .

<{DOCUMENT}> a void:DatasetDescription , foaf:Document ;
    rdfs:label "description of the data set"@en , "数据集说明"@zh-Hans ;
    dct:license <{LICENCE}> ;
    foaf:primaryTopic <{DATASET}> .

<{CONCEPTS}>
    rdfs:label "the closed lists"@en , "封闭列表"@zh-Hans .
"""
_OF_THE_WHOLE: Final = frozenset(
    PREFIXES[prefix] + name
    for prefix, name in (
        ("dcat", "distribution"),
        ("dct", "description"),
        ("dct", "language"),
        ("dct", "publisher"),
        ("dcat", "keyword"),
        ("void", "feature"),
        ("void", "uriSpace"),
    )
)
"""What is true of the whole data set and not said with a part."""

Statements = set[ox.Triple]


def described(store: ox.Store, graphs: Mapping[str, Statements]) -> dict[str, Statements]:
    """These graphs with two more: their description, and the names of the terms that they use.

    Every IRI of ours that occurs has a label then, except the positions of passages, which one
    reads by their passage. What a rule left without a name gets one among the derived labels.
    """
    about = _constant() | _period(store) | _dumps() | _date() | _subsets(graphs)
    about |= _examples(graphs) | _vocabularies([*graphs.values(), about])
    terms, names = _names(store, [*graphs.values(), about])
    named = {**graphs, LABELS: graphs.get(LABELS, set()) | names}
    about |= {_number(name, "void:triples", len(triples)) for name, triples in named.items()}
    total = len(set().union(*named.values(), about, terms)) + 1
    about.add(_number(DATASET, "void:triples", total))
    return {**named, ONTOLOGY: terms, DOCUMENT: about}


def with_a_part() -> Statements:
    """What even a part of the data set says of the whole: name, version, authors, licence."""
    part_of = {DATASET, f"{DATASET}/authors"}
    return {
        triple
        for triple in _constant()
        if getattr(triple.subject, "value", "") in part_of
        and triple.predicate.value not in _OF_THE_WHOLE
    }


def ours(triples: Iterable[ox.Triple]) -> set[str]:
    """The IRIs of ours that occur."""
    terms = {term for t in triples for term in (t.subject, t.predicate, t.object)}
    named = {term.value for term in terms if isinstance(term, ox.NamedNode)}
    return {iri for iri in named if iri.startswith(BASE)}


def labels(triples: Iterable[ox.Triple]) -> dict[str, Statements]:
    """The labels of things, by the thing."""
    found: dict[str, Statements] = {}
    for triple in triples:
        if triple.predicate.value == RDFS_LABEL and isinstance(triple.subject, ox.NamedNode):
            found.setdefault(triple.subject.value, set()).add(triple)
    return found


def _constant() -> Statements:
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    return {quad.triple for quad in ox.parse(head + _ABOUT, format=ox.RdfFormat.TURTLE)}


def _period(store: ox.Store) -> Statements:
    """The days from the first that a source covers to the last of which one speaks."""
    rows = select(
        store,
        f"""PREFIX lw: <{LW}> PREFIX lwc: <{LWC}>
        SELECT ?begin ?horizon {{
          ?part a lw:Coverage ; lw:earliestBegin ?begin ; lw:coverageDegree ?degree .
          ?source lw:coverage ?part ; lw:horizon ?horizon
          FILTER (?degree != lwc:notCovered)
        }}""",
    )
    if not rows:
        return set()
    period = f"{DATASET}/period"
    first, last = (min(rows, key=_by("begin"))["begin"], max(rows, key=_by("horizon"))["horizon"])
    assert isinstance(first, ox.Literal)
    assert isinstance(last, ox.Literal)
    return {
        _triple(DATASET, "dct:temporal", ox.NamedNode(period)),
        _triple(period, "rdf:type", _iri("dct:PeriodOfTime")),
        _triple(period, "dcat:startDate", first),
        _triple(period, "dcat:endDate", last),
        *_label(period, "the time of which the data speak", "数据所涉时段"),
    }


def _by(name: str) -> Callable[[Row], str]:
    """Sort key: the text of a column, which orders ISO dates."""
    return lambda row: str(getattr(row[name], "value", ""))


def _dumps() -> Statements:
    found = set()
    for name, (media, english, chinese) in DUMPS.items():
        file = ox.NamedNode(BASE + name)
        kind = ox.NamedNode(f"https://www.iana.org/assignments/media-types/{media}")
        found |= {
            _triple(DATASET, "void:dataDump", file),
            _triple(DATASET, "dcat:distribution", file),
            _triple(file.value, "rdf:type", _iri("dcat:Distribution")),
            _triple(file.value, "dcat:downloadURL", file),
            _triple(file.value, "dcat:mediaType", kind),
            _triple(file.value, "dct:license", ox.NamedNode(LICENCE)),
            *_label(file.value, f"{name}: {english}", f"{name}：{chinese}"),
        }
    return found


def _subsets(graphs: Iterable[str]) -> Statements:
    """Every graph as a part, under its own name; what the project made has its licence."""
    found = set()
    for name in graphs:
        found |= {
            _triple(DATASET, "void:subset", ox.NamedNode(name)),
            _triple(name, "rdf:type", _iri("void:Dataset")),
        }
        if name == CONCEPTS or name.startswith(DERIVED):
            found.add(_triple(name, "dct:license", ox.NamedNode(LICENCE)))
    return found


def _date() -> Statements:
    """The day of ``SOURCE_DATE_EPOCH``, where it is set; never today."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return set()
    try:
        day = datetime.fromtimestamp(int(epoch), UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(
            "SOURCE_DATE_EPOCH is '{epoch}'; give seconds since 1970", epoch=epoch
        ) from error
    literal = ox.Literal(day.isoformat(), datatype=ox.NamedNode(XSD + "date"))
    return {_triple(DATASET, "dct:modified", literal)}


def _vocabularies(graphs: Iterable[Statements]) -> Statements:
    """The vocabularies whose classes and properties occur."""
    terms = set()
    for triple in set().union(*graphs):
        terms.add(triple.predicate.value)
        if triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode):
            terms.add(triple.object.value)
    spaces = {re.sub(r"[^/#]+$", "", term) for term in terms} | {PREFIXES["void"]}
    spaces = {ONTOLOGY if space == LW else space for space in spaces}
    return {_triple(DATASET, "void:vocabulary", ox.NamedNode(space)) for space in spaces}


def _examples(graphs: Mapping[str, Statements]) -> Statements:
    there = {triple.subject for triples in graphs.values() for triple in triples}
    chosen = [thing for name in EXAMPLES if (thing := _iri(name)) in there]
    return {_triple(DATASET, "void:exampleResource", thing) for thing in chosen}


def _names(store: ox.Store, graphs: Iterable[Statements]) -> tuple[Statements, Statements]:
    """Labels of what has none there: of terms from the ontology, of other things made here."""
    triples: Statements = set().union(*graphs)
    unnamed = ours(triples) - labels(triples).keys()
    vocabulary = store.quads_for_pattern(None, None, None, ox.NamedNode(ONTOLOGY))
    known = labels(quad.triple for quad in vocabulary)
    terms: Statements = set().union(*(known[iri] for iri in unnamed & known.keys()))
    names = {
        name
        for iri in unnamed - known.keys()
        if not iri.startswith(POSITION)
        for name in _made_up(iri)
    }
    return terms, names


def _made_up(iri: str) -> Iterator[ox.Triple]:
    """A label from the IRI alone, for what nobody named: rules, and facts that rules derive."""
    path, _, slug = iri.rpartition("/")
    if iri.startswith(RULES):
        return _label(iri, f"the rule {slug}", f"规则 {slug}")
    kind = path.removeprefix(f"{BASE}id/")
    english = kind.replace("-", " ") if kind in KINDS.values() else path
    return _label(iri, f"{english} {slug}", slug)


def _label(iri: str, english: str, chinese: str) -> Iterator[ox.Triple]:
    yield _triple(iri, "rdfs:label", ox.Literal(english, language="en"))
    yield _triple(iri, "rdfs:label", ox.Literal(chinese, language="zh-Hans"))


def _number(iri: str, name: str, number: int) -> ox.Triple:
    return _triple(iri, name, ox.Literal(number))


def _triple(iri: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(ox.NamedNode(iri), _iri(name), value)


def _iri(name: str) -> ox.NamedNode:
    """The IRI that a prefixed name stands for."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + local)
