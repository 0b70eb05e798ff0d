"""The alliance web's page, drawn when it is first asked for and kept."""

from __future__ import annotations

import html
import re
from functools import cached_property

import pyoxigraph as ox
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

POLICY = re.compile(r'http-equiv="Content-Security-Policy" content="([^"]*)"')


class AllianceWeb:
    """The page of ``latticework web``: one text, whose own policy names its scripts by hash."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def page(self, request: Request) -> Response:
        """The page, under the policy that it brings along."""
        found = POLICY.search(self._html)
        policy = html.unescape(found[1]) if found else ""
        headers = {"Content-Security-Policy": f"{policy}; frame-ancestors 'none'"} if policy else {}
        return HTMLResponse(self._html, headers=headers)

    @cached_property
    def _html(self) -> str:
        from latticework.coverage import read_coverage
        from latticework.index import incidence
        from latticework.structure import panels
        from latticework.view import page

        data = incidence(self.store)
        return page(self.store, data, panels(data, read_coverage(self.store)))
