"""Where the shipped folders are; the only module that knows paths."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from latticework.errors import InputError


def folder(name: str) -> Path:
    """Return the folder ``ontology``, ``graph`` or ``queries`` of this installation.

    An installed package carries it under ``latticework/data``; a checkout has it beside
    ``src``. The working directory is never looked at.
    """
    package = Path(str(files("latticework")))
    places = (package / "data" / name, package.parent.parent / name)
    for place in places:
        if place.is_dir():
            return place
    raise InputError(
        "the folder '{name}' is missing; looked in {first} and {second}; reinstall latticework",
        name=name,
        first=places[0],
        second=places[1],
    )
