"""Commands that compare: change, what-if, chance, periods."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from latticework.cli.choosing import (
    LAST_DAY_TOLD,
    TABULAR,
    Chosen,
    Web,
    change_points,
    chooses_web,
    days_asked,
    read_web,
)
from latticework.cli.common import LANGUAGE, opened, progress
from latticework.cli.tables import print_rows
from latticework.errors import InputError

if TYPE_CHECKING:
    from latticework.attribution import Change
    from latticework.chance import Chance
    from latticework.index import Incidence
    from latticework.periods import Claim, Period, Verdict
    from latticework.structure import Shares
    from latticework.variants import LeftOut

Sheet = tuple[Sequence[str], list[tuple[Any, ...]]]
"""The head and the rows of a table."""


@click.command()
@click.argument("first", metavar="[FROM", required=False)
@click.argument("last", metavar="TO]", required=False)
@chooses_web
@click.option("--orders", default=1000, show_default=True, type=click.IntRange(2, 100_000),
              help="Orders drawn where there are too many events to go through all.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, help="Seed of the orders that are drawn.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "table", "tsv", "csv", "json"]),
    help="Form of the answer; table and sentences on a terminal, TSV on a pipe.",
)
@LANGUAGE
def change(
    chosen: Chosen,
    first: str | None,
    last: str | None,
    orders: int,
    seed: int,
    style: str | None,
    language: str,
) -> None:
    """What changed between two days, and what each beginning, end, joining or leaving adds.

    Without days: the largest changes of the whole period. The parts of a change add up to it;
    the order of events is averaged out (Shapley values). Days that the sources do not cover alike
    are not compared.

    \b
    Example:  latticework change 2007-01-01 2022-05-25 --source paper
              latticework change --source paper --format text
    """
    from latticework.attribution import attribute, largest_changes
    from latticework.dates import day
    from latticework.telling import change_sentences, largest_sentences

    if (first is None) != (last is None):
        raise InputError("give two days, FROM and TO, or none for the largest changes")
    days = None if first is None or last is None else (day(first), day(last))
    web = read_web(opened(chosen.extra), chosen)
    if days is None:
        found = largest_changes(web.data, web.coverage, web.hub)
        lines = largest_sentences(web.store, found, web.hub, language)
    else:
        one = attribute(web.data, *days, web.coverage, web.hub, orders=orders, seed=seed)
        found, lines = [one], change_sentences(web.store, one, web.hub, language)
    style = _style(style)
    if style == "table":
        click.echo(web.title(language))
        for one in found:
            click.echo(f"\n{one.start} - {one.end}")
            print_rows(*change_table(web, one, language), "table")
        click.echo()
    elif style != "text":
        rows = [row for one in found for row in change_rows(web, one, language)]
        print_rows(CHANGE_COLUMNS, rows, style)
    if style in ("text", "table"):
        for line in lines:
            click.echo(line)


CHANGE_COLUMNS = (
    "from", "to", "what", "arrangement", "states", "open", "n", "k",
    "mediated", "convened", "autonomous", "dependence", "dependence_hub_only",
    "largest_error", "memberships",
)  # fmt: skip


def change_rows(web: Web, found: Change, language: str) -> list[tuple[Any, ...]]:
    """The values before and after, the change, and the part of every event."""
    from latticework.structure import MEASURES
    from latticework.telling import WORDS
    from latticework.vocabulary import shorten

    words = WORDS[language]
    days = (found.start.isoformat(), found.end.isoformat())
    rows: list[tuple[Any, ...]] = []
    for what, shares in (("before", found.before), ("after", found.after)):
        size = ("", "") if shares is None else (shares.states, shares.partners)
        values = [_cell(getattr(shares, measure, None)) for measure in MEASURES]
        rows.append((*days, words[what], "", "", "", *size, *values, "", ""))
    comparable = found.parts is not None
    totals = [_cell(found.total(measure) if comparable else None) for measure in MEASURES]
    what = words["change"] if comparable else words[_reason(found)]
    rows.append((*days, what, "", "", "", "", "", *totals, "", ""))
    for i, event in enumerate(found.events):
        parts = found.parts[i] if found.parts else [None] * len(MEASURES)
        rows.append(
            (
                *days,
                words[event.kind],
                web.name(event.arrangement, language),
                ", ".join(web.name(state, language) for state in event.states),
                words["yes" if event.open else "no"],
                "",
                "",
                *map(_cell, parts),
                _cell(max(found.errors[i]) if found.errors else None),
                " ".join(map(shorten, event.memberships)),
            )
        )
    return rows


def change_table(web: Web, found: Change, language: str) -> Sheet:
    """The same for people: events in words, three places, no memberships."""
    from latticework.structure import MEASURES
    from latticework.telling import WORDS, event_said

    words = WORDS[language]
    rows = [
        (words[what], *_sizes(shares), *_short(shares))
        for what, shares in (("before", found.before), ("after", found.after))
    ]
    if found.parts is None:
        rows.append((words[_reason(found)], *[""] * 7))
    else:
        totals = [f"{found.total(measure):+.3f}" for measure in MEASURES]
        rows.append((words["change"], "", "", *totals))
    for i, event in enumerate(found.events):
        parts = [f"{part:+.3f}" for part in found.parts[i]] if found.parts else [""] * 5
        rows.append(("  " + event_said(web.store, event, language), "", "", *parts))
    return (words["event"], *_heading(language)), rows


def _heading(language: str) -> tuple[str, ...]:
    """n, k and the lead measures, in a language."""
    from latticework.summary import HEADINGS

    return HEADINGS[language][1:]


def _sizes(shares: Shares | None) -> tuple[int | str, int | str]:
    return ("", "") if shares is None else (shares.states, shares.partners)


def _short(shares: Shares | None) -> list[str]:
    """The lead measures with three places, ``-`` where there is no value."""
    from latticework.structure import MEASURES

    return [_three(getattr(shares, measure, None)) for measure in MEASURES]


def _three(value: float | int | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"


def _reason(found: Change) -> str:
    if found.before is None or found.after is None:
        return "not covered"
    return "not comparable" if found.different_coverage else "no value"


@click.command("what-if")
@chooses_web
@click.option(
    "--at",
    "--as-of",
    "at",
    metavar="DATE",
    help=f"The day to look at; {LAST_DAY_TOLD} by default.",
)
@click.option("--from", "first", metavar="DATE", help="This day and every change point after it.")
@click.option("--to", "last", metavar="DATE", help="Change points up to this day.")
@click.option(
    "--without",
    multiple=True,
    metavar="NAME",
    help="Without this arrangement, state or layer, or STATE@ARRANGEMENT for one membership.",
)
@click.option("--ended", multiple=True, metavar="NAME=DATE", help="An arrangement ends that day.")
@click.option(
    "--added",
    multiple=True,
    metavar="STATE,STATE=DATE",
    help="An arrangement of these states begins on that day.",
)
@click.option("--other-hub", metavar="STATE", help="Another hub, beside the first.")
@click.option("--other-layer", "other_layers", multiple=True, metavar="NAME",
              help="Other layers, beside the first.")  # fmt: skip
@TABULAR
@LANGUAGE
def what_if(
    chosen: Chosen,
    at: str | None,
    first: str | None,
    last: str | None,
    without: Sequence[str],
    ended: Sequence[str],
    added: Sequence[str],
    other_hub: str | None,
    other_layers: Sequence[str],
    style: str | None,
    language: str,
) -> None:
    """What if something were not there, or were: the lead measures side by side.

    Without any change: leave out each arrangement, member and layer in turn, and the hub.

    \b
    Example:  latticework what-if --source paper --at 1960-01-01 --without SEATO
              latticework what-if --source paper --added 'Japan,South Korea=2016-11-23'
              latticework what-if --source paper
    """
    from dataclasses import replace

    store = opened(chosen.extra)
    web = read_web(store, chosen)
    days = days_asked(at, first, last) or days_asked(LAST_DAY_TOLD, None, None)
    assert days is not None
    points = change_points(web, *days) if first else [days[0]]
    if not (without or ended or added or other_hub or other_layers):
        found = [(on, one) for on in points for one in left_out(web, on)]
        if _style(style) == "table":
            click.echo(web.title(language))
            for on in points:
                click.echo(f"\n{on}")
                own = [one for day, one in found if day == on]
                print_rows(*left_out_table(web, own, language), "table")
        else:
            print_rows(LEFT_OUT_COLUMNS, left_out_rows(web, found, language), style)
        return
    other = chosen
    if other_hub:
        other = replace(other, hub=other_hub)
    if other_layers:
        other = replace(other, layers=other_layers)
    supposed = read_web(store, other)
    supposed = replace(supposed, data=_supposed(supposed, without, ended, added))
    if _style(style) == "table":
        click.echo(web.title(language))
        for on in points:
            click.echo(f"\n{on}")
            print_rows(*beside_table(web, supposed, on, language), "table")
    else:
        rows = [row for on in points for row in beside_rows(web, supposed, on)]
        print_rows(BESIDE_COLUMNS, rows, style)


LEFT_OUT_COLUMNS = (
    "date", "kind", "without", "covered", "n", "k",
    "mediated", "convened", "autonomous", "dependence", "dependence_hub_only",
)  # fmt: skip
BESIDE_COLUMNS = (
    "date", "measure", "covered", "supposed_covered", "as_is", "as_is_low", "as_is_high",
    "supposed", "supposed_low", "supposed_high", "difference",
)  # fmt: skip


def left_out(web: Web, on: date) -> list[LeftOut]:
    """The web as it is, and without each thing in turn."""
    from latticework.structure import certain_shares
    from latticework.variants import LeftOut, leave_one_out

    whole = certain_shares(web.data, on, web.coverage, web.hub)
    others = leave_one_out(web.data, on, web.coverage, web.hub)
    return [LeftOut("as it is", "", whole), *others]


def left_out_rows(
    web: Web, found: Sequence[tuple[date, LeftOut]], language: str
) -> list[tuple[Any, ...]]:
    """The certain lead measures without each thing, as plain rows."""
    from latticework.structure import MEASURES
    from latticework.telling import WORDS

    return [
        (
            on.isoformat(),
            WORDS[language][one.kind],
            web.name(one.what, language) if one.what else "",
            one.shares is not None,
            *_sizes(one.shares),
            *(_cell(getattr(one.shares, measure, None)) for measure in MEASURES),
        )
        for on, one in found
    ]


def left_out_table(web: Web, found: Sequence[LeftOut], language: str) -> Sheet:
    """The same for people, of one day."""
    from latticework.telling import WORDS

    words = WORDS[language]

    def name(one: LeftOut) -> str:
        if not one.what:
            return words[one.kind]
        kind = "" if one.kind in ("arrangement", "member") else words[one.kind] + ": "
        return kind + web.name(one.what, language)

    rows = [(name(one), *_sizes(one.shares), *_short(one.shares)) for one in found]
    return (words["without"], *_heading(language)), rows


def beside_rows(web: Web, supposed: Web, on: date) -> list[tuple[Any, ...]]:
    """The lead panel as it is and as it would be, side by side; a row a measure."""
    return [
        (on.isoformat(), measure, *covered, *map(_cell, (*one, *other)), _cell(difference))
        for measure, covered, one, other, difference in _beside(web, supposed, on)
    ]


def beside_table(web: Web, supposed: Web, on: date, language: str) -> Sheet:
    """The same for people: values with their bands."""
    from latticework.telling import NAMES, WORDS

    words = WORDS[language]

    def banded(values: Sequence[float | None]) -> str:
        sure, low, high = map(_three, values)
        return sure if {low, high} <= {sure, "-"} else f"{sure} ({low}–{high})"

    rows = []
    for measure, covered, one, other, difference in _beside(web, supposed, on):
        sides = [
            banded(side) if known else words["not covered"]
            for side, known in zip((one, other), covered, strict=True)
        ]
        change = "-" if difference is None else f"{difference:+.3f}".removesuffix(".000")
        rows.append((NAMES[language].get(measure, measure), *sides, change))
    return (words["measure"], words["as it is"], words["supposed"], words["difference"]), rows


def _beside(
    web: Web, supposed: Web, on: date
) -> Iterator[tuple[str, tuple[bool, ...], Any, Any, Any]]:
    """For n, k and every lead measure: whether covered, values with bands, the difference."""
    from latticework.structure import MEASURES, panel

    sides = [panel(one.data, on, one.coverage, one.hub) for one in (web, supposed)]
    covered = tuple(side.covered for side in sides)
    for field in ("states", "partners", *MEASURES):
        one, other = (
            [getattr(shares, field, None) for shares in (side.certain, side.low, side.high)]
            for side in sides
        )
        difference = None if one[0] is None or other[0] is None else other[0] - one[0]
        yield {"states": "n", "partners": "k"}.get(field, field), covered, one, other, difference


def _supposed(
    web: Web, without: Sequence[str], ended: Sequence[str], added: Sequence[str]
) -> Incidence:
    """The incidence with everything that is supposed, in the order of the options."""
    from latticework import variants
    from latticework.dates import day
    from latticework.names import resolve
    from latticework.vocabulary import PREFIXES

    data = web.data
    for text in without:
        data = _left_out(web, data, text)
    for text in ended:
        name, on = _named_day(text, "NAME=DATE")
        data = variants.ended(data, resolve(web.store, name, ("arr",)), day(on))
    for number, text in enumerate(added, 1):
        names, on = _named_day(text, "STATE,STATE=DATE")
        states = {resolve(web.store, name, ("state",)) for name in names.split(",")}
        layer = min(data.asked)
        arrangement = f"{PREFIXES['arr']}{variants.SUPPOSED}-{number}"
        data = variants.added(data, arrangement, layer, states, day(on))
    return data


def _left_out(web: Web, data: Incidence, text: str) -> Incidence:
    """Without an arrangement, a state, a layer, or one state in one arrangement."""
    from latticework import variants
    from latticework.errors import UnknownName
    from latticework.layers import layer_iris
    from latticework.names import resolve
    from latticework.vocabulary import PREFIXES

    state, at, arrangement = text.partition("@")
    if at:
        iris = resolve(web.store, state, ("state",)), resolve(web.store, arrangement, ("arr",))
        return variants.without_member(data, *iris)
    try:
        (layer,) = layer_iris(web.store, [text])
    except UnknownName:
        iri = resolve(web.store, text, ("arr", "state"))
        if iri.startswith(PREFIXES["state"]):
            return variants.without_member(data, iri)
        return variants.without_arrangement(data, iri)
    return variants.without_layer(data, layer)


def _named_day(text: str, form: str) -> tuple[str, str]:
    name, equals, on = text.rpartition("=")
    if not equals:
        raise InputError("'{text}' is not of the form {form}", text=text, form=form)
    return name, on


@click.command("chance")
@click.argument("on", metavar="DATE")
@chooses_web
@click.option(
    "--draws",
    default=2000,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help="How many random webs.",
)
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same draws.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "table", "tsv", "csv", "json"]),
    help="Form of the answer; sentences on a terminal, TSV on a pipe.",
)
@LANGUAGE
def chance_(
    chosen: Chosen, on: str, draws: int, seed: int, style: str | None, language: str
) -> None:
    """Chance or structure: the web of a day among random ones of the same sizes.

    The random webs keep the size of every arrangement and how many each state is in. A small p
    says that sizes and participation alone do not account for a value, and no more.

    \b
    Example:  latticework chance 2022-05-25 --source paper
    """
    from latticework.chance import chance, said
    from latticework.dates import day

    asked = day(on)
    web = read_web(opened(chosen.extra), chosen)
    with progress("draw"):
        found = chance(web.data, asked, web.hub, draws=draws, seed=seed, coverage=web.coverage)
    style = style or ("text" if sys.stdout.isatty() else "tsv")
    if style == "text":
        click.echo(web.title(language))
        for line in said(found, language):
            click.echo(line)
    else:
        print_rows(CHANCE_COLUMNS, chance_rows(found), style)


CHANCE_COLUMNS = (
    "date", "covered", "n", "k", "measure", "observed", "mean", "low", "median", "high",
    "p_high", "p_low", "p_two", "fixed", "undefined", "draws", "seed",
)  # fmt: skip


def chance_rows(found: Chance) -> list[tuple[Any, ...]]:
    """A row for every measure; one row without values where the day is not covered."""
    head = (found.date.isoformat(), found.covered)
    if not found.covered:
        return [(*head, *[""] * (len(CHANCE_COLUMNS) - 4), found.draws, found.seed)]
    return [
        (
            *head,
            found.n,
            found.k,
            one.measure,
            *map(_cell, (one.observed, one.mean, one.low, one.median, one.high)),
            *map(_cell, (one.p_high, one.p_low, one.p_two)),
            one.fixed,
            one.undefined,
            found.draws,
            found.seed,
        )
        for one in found.measures
    ]


@click.command()
@chooses_web
@click.option("--account", is_flag=True, help="What the paper says of each period, held against "
              "the numbers, with its passages.")  # fmt: skip
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "table", "tsv", "csv", "json"]),
    help="Form of the answer; a table on a terminal, TSV on a pipe; text for the account.",
)
@LANGUAGE
def periods(chosen: Chosen, account: bool, style: str | None, language: str) -> None:
    """The lead measures by period, as the paper divides the time, layer by layer.

    At the first and the last day of each period and on average by days; over the days that surely
    belong to it (certain) and those that may (possible). Missing where the sources do not cover.

    \b
    Example:  latticework periods --source paper
              latticework periods --source paper --account --format text
    """
    from dataclasses import replace

    from latticework.periods import read_periods
    from latticework.telling import WORDS, account_lines
    from latticework.vocabulary import LWC

    if style == "text" and not account:
        raise InputError("--format text tells the account; add --account")
    store = opened(chosen.extra)
    web = read_web(store, chosen)
    found = read_periods(store)
    alone = [replace(chosen, layers=[iri.removeprefix(LWC)], hub=None)
             for iri in sorted(web.data.asked)]  # fmt: skip
    webs = [(WORDS[language]["all"], web)]
    if len(web.data.asked) > 1:
        webs = [
            *((web.name(LWC + one.layers[0], language), replace(read_web(store, one), hub=web.hub))
              for one in alone),
            *webs,
        ]  # fmt: skip
    if account and style == "text":
        held = [(name, _verdicts(one, found)) for name, one in webs]
        for line in account_lines(store, found, held, language):
            click.echo(line)
    elif account:
        rows = [row for name, one in webs for row in account_rows(one, name, found, language)]
        print_rows(ACCOUNT_COLUMNS, rows, style)
    elif _style(style) == "table":
        click.echo(web.title(language))
        for name, one in webs:
            click.echo(f"\n{name}")
            print_rows(*period_table(one, found, language), "table")
    else:
        rows = [row for name, one in webs for row in period_rows(one, name, found, language)]
        print_rows(PERIOD_COLUMNS, rows, style)


PERIOD_COLUMNS = (
    "period", "layer", "span", "from", "to", "days", "covered_days", "valued_days",
    "n_from", "n_to", "k_from", "k_to", "measure", "value_from", "value_to", "mean", "trend",
)  # fmt: skip
ACCOUNT_COLUMNS = (
    "period", "layer", "span", "claimant", "claim", "gist", "rule", "verdict", "share_of_days",
    "mediated_from", "mediated_to", "mediated_mean", "passages",
)  # fmt: skip


def period_rows(
    web: Web, layer: str, found: Sequence[Period], language: str
) -> list[tuple[Any, ...]]:
    """A row for every period, span and measure."""
    from latticework.periods import measures_by_period
    from latticework.telling import WORDS

    words = WORDS[language]
    rows = []
    for one in measures_by_period(web.data, web.coverage, found, web.hub):
        sizes = [
            "" if shares is None else getattr(shares, size)
            for size in ("states", "partners")
            for shares in (one.before, one.after)
        ]
        head = (
            web.name(one.period.iri, language),
            layer,
            words["certain" if one.certain else "possible"],
            one.first.isoformat(),
            one.last.isoformat(),
            one.days,
            one.covered_days,
            one.valued_days,
            *sizes,
        )
        rows += [
            (*head, measure, *map(_cell, (c.start, c.end, c.mean)), words[c.trend])
            for measure, c in one.courses.items()
        ]
    return rows


def period_table(web: Web, found: Sequence[Period], language: str) -> Sheet:
    """The three shares for people: first day, last day, and the mean in brackets."""
    from latticework.periods import measures_by_period
    from latticework.structure import MEASURES
    from latticework.telling import WORDS

    words = WORDS[language]
    rows = []
    for one in measures_by_period(web.data, web.coverage, found, web.hub):
        sizes = zip(_sizes(one.before), _sizes(one.after), strict=True)
        courses = [one.courses[measure] for measure in MEASURES[:3]]
        rows.append(
            (
                web.name(one.period.iri, language),
                words["certain" if one.certain else "possible"],
                f"{one.covered_days}/{one.days}",
                *(f"{_dash(start)}→{_dash(end)}" for start, end in sizes),
                *(f"{_three(c.start)}→{_three(c.end)} ({_three(c.mean)})" for c in courses),
            )
        )
    head = (words["period"], words["days"], words["covered days"], *_heading(language)[:5])
    return head, rows


def _dash(size: int | str) -> int | str:
    return "-" if size == "" else size


def account_rows(
    web: Web, layer: str, found: Sequence[Period], language: str
) -> list[tuple[Any, ...]]:
    """A row for every claim that can be read as a rule on the numbers, then the other claims."""
    from latticework.periods import claims_of
    from latticework.telling import WORDS
    from latticework.vocabulary import shorten

    words = WORDS[language]
    rows: list[tuple[Any, ...]] = []
    held = set()
    for one in _verdicts(web, found):
        held.add((one.span.period.iri, one.claim.iri))
        course = one.span.courses["mediated"]
        rows.append(
            (
                web.name(one.span.period.iri, language),
                layer,
                words["certain" if one.span.certain else "possible"],
                *_claim_cells(web, one.claim, language),
                words[one.rule],
                words[one.verdict],
                *map(_cell, (one.share_of_days, course.start, course.end, course.mean)),
                " ".join(map(shorten, one.claim.passages)),
            )
        )
    for period in found:
        for claim in claims_of(web.store, period):
            if (period.iri, claim.iri) not in held:
                cells = _claim_cells(web, claim, language)
                passages = " ".join(map(shorten, claim.passages))
                rows.append(
                    (web.name(period.iri, language), layer, "", *cells, *[""] * 6, passages)
                )
    return rows


def _claim_cells(web: Web, claim: Claim, language: str) -> tuple[str, str, str]:
    from latticework.vocabulary import shorten

    claimants = ", ".join(web.name(one, language) for one in claim.claimants)
    return claimants, shorten(claim.iri), claim.gist_zh if language == "zh" else claim.gist_en


def _verdicts(web: Web, found: Sequence[Period]) -> list[Verdict]:
    from latticework.periods import verdicts

    return verdicts(web.store, web.data, web.coverage, found, web.hub)


def _style(style: str | None) -> str:
    return style or ("table" if sys.stdout.isatty() else "tsv")


def _cell(value: float | int | None) -> float | int | str:
    """A number for a table, empty where there is none."""
    if value is None:
        return ""
    return value if isinstance(value, int) else round(float(value), 6)
