"""What two data sets say differently, fact by fact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph as ox

from latticework.results import shown
from latticework.vocabulary import shorten


@dataclass(frozen=True)
class Change:
    """One node that only one side has, or that the two describe differently."""

    node: str
    kind: str
    """``added``, ``removed`` or ``changed``."""
    lines: tuple[str, ...]
    """For a change: the statements that differ, each with ``+`` or ``-``."""


def difference(old: Iterable[ox.Triple], new: Iterable[ox.Triple]) -> list[Change]:
    """Compare two sets of triples node by node, in order of the nodes' names."""
    before, after = _by_subject(old), _by_subject(new)
    changes = []
    for node in sorted(before.keys() | after.keys()):
        was, now = before.get(node, set()), after.get(node, set())
        if was == now:
            continue
        kind = "added" if not was else "removed" if not now else "changed"
        lines = [f"- {line}" for line in sorted(was - now)] + [
            f"+ {line}" for line in sorted(now - was)
        ]
        changes.append(Change(shorten(node), kind, tuple(lines) if kind == "changed" else ()))
    return changes


def _by_subject(triples: Iterable[ox.Triple]) -> dict[str, set[str]]:
    nodes: dict[str, set[str]] = {}
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode):
            text = f"{shorten(triple.predicate.value)} {_object(triple.object)}"
            nodes.setdefault(triple.subject.value, set()).add(text)
    return nodes


def _object(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    if isinstance(term, ox.Literal):
        tag = f"@{term.language}" if term.language else ""
        return f'"{term.value}"{tag}'
    return shown(term)
