"""What the commands share: options, the graph they work on, progress, tables as text."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

FOLDERS = click.Path(path_type=Path)
EXTRA = click.option(
    "--with",
    "extra",
    multiple=True,
    type=FOLDERS,
    metavar="DIR",
    help="Add a source folder (may be given several times).",
)


def _remember(context: click.Context, _: click.Parameter, language: str) -> str:
    """Keep the language where an error finds it too, before anything else is read."""
    context.find_root().ensure_object(dict)["language"] = language
    return language


LANGUAGE = click.option(
    "--lang",
    "language",
    type=click.Choice(["en", "zh"]),
    default="en",
    envvar="LATTICEWORK_LANG",
    is_eager=True,
    callback=_remember,
    help="Language of answers and errors; LATTICEWORK_LANG sets it too.",
)
OUT = click.option(
    "-o", "--out", type=FOLDERS, default=Path("out"), show_default=True, help="Where to write."
)
SOURCE = click.option(
    "--source",
    "sources",
    multiple=True,
    metavar="NAME",
    help="Only this source, such as 'paper' (may be given several times; all by default).",
)


def built(extra: Sequence[Path], *, only: Sequence[str] = (), validate: bool = True) -> Any:  # noqa: ANN401
    """Build the graph in memory, with a spinner on a terminal."""
    from latticework.build import build as build_graph

    with progress("build") as step:
        return build_graph(extra, only=only, validate=validate, progress=step)


def opened(extra: Sequence[Path], *, only: Sequence[str] = ()) -> Any:  # noqa: ANN401
    """The store to ask: the shipped one as an earlier run kept it, anything else built anew."""
    from latticework.kept import keep, kept_store

    if extra or only:
        return built(extra, only=only, validate=False).store
    store = kept_store()
    if store is None:
        store = built((), validate=False).store
        keep(store)
    return store


@contextmanager
def progress(first: str) -> Iterator[Callable[[str], None]]:
    """A spinner on standard error, only on a terminal; yields how to name the next step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(first) as status:
        yield status.update


def source_iris(store: Any, names: Sequence[str]) -> Collection[str] | None:  # noqa: ANN401
    """IRIs of the sources named, ``None`` for all."""
    from latticework.build import chosen_sources, sources_of

    return chosen_sources(names, sources_of(store)) if names else None


def tsv(rows: Sequence[Sequence[Any]]) -> str:
    """Rows as tab-separated values; missing values are empty."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue()
