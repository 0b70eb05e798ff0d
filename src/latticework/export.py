"""The data set as files that other projects can use as they are."""

from __future__ import annotations

from latticework import turtle
from latticework.build import Built
from latticework.resources import folder
from latticework.vocabulary import ONTOLOGY


def to_turtle(built: Built) -> str:
    """All facts, concept lists and derived statements as one Turtle graph."""
    names = [name for name in built.graph_names() if name != ONTOLOGY]
    return turtle.write(triple for name in names for triple in built.graph(name))


def to_trig(built: Built) -> str:
    """The same as TriG: a named graph for every source, every rule and the concept lists."""
    return turtle.write_trig(
        {name: built.graph(name) for name in built.graph_names() if name != ONTOLOGY}
    )


def ontology() -> dict[str, bytes]:
    """The vocabulary's own files, as they are."""
    names = ("latticework.ttl", "alignments.ttl", "shapes.ttl")
    return {f"ontology-{name}": (folder("ontology") / name).read_bytes() for name in names}
