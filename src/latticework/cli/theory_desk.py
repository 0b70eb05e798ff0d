"""What the commands on the theory share: the graph, the chosen theory, and how to say it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from latticework.cli.common import opened, source_iris


class Desk:
    """The graph, the theory of the chosen sources and claimant, and the language of the answer."""

    def __init__(
        self,
        extra: Sequence[Path],
        sources: Sequence[str],
        by: str | None,
        language: str,
        style: str | None = "",
    ) -> None:
        from latticework.errors import UnknownName
        from latticework.names import resolve
        from latticework.theory import Reasons, read_theory

        self.store = opened(extra)
        self.sources = source_iris(self.store, sources)
        self.theory = read_theory(self.store, self.sources)
        self.reasons = Reasons(self.store, brief=self.style(style) == "table")
        self.language = language
        self.by = (
            resolve(self.store, by, ("body", "person", "group", "adm", "state")) if by else None
        )
        if self.by and self.by not in self.theory.claimants():
            raise UnknownName(
                "'{given}' codes none of the causes; there are: {known}",
                given=by,
                known=", ".join(self.name(iri) for iri in self.theory.claimants()) or "none",
            )

    def name(self, iri: str) -> str:
        """The label of a thing in the chosen language."""
        return self.reasons.name(iri).in_language(self.language)

    def listed(self, iris: Iterable[str]) -> str:
        """Several labels."""
        return self.joined([self.name(iri) for iri in iris])

    def joined(self, names: Sequence[str]) -> str:
        """Names one after the other."""
        return ("、" if self.language == "zh" else ", ").join(names)

    def mechanism(self, given: str) -> Any:  # noqa: ANN401
        """The mechanism that a name stands for."""
        from latticework.names import resolve

        return self.theory.mechanism(resolve(self.store, given, ("arr",)))

    def show(self, head: Sequence[str], rows: Iterable[Sequence[Any]], style: str | None) -> None:
        """Print a table; heads are in the chosen language where people read them."""
        from latticework.cli.tables import print_rows
        from latticework.theory.words import HEADS

        if self.style(style) == "table" and self.language == "zh":
            head = [HEADS.get(name, name) for name in head]
        print_rows(head, rows, self.style(style))

    def style(self, asked: str | None) -> str:
        """The form of the answer: as asked, else a table on a terminal and TSV on a pipe."""
        if asked is None:
            return "table" if sys.stdout.isatty() else "tsv"
        return asked

    def say(self, notes: Iterable[str], style: str | None) -> None:
        """Print notes under a table; beside data that a program reads, on standard error."""
        for note in notes:
            click.echo(note, err=self.style(style) != "table")

    def premises(self, one: Any) -> str:  # noqa: ANN401
        """What an expectation rests on, or why there is none, in a few words."""
        if one.predictions:
            return self.reasons.premises(one.predictions[0], self.language)
        return self.reasons.reason(one, self.language)

    def contradictions(self, when: date, mechanism: str | None = None) -> list[str]:
        """Codings that certainly contradict each other on a day, or compete."""
        from latticework.theory.reading import VALUES, ask, text
        from latticework.theory.words import NOTES
        from latticework.vocabulary import shorten

        found = []
        for row in ask(self.store, "theory/differing-codings"):
            first, last = text(row, "from"), text(row, "to")
            if (
                text(row, "certainty") == "certain"
                and first <= when.isoformat() <= last
                and text(row, "variable") in VALUES
                and mechanism in (None, text(row, "arrangement"))
            ):
                same = text(row, "oneClaimant") == text(row, "otherClaimant")
                found.append(
                    NOTES[self.language]["contradiction" if same else "rivals"].format(
                        one=shorten(text(row, "one")),
                        other=shorten(text(row, "other")),
                        mechanism=self.name(text(row, "arrangement")),
                        variable=self.name(text(row, "variable")),
                        first=first,
                        last=last,
                    )
                )
        return list(dict.fromkeys(found))

    def steps(self, one: Any) -> list[tuple[str, ...]]:  # noqa: ANN401
        """The premises of an expectation with their passages, one row a passage."""
        from latticework.theory.words import NOTES, STATUS
        from latticework.vocabulary import shorten

        head = (
            self.name(one.mechanism.iri),
            self.reasons.forms(one.forms, self.language),
            STATUS[self.language][one.status],
        )
        return [
            (
                *head,
                NOTES[self.language]["coding" if step.coding else "rule"],
                shorten(step.iri),
                self.name(step.coding.variable) if step.coding else "",
                self.name(step.coding.value) if step.coding else "",
                self.name(one.claimant),
                passage.place.in_language(self.language),
                passage.gist.in_language(self.language),
            )
            for prediction in one.predictions[:1]
            for step in self.reasons.steps(prediction)
            for passage in step.passages
        ]

    def why_not(self, mechanism: Any, form: str, when: date, style: str | None) -> None:  # noqa: ANN401
        """Print what would have to be coded otherwise for a form to come out."""
        from latticework.theory import predict as expectations
        from latticework.theory import why_not
        from latticework.theory.words import SENTENCES

        words, wanted = SENTENCES[self.language], self.form(form)
        changes = why_not(self.store, self.theory, mechanism, wanted, when, self.by)
        if not changes:
            held = expectations(self.theory, when, self.by, [mechanism])
            forms = self.reasons.forms(sorted({f for e in held for f in e.forms}), self.language)
            click.echo(words["already"].format(form=self.name(wanted), forms=forms))
            return
        rows = [
            (
                self.joined(
                    [
                        words["to"].format(variable=self.name(v), value=self.name(c))
                        for v, c in change.values
                    ]
                ),
                self.reasons.forms(sorted(change.forms), self.language),
                self.listed(change.rules),
            )
            for change in changes
        ]
        if style in (None, "table"):
            click.echo(words["why not"].format(form=self.name(wanted)))
            for changed, forms, _ in rows:
                click.echo("  " + words["change"].format(changes=changed, forms=forms))
        else:
            self.show(("change", "then", "rule"), rows, style)

    def form(self, given: str) -> str:
        """The form of cooperation that a name stands for; left as it is where it is none."""
        from latticework.theory.reading import FORMS
        from latticework.vocabulary import LWC

        squeezed = "".join(char for char in given.casefold() if char not in " -_")
        for iri in FORMS:
            own = self.reasons.name(iri)
            names = {iri.removeprefix(LWC), own.en, own.en.partition(",")[0], own.zh,
                     own.zh.partition("（")[0]}  # fmt: skip
            if squeezed in {"".join(c for c in n.casefold() if c not in " -_") for n in names}:
                return iri
        return LWC + given

    def held(self, one: Any) -> tuple[str, ...]:  # noqa: ANN401
        """A row of the test."""
        from latticework.theory.words import RECORD, VERDICT

        record, words = one.record, RECORD[self.language]
        count = str(len(record.certain))
        if record.possible:
            count += f"-{len(record.certain) + len(record.possible)}"
        shape = words["never"] if not one.expectation.mechanism.realised else words[record.shape]
        agree = {name: VERDICT[self.language][found] for name, found in one.verdicts.items()}
        return (
            self.name(one.expectation.mechanism.iri),
            one.first.isoformat(),
            one.last.isoformat(),
            self.name(one.period) if one.period else "",
            self.reasons.forms(one.expectation.forms, self.language),
            "; ".join(f"{a}/{b}" for a, b in one.certain),
            f"{shape} ({count})",
            agree["members"],
            words[record.commitment],
            agree["commitment"],
            self.labelled(record),
            agree["label"],
        )

    def disputes(self, shown: Iterable[Any]) -> list[str]:
        """What is recorded against the labels in these rows."""
        from latticework.theory.words import NOTES

        found = {
            (one.expectation.mechanism.iri, discrepancy)
            for one in shown
            for coding in one.record.label_codings
            for discrepancy in self.reasons.disputes(coding)
        }
        return [
            NOTES[self.language]["dispute"].format(
                mechanism=self.name(mechanism),
                gist=self.reasons.words(discrepancy, "gist").in_language(self.language),
            )
            for mechanism, discrepancy in sorted(found)
        ]

    def told(self, row: tuple[str, ...]) -> tuple[str, ...]:
        """The same for people: what is on record and whether it agrees in one cell."""
        pairs = zip(row[6::2], row[7::2], strict=True)
        name, first, last, period, form, certain, *_ = row
        days, parts = f"{first}\n{last}", certain.replace("/", "\n").replace("; ", "\n\n")
        colon = "：" if self.language == "zh" else ": "
        told = (f"{found}{colon}{record}" if record else found for record, found in pairs)
        return (name, days, period, form, parts, *told)

    def labelled(self, record: Any) -> str:  # noqa: ANN401
        """What the source calls a mechanism: a form, or only alliance or cooperation."""
        from latticework.theory.reading import ALLIANCE
        from latticework.theory.words import RECORD

        if record.label_codings or not record.label:
            return self.reasons.forms(record.label, self.language)
        allied = record.label[0] in ALLIANCE
        return RECORD[self.language]["alliance" if allied else "cooperation"]

    def compared(self, found: Any) -> list[tuple[str, ...]]:  # noqa: ANN401
        """The rows of a comparison: the mechanisms touched, then the structure."""
        from latticework.structure import MEASURES
        from latticework.theory.words import NOTES, RECORD

        words = NOTES[self.language]
        rows = []
        for iri in found.mechanisms:
            name = self.name(iri)
            sides = [(side, side.records[iri]) for side in (found.before, found.after)]
            rows.append((name, words["expected"], *(self.expected(s, iri) for s, _ in sides)))
            rows.append((name, words["members"], *(self.listed(r.certain) for _, r in sides)))
            shapes = [RECORD[self.language][record.shape] for _, record in sides]
            rows.append((name, words["shape"], *shapes))
        for measure in ("states", "partners", *MEASURES):
            values = [
                _shown(getattr(s.panel.certain, measure, None)) for s in (found.before, found.after)
            ]
            rows.append((words["structure"], words[measure], *values))
        return rows

    def expected(self, side: Any, iri: str) -> str:  # noqa: ANN401
        """What is expected of a mechanism on one side of a comparison."""
        from latticework.theory.scenarios import of
        from latticework.theory.words import NOTES, STATUS

        return "; ".join(
            f"{self.reasons.forms(e.forms, self.language) or NOTES[self.language]['nothing']}"
            f" ({STATUS[self.language][e.status]})"
            for e in of(side, iri)
        )

    def about(self, found: Any) -> list[str]:  # noqa: ANN401
        """What belongs beside a comparison."""
        from latticework.theory.words import NOTES

        words, scenario = NOTES[self.language], found.scenario
        notes = [text] if (text := scenario.gist.in_language(self.language)) else []
        for claim in scenario.about:
            places = [
                p.place.in_language(self.language) for p in self.reasons.passages.get(claim, ())
            ]
            gist = self.reasons.words(claim, "gist").in_language(self.language)
            notes.append(words["claims"].format(gist=gist, place=self.joined(places)))
        if (scenario.without or scenario.joined) and not scenario.values:
            notes.append(words["codings stay"])
        if not found.holds:
            notes.append(words["outside days"])
        elif found.before.panel.certain == found.after.panel.certain:
            notes.append(words["same structure"])
        return [*notes, words["tendency"], words["no leak"]]

    def number(self, value: Decimal, qualifier: str) -> str:
        """A number as the source gives it, with its qualifier unless it is exact."""
        exact = qualifier.endswith("#exactly")
        return f"{value:f}" if exact else f"{value:f} ({self.name(qualifier)})"

    def of_gap(self, found: Sequence[Any], line: Decimal | None, measure: str) -> list[str]:
        """What belongs beside the numbers of the gap."""
        from latticework.theory.reading import ask, text
        from latticework.theory.words import NOTES

        words = NOTES[self.language]
        notes = []
        for indicator in dict.fromkeys(one.indicator for one in found):
            own = [one for one in found if one.indicator == indicator and one.ratio is not None]
            first, last = own[0], own[-1]
            if (last.ratio - first.ratio) * (last.difference - first.difference) < 0:
                notes.append(
                    words["two stories"].format(
                        indicator=self.name(indicator),
                        ratio_before=f"{first.ratio:.2f}",
                        ratio_after=f"{last.ratio:.2f}",
                        before=f"{first.difference:f}",
                        after=f"{last.difference:f}",
                    )
                )
        for row in ask(self.store, "theory/printed-ratios"):
            if self.sources is None or text(row, "source") in self.sources:
                notes.append(
                    words["printed"].format(
                        indicator=self.name(text(row, "indicator")),
                        period=text(row, "period"),
                        qualifier=self.name(text(row, "qualifier")),
                        value=text(row, "value"),
                    )
                )
        if line is None:
            notes.append(words["no threshold"])
        else:
            notes.append(words["threshold"].format(threshold=line, measure=words[measure]))
        return [*notes, words["not used"]]


def _shown(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:.3f}" if isinstance(number, float) else str(number)
