"""Commands on the literature: debate, cite."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from latticework.cli.common import EXTRA, FOLDERS, LANGUAGE, opened
from latticework.errors import InputError, UnknownName

if TYPE_CHECKING:
    from latticework.debate import Debated, Explanation, Named, Passage, Statement, Strand

WORDS = {
    "en": {
        "overlooks": "What it overlooks, according to {who}:",
        "nothing overlooked": "The paper names no shortcoming of this strand.",
        "of": "said of: ",
        "supports": "supports: ",
        "contradicts": "contradicts or criticises: ",
        "supported_by": "supported by: ",
        "contradicted_by": "contradicted or criticised by: ",
        "note": (
            "The grouping is the paper's; those grouped need not agree with it. "
            "Supports and contradictions are those that the paper states. The wording is ours."
        ),
        "head": ("section", "strand", "who", "what", "works", "passages"),
        "overlooked": ("strand", "what it overlooks", "according to", "passages"),
        "author": "author", "venue": "venue", "language": "language", "year": "year",
        "works": "works", "citations": "citations",
    },
    "zh": {
        "overlooks": "据{who}，其忽视之处：",
        "nothing overlooked": "论文未指出这一视角的不足。",
        "of": "所指：",
        "supports": "支持：",
        "contradicts": "反对或批评：",
        "supported_by": "支持此说者：",
        "contradicted_by": "反对或批评此说者：",
        "note": (
            "归类出自论文，被归入者未必认同。支持与反对仅录论文所明言者。文字为我们所拟。"
        ),
        "head": ("章节", "视角", "主张者", "主张", "文献", "段落"),
        "overlooked": ("视角", "忽视之处", "据", "段落"),
        "author": "作者", "venue": "刊物", "language": "语言", "year": "年份",
        "works": "文献", "citations": "引用处",
    },
}  # fmt: skip
RELATIONS = ("supports", "contradicts", "supported_by", "contradicted_by")


@click.command()
@click.option(
    "--counts",
    "by",
    type=click.Choice(["author", "venue", "language", "year"]),
    help="Count the cited works instead.",
)
@EXTRA
@LANGUAGE
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "table", "tsv", "json"]),
    help="Text by default; for counts a table on a terminal, TSV on a pipe.",
)
def debate(by: str | None, extra: Sequence[Path], language: str, style: str | None) -> None:
    """Who explains the missing "Asian NATO" and the turn to multilateralism by what.

    Grouped as the paper groups them, with what each overlooks according to the paper's author,
    who supports or contradicts whom, and citation and passage for each.

    \b
    Example:  latticework debate --lang zh
              latticework debate --format table
              latticework debate --counts venue
    """
    from latticework import debate as debating
    from latticework.cli.tables import print_rows

    if style == ("tsv" if by is None else "text"):
        raise InputError(
            "'{given}' does not fit: the debate is given as text, table or json, "
            "counts as table, tsv or json",
            given=style,
        )
    store = opened(extra)
    if by is not None:
        head = [WORDS[language][name] for name in (by, "works", "citations")]
        rows = [
            (one.label.in_language(language), one.works, one.citations)
            for one in debating.counts(store, by)
        ]
        print_rows([str(name) for name in head], rows, style)
    elif style == "json":
        click.echo(json.dumps(debating.as_data(store), ensure_ascii=False, indent=1))
    elif style == "table":
        found = debating.debate(store)
        print_rows(WORDS[language]["head"], list(_explanations(found, language)), style)
        click.echo()
        print_rows(WORDS[language]["overlooked"], list(_criticisms(found, language)), style)
    else:
        for line in _lines(debating.debate(store), language):
            click.echo(line)


def _explanations(found: Sequence[Debated], language: str) -> Iterator[tuple[str, ...]]:
    for asked in found:
        for section in asked.sections:
            for strand in section.strands:
                for one in strand.explanations:
                    yield (
                        section.number,
                        strand.label.in_language(language),
                        _names(one.claimants, language),
                        one.label.in_language(language),
                        ", ".join(dict.fromkeys(work.key for work in one.works)),
                        _places(one.passages, language),
                    )


def _criticisms(found: Sequence[Debated], language: str) -> Iterator[tuple[str, ...]]:
    for strand in (s for asked in found for section in asked.sections for s in section.strands):
        for one in strand.criticisms:
            yield (
                strand.label.in_language(language),
                one.label.in_language(language),
                _names(one.claimants, language),
                _places(one.passages, language),
            )


def _lines(found: Sequence[Debated], language: str) -> Iterator[str]:
    words: Any = WORDS[language]
    for asked in found:
        yield from (asked.title.in_language(language), "")
        for section in asked.sections:
            yield f"{section.number}  {section.heading.in_language(language)}"
            for strand in section.strands:
                yield from ("", f"  {strand.label.in_language(language)}")
                yield from _strand_lines(strand, language)
            yield ""
    yield words["note"]


def _strand_lines(strand: Strand, language: str) -> Iterator[str]:
    """Explanations under who gives them and where, then what the strand overlooks."""
    words: Any = WORDS[language]
    criticised = {one.iri for one in strand.criticisms}
    for head, some in groupby(strand.explanations, key=lambda one: _head(one, language)):
        yield f"    {head}"
        for one in some:
            yield from _said(one, one.passages, language)
            for relation in RELATIONS:
                for other in getattr(one, relation):
                    if other.iri not in criticised:  # it follows below, in full
                        yield f"        {words[relation]}{_statement(other, language)}"
    if not strand.criticisms and strand.iri:
        yield f"    {words['nothing overlooked']}"
    for who, found in groupby(strand.criticisms, key=lambda one: _names(one.claimants, language)):
        yield f"    {words['overlooks'].format(who=who)}"
        for criticism in found:
            yield from _said(criticism, criticism.passages, language)
            for other in criticism.of:
                yield f"        {words['of']}{_statement(other, language)}"


def _head(one: Explanation, language: str) -> str:
    """Who gives an explanation, and the works cited for it."""
    works = (f"{work.reference}{', ' * bool(work.pages)}{work.pages}" for work in one.works)
    return " | ".join((_names(one.claimants, language), *works))


def _said(one: Statement, passages: Sequence[Passage], language: str) -> Iterator[str]:
    yield f"      - {one.gist.in_language(language)} [{_places(passages, language)}]"


def _statement(one: Statement, language: str) -> str:
    who = _names(one.claimants, language)
    open_, close = "（）" if language == "zh" else (" (", ")")
    return one.label.in_language(language) + (f"{open_}{who}{close}" if who else "")


def _names(claimants: Sequence[Named], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(
        one.label.in_language(language) for one in claimants
    )


def _places(passages: Sequence[Passage], language: str) -> str:
    return ("；" if language == "zh" else "; ").join(
        one.place.in_language(language) for one in passages
    )


@click.command()
@click.option(
    "--work",
    "names",
    multiple=True,
    metavar="NAME",
    help="Only this work, by key, title or label (may be given several times).",
)
@click.option("-o", "--out", type=FOLDERS, help="File to write; standard output by default.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["bibtex", "csl-json"]),
    default="bibtex",
    show_default=True,
    help="BibTeX, or CSL-JSON.",
)
@EXTRA
@LANGUAGE
def cite(
    names: Sequence[str], out: Path | None, form: str, extra: Sequence[Path], language: str
) -> None:
    """The works that the paper cites, as BibTeX or CSL-JSON; every one once.

    What is not printed is left out, and what is printed in two ways stands in the note.

    \b
    Example:  latticework cite -o works.bib
              latticework cite --format csl-json --work cha-2010
    """
    from latticework.citations import cited_works, to_bibtex, to_csl
    from latticework.names import resolve
    from latticework.output import write_file

    store = opened(extra)
    works = cited_works(store)
    if names:
        chosen = {resolve(store, name, ("wrk",)) for name in names}
        if uncited := sorted(chosen - {work.iri for work in works}):
            raise UnknownName("{given} is not a cited work", given=", ".join(uncited))
        works = [work for work in works if work.iri in chosen]
    text = to_bibtex(works, language) if form == "bibtex" else to_csl(works, language)
    if out is None:
        sys.stdout.buffer.write(text.encode())
    else:
        write_file(out, text.encode())
        click.echo(f"wrote {out} ({len(works)} works)")
