"""The site: pages to browse and to ask, and linked data, as routes for the server's application.

``create_app(store, extra_routes=routes(store), people=PEOPLE)`` puts them beside the endpoint.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pyoxigraph as ox
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from latticework.server.addresses import LANGUAGES
from latticework.server.alliance_web import AllianceWeb
from latticework.server.argument import Argument
from latticework.server.inquiries import Inquiries
from latticework.server.linked_data import WELL_KNOWN, LinkedData
from latticework.server.pages import Pages
from latticework.server.rendering import Site, best_language
from latticework.server.search import Index

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


class ElsewhereConvertor(LanguageConvertor):
    """Any address but that of the endpoint, whose routes come after those of the site."""

    regex = r"(?!sparql(?:/|$)).*"


register_url_convertor("language", LanguageConvertor())
register_url_convertor("elsewhere", ElsewhereConvertor())
PEOPLE = "/en/query"
"""Where a browser is sent that opens the endpoint without a query."""


def routes(store: ox.Store) -> list[BaseRoute]:
    """The routes of the site; what people phrase is asked of ``app.state.pool``.

    Args:
        store: the data set, which the pages only read.

    """
    site = Site(store, Index(store))
    argument = Argument(site)
    pages = Pages(site, argument)
    inquiries, linked, web = Inquiries(pages), LinkedData(pages), AllianceWeb(store)
    local = "/{language:language}"
    return [
        Route("/", to_language),
        Route(local, to_language),
        Route(local + "/", pages.start),
        Route(local + "/page/{path:path}", pages.thing),
        Route(local + "/kind/{kind}", pages.kind),
        Route(local + "/search", pages.search),
        Route(local + "/ontology", pages.ontology),
        Route(local + "/concepts", pages.concepts),
        Route(local + "/uses/{term}", pages.uses),
        Route(local + "/theory", argument.theory),
        Route(local + "/debate", argument.debate),
        Route(local + "/ask", inquiries.index),
        Route(local + "/ask/{name:path}", inquiries.ask),
        Route(local + "/query", inquiries.query),
        Route("/suggest", pages.suggest),
        Route("/completions", inquiries.completions),
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
        Route("/web", web.page),
        Route("/web/{name}", web.file),
        Route("/static/han.otf", han),
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/{path:elsewhere}", pages.not_found),
    ]


def to_language(request: Request) -> Response:
    """From the root to the start page in the language that the browser prefers."""
    asked = request.path_params.get("language")
    language = asked or best_language(request.headers.get("accept-language", ""))
    return RedirectResponse(f"/{language}/", 303, headers={"Vary": "Accept-Language"})


def han(request: Request) -> Response:
    """Noto Sans SC (SIL Open Font License 1.1), which browsers without a Chinese font fetch."""
    try:
        from pylopdf_fonts_zh_cn import sans_path
    except ImportError:
        return Response(status_code=404)
    return FileResponse(sans_path(), headers={"Cache-Control": "max-age=86400"})
