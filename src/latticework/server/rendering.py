"""Pages out of templates: every value escaped, nothing inline, in the language of the address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote

import pyoxigraph as ox
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from latticework.server.addresses import LANGUAGES, TAGS, data, page, thing_path
from latticework.server.search import Index
from latticework.server.wording import words
from latticework.vocabulary import shorten

STRICT = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""What a page may load and run: files of this server, and nothing that stands in its HTML."""


@dataclass(frozen=True)
class Site:
    """What every page draws on: the data set, the index of its texts, the templates."""

    store: ox.Store
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
            here=path_of(request),
            **context,
        )
        headers = {"Content-Language": TAGS[language], "Content-Security-Policy": STRICT}
        return HTMLResponse(text, status_code=status, headers=headers)


def language_of(request: Request) -> str:
    """The language of an address: its first segment, or else English."""
    given = path_of(request).split("/")[1]
    return given if given in LANGUAGES else LANGUAGES[0]


def path_of(request: Request) -> str:
    """The path of an address, its escapes undone."""
    return str(request.scope["path"])


def other_language(request: Request) -> str:
    """The same place in the other language."""
    language = language_of(request)
    other = next(one for one in LANGUAGES if one != language)
    path = path_of(request)
    rest = quote(path[len(language) + 1 :]) if path.startswith(f"/{language}/") else "/"
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


def best_language(header: str) -> str:
    """The language that ``Accept-Language`` prefers (RFC 9110, 12.5.4); English by default."""
    ranked = sorted(_weighted(header), key=lambda pair: -pair[1])
    fits = (tag.partition("-")[0] for tag, weight in ranked if weight > 0)
    return next((language for language in fits if language in LANGUAGES), LANGUAGES[0])


def _weighted(header: str) -> list[tuple[str, float]]:
    """Tags with their weights; what cannot be read is left out."""
    found = []
    for part in header.lower().split(",")[:100]:
        tag, _, quality = (piece.strip() for piece in part.partition(";"))
        weight = re.fullmatch(r"(?:q=([01](?:\.\d{0,3})?))?", quality)
        if tag and weight:
            found.append((tag, float(weight[1] or 1)))
    return found
