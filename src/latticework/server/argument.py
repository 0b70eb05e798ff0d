"""The pages of the paper's argument: its framework on a day, and the debate that it reviews."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from latticework.dates import day
from latticework.errors import LatticeworkError
from latticework.server.rendering import Site, language_of

Plain = dict[str, Any]
CRITERIA = ("members", "commitment", "label")
SIGNS = {"agrees": "✓", "differs": "✗", "open": "?", "not covered": "–"}
COUNTS = ("author", "venue", "language", "year")
"""What the works of the debate are counted by, each with a named question."""


class Argument:
    """The framework and the debate as pages, gathered when they are first asked for."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def theory(self, request: Request) -> Response:
        """Coding, rule, prediction and record of every mechanism on a day."""
        language, given = language_of(request), request.query_params.get("date", "").strip()
        last = max((m["spans"][-1]["to"] for m in self._theory["mechanisms"]), default="2022-05-25")
        on, problem = last, ""
        try:
            on = day(given).isoformat() if given else last
        except LatticeworkError as error:
            problem = error.in_language(language)
        found = [
            (mechanism, span)
            for mechanism in self._theory["mechanisms"]
            for span in mechanism["spans"]
            if span["from"] <= on <= span["to"]
        ]
        found.sort(key=lambda pair: str(pair[0]["name"][language]))
        return self.site.render(
            request,
            "theory.html",
            theory=self._theory,
            on=on,
            last=last,
            problem=problem,
            told=[pair for pair in found if _expects(pair[1])],
            silent=[pair for pair in found if not _expects(pair[1])],
            criteria=CRITERIA,
            signs=SIGNS,
        )

    def debate(self, request: Request) -> Response:
        """Who explains what by what, strand by strand, and what each overlooks."""
        return self.site.render(
            request, "debate.html", debate=self._debate["questions"], counts=COUNTS
        )

    @cached_property
    def mechanisms(self) -> dict[str, str]:
        """The mechanisms by IRI, each with the last day on which something is expected of it."""
        return {
            mechanism["iri"]: max(
                filter(_expects, mechanism["spans"]),
                key=lambda span: str(span["to"]),
                default=mechanism["spans"][-1],
            )["to"]
            for mechanism in self._theory["mechanisms"]
            if self._theory["codings"]
        }

    @cached_property
    def claims(self) -> frozenset[str]:
        """IRIs of the claims of the debate."""
        return frozenset(
            one["iri"]
            for question in self._debate["questions"]
            for section in question["sections"]
            for strand in section["strands"]
            for one in (*strand["explanations"], *strand["criticisms"])
        )

    def about(self, iri: str, language: str) -> str:
        """The address of what these pages say of a thing; empty where they say nothing."""
        slug = iri.rpartition("/")[2]
        if iri in self.mechanisms:
            return f"/{language}/theory?date={self.mechanisms[iri]}#{slug}"
        return f"/{language}/debate#{slug}" if iri in self.claims else ""

    @cached_property
    def _theory(self) -> Plain:
        from latticework.theory import panel_data

        return panel_data(self.site.store)

    @cached_property
    def _debate(self) -> Plain:
        from latticework.debate import as_data

        return as_data(self.site.store)


def _expects(span: Plain) -> bool:
    return any(expectation["forms"] for expectation in span["expectations"])
