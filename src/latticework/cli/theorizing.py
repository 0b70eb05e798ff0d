"""Commands on the theory: predict, explain, test, what-if, sensitivity, gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

import click

from latticework.cli.common import EXTRA, LANGUAGE, SOURCE
from latticework.cli.theory_desk import Desk

AS_OF = click.option(
    "--as-of", "on", metavar="DATE", default="2022-05-25", show_default=True, help="On this day."
)
BY = click.option("--by", metavar="CLAIMANT", help="Only this claimant's codings; all by default.")
FORMAT = click.option(
    "--format",
    "style",
    type=click.Choice(["table", "tsv", "json"]),
    help="Form of the answer; a table on a terminal, TSV on a pipe.",
)


@click.group()
def theory() -> None:
    """The framework made executable: what it predicts, why, and what happened.

    \b
    Example:  latticework theory predict --as-of 2022-05-25
              latticework theory explain Quad --why-not multilateralAlliance
    """


@theory.command()
@AS_OF
@BY
@SOURCE
@EXTRA
@LANGUAGE
@FORMAT
def predict(
    on: str,
    by: str | None,
    sources: Sequence[str],
    extra: Sequence[Path],
    language: str,
    style: str | None,
) -> None:
    """What the framework leads one to expect of every mechanism on a day, and where it is silent.

    \b
    Example:  latticework theory predict --as-of 1960-01-01 --lang zh
    """
    from latticework.dates import day
    from latticework.theory import predict as expectations
    from latticework.theory.words import NOTES, STATUS

    desk = Desk(extra, sources, by, language, style)
    when = day(on)
    rows = [
        (
            desk.name(one.mechanism.iri),
            desk.reasons.forms(one.forms, language),
            STATUS[language][one.status],
            desk.name(one.claimant) if one.claimant else "",
            desk.premises(one),
        )
        for one in expectations(desk.theory, when, desk.by)
    ]
    desk.show(("mechanism", "form", "status", "claimant", "why"), rows, style)
    desk.say([NOTES[language]["tendency"], *desk.contradictions(when)], style)


@theory.command()
@click.argument("mechanism")
@click.option("--why-not", "form", metavar="FORM", help="What would have to change for this form.")
@AS_OF
@BY
@SOURCE
@EXTRA
@LANGUAGE
@FORMAT
def explain(
    mechanism: str,
    form: str | None,
    on: str,
    by: str | None,
    sources: Sequence[str],
    extra: Sequence[Path],
    language: str,
    style: str | None,
) -> None:
    """Why the framework leads one to expect a form: rule, codings, passages; no step too many.

    \b
    Example:  latticework theory explain Quad
              latticework theory explain "Five Eyes" --why-not multilateralAlliance
    """
    from latticework.dates import day
    from latticework.theory import predict as expectations

    desk = Desk(extra, sources, by, language)
    when, chosen = day(on), desk.mechanism(mechanism)
    if form is not None:
        desk.why_not(chosen, form, when, style)
        return
    found = expectations(desk.theory, when, desk.by, [chosen])
    if style in (None, "table"):
        for number, one in enumerate(found):
            click.echo("" if number else None, nl=bool(number))
            for line in desk.reasons.explain(one, when, language):
                click.echo(line)
        desk.say(desk.contradictions(when, chosen.iri), style)
        return
    head = ("mechanism", "form", "status", "kind", "step", "variable", "value", "claimant",
            "place", "paraphrase")  # fmt: skip
    desk.show(head, (row for one in found for row in desk.steps(one)), style)


@theory.command()
@click.argument("mechanism", required=False)
@click.option("--all", "every", is_flag=True, help="Also rows in which no criterion is covered.")
@BY
@SOURCE
@EXTRA
@LANGUAGE
@FORMAT
def test(
    mechanism: str | None,
    every: bool,
    by: str | None,
    sources: Sequence[str],
    extra: Sequence[Path],
    language: str,
    style: str | None,
) -> None:
    """Hold the predictions against the record, criterion by criterion; there is no total score.

    \b
    Example:  latticework theory test --source paper
              latticework theory test SEATO
    """
    from latticework.theory import against_record
    from latticework.theory.record import CRITERIA
    from latticework.theory.words import NOTES, SENTENCES

    desk = Desk(extra, sources, by, language, style)
    held = against_record(desk.store, sources=desk.sources, by=desk.by, theory=desk.theory)
    if mechanism is not None:
        chosen = desk.mechanism(mechanism)
        held = [one for one in held if one.expectation.mechanism == chosen]
    shown = [h for h in held if every or set(h.verdicts.values()) != {"not covered"}]
    head = ("mechanism", "from", "to", "period", "form", "certainly", "members", "members agree",
            "commitment", "commitment agrees", "label", "label agrees")  # fmt: skip
    if desk.style(style) == "table":
        told = [desk.told(desk.held(one)) for one in shown]
        desk.show(("mechanism", "days", "period", "form", "certainly", *CRITERIA), told, style)
    else:
        desk.show(head, [desk.held(one) for one in shown], style)
    notes = [SENTENCES[language]["circular"]]
    if len(shown) < len(held):
        notes.append(NOTES[language]["left out"].format(number=len(held) - len(shown)))
    if any(not one.expectation.mechanism.realised for one in shown):
        notes.append(NOTES[language]["unmade"])
    desk.say([*notes, *desk.disputes(shown)], style)


@theory.command("what-if")
@click.argument("scenario", required=False)
@click.option(
    "--set", "values", multiple=True, metavar="MECHANISM:VARIABLE=VALUE", help="Another coding."
)
@click.option("--without", multiple=True, metavar="[MECHANISM:]STATE", help="Leave a state out.")
@click.option("--join", multiple=True, metavar="MECHANISM:STATE", help="Let a state join.")
@click.option("--begin", "begins", multiple=True, metavar="MECHANISM=DATE", help="Another begin.")
@click.option("--end", "ends", multiple=True, metavar="MECHANISM=DATE", help="Another end.")
@click.option("--from", "first", metavar="DATE", help="First day of the scenario.")
@click.option("--to", "last", metavar="DATE", help="Last day of the scenario.")
@AS_OF
@BY
@SOURCE
@EXTRA
@LANGUAGE
@FORMAT
def what_if(
    scenario: str | None,
    values: Sequence[str],
    without: Sequence[str],
    join: Sequence[str],
    begins: Sequence[str],
    ends: Sequence[str],
    first: str | None,
    last: str | None,
    on: str,
    by: str | None,
    sources: Sequence[str],
    extra: Sequence[Path],
    language: str,
    style: str | None,
) -> None:
    """Change codings, members or dates in a copy, and see prediction and structure side by side.

    SCENARIO is a shipped one, such as without-india, or the path of a Turtle file of yours.

    \b
    Example:  latticework theory what-if without-india
              latticework theory what-if --set quad:internalDivergence=small
    """
    from latticework.dates import day
    from latticework.terms import Label
    from latticework.theory import suppositions as parts
    from latticework.theory.scenarios import what_if as compare

    desk = Desk(extra, sources, by, language, style)
    store = desk.store
    base = parts.read_scenario(store, scenario) if scenario else parts.Scenario(Label("", ""))
    supposed = replace(
        base,
        values=(*base.values, *(parts.value_of(store, text) for text in values)),
        without=(
            *base.without,
            *(parts.member_of(store, text, everywhere=True) for text in without),
        ),
        joined=(*base.joined, *(parts.member_of(store, text, everywhere=False) for text in join)),
        dates=(*base.dates, *parts.dates_of(store, begins, ends)),
        first=day(first) if first else base.first,
        last=day(last) if last else base.last,
    )
    found = compare(store, supposed, day(on), sources=desk.sources, by=desk.by)
    desk.show(("mechanism", "what", "before", "after"), desk.compared(found), style)
    desk.say(desk.about(found), style)


@theory.command()
@click.option("--combinations", is_flag=True, help="The whole decision table of the rules.")
@AS_OF
@BY
@SOURCE
@EXTRA
@LANGUAGE
@FORMAT
def sensitivity(
    combinations: bool,
    on: str,
    by: str | None,
    sources: Sequence[str],
    extra: Sequence[Path],
    language: str,
    style: str | None,
) -> None:
    """Which predictions hang on which coding; with --combinations what follows from every one.

    \b
    Example:  latticework theory sensitivity
              latticework theory sensitivity --combinations
    """
    from latticework.dates import day
    from latticework.theory import decision_table
    from latticework.theory import sensitivity as dependences
    from latticework.theory.words import NOTES

    desk = Desk(extra, sources, by, language, style)
    if combinations:
        table: list[Sequence[Any]] = [
            (
                *(desk.name(value) for value in one.values),
                desk.reasons.forms(sorted(one.forms), language),
                desk.listed(one.rules),
            )
            for one in decision_table(desk.store).values()
        ]
        causes = ("power gap", "external threat", "internal divergence")
        desk.show((*causes, "form", "rule"), table, style)
        desk.say([NOTES[language]["combinations"]], style)
        return
    rows = [
        (
            desk.name(mechanism.iri),
            desk.reasons.forms(sorted(forms), language),
            desk.name(claimant),
            desk.name(one.coding.variable),
            desk.name(one.coding.value),
            desk.name(one.other),
            desk.reasons.forms(sorted(one.forms), language),
            NOTES[language]["decides" if one.changes else "changes nothing"],
        )
        for mechanism, claimant, forms, found in dependences(
            desk.store, desk.theory, day(on), desk.by
        )
        for one in found
    ]
    head = ("mechanism", "form", "claimant", "variable", "value", "other value", "then", "decides")
    desk.show(head, rows, style)


@theory.command()
@click.option("--threshold", metavar="NUMBER", help="Your own line between large and small.")
@click.option(
    "--measure",
    type=click.Choice(["ratio", "difference"]),
    default="ratio",
    show_default=True,
    help="What the threshold is held against.",
)
@click.option("--indicator", metavar="NAME", help="Only this indicator; all by default.")
@click.option("--rival", metavar="NAME", help="The other side; China by default.")
@SOURCE
@EXTRA
@LANGUAGE
@FORMAT
def gap(
    threshold: str | None,
    measure: Literal["ratio", "difference"],
    indicator: str | None,
    rival: str | None,
    sources: Sequence[str],
    extra: Sequence[Path],
    language: str,
    style: str | None,
) -> None:
    """The power gap in the paper's own numbers, as ratio and as difference; nothing between them.

    \b
    Example:  latticework theory gap
              latticework theory gap --threshold 2.0 --measure ratio
    """
    from latticework.errors import InputError
    from latticework.names import resolve
    from latticework.theory.gap import classify, gaps

    try:
        line = None if threshold is None else Decimal(threshold)
    except InvalidOperation as error:
        raise InputError(
            "'{given}' is no threshold; give a number above 0, such as 2.0", given=threshold
        ) from error
    desk = Desk(extra, sources, None, language, style)
    other = resolve(desk.store, rival, ("state", "group")) if rival else None
    found = gaps(desk.store, other, desk.sources)
    if indicator is not None:
        chosen = resolve(desk.store, indicator, ("ind",))
        found = [one for one in found if one.indicator == chosen]
    if line is not None and measure == "difference" and len({one.unit for one in found}) > 1:
        raise InputError(
            "a threshold on the difference needs one unit; choose an indicator with --indicator: "
            "{known}",
            known=sorted({one.indicator.rpartition("/")[2] for one in found}),
        )
    rows = []
    for one in found:
        judged = classify(one, line, measure) if line is not None else None
        rows.append(
            (
                desk.name(one.indicator),
                one.period,
                desk.name(one.unit),
                desk.number(one.own, one.own_qualifier),
                desk.number(one.their, one.their_qualifier),
                f"{one.difference:f}",
                f"{one.ratio:.2f}" if one.ratio is not None else "",
                *([desk.name(judged) if judged else ""] if line is not None else []),
                one.source.rpartition("/")[2],
            )
        )
    head = ["indicator", "year", "unit", "United States", "rival", "difference", "ratio"]
    head += ["by the threshold"] if line is not None else []
    desk.show([*head, "source"], rows, style)
    desk.say(desk.of_gap(found, line, measure), style)
