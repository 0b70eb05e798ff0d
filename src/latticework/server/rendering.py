"""Pages out of templates: every value escaped, nothing inline, in the language of the address."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from latticework.server.addresses import LANGUAGES, TAGS, data, page, thing_path
from latticework.server.search import Index
from latticework.server.wording import words
from latticework.vocabulary import shorten


class Answer(Protocol):
    """An answer to a query: its bytes, their media type, and whether rows were left out."""

    @property
    def body(self) -> bytes:
        """What is sent."""

    @property
    def media_type(self) -> str:
        """What it is."""

    @property
    def truncated(self) -> bool:
        """Whether it is not all."""


Answerer = Callable[[str, str], Awaitable[Answer]]
"""Answers a SPARQL query in a form (``csv``, a media type; ``""`` is the usual one of its kind)."""


@dataclass(frozen=True)
class Site:
    """What every page draws on: the data set, the index of its texts, who answers queries."""

    store: ox.Store
    answer: Answerer
    index: Index
    environment: Environment = field(default_factory=lambda: environment())

    def render(
        self, request: Request, template: str, status: int = 200, **context: object
    ) -> Response:
        """A page as a response, in the language of the request's address."""
        language = language_of(request)
        text = self.environment.get_template(template).render(
            t=words()[language],
            language=language,
            tags=TAGS,
            other=other_language(request),
            here=request.url.path,
            **context,
        )
        headers = {"Content-Language": TAGS[language]}
        return HTMLResponse(text, status_code=status, headers=headers)


def language_of(request: Request) -> str:
    """The language of an address: its first segment, or else English."""
    given = request.url.path.split("/")[1]
    return given if given in LANGUAGES else LANGUAGES[0]


def other_language(request: Request) -> str:
    """The same place in the other language."""
    language = language_of(request)
    other = next(one for one in LANGUAGES if one != language)
    path = request.url.path
    rest = path[len(language) + 1 :] if path.startswith(f"/{language}/") else "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/{other}{rest}{query}"


def environment() -> Environment:
    """Templates that escape whatever they are given and know how to link a thing."""
    made = Environment(
        loader=PackageLoader("latticework.server"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(page=page, data=data, thing_path=thing_path, shorten=shorten)
    return made
