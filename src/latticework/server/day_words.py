"""Dates of a source, said in words: ``[2007-01..2017-11]`` is "between ... and ..."."""

from __future__ import annotations

WITHIN = {"en": "between {0} and {1}", "zh": "{0}至{1}间"}
BEFORE = {"en": "by {0}", "zh": "不晚于{0}"}
AFTER = {"en": "not before {0}", "zh": "不早于{0}"}
LASTING = {"en": "{0} to {1}", "zh": "{0}至{1}"}
BEGUN = {"en": "begun {0}", "zh": "{0}开始"}
ENDED = {"en": "ended {0}", "zh": "{0}结束"}
FROM = {"en": "from {0}", "zh": "自{0}起"}
UNTIL = {"en": "until {0}", "zh": "至{0}止"}
JOINT = {"en": ", ", "zh": "，"}


def in_words(text: str, language: str) -> str:
    """An EDTF text in words; what is none of the forms used here is given as it stands."""
    if _of_a_range(text):
        low, _, high = text[1:-1].partition("..")
        words = WITHIN if low and high else AFTER if low else BEFORE
        return words[language].format(*filter(None, (low, high)))
    low, slash, high = text.partition("/")
    return LASTING[language].format(low, high) if slash and low and high else text


def span_in_words(begin: str, end: str, language: str) -> str:
    """A beginning and an end, either of which may be missing, in words.

    >>> span_in_words("2007", "[2007-01..2017-11]", "en")
    'from 2007, ended between 2007-01 and 2017-11'
    """
    parts = []
    if begin:
        words = BEGUN if _of_a_range(begin) else FROM
        parts.append(words[language].format(in_words(begin, language)))
    if end:
        words = ENDED if _of_a_range(end) else UNTIL
        parts.append(words[language].format(in_words(end, language)))
    return JOINT[language].join(parts)


def _of_a_range(text: str) -> bool:
    return text.startswith("[") and text.endswith("]") and ".." in text
