"""What docs/measures.md prints is what the commands print, and what follows from the rules."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest

from latticework.build import Built, build
from latticework.coverage import read_coverage
from latticework.index import DEFAULT_LAYERS, incidence
from latticework.periods import read_periods, verdicts
from latticework.terms import label
from latticework.vocabulary import PREFIXES, shorten
from test_cli import Ran, run  # noqa: F401
from test_docs import ROOT, table

PAGE = ROOT / "docs" / "measures.md"
SHOWN = re.compile(r"```console\n\$ latticework ([^\n]+)\n(.*?)```", re.S)
VERDICTS = re.compile(r"<!-- verdicts -->\n(.*?)\n<!-- end verdicts -->", re.S)
WIDTH = "110"


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def tidy(out: str) -> str:
    """Without the blanks that fill a table to the right."""
    return "".join(line.rstrip() + "\n" for line in out.splitlines())


@pytest.mark.parametrize(("command", "shown"), SHOWN.findall(text()))
def test_commands_print_what_is_shown(
    run: Callable[..., Ran],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    shown: str,
) -> None:
    monkeypatch.setenv("COLUMNS", WIDTH)
    code, out, err = run(*shlex.split(command))
    assert code == 0, err
    assert tidy(out) == shown


def verdict_table(built: Built) -> str:
    """For every claim, layer and period the verdict over certain and over possible days."""
    paper = {PREFIXES["source"] + "paper"}
    coverage, periods = read_coverage(built.store, paper), read_periods(built.store)
    found: dict[tuple[str, ...], list[str]] = {}
    for layers in ({"treatyAlliance"}, {"securityCooperation"}, set()):
        iris = {PREFIXES["lwc"] + slug for slug in layers} or DEFAULT_LAYERS
        data = incidence(built.store, sources=paper, layers=iris)
        name = label(built.store, next(iter(iris))).en if layers else "both"
        for one in verdicts(built.store, data, coverage, periods):
            period = label(built.store, one.span.period.iri).en
            key = (period, f"`{shorten(one.claim.iri)}`", one.rule, name)
            share = "" if one.share_of_days is None else f" ({one.share_of_days:.1%})"
            found.setdefault(key, []).append(one.verdict + share)
    order = {label(built.store, p.iri).en: i for i, p in enumerate(periods)}
    rows = sorted(found.items(), key=lambda item: (order[item[0][0]], item[0][1]))
    head = ("period", "claim", "rule", "layer", "certain days", "possible days")
    return table(head, [(*key, *cells) for key, cells in rows])


def test_verdicts_are_those_of_the_rules(built: Built) -> None:
    (shown,) = VERDICTS.findall(text())
    assert shown == verdict_table(built), "run: .venv/bin/python tests/test_measures_page.py"


def refresh() -> None:
    """Write the shown output and verdicts anew; the text around them is for a person to read."""
    import os
    import subprocess
    import sys

    def printed(found: re.Match[str]) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "latticework.cli", *shlex.split(found[1])],
            capture_output=True, text=True, check=True, env={**os.environ, "COLUMNS": WIDTH},
        )  # fmt: skip
        return f"```console\n$ latticework {found[1]}\n{tidy(done.stdout)}```"

    page = SHOWN.sub(printed, text())
    rows = verdict_table(build(validate=False))
    page = VERDICTS.sub(lambda _: f"<!-- verdicts -->\n{rows}\n<!-- end verdicts -->", page)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    refresh()
