"""Linked data: from a thing to its page or its data, by what the client accepts.

``/id/…``, ``/source/…``, ``/ontology`` and ``/concept`` name things, which no server can send;
they answer 303 with the address of a document about them (RFC 9110, 15.4.4).
"""

from __future__ import annotations

from functools import cached_property

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from latticework import export
from latticework.description import DATASET, DOCUMENT, DUMPS
from latticework.server import things
from latticework.server.addresses import data, iri_at, page
from latticework.server.documents import FORMS, VOCABULARIES, document
from latticework.server.forms import preferred
from latticework.server.pages import Pages
from latticework.server.rendering import best_language, path_of
from latticework.vocabulary import BASE, CONCEPTS, ONTOLOGY

HTML = "text/html"
VARY = "Accept, Accept-Language"
WELL_KNOWN = "/.well-known/void"


class LinkedData:
    """Things, data and the description of the data set."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.store = pages, pages.site.store

    def thing(self, request: Request) -> Response:
        """303 from a thing to its page or its data, or 404, or 406."""
        iri = BASE + path_of(request).removeprefix("/").rstrip("/")
        if iri.startswith(ONTOLOGY + "/") and not iri.startswith(ONTOLOGY + "/rules/"):
            iri = ONTOLOGY  # a version of it
        if iri in (DATASET, DATASET + "/authors", DOCUMENT):
            return RedirectResponse(WELL_KNOWN, 303)
        if iri not in VOCABULARIES and not things.exists(self.store, iri):
            return self._varied(self.pages.not_found(request))
        media = preferred(request.headers.get("accept", ""), (HTML, *FORMS.values()))
        if media is None:
            return self._not_acceptable((HTML, *FORMS.values()))
        if media == HTML:
            there = page(iri, best_language(request.headers.get("accept-language", "")))
        else:
            there = data(iri, _suffix(media))
        return self._varied(RedirectResponse(there, 303))

    def data(self, request: Request) -> Response:
        """The data about one thing in the form that the suffix names."""
        path, _, suffix = request.path_params["path"].rpartition(".")
        iri = {"ontology": ONTOLOGY, "concept": CONCEPTS}.get(path) or iri_at(path)
        known = iri in VOCABULARIES or things.exists(self.store, iri)
        if suffix not in FORMS or not known:
            return self.pages.not_found(request, path.rpartition("/")[2])
        body = document(self.store, iri, suffix)
        response = Response(body, media_type=_typed(FORMS[suffix]))
        response.headers["Link"] = f'<{iri}>; rel="describes"'
        return response

    def void(self, request: Request) -> Response:
        """The description of the data set (VoID), as Turtle, JSON-LD or N-Triples."""
        offered = tuple(FORMS.values())
        media = preferred(request.headers.get("accept", ""), (*offered, HTML))
        if media is None:
            return self._not_acceptable(offered)
        form = "ttl" if media == HTML else _suffix(media)
        body = export.serialize(self._description, form)
        return self._varied(Response(body, media_type=_typed(FORMS[form])))

    def dump(self, request: Request) -> Response:
        """A whole file: all facts as one graph, or with a graph for each source and rule."""
        name = path_of(request).removeprefix("/")
        return Response(self._dumps[name], media_type=_typed(DUMPS[name][0]))

    @cached_property
    def _graphs(self) -> dict[str, set[ox.Triple]]:
        return export.graphs(self.store)

    @cached_property
    def _description(self) -> set[ox.Triple]:
        return self._graphs[DOCUMENT]

    @cached_property
    def _dumps(self) -> dict[str, bytes]:
        from latticework import turtle

        everything = set().union(*self._graphs.values())
        return {
            "latticework.ttl": turtle.write(everything).encode(),
            "latticework.trig": turtle.write_trig(self._graphs).encode(),
        }

    def _varied(self, response: Response) -> Response:
        response.headers["Vary"] = VARY
        return response

    def _not_acceptable(self, offered: tuple[str, ...]) -> Response:
        text = f"There is no such form; there are: {', '.join(offered)}.\n"
        text += f"没有所要求的格式；可用格式：{'、'.join(offered)}。\n"
        return self._varied(PlainTextResponse(text, 406))


def _suffix(media: str) -> str:
    return next(suffix for suffix, one in FORMS.items() if one == media)


def _typed(media: str) -> str:
    """A media type as a header; text is UTF-8."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
