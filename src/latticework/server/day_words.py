"""Dates of a source, said in words: ``[2007-01..2017-11]`` is "some time from ... to ..."."""

from __future__ import annotations

POINT = {"en": "{0}", "zh": "{0}"}
WITHIN = {"en": "some time from {0} to {1}", "zh": "{0}至{1}间某时"}
BEFORE = {"en": "by {0}", "zh": "不晚于{0}"}
AFTER = {"en": "not before {0}", "zh": "不早于{0}"}
LASTING = {"en": "{0} to {1}", "zh": "{0}至{1}"}
FROM = {"en": "from {0}", "zh": "自{0}起"}
UNTIL = {"en": "until {0}", "zh": "至{0}止"}


def say(text: str, language: str) -> str:
    """An EDTF text in words; what is none of the forms used here is given as it stands."""
    if text.startswith("[") and text.endswith("]") and ".." in text:
        low, _, high = text[1:-1].partition("..")
        words = WITHIN if low and high else AFTER if low else BEFORE
        return words[language].format(*filter(None, (low, high)))
    low, slash, high = text.partition("/")
    return LASTING[language].format(low, high) if slash and low and high else text


def say_span(begin: str, end: str, language: str) -> str:
    """A beginning and an end, either of which may be missing, in words."""
    begin, end = say(begin, language), say(end, language)
    if begin and end:
        return f"{FROM[language].format(begin)}{', ' if language == 'en' else '，'}" + UNTIL[
            language
        ].format(end)
    return FROM[language].format(begin) if begin else UNTIL[language].format(end) if end else ""
