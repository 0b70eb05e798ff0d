"""What the page knows: plain data, as it goes into the page as JSON.

Things are known by their short names (``state:japan``); days are dates, ``None`` is unbounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from latticework.coverage import Coverage
from latticework.terms import Label

Json = dict[str, object]
Days = tuple[date | None, date | None]
Point = tuple[int, int]
"""A place in thousandths of half the drawing's width and height; y grows downwards."""


@dataclass(frozen=True)
class Notes:
    """Remarks in English and in Chinese."""

    en: tuple[str, ...]
    zh: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """A layer of cooperation; its rank gives colour and width, whatever else is shown.

    One that is not counted is drawn only when it is switched on, and no measure knows of it.
    """

    id: str
    name: Label
    rank: int
    counted: bool


@dataclass(frozen=True)
class Source:
    """Who says so, and until when; ``background`` where it is not the coded text."""

    name: Label
    description: Notes
    title: str
    horizon: str
    background: bool


@dataclass(frozen=True)
class State:
    """A state and its fixed places.

    ``ring``: round the hub among the states that are ever tied; ``None`` for a state that is not.
    ``wide``: the same among all states that the page may draw. ``map``: on a Pacific-centred map,
    moved apart where names would overlap. ``capital``: the place on that map itself. ``inner``:
    within the ring, for a state that only layers tie that are not counted.
    """

    name: Label
    code: str
    ring: Point | None
    wide: Point
    map: Point
    capital: Point | None
    inner: Point | None = None


@dataclass(frozen=True)
class Milestone:
    """What changed about an arrangement, and when."""

    kind: Label
    when: str
    gist: Label
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Arrangement:
    """What holds its members together; ``open_list`` where the source names only some of them."""

    name: Label
    layer: str
    status: str
    """"held", "prospective" (wanted or talked of) or "failed" (never realised)."""
    status_name: Label | None
    open_list: bool
    notes: Notes
    evidence: tuple[str, ...]
    milestones: tuple[Milestone, ...]


@dataclass(frozen=True)
class Membership:
    """One state in one arrangement: dates as the source gives them, and the days they allow."""

    member: str
    arrangement: str
    sources: tuple[str, ...]
    role: Label | None
    begin: str
    end: str
    attested: str
    unknown_begin: Label | None
    unknown_end: Label | None
    wanted: bool
    """True where the state was never a member but wanted or talked of as one."""
    possible: Days
    certain: Days
    notes: Notes
    evidence: tuple[str, ...]
    locator: str


@dataclass(frozen=True)
class Passage:
    """Where in the source, our paraphrase, and the sentence itself if the reader has a copy."""

    place: Label
    gist: Label
    sentence: str


@dataclass(frozen=True)
class Spell:
    """A stretch during which a tie may hold and, within it, certainly holds, by these sources."""

    possible: Days
    certain: Days | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Edge:
    """A tie as it is drawn; ``slot`` keeps ties of the same pair apart (0, then 1, -1, 2, ...).

    A tie that was wanted and never came about has no spells, and names who speaks of it.
    """

    id: str
    one: str
    other: str
    arrangement: str
    slot: int
    spells: tuple[Spell, ...]
    wanted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """What changes from one day to the next, by the word of one source.

    ``kind``: begins, may_begin, begun (by now, on whatever day), ended, may_end, over (by now,
    on whatever day), silent (the account of the source has ended).
    """

    date: date
    kind: str
    arrangement: str
    source: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Threat:
    """Somebody regards somebody or something as a threat, according to somebody.

    ``origin`` and ``target`` say where the arrow is drawn: a state, an arrangement (for "its
    members"), ``others`` (groups and persons) or ``issues`` (what is no actor). An administration
    stands at the United States.
    """

    perceiver: Label
    object: Label
    origin: str
    target: str
    word: Label
    sayer: Label
    when: str
    span: Days | None
    """The days on which it was said or seen; ``None`` where the source gives no date."""
    undated: Label | None
    gist: Label
    notes: Notes
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Divergence:
    """What divides states, according to somebody; ``pairs`` are the pairs of states concerned."""

    between: tuple[Label, ...]
    pairs: tuple[tuple[str, str], ...]
    arrangement: str
    topic: Label | None
    sayer: Label
    when: str
    undated: Label | None
    gist: Label
    notes: Notes
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Participant:
    """Who took part in a meeting: for whom, as whom, in which office and role."""

    actor: Label
    state: str
    person: str
    person_name: Label | None
    office: Label | None
    role: Label | None
    absent: bool
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """What a meeting dealt with, and how."""

    topic: Label
    treatment: Label | None
    gist: Label | None
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Meeting:
    """A meeting or an exercise: when, within which arrangement, who, and on what."""

    name: Label
    exercise: bool
    when: str
    span: Days
    """First and last day on which it may have taken place."""
    arrangement: str
    facts: tuple[tuple[str, Label], ...]
    """Level, form, place and series, where the source says them."""
    open_list: bool
    states: tuple[str, ...]
    participants: tuple[Participant, ...]
    topics: tuple[Topic, ...]
    gist: Label | None
    notes: Notes
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Period:
    """A period as a source divides time, such as an administration; its limits may be unsure."""

    name: Label
    begin: str
    end: str
    possible: Days
    certain: Days
    notes: Notes
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """All that the page tells."""

    hub: str | None
    first: date
    last: date
    stops: tuple[date, ...]
    layers: tuple[Layer, ...]
    sources: dict[str, Source]
    states: dict[str, State]
    grid: dict[str, list[int]]
    """The lines of the map, in thousandths: meridians, parallels, the equator."""
    arrangements: dict[str, Arrangement]
    memberships: dict[str, Membership]
    passages: dict[str, Passage]
    edges: tuple[Edge, ...]
    changes: tuple[Change, ...]
    coverage: tuple[Coverage, ...]
    panels: dict[str, tuple[Json, ...]]
    """The lead panel for every choice of layers, by their names joined with ``+``."""
    threats: dict[str, Threat]
    divergences: dict[str, Divergence]
    meetings: dict[str, Meeting]
    periods: dict[str, Period]
    prefixes: dict[str, str]
    """What the short names stand for, for the files that the page writes."""
