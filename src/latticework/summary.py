"""What the main job prints: what is here, where the sources disagree, how the structure moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyoxigraph as ox
from rich.console import Console
from rich.table import Table
from rich.text import Text

from latticework.build import Built
from latticework.catalogue import question
from latticework.store import select
from latticework.structure import MEASURES, Panel, Shares, changes
from latticework.terms import label
from latticework.vocabulary import PREFIXES

SAMPLES = (
    "overlap/in-one-not-in-the-other",
    "meetings/who-took-part-most",
    "threats/who-sees-whom-as-a-threat",
)
SHORT = 28
"""Characters up to which a value fits beside the name of its discrepancy."""
HEADINGS = {
    "en": ("from", "n", "k", "mediated", "convened", "autonomous", "dependence", "(hub only)"),
    "zh": ("自", "n", "k", "中介", "召集", "自主", "依赖度", "（仅枢纽）"),
}
WORDS = {
    "en": {
        "kinds": "What is in the graph",
        "kind": "kind",
        "discrepancies": "Where the source disagrees with itself",
        "structure": "Hub and spokes against a web, by date (the paper alone)",
        "note": (
            "Shares of pairs of partners of the United States, with the range over uncertain "
            "dates. n: states with a tie, k: partners. Dependence: pairs that lose each other "
            "without the arrangements of the United States (hub only: without itself in them)."
        ),
        "gap": "not covered",
        "in full": "in full",
        "samples": "Three questions",
    },
    "zh": {
        "kinds": "图谱中有什么",
        "kind": "类别",
        "discrepancies": "来源自身不一致之处",
        "structure": "轮辐与网络，按日期（仅据论文）",
        "note": (
            "美国伙伴两两之间的占比，及日期不确定时的范围。n：有联系的国家数，k：伙伴数。"
            "依赖度：若无美国参与的安排（仅枢纽：若安排中无美国本身）则失去联系的伙伴对占比。"
        ),
        "gap": "未覆盖",
        "in full": "详见",
        "samples": "三个问题",
    },
}


def print_summary(console: Console, built: Built, series: Sequence[Panel], language: str) -> None:
    """Print the whole summary."""
    words = WORDS[language]
    console.print(kinds_table(built, language))
    discrepancies(console, built, language)
    console.print(structure_table(changes(series), language))
    console.print(f"[dim]{words['note']}[/dim]\n", highlight=False)
    samples(console, built, language)


def kinds_table(built: Built, language: str) -> Table:
    """Things by kind and source."""
    rows = select(built.store, question("sources/what-is-here").text)
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        kind, source, number = (
            str(getattr(row[n], "value", "")) for n in ("kind", "source", "number")
        )
        counts.setdefault(kind, Counter())[source] += int(number)
    sources = sorted({source for counter in counts.values() for source in counter})
    paper = PREFIXES["source"] + "paper"
    sources.sort(key=lambda iri: (iri != paper, iri))
    table = Table(title=WORDS[language]["kinds"], title_justify="left", box=None, pad_edge=False)
    table.add_column(WORDS[language]["kind"])
    for source in sources:
        table.add_column(source.removeprefix(PREFIXES["source"]), justify="right")
    for kind in sorted(counts, key=lambda iri: -counts[iri][paper]):
        name = label(built.store, kind).in_language(language)
        table.add_row(name, *(str(counts[kind][s] or "") for s in sources))
    return table


def discrepancies(console: Console, built: Built, language: str) -> None:
    """The recorded discrepancies, a line each; a question shows them in full."""
    rows = select(built.store, question("sources/discrepancies").text)
    values: dict[str, list[str]] = {}
    for row in rows:
        iri = str(getattr(row["discrepancy"], "value", ""))
        values.setdefault(iri, []).append(str(getattr(row["value"], "value", "")))
    words = WORDS[language]
    console.print(f"\n[italic]{words['discrepancies']} ({len(values)})[/italic]")
    for iri, found in values.items():
        name = Text(f"  {label(built.store, iri).in_language(language)}")
        short = all(len(value) <= SHORT for value in found)
        console.print(name.append(f"  {' | '.join(found)}" if short else "", style="dim"))
    console.print(f"[dim]  {words['in full']}: latticework ask discrepancies[/dim]\n")


def structure_table(series: Sequence[Panel], language: str, title: str | None = None) -> Table:
    """The lead panel as a table; under another title, if it is not of the paper alone."""
    words = WORDS[language]
    table = Table(
        title=title or words["structure"], title_justify="left", box=None, padding=(0, 1, 0, 0)
    )
    for number, heading in enumerate(HEADINGS[language]):
        table.add_column(heading, justify="right" if number else "left", no_wrap=True)
    for one in series:
        if not one.covered or one.certain is None:
            table.add_row(one.date.isoformat(), "", "", f"[dim]{words['gap']}[/dim]")
            continue
        cells = (_cell(one.certain, one.low, one.high, measure) for measure in MEASURES)
        table.add_row(
            one.date.isoformat(), str(one.certain.states), str(one.certain.partners), *cells
        )
    return table


def _cell(certain: Shares, low: Shares | None, high: Shares | None, measure: str) -> str:
    value = getattr(certain, measure)
    if value is None:
        return "[dim]-[/dim]"
    least, most = getattr(low, measure, None), getattr(high, measure, None)
    if least is None or most is None or abs(most - least) < 5e-3:
        return f"{_number(value)}{' ' * 8}"
    return f"{_number(value)} [dim]{_number(least):>3}–{_number(most):<3}[/dim]"


def _number(value: float) -> str:
    """Two decimals without the leading zero, which tables of shares can spare."""
    return f"{value:.2f}".removeprefix("0").replace("1.00", "1").replace(".00", "0")


def samples(console: Console, built: Built, language: str) -> None:
    """Three named questions with their answers."""
    console.print(f"[italic]{WORDS[language]['samples']}[/italic]")
    for name in SAMPLES:
        asked = question(name)
        title = asked.title_zh if language == "zh" else asked.title
        console.print(f"\n  [bold]{title}[/bold]  [dim]{name}[/dim]")
        for row in select(built.store, asked.text):
            cells = [
                label(built.store, term.value).in_language(language)
                if isinstance(term, ox.NamedNode)
                else str(getattr(term, "value", term))
                for variable, term in row.items()
                if variable != "perception"
            ]
            console.print("    " + "  ".join(cells), highlight=False)
    console.print()
