"""The named normalisation in which positions and hashes of passages are counted."""

from __future__ import annotations

import hashlib
import re
import unicodedata

NOTE_MARK = re.compile("[\u2460-\u2473]")
"""Circled numbers, with which the text marks its footnotes (NFKC would make them digits)."""


def normalise(text: str) -> str:
    """Return ``text`` without note marks, in NFKC, reduced to letters, marks and numbers.

    What depends on typesetting (white space, line breaks, punctuation, full or half width) is
    gone; positions count the Unicode code points that are left.
    """
    compatible = unicodedata.normalize("NFKC", NOTE_MARK.sub("", text))
    return "".join(char for char in compatible if unicodedata.category(char)[0] in "LMN")


def digest(normalised: str) -> str:
    """Return the SHA-256 of a normalised passage, as 64 hexadecimal digits."""
    return hashlib.sha256(normalised.encode("utf-8")).hexdigest()
