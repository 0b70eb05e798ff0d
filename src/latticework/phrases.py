"""Sentences said to a person, in English and, where ``phrases_zh.json`` has them, in Chinese.

The English template, with ``{name}`` where a value stands, is the key of the Chinese one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache


class Phrase:
    """A sentence and its values, sayable in either language."""

    def __init__(self, message: str, **values: object) -> None:
        self.message, self.values = message, values

    def in_language(self, language: str) -> str:
        """The sentence in ``en`` or ``zh``; in English where there is no Chinese."""
        template = chinese().get(self.message, self.message) if language == "zh" else self.message
        if not self.values:
            return template
        return template.format(
            **{name: said(value, language) for name, value in self.values.items()}
        )

    def __str__(self) -> str:
        return self.in_language("en")


def say(message: str, language: str, **values: object) -> str:
    """The sentence in a language, with its values."""
    return Phrase(message, **values).in_language(language)


def said(value: object, language: str) -> object:
    """A value within a sentence: what can be said in a language is, the rest stays as it is."""
    if hasattr(value, "in_language"):
        return value.in_language(language)
    if isinstance(value, list | tuple):
        sentences = any(hasattr(one, "in_language") for one in value)
        joint = {"en": "; " if sentences else ", ", "zh": "；" if sentences else "、"}[language]
        return joint.join(str(said(one, language)) for one in value)
    return value


@cache
def chinese() -> Mapping[str, str]:
    """The Chinese templates by the English ones."""
    from importlib.resources import files

    text = files("latticework").joinpath("phrases_zh.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
