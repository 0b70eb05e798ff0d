"""Suppositions as people write them, and as Turtle files: values, members, dates of a scenario."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from latticework import turtle
from latticework.dates import day
from latticework.errors import InputError, UnknownName
from latticework.names import resolve
from latticework.phrases import Phrase
from latticework.resources import folder
from latticework.terms import Label, label
from latticework.theory.reading import VALUES
from latticework.vocabulary import LW, PREFIXES, RDF_TYPE, RDFS_LABEL, shorten


@dataclass(frozen=True)
class Value:
    """A value of one cause, supposed of one mechanism."""

    arrangement: str
    variable: str
    value: str


@dataclass(frozen=True)
class Member:
    """A state that leaves or joins an arrangement; every arrangement where none is named."""

    arrangement: str | None
    state: str


@dataclass(frozen=True)
class Dates:
    """Another begin, or end, of all memberships of an arrangement."""

    arrangement: str
    begin: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Scenario:
    """Suppositions, and the days on which they are made (both included)."""

    name: Label
    values: tuple[Value, ...] = ()
    without: tuple[Member, ...] = ()
    joined: tuple[Member, ...] = ()
    dates: tuple[Dates, ...] = ()
    first: date | None = None
    last: date | None = None
    gist: Label = field(default_factory=lambda: Label("", ""))
    about: tuple[str, ...] = ()
    """Claims that it puts into the framework."""

    def holds(self, on: date) -> bool:
        """Whether the suppositions are made on that day."""
        return (self.first or date.min) <= on <= (self.last or date.max)


def value_of(store: ox.Store, text: str) -> Value:
    """Read ``quad:internalDivergence=small``; names and values in either language.

    Raises:
        InputError: it is of another form, or the value is not in the list of its variable.
        UnknownName: there is no such mechanism or variable.

    """
    left, equals, given = text.partition("=")
    name, colon, variable_name = left.rpartition(":")
    if not (equals and colon and name and given.strip()):
        raise InputError(
            "'{given}' is not of the form MECHANISM:VARIABLE=VALUE, such as "
            "quad:internalDivergence=small",
            given=text,
        )
    arrangement = resolve(store, name, ("arr",))
    variable = _variable(store, variable_name)
    known = _list(store, VALUES[variable])
    for concept in known:
        if _squeezed(given) in _names(store, concept):
            return Value(arrangement, variable, concept)
    raise InputError(
        "'{given}' is no value of {variable}; there are: {known}",
        given=given.strip(),
        variable=camel(variable),
        known=[_short_value(concept) for concept in known],
    )


def _variable(store: ox.Store, given: str) -> str:
    for variable in VALUES:
        own = label(store, variable)
        names = {_squeezed(camel(variable)), _squeezed(own.en), _squeezed(own.zh)}
        if _squeezed(given) in names:
            return variable
    raise UnknownName(
        "'{given}' is no variable of the framework; there are: {known}",
        given=given.strip(),
        known=[camel(variable) for variable in VALUES],
    )


def _list(store: ox.Store, scheme: str) -> list[str]:
    in_scheme = ox.NamedNode(PREFIXES["skos"] + "inScheme")
    quads = store.quads_for_pattern(None, in_scheme, ox.NamedNode(scheme), None)
    return sorted({q.subject.value for q in quads if isinstance(q.subject, ox.NamedNode)})


def _names(store: ox.Store, concept: str) -> set[str]:
    """Ways to write a value: ``small``, ``gapSmall``, or its label in either language."""
    own = label(store, concept)
    plain = {own.en.partition(" (")[0], own.zh.partition("（")[0]}
    written = {own.en, own.zh, concept.rpartition("#")[2], _short_value(concept), *plain}
    return {_squeezed(name) for name in written}


def _short_value(concept: str) -> str:
    """``small`` of ``lwc:gapSmall``."""
    slug = concept.rpartition("#")[2]
    return slug.lstrip("abcdefghijklmnopqrstuvwxyz").lower() or slug


def camel(variable: str) -> str:
    """The name by which people write a variable: ``internalDivergence``."""
    first, *rest = variable.rpartition("/")[2].split("-")
    return first + "".join(word.capitalize() for word in rest)


def _squeezed(text: str) -> str:
    return "".join(char for char in text.casefold() if char not in " -_")


def member_of(store: ox.Store, text: str, *, everywhere: bool) -> Member:
    """Read ``quad:india``, or, where it may be everywhere, ``india``.

    Raises:
        InputError: no arrangement is named where one is needed.
        UnknownName: there is no such arrangement or state.

    """
    name, _, state = text.rpartition(":")
    if name == "state" or name.endswith(":state"):  # a prefixed name
        name, state = name[:-5].rstrip(":"), f"state:{state}"
    if not name and not everywhere:
        raise InputError(
            "'{given}' does not say which mechanism is joined; write it like quad:south-korea",
            given=text,
        )
    arrangement = resolve(store, name, ("arr",)) if name else None
    return Member(arrangement, resolve(store, state, ("state",)))


def dates_of(store: ox.Store, begins: Iterable[str], ends: Iterable[str]) -> list[Dates]:
    """Read ``quad=2004-12-26`` for other begins and ends.

    Raises:
        InputError: it is of another form, or a mechanism ends before it begins.

    """
    found: dict[str, dict[str, date]] = {}
    for which, texts in (("begin", begins), ("end", ends)):
        for text in texts:
            name, equals, given = text.partition("=")
            if not equals:
                raise InputError(
                    "'{given}' is not of the form MECHANISM=DATE, such as quad=2004-12-26",
                    given=text,
                )
            found.setdefault(resolve(store, name, ("arr",)), {})[which] = day(given.strip())
    for arrangement, given_dates in found.items():
        check_order(given_dates.get("begin"), given_dates.get("end"), shorten(arrangement))
    return [Dates(arrangement, **own) for arrangement, own in sorted(found.items())]


def check_order(first: date | None, last: date | None, what: str | Phrase) -> None:
    """Raise :class:`InputError` where something ends before it begins."""
    if first and last and last < first:
        raise InputError(
            "{what} would end on {last}, before it begins on {first}; give the earlier day first",
            what=what,
            first=first,
            last=last,
        )


def shipped() -> list[Path]:
    """The scenarios that come with the project."""
    return sorted((folder("ontology") / "scenarios").glob("*.ttl"))


def read_scenario(store: ox.Store, name: str) -> Scenario:
    """Read a shipped scenario by its name, or one of your own by the path of its Turtle file.

    Raises:
        UnknownName: there is none of that name.
        InputError: the file does not describe one scenario that can be understood.

    """
    path = next((p for p in shipped() if p.stem == name), Path(name))
    if not path.is_file():
        raise UnknownName(
            "there is no scenario '{given}'; there are: {known}, or give the path of a Turtle file",
            given=name,
            known=[p.stem for p in shipped()],
        )
    triples = list(turtle.read(path))
    described = {
        t.subject.value
        for t in triples
        if t.predicate.value == RDF_TYPE
        and isinstance(t.subject, ox.NamedNode)
        and getattr(t.object, "value", "") == LW + "Scenario"
    }
    if len(described) != 1:
        raise InputError(
            "{path} describes {number} scenarios; it must describe exactly one (a lw:Scenario)",
            path=path,
            number=len(described),
        )
    said = [t for t in triples if getattr(t.subject, "value", "") == min(described)]
    return _scenario(store, path, said)


def _scenario(store: ox.Store, path: Path, said: Sequence[ox.Triple]) -> Scenario:
    def things(term: str) -> list[str]:
        found = (getattr(t.object, "value", "") for t in said if t.predicate.value == LW + term)
        return sorted(resolve(store, thing) for thing in found)

    def texts(predicate: str) -> Label:
        found = {
            (t.object.language or "").partition("-")[0]: t.object.value
            for t in said
            if t.predicate.value == predicate and isinstance(t.object, ox.Literal)
        }
        english = found.get("en", path.stem)
        return Label(english, found.get("zh", english))

    def on(term: str) -> date | None:
        found = [
            str(getattr(t.object, "value", "")) for t in said if t.predicate.value == LW + term
        ]
        return day(found[0]) if found else None

    arrangements = things("arrangement")
    if len(arrangements) != 1:
        raise InputError(
            "{path} must name exactly one arrangement (lw:arrangement), not {number}",
            path=path,
            number=len(arrangements),
        )
    first, last = on("begin"), on("end")
    check_order(first, last, path.stem)
    return Scenario(
        name=texts(RDFS_LABEL),
        values=tuple(
            Value(arrangements[0], _variable_of(store, concept), concept)
            for concept in things("supposes")
        ),
        without=tuple(Member(arrangements[0], state) for state in things("without")),
        first=first,
        last=last,
        gist=texts(LW + "gist"),
        about=tuple(things("about")),
    )


def _variable_of(store: ox.Store, concept: str) -> str:
    """The variable in whose list a value stands."""
    for variable, scheme in VALUES.items():
        if concept in _list(store, scheme):
            return variable
    raise InputError(
        "{given} is no value of a cause; there are: {known}",
        given=shorten(concept),
        known=[shorten(c) for s in VALUES.values() for c in _list(store, s)],
    )
