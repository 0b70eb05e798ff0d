"""The debate: who explains the missing "Asian NATO" and the turn to multilateralism by what.

Three levels, as the paper groups them: question, section, strand. Under a strand stand the
explanations with their claimants, the works cited for them and the passages, and what the strand
overlooks according to whoever says so (in the paper: its author). Supports and contradictions are
those that the source states; silence between two claims says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.citations import Work, cited_works, reference
from latticework.store import Row, select
from latticework.terms import Label, label
from latticework.vocabulary import LW, PREFIXES

QUESTIONS: Final = (
    "claims/explanations-of-a-missing-asian-nato",
    "claims/explanations-of-the-multilateral-turn",
)
"""The named questions that the debate is about, each with its rows in the paper's order."""
NO_STRAND: Final = Label("under no strand", "未归入任何视角")
COUNTED: Final = ("author", "venue", "language", "year")
"""What the cited works are counted by; each has a question ``sources/works-by-...``."""
LANGUAGES: Final = {"en": Label("English", "英文"), "zh": Label("Chinese", "中文")}


@dataclass(frozen=True)
class Named:
    """A thing with its name."""

    iri: str
    label: Label


@dataclass(frozen=True)
class Passage:
    """Where something stands in the source, and our wording of it."""

    iri: str
    place: Label
    gist: Label


@dataclass(frozen=True)
class Cited:
    """A work cited for a claim: one line that names it, the pages as printed, and where cited."""

    iri: str
    key: str
    """Key of the work in the BibTeX and CSL-JSON files."""
    reference: str
    pages: str
    """Empty where no pages are cited."""
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Statement:
    """A claim with those who make it."""

    iri: str
    label: Label
    gist: Label
    """Our wording."""
    claimants: tuple[Named, ...]


@dataclass(frozen=True)
class Explanation(Statement):
    """A claim of the debate with all that it rests on and that stands for or against it."""

    kind: Label
    works: tuple[Cited, ...]
    passages: tuple[Passage, ...]
    supports: tuple[Statement, ...]
    contradicts: tuple[Statement, ...]
    supported_by: tuple[Statement, ...]
    contradicted_by: tuple[Statement, ...]


@dataclass(frozen=True)
class Criticism(Statement):
    """What a strand overlooks, who says so, and of which of its claims."""

    passages: tuple[Passage, ...]
    of: tuple[Statement, ...]


@dataclass(frozen=True)
class Strand:
    """A strand of explanation as the paper has it; ``iri`` is empty for claims under none."""

    iri: str
    label: Label
    explanations: tuple[Explanation, ...]
    criticisms: tuple[Criticism, ...]


@dataclass(frozen=True)
class Section:
    """A section of the paper; ``heading`` is our wording of its heading."""

    number: str
    heading: Label
    strands: tuple[Strand, ...]


@dataclass(frozen=True)
class Debated:
    """One question of the debate; ``name`` is that of the named question."""

    name: str
    title: Label
    summary: Label
    sections: tuple[Section, ...]


def debate(store: ox.Store) -> tuple[Debated, ...]:
    """Set out the whole debate."""
    known = _Known(store)
    return tuple(_debated(known, name) for name in QUESTIONS)


def as_data(store: ox.Store) -> dict[str, Any]:
    """The debate and the counts as plain dictionaries, ready for JSON; texts are en and zh."""
    return {
        "questions": [asdict(one) for one in debate(store)],
        "counts": {by: [asdict(one) for one in counts(store, by)] for by in COUNTED},
    }


@dataclass(frozen=True)
class Count:
    """How many cited works an author, venue, language or year has, and in how many places.

    ``of`` is an IRI, a language tag, a year, or two years ``2021/2022`` where both are printed;
    empty where the works name none.
    """

    of: str
    label: Label
    works: int
    citations: int


def counts(store: ox.Store, by: str) -> list[Count]:
    """Cited works by one of :data:`COUNTED`."""
    return [
        Count(of := _text(row, by), _counted(store, of), int(_text(row, "works")),
              int(_text(row, "citations")))
        for row in select(store, question(f"sources/works-by-{by}").text)
    ]  # fmt: skip


def _counted(store: ox.Store, of: str) -> Label:
    if not of:
        return Label("none printed", "未印")
    if of.startswith(("http://", "https://")):
        return label(store, of)
    return LANGUAGES.get(of, Label(of, of))


# Gathering ---------------------------------------------------------------------------------------


