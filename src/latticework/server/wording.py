"""The texts of the pages in English and Chinese: words, names of columns, of others' terms."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from latticework.server.addresses import LANGUAGES


@cache
def words() -> dict[str, dict[str, Any]]:
    """The texts of the pages, by language."""
    found = _read("words.json")
    return {language: {key: one[language] for key, one in found.items()} for language in LANGUAGES}


@cache
def columns() -> dict[str, dict[str, str]]:
    """What the columns of the questions' answers are called, by language."""
    found = _read("columns.json")
    return {
        language: {name: pair[at] for name, pair in found.items()}
        for at, language in enumerate(LANGUAGES)
    }


def outside(short: str, language: str) -> str:
    """What a term of another vocabulary is called here; its short name where it is not known."""
    return str(words()[language]["outside"].get(short, short))


def _read(name: str) -> dict[str, Any]:
    text = (files("latticework.server") / name).read_text(encoding="utf-8")
    return dict(json.loads(text))
