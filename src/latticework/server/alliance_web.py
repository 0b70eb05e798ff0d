"""The alliance web's page, drawn when it is first asked for, and kept."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from functools import cached_property
from mimetypes import guess_type

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


class AllianceWeb:
    """The page of ``latticework web``, under the policy that it brings along, and its files."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def page(self, request: Request) -> Response:
        """The page; its policy names what it may run, as a header too."""
        text, _ = self._drawn
        found = POLICY.search(text)
        policy = html.unescape(found[1]) if found else ""
        headers = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"} if policy else {}
        return HTMLResponse(text, headers=headers)

    def file(self, request: Request) -> Response:
        """A file that the page names."""
        _, files = self._drawn
        name = request.path_params["name"]
        if name not in files:
            return Response(status_code=404)
        return Response(files[name], media_type=guess_type(name)[0])

    @cached_property
    def _drawn(self) -> tuple[str, Mapping[str, bytes]]:
        """The HTML, and the files that it names by ``/web/`` and their name."""
        from latticework.coverage import read_coverage
        from latticework.index import incidence
        from latticework.layers import layers_of
        from latticework.structure import panels
        from latticework.view import page_and_files
        from latticework.view.blocks import blocks

        data = incidence(self.store)
        series = panels(data, read_coverage(self.store))
        beside = blocks(self.store)
        wider = incidence(self.store, layers=layers_of(self.store))
        return page_and_files(
            self.store, data, series, blocks=beside, wider=wider, base="/web/", home="/"
        )
