"""Which web a command measures: hub, layers, sources, region, days."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from latticework.cli.common import EXTRA, SOURCE, source_iris

if TYPE_CHECKING:
    import pyoxigraph as ox

    from latticework.coverage import Coverage
    from latticework.index import Incidence

LAST_DAY_TOLD = "2022-05-25"
"""The last day of which the paper speaks."""

HUB = click.option("--hub", metavar="STATE", help="The hub, by name; the United States by default.")
LAYER = click.option(
    "--layer",
    "layers",
    multiple=True,
    metavar="NAME",
    help="Only this layer, such as 'treaty alliance' (may be given several times; by default "
    "treaty alliances and security cooperation).",
)
BEYOND = click.option(
    "--beyond-region", is_flag=True, help="Also arrangements that are not of the Asia-Pacific."
)
TABULAR = click.option(
    "--format",
    "style",
    type=click.Choice(["table", "tsv", "csv", "json"]),
    help="Form of the answer; a table on a terminal, TSV on a pipe.",
)


TITLE = {
    "en": {"form": "Hub: {hub}. Layers: {layers}. Sources: {sources}.", "comma": ", "},
    "zh": {"form": "枢纽：{hub}。层次：{layers}。来源：{sources}。", "comma": "、"},
}


@dataclass(frozen=True)
class Chosen:
    """What was asked for, as it was written."""

    extra: Sequence[Path]
    sources: Sequence[str]
    hub: str | None
    layers: Sequence[str]
    beyond_region: bool


@dataclass(frozen=True)
class Web:
    """The dated incidence that was chosen, with what the sources cover, and the hub."""

    store: ox.Store
    data: Incidence
    coverage: Sequence[Coverage]
    hub: str

    def name(self, iri: str, language: str) -> str:
        """The label of a thing."""
        from latticework.terms import label

        return label(self.store, iri).in_language(language)

    def title(self, language: str) -> str:
        """Hub, layers and sources, to stand over a table."""
        from latticework.vocabulary import PREFIXES

        layers = [self.name(iri, language) for iri in sorted(self.data.asked)]
        sources = sorted({iri.removeprefix(PREFIXES["source"]) for iri in self.data.sources})
        words = TITLE[language]
        return words["form"].format(
            hub=self.name(self.hub, language),
            layers=words["comma"].join(layers),
            sources=words["comma"].join(sources) or "-",
        )


def chooses_web(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that choose a web; it gets them as ``chosen``."""

    @functools.wraps(command)
    def run(
        extra: Sequence[Path],
        sources: Sequence[str],
        hub: str | None,
        layers: Sequence[str],
        beyond_region: bool,
        **rest: Any,  # noqa: ANN401
    ) -> None:
        command(Chosen(extra, sources, hub, layers, beyond_region), **rest)

    for option in (BEYOND, LAYER, HUB, SOURCE, EXTRA):
        run = option(run)
    return run


def every_layer(store: ox.Store, chosen: Chosen) -> Incidence:
    """The incidence of the chosen sources and region in all layers there are."""
    from latticework.index import incidence
    from latticework.layers import layers_of

    return incidence(
        store,
        layers=layers_of(store),
        sources=source_iris(store, chosen.sources),
        beyond_region=chosen.beyond_region,
    )


def read_web(store: ox.Store, chosen: Chosen) -> Web:
    """Read the web that was chosen.

    Raises:
        UnknownName: a source, layer or hub is not known, or the hub that was named is in none of
            the chosen arrangements.

    """
    from latticework.coverage import read_coverage
    from latticework.errors import UnknownName
    from latticework.index import DEFAULT_LAYERS, incidence
    from latticework.layers import layer_iris
    from latticework.names import resolve
    from latticework.structure import UNITED_STATES
    from latticework.vocabulary import PREFIXES

    sources = source_iris(store, chosen.sources)
    data = incidence(
        store,
        layers=layer_iris(store, chosen.layers) if chosen.layers else DEFAULT_LAYERS,
        sources=sources,
        beyond_region=chosen.beyond_region,
    )
    hub = resolve(store, chosen.hub, ("state",)) if chosen.hub else UNITED_STATES
    if chosen.hub and hub not in data.states:
        raise UnknownName(
            "{hub} is in no arrangement of the chosen layers and sources; there are: {states}",
            hub=chosen.hub,
            states=", ".join(iri.removeprefix(PREFIXES["state"]) for iri in data.states) or "-",
        )
    return Web(store, data, read_coverage(store, sources), hub)


def days_asked(at: str | None, first: str | None, last: str | None) -> tuple[date, date] | None:
    """First and last day asked for; ``None`` for the whole period.

    Raises:
        InputError: a day beside a stretch, or only one end of a stretch.
        DateProblem: the stretch runs backwards.

    """
    from latticework.dates import day
    from latticework.errors import DateProblem, InputError

    if at is not None and (first or last):
        raise InputError("give --at for one day, or --from and --to for a stretch, not both")
    if at is not None:
        return day(at), day(at)
    if first is None and last is None:
        return None
    if first is None or last is None:
        raise InputError("give both --from and --to")
    if day(first) > day(last):
        raise DateProblem(
            "{start} does not come before {end}; put the earlier date first", start=first, end=last
        )
    return day(first), day(last)


def change_points(web: Web, first: date, last: date) -> list[date]:
    """The first day, and every change point after it up to the last."""
    from latticework.structure import change_days

    return [first, *(on for on in change_days(web.data, web.coverage) if first < on <= last)]
