"""The alliance web as a page: a pyvis network in our own template, with what explains it.

What the page tells is gathered from the store as plain data (:mod:`latticework.view.facts`) and
drawn by the vis-network that the installed pyvis carries. The page loads nothing from elsewhere:
its content security policy names its own scripts and styles and forbids all else, so that no
label, however hostile, can run or fetch anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from latticework.index import Incidence
from latticework.structure import UNITED_STATES, Panel
from latticework.view import assemble
from latticework.view.facts import facts

__all__ = ["page", "page_and_files"]


def page(
    store: ox.Store,
    data: Incidence,
    panels: Sequence[Panel],
    *,
    text: Mapping[str, str] | None = None,
    hub: str = UNITED_STATES,
    blocks: Mapping[str, object] | None = None,
    wider: Incidence | None = None,
) -> str:
    """The interactive page as one HTML text; the same data give the same bytes.

    Args:
        store: the data set.
        data: the dated incidence to be shown.
        panels: the lead panel of ``hub`` at every change point of ``data``.
        text: sentences by the IRI of their passage, from the reader's own copy of the source.
        hub: IRI of the state in the middle.
        blocks: more data for parts of the page, as JSON values by name; a script of the page
            finds each with ``read(name)``.
        wider: the incidence of the same sources in more layers, which the reader may switch on;
            no measure counts them.

    """
    return assemble.inline(facts(store, data, panels, text or {}, hub, wider), blocks or {})


def page_and_files(
    store: ox.Store,
    data: Incidence,
    panels: Sequence[Panel],
    *,
    text: Mapping[str, str] | None = None,
    hub: str = UNITED_STATES,
    blocks: Mapping[str, object] | None = None,
    wider: Incidence | None = None,
    base: str = "",
    home: str = "",
) -> tuple[str, dict[str, bytes]]:
    """The same page for a server with a strict policy: no script or style stands in the HTML.

    Returns the HTML and the files that it names, by name; ``base`` is the address of the folder
    under which they are served, with a slash at its end. ``home``: the address of the site to
    which the page leads back, to which the language is added. The rest as for :func:`page`.
    """
    told = facts(store, data, panels, text or {}, hub, wider)
    return assemble.external(told, blocks or {}, base, home)
