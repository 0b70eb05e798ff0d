"""Why the framework leads one to expect a form: rule, codings, passages, as data and sentences.

An explanation holds the rule and just those codings that the rule asks for; without any one of
them the prediction would not follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.store import select
from latticework.terms import Label, label
from latticework.theory.days import Days
from latticework.theory.expectations import Expectation
from latticework.theory.reading import BILATERAL, VALUES, Coding, Prediction, ask, text
from latticework.theory.words import SENTENCES, STATUS
from latticework.vocabulary import LW, LWC, RDF_TYPE, shorten


@dataclass(frozen=True)
class Passage:
    """Where it stands, and our own paraphrase of it."""

    iri: str
    place: Label
    gist: Label


@dataclass(frozen=True)
class Step:
    """One premise of an explanation: the rule, or a coding that it asks for."""

    iri: str
    name: Label
    gist: Label
    note: Label
    passages: tuple[Passage, ...]
    coding: Coding | None = None


@dataclass(frozen=True)
class Tension:
    """A tendency claim that a recorded discrepancy holds against the rules."""

    discrepancy: str
    claim: str
    variables: tuple[str, ...]
    claimant: str
    gist: Label
    passages: tuple[Passage, ...]


class Reasons:
    """Opens predictions to rule, codings and passages; reads each thing of the graph once."""

    def __init__(self, store: ox.Store, *, brief: bool = False) -> None:
        self.store = store
        self.brief = brief
        """Whether values and forms go without what stands after a comma or in brackets."""
        self._names: dict[str, Label] = {}

    def name(self, iri: str) -> Label:
        """The label of a thing."""
        if iri not in self._names:
            own = label(self.store, iri)
            brief = self.brief and iri.startswith(LWC)
            self._names[iri] = Label(_cut(own.en), _cut(own.zh)) if brief else own
        return self._names[iri]

    def steps(self, prediction: Prediction) -> tuple[Step, ...]:
        """The premises of a prediction: the rule first, then the codings in order."""
        rule = self._step(prediction.rule)
        return (rule, *(self._step(c.iri, c) for c in prediction.codings))

    def _step(self, iri: str, coding: Coding | None = None) -> Step:
        return Step(
            iri,
            self.name(iri),
            self.words(iri, "gist"),
            self.words(iri, "codingNote"),
            self.passages.get(iri, ()),
            coding,
        )

    def words(self, iri: str, term: str) -> Label:
        """A text of a thing in both languages, empty where it has none."""
        found = {"en": "", "zh": ""}
        quads = self.store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(LW + term), None, None)
        for quad in quads:
            if isinstance(quad.object, ox.Literal) and quad.object.language:
                found[quad.object.language.partition("-")[0]] = quad.object.value
        return Label(found["en"], found["zh"])

    @cached_property
    def passages(self) -> dict[str, tuple[Passage, ...]]:
        """The passages of every fact."""
        found: dict[str, list[Passage]] = {}
        for row in select(self.store, question("sources/evidence").text):
            place = Label(text(row, "placeEn"), text(row, "placeZh"))
            gist = Label(text(row, "gistEn"), text(row, "gistZh"))
            passage = Passage(text(row, "passage"), place, gist)
            found.setdefault(text(row, "fact"), []).append(passage)
        return {fact: tuple(own) for fact, own in found.items()}

    @cached_property
    def tensions(self) -> tuple[Tension, ...]:
        """What stands beside the rules and sits uneasily with them."""
        found: dict[tuple[str, str, str], set[str]] = {}
        for row in ask(self.store, "theory/tension"):
            key = (text(row, "discrepancy"), text(row, "claim"), text(row, "claimant"))
            found.setdefault(key, set()).add(text(row, "variable"))
        return tuple(
            Tension(
                discrepancy,
                claim,
                tuple(sorted(variables)),
                claimant,
                self.words(claim, "gist"),
                self.passages.get(claim, ()),
            )
            for (discrepancy, claim, claimant), variables in found.items()
        )

    def disputes(self, fact: str) -> tuple[str, ...]:
        """The recorded discrepancies about a fact."""
        about = self.store.quads_for_pattern(
            None, ox.NamedNode(LW + "about"), ox.NamedNode(fact), None
        )
        kind, discrepancy = ox.NamedNode(RDF_TYPE), ox.NamedNode(LW + "Discrepancy")
        return tuple(
            sorted(
                quad.subject.value
                for quad in about
                if isinstance(quad.subject, ox.NamedNode)
                and any(self.store.quads_for_pattern(quad.subject, kind, discrepancy, None))
            )
        )

    def because(self, prediction: Prediction, language: str) -> str:
        """The premises of a prediction and what follows from them, in one sentence."""
        return SENTENCES[language]["why"].format(
            codings=self.premises(prediction, language),
            forms=self.forms(prediction.forms, language),
            rule=self._in(prediction.rule, language),
        )

    def premises(self, prediction: Prediction, language: str) -> str:
        """The codings that a prediction rests on, in a few words."""
        said = SENTENCES[language]["is"]
        return listed(
            [
                said.format(
                    variable=self._in(c.variable, language), value=self._in(c.value, language)
                )
                for c in prediction.codings
            ],
            language,
        )

    def forms(self, forms: Sequence[str], language: str) -> str:
        """Forms of cooperation, joined by *or*."""
        if set(forms) == BILATERAL:
            return SENTENCES[language]["bilateral, briefly" if self.brief else "bilateral"]
        return SENTENCES[language]["or"].join(self._in(form, language) for form in forms)

    def _in(self, iri: str, language: str) -> str:
        return self.name(iri).in_language(language)

    def explain(self, one: Expectation, on: date, language: str) -> Iterator[str]:
        """The lines of an explanation, or why there is nothing to explain."""
        if not one.predictions:
            yield self.silence(one, on, language)
            return
        words, first = SENTENCES[language], one.predictions[0]
        yield words["expect"].format(
            name=self._in(one.mechanism.iri, language),
            claimant=self._in(one.claimant or "", language),
            forms=self.forms(one.forms, language),
            status=STATUS[language][one.status],
            day=on,
        )
        if one.status == "contradictory":
            yield words["contradictory"]
        for step in self.steps(first):
            yield "  " + self._line(step, language)
            yield from (
                "    "
                + words["place"].format(
                    place=p.place.in_language(language), gist=p.gist.in_language(language)
                )
                for p in step.passages
            )
        if idle := [v for v in VALUES if v not in {c.variable for c in first.codings}]:
            names = listed([self._in(v, language) for v in idle], language)
            yield "  " + words["not needed"].format(variables=names)
        if len(one.forms) > 1:
            yield "  " + words["set"]
        if note := self.words(first.rule, "codingNote").in_language(language):
            yield "  " + words["note"].format(note=note)
        for other in one.predictions[1:]:
            others = listed([shorten(coding.iri) for coding in other.codings], language)
            yield "  " + words["also"].format(others=others)
        for tension in self.tensions_of(first):
            yield "  " + words["tension"].format(
                discrepancy=self._in(tension.discrepancy, language),
                gist=tension.gist.in_language(language),
            )

    def tensions_of(self, prediction: Prediction) -> tuple[Tension, ...]:
        """The tendency claims about a variable that the prediction rests on."""
        used = {c.variable for c in prediction.codings}
        return tuple(t for t in self.tensions if used & set(t.variables))

    def silence(self, one: Expectation, on: date, language: str) -> str:
        """That the framework says nothing of a mechanism on a day, and why."""
        return SENTENCES[language]["silent"].format(
            name=self._in(one.mechanism.iri, language), day=on, reason=self.reason(one, language)
        )

    def reason(self, one: Expectation, language: str) -> str:
        """Why there is no expectation."""
        words = SENTENCES[language]
        if one.missing and one.claimant:
            variables = listed([self._in(v, language) for v in one.missing], language)
            claimant = self._in(one.claimant, language)
            return words["missing"].format(
                claimant=claimant[:1].upper() + claimant[1:], variables=variables
            )
        return words[one.status if one.status in ("outside", "not in being") else "beyond"]

    def _line(self, step: Step, language: str) -> str:
        words, gist = SENTENCES[language], step.gist.in_language(language)
        if step.coding is None:
            return words["rule"].format(gist=gist)
        said = words["coding"].format(
            variable=self._in(step.coding.variable, language),
            value=self._in(step.coding.value, language),
            claimant=self._in(step.coding.claimant, language),
            gist=gist,
        )
        return f"{said} [{shorten(step.iri)}; {holding(step.coding.days, language)}]"


def _cut(text: str) -> str:
    return re.split(r" \(|（|, ", text)[0]


def listed(names: Sequence[str], language: str) -> str:
    """Names one after the other."""
    return ("、" if language == "zh" else ", ").join(names)


def holding(days: Days, language: str) -> str:
    """On which days a coding holds, certainly and possibly, in words."""
    words = SENTENCES[language]
    certain = words["never certainly"]
    if days.latest_begin <= days.earliest_end:
        certain = words["certainly"].format(first=days.latest_begin, last=days.earliest_end)
    first, last = days.earliest_begin, days.latest_end
    possible = words[
        "certainly" if first and last else "since" if first else "until" if last else "any time"
    ]
    return words["holds"].format(certain=certain, possible=possible.format(first=first, last=last))
