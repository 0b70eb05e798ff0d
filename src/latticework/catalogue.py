"""The named questions: one ``.rq`` file each, with a header that people and programs read.

A header line is ``#+ key: value``. A parameter stands in the pattern as one line
``VALUES ?name { default }``; the runner fills the braces with escaped terms, so that each file
runs unchanged in any SPARQL tool and nothing is ever pasted into a query as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

import pyoxigraph as ox

from latticework.errors import InputError, UnknownName
from latticework.phrases import Phrase
from latticework.resources import folder

HEADER = re.compile(r"^#\+ (\w+): (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Question:
    """A named question; ``name`` is its path without the suffix, such as ``overlap/...``."""

    name: str
    title: str
    title_zh: str
    summary: str
    summary_zh: str
    parameters: tuple[tuple[str, str], ...]
    """Name and kind of every parameter."""
    text: str

    def check(self, names: Iterable[str]) -> None:
        """Raise :class:`InputError` for the first name that is no parameter."""
        known = [name for name, _ in self.parameters]
        for name in names:
            if name not in known:
                raise InputError(
                    "'{question}' has no parameter '{name}'; it has: {known}",
                    question=self.name,
                    name=name,
                    known=known or "-",
                )

    def bind(self, values: Mapping[str, Sequence[ox.NamedNode | ox.Literal]]) -> str:
        """The query with the terms of its parameters; those not given keep their defaults."""
        self.check(values)
        text = self.text
        for name, terms in values.items():
            before, after = re.split(rf"(?<=VALUES \?{name} {{)[^}}]*(?=}})", text, maxsplit=1)
            text = f"{before} {' '.join(map(str, terms))} {after}"
        return text


def question(name: str) -> Question:
    """Read one named question, by its path or the last part of it."""
    found = [q for q in questions() if name in (q.name, q.name.rpartition("/")[2])]
    if len(found) != 1:
        names = [q.name.rpartition("/")[2] for q in questions()]
        near = get_close_matches(name.rpartition("/")[2], names, n=3, cutoff=0.5)
        raise UnknownName(
            "there is no question '{name}'{nearest}; 'latticework list questions' shows them all",
            name=name,
            nearest=Phrase("; did you mean {near}?", near=near) if near else "",
        )
    return found[0]


@cache
def questions() -> list[Question]:
    """All named questions, in order of name; checks are no questions."""
    root = folder("queries")
    paths = (p for p in sorted(root.rglob("*.rq")) if p.parent.name != "checks")
    return [
        _read(path.relative_to(root).with_suffix("").as_posix(), path.read_text(encoding="utf-8"))
        for path in paths
    ]


def _read(name: str, text: str) -> Question:
    pairs = HEADER.findall(text)
    header = dict(pairs)
    parameters = [tuple(value.split(maxsplit=1)) for key, value in pairs if key == "parameter"]
    return Question(
        name=name,
        title=header["title"],
        title_zh=header["title_zh"],
        summary=header["summary"],
        summary_zh=header["summary_zh"],
        parameters=tuple((str(p[0]), str(p[1])) for p in parameters),
        text=text,
    )
