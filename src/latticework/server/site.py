"""The site: pages to browse and to ask, and linked data, as routes for the server's application.

>>> from latticework.graph import open_graph
>>> [route.path for route in routes(open_graph().store, no_answers)][:2]
['/', '/{language:language}/']
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from latticework.errors import LatticeworkError
from latticework.server.addresses import LANGUAGES
from latticework.server.inquiries import Inquiries
from latticework.server.linked_data import WELL_KNOWN, LinkedData
from latticework.server.negotiation import best_language
from latticework.server.pages import Pages
from latticework.server.rendering import Answer, Answerer, Site
from latticework.server.search import Index

POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')
STATIC = Path(str(files("latticework.server"))) / "static"


class LanguageConvertor(Convertor[str]):
    """The first segment of an address where it is a language."""

    regex = "|".join(LANGUAGES)

    def convert(self, value: str) -> str:
        """The language as it stands."""
        return value

    def to_string(self, value: str) -> str:
        """The language as it stands."""
        return value


register_url_convertor("language", LanguageConvertor())


def routes(store: ox.Store, answer: Answerer, *, web: str = "") -> list[BaseRoute]:
    """The routes of the site; the last one takes every address and says that nothing is there.

    Args:
        store: the data set, which the pages only read.
        answer: answers what a person may phrase, such as ``Pool.answer``.
        web: the page of the alliance web as HTML; ``/web`` is not there without it.

    """
    pages = Pages(Site(store, answer, Index(store)))
    inquiries, linked = Inquiries(pages), LinkedData(pages)
    local = "/{language:language}"
    return [
        Route("/", to_language),
        Route(local + "/", pages.start),
        Route(local + "/page/{path:path}", pages.thing),
        Route(local + "/kind/{kind}", pages.kind),
        Route(local + "/search", pages.search),
        Route(local + "/ontology", pages.ontology),
        Route(local + "/concepts", pages.concepts),
        Route(local + "/uses/{term}", pages.uses),
        Route(local + "/ask", inquiries.index),
        Route(local + "/ask/{name:path}", inquiries.ask),
        Route(local + "/query", inquiries.query),
        Route("/suggest", pages.suggest),
        Route("/completions", inquiries.completions),
        Route("/example/{name:path}", inquiries.example),
        Route("/id/{path:path}", linked.thing),
        Route("/source/{path:path}", linked.thing),
        Route("/derived/{path:path}", linked.thing),
        Route("/ontology", linked.thing),
        Route("/ontology/{path:path}", linked.thing),
        Route("/concept", linked.thing),
        Route("/dataset", linked.thing),
        Route("/dataset/authors", linked.thing),
        Route("/void", linked.thing),
        Route("/data/{path:path}", linked.data),
        Route(WELL_KNOWN, linked.void),
        Route("/latticework.ttl", linked.dump),
        Route("/latticework.trig", linked.dump),
        *([Route("/web", alliance_web(web))] if web else []),
        Route("/static/han.otf", han),
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/{path:path}", pages.not_found),
    ]


def to_language(request: Request) -> Response:
    """From the root to the start page in the language that the browser prefers."""
    language = best_language(request.headers.get("accept-language", ""), LANGUAGES)
    return RedirectResponse(f"/{language}/", 303, headers={"Vary": "Accept-Language"})


def alliance_web(page: str) -> Callable[[Request], Response]:
    """The alliance web as it is: one page whose own policy names its scripts by their hashes."""
    found = POLICY.search(page)
    policy = html.unescape(found[1]) if found else ""

    def respond(_: Request) -> Response:
        headers = {"Content-Security-Policy": policy} if policy else {}
        return HTMLResponse(page, headers=headers)

    return respond


def han(request: Request) -> Response:
    """Noto Sans SC (SIL Open Font License 1.1), which browsers without a Chinese font fetch."""
    try:
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError:
        return Response(status_code=404)
    return FileResponse(sans_path(), headers={"Cache-Control": "max-age=86400"})


async def no_answers(sparql: str, form: str) -> Answer:
    """Answers nothing; for a site that only browses."""
    raise LatticeworkError("this server answers no queries")
