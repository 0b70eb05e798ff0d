"""The command that draws figures for papers and slides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from latticework import __version__
from latticework.cli.common import EXTRA, FOLDERS, LANGUAGE, SOURCE, opened, progress, source_iris
from latticework.errors import InputError
from latticework.phrases import say

NAMES = ("shares", "snapshots", "overlap", "timeline", "threats")
DAYS = ("1953-12-31", "1977-12-31", "2007-12-31", "2017-12-31", "2022-05-25")
"""Days of the snapshots: after the first treaties, before and after the gap in what is covered,
after the Quad's return, and at the paper's horizon."""


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option(
    "-o", "--out", type=FOLDERS, required=True, help="The file to write: .svg, .pdf or .png."
)
@click.option(
    "--as-of",
    "days",
    multiple=True,
    metavar="DATE",
    help="Day of the overlap; for the snapshots as many as wanted.",
)
@SOURCE
@EXTRA
@LANGUAGE
def figure(
    name: str,
    out: Path,
    days: Sequence[str],
    sources: Sequence[str],
    extra: Sequence[Path],
    language: str,
) -> None:
    """Draw a figure for a paper or a slide, with how to cite it at its foot.

    shares: the lead measures over time. snapshots: the web on several days. overlap: arrangements
    that share members. timeline: all memberships. threats: who calls whom a threat, according to
    whom.

    \b
    Example:  latticework figure shares -o shares.pdf --source paper
              latticework figure snapshots -o web.svg --as-of 1956-01-01 --as-of 2022-05-25
    """
    from latticework.figures.style import KINDS, cite, saved, styled
    from latticework.output import write_file

    kind = out.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise InputError("{out} is no file for a figure; end it in .svg, .pdf or .png", out=out)
    store = opened(extra, only=sources)
    with progress("draw"), styled(language):
        drawn = _drawn(name, store, _days(name, days), sources, language)
        cite(drawn, caption(sources, language))
        content = saved(drawn, kind)
    write_file(out, content)
    click.echo(say("wrote {out} ({size:,} bytes)", language, out=out, size=len(content)))
    click.echo(caption(sources, language))


def caption(sources: Sequence[str], language: str) -> str:
    """The line that says what a figure rests on and how to cite it."""
    return say(
        "latticework {version}, sources: {sources}; data CC BY 4.0; how to cite: docs/citing.md",
        language,
        version=__version__,
        sources=list(sources) or say("all", language),
    )


def _days(name: str, given: Sequence[str]) -> list[date]:
    from latticework.dates import day

    default = DAYS if name == "snapshots" else DAYS[-1:]
    found = [day(one) for one in given or default]
    if name != "snapshots" and len(found) > 1:
        raise InputError("only 'snapshots' takes several days; give one --as-of")
    return found


def _drawn(
    name: str,
    store: Any,  # noqa: ANN401
    days: Sequence[date],
    sources: Sequence[str],
    language: str,
) -> Any:  # noqa: ANN401
    from latticework.coverage import read_coverage
    from latticework.figures import overlap, shares, snapshots, threats, timeline
    from latticework.figures.style import short
    from latticework.index import incidence
    from latticework.overlap import overlaps
    from latticework.periods import read_periods
    from latticework.structure import UNITED_STATES, panel, panels
    from latticework.terms import label

    chosen = source_iris(store, sources)
    data, coverage = incidence(store, sources=chosen), read_coverage(store, chosen)

    def names(iris: Sequence[str]) -> dict[str, str]:
        return {iri: short(label(store, iri).in_language(language)) for iri in iris}

    match name:
        case "shares":
            spans = [
                (short(label(store, one.iri).in_language(language)), one)
                for one in read_periods(store)
            ]
            return shares.shares(panels(data, coverage), spans, language)
        case "snapshots":
            shots = [
                snapshots.snapshot(data, panel(data, day, coverage), UNITED_STATES) for day in days
            ]
            return snapshots.snapshots(shots, UNITED_STATES, names(data.states), language)
        case "overlap":
            found = overlaps(data, days[0])
            return overlap.overlap(found, days[0], names(data.arrangements), language)
        case "timeline":
            first, last = _edges(coverage)
            shown = names([*data.states, *data.arrangements])
            return timeline.timeline(data, shown, first, last, language)
    seen = threats.perceptions(store)
    shown = names([iri for one in seen for iri in (one.perceiver, one.object)])
    return threats.threats(seen, shown, language)


def _edges(coverage: Sequence[Any]) -> tuple[date, date]:
    return min(c.first for c in coverage), max(c.last for c in coverage)