class _Known:
    """What the questions say of all claims, read once."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.works: Mapping[str, Work] = {work.iri: work for work in cited_works(store)}
        self.cited = _grouped(store, "sources/works-cited-for-claims", "claim")
        self.criticised = _grouped(store, "claims/what-explanations-overlook", "strand")
        self.relations = select(store, question("claims/supports-and-contradicts").text)
        self.evidence: dict[str, list[Passage]] = defaultdict(list)
        for row in select(store, question("sources/evidence").text):
            place = Label(_text(row, "placeEn"), _text(row, "placeZh"))
            gist = Label(_text(row, "gistEn"), _text(row, "gistZh"))
            self.evidence[_text(row, "fact")].append(Passage(_text(row, "passage"), place, gist))

    def passages(self, fact: str) -> tuple[Passage, ...]:
        """The passages of a fact, those of the text before those of the notes."""
        return tuple(sorted(self.evidence[fact], key=lambda p: ("fn" in p.iri, p.iri)))

    def statement(self, claim: str) -> Statement:
        """A claim, or what else a claim may support, with its claimants."""
        return Statement(
            claim, label(self.store, claim), gist(self.store, claim), self.claimants(claim)
        )

    def claimants(self, claim: str) -> tuple[Named, ...]:
        """Who makes a claim; nobody for what is no claim."""
        found = self.store.quads_for_pattern(
            ox.NamedNode(claim), ox.NamedNode(LW + "claimant"), None, None
        )
        iris = sorted(
            {quad.object.value for quad in found if isinstance(quad.object, ox.NamedNode)}
        )
        return tuple(Named(iri, label(self.store, iri)) for iri in iris)

    def related(self, claim: str, relation: str, *, back: bool = False) -> tuple[Statement, ...]:
        """What a claim supports or contradicts, or (``back``) what does so to it."""
        near, far = ("other", "claim") if back else ("claim", "other")
        found = {
            _text(row, far)
            for row in self.relations
            if _text(row, near) == claim and _text(row, "relation") == LW + relation
        }
        return tuple(self.statement(iri) for iri in sorted(found))

    def works_of(self, claim: str) -> tuple[Cited, ...]:
        """The works cited for a claim."""
        return tuple(
            Cited(
                iri=_text(row, "work"),
                key=work.key if work else "",
                reference=reference(work) if work else label(self.store, _text(row, "work")).en,
                pages=_text(row, "pages"),
                passages=self.passages(_text(row, "citation")),
            )
            for row in self.cited[claim]
            for work in [self.works.get(_text(row, "work"))]
        )


def _debated(known: _Known, name: str) -> Debated:
    asked = question(name)
    sections: dict[str, dict[str, dict[str, str]]] = {}
    for row in select(known.store, asked.text):
        strands = sections.setdefault(_text(row, "section"), {})
        claims = strands.setdefault(_text(row, "strand"), {})
        claims[_text(row, "claim")] = _text(row, "kind")
    return Debated(
        name,
        Label(asked.title, asked.title_zh),
        Label(asked.summary, asked.summary_zh),
        tuple(
            Section(
                number,
                _heading(known.store, number),
                tuple(_strand(known, iri, claims) for iri, claims in strands.items()),
            )
            for number, strands in sections.items()
        ),
    )


def _strand(known: _Known, iri: str, claims: Mapping[str, str]) -> Strand:
    return Strand(
        iri,
        label(known.store, iri) if iri else NO_STRAND,
        tuple(_explanation(known, claim, kind) for claim, kind in claims.items()),
        _criticisms(known, [row for row in known.criticised[iri] if _text(row, "claim") in claims]),
    )


def _explanation(known: _Known, claim: str, kind: str) -> Explanation:
    own = known.statement(claim)
    return Explanation(
        own.iri,
        own.label,
        own.gist,
        own.claimants,
        kind=label(known.store, kind),
        works=known.works_of(claim),
        passages=known.passages(claim),
        supports=known.related(claim, "supports"),
        contradicts=known.related(claim, "contradicts"),
        supported_by=known.related(claim, "supports", back=True),
        contradicted_by=known.related(claim, "contradicts", back=True),
    )


def _criticisms(known: _Known, rows: Sequence[Row]) -> tuple[Criticism, ...]:
    targets: dict[str, list[str]] = {}
    for row in rows:
        targets.setdefault(_text(row, "criticism"), []).append(_text(row, "claim"))
    return tuple(
        Criticism(
            own.iri,
            own.label,
            own.gist,
            own.claimants,
            passages=known.passages(criticism),
            of=tuple(known.statement(claim) for claim in dict.fromkeys(claims)),
        )
        for criticism, claims in targets.items()
        for own in [known.statement(criticism)]
    )


def _heading(store: ox.Store, number: str) -> Label:
    """Our wording of a section's heading, without the words that say that it is one."""
    found = gist(store, f"{PREFIXES['psg']}{number}-00")
    english = found.en.partition(": ")[2] or found.en
    chinese = found.zh.partition("：")[2] or found.zh
    return Label(english.rstrip("."), chinese.rstrip("。"))


def gist(store: ox.Store, iri: str) -> Label:
    """Our wording of a claim or passage, in both languages; empty where there is none."""
    texts = {
        quad.object.language.split("-")[0]: quad.object.value
        for quad in store.quads_for_pattern(
            ox.NamedNode(iri), ox.NamedNode(LW + "gist"), None, None
        )
        if isinstance(quad.object, ox.Literal) and quad.object.language
    }
    english = texts.get("en") or texts.get("zh", "")
    return Label(english, texts.get("zh") or english)


def _grouped(store: ox.Store, name: str, key: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in select(store, question(name).text):
        found[_text(row, key)].append(row)
    return found


def _text(row: Row, name: str) -> str:
    return str(getattr(row.get(name), "value", ""))
