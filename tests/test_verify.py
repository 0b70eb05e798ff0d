"""Passages are found again in changed copies, and never at a wrong place.

The tests on the paper make changed copies in memory from the one that lies beside the project
(none may be kept here). Every character of a changed copy remembers from which character of the
paper it comes, or that it was added; so a test knows where the original of a passage has gone,
and takes an anchor in a repeated sentence, note or row for wrong if it isn't that one.
"""

from __future__ import annotations

import importlib.util
import random
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

import opencc
import pytest

from latticework.evidence import PassageRef, find
from latticework.text import NOTE_MARK, digest, normalise

ROOT = Path(__file__).parent.parent
PAPER = (ROOT / ".." / "shared" / "paper" / "paper.txt").resolve()
with_paper = pytest.mark.skipif(
    not PAPER.is_file(), reason=f"the paper may not be redistributed and is not at {PAPER}"
)


# Copies that remember where they come from -------------------------------------------------------


@dataclass
class Draft:
    """A changed copy: its characters, the origin of each (None: added), what no longer counts."""

    chars: list[str]
    origins: list[int | None]
    altered: set[int] = field(default_factory=set)

    @classmethod
    def of(cls, text: str) -> Draft:
        return cls(list(text), list(range(len(text))))

    @property
    def text(self) -> str:
        return "".join(self.chars)

    def keep(self, places: Iterable[int]) -> None:
        """Keep these characters, in this order."""
        places = list(places)
        self.chars = [self.chars[place] for place in places]
        self.origins = [self.origins[place] for place in places]

    def insert(self, texts: dict[int, str]) -> None:
        """Add each text before the character at its place."""
        chars: list[str] = []
        origins: list[int | None] = []
        for place in range(len(self.chars) + 1):
            if place in texts:
                chars.extend(texts[place])
                origins.extend([None] * len(texts[place]))
            chars.extend(self.chars[place : place + 1])
            origins.extend(self.origins[place : place + 1])
        self.chars, self.origins = chars, origins

    def convert(self, change: Callable[[str], str]) -> None:
        """Write every character in another way; None becomes of nothing."""
        chars: list[str] = []
        origins: list[int | None] = []
        for char, origin in zip(self.chars, self.origins, strict=True):
            new = change(char)
            chars.extend(new)
            origins.extend([origin] * len(new))
        self.chars, self.origins = chars, origins

    def place_of(self, origin: int) -> int:
        return self.origins.index(origin)


@dataclass(frozen=True)
class Source:
    """A source text, its passages, and where in the text the characters of each stand."""

    text: str
    refs: tuple[PassageRef, ...]
    letters: dict[str, list[int]]
    joined: frozenset[str]
    """Passages that nothing interrupts."""

    def draft(self) -> Draft:
        return Draft.of(self.text)

    def slugs(self, stream: str) -> list[str]:
        return [ref.slug for ref in self.refs if ref.stream == stream]

    def span(self, first: str, last: str | None = None) -> tuple[int, int]:
        """Return the range of the text from the one passage to the other, with punctuation."""
        start, end = self.letters[first][0], self.letters[last or first][-1] + 1
        while self.text[start - 1] in "“‘（《":
            start -= 1
        while end < len(self.text) and self.text[end] in "。！？”’）》.,①②③④⑤⑥⑦⑧⑨":
            end += 1
        return start, end


def counts(char: str) -> bool:
    return bool(normalise(char))


@dataclass(frozen=True)
class Verdict:
    wrong: list[str]
    lost: list[str]
    changed: set[str]
    statuses: dict[str, str]

    @property
    def rate(self) -> float:
        there = len(self.statuses) - len(self.changed)
        return 1 - len(self.lost) / there if there else 1.0


def judge(source: Source, draft: Draft) -> Verdict:
    """Find the passages in the draft and compare with what is known of it."""
    copy = draft.text
    anchors = find(copy, source.refs)
    assert [anchor.slug for anchor in anchors] == [ref.slug for ref in source.refs]
    now: dict[int, int] = {}
    for place, origin in enumerate(draft.origins):
        if origin is not None:
            now.setdefault(origin, place)
    changed = {slug for slug, origins in source.letters.items() if not intact(draft, now, origins)}
    wrong, lost = [], []
    for anchor in anchors:
        got = [
            draft.origins[place]
            for start, end in anchor.ranges
            for place in range(start, end)
            if counts(copy[place])
        ]
        if anchor.status == "orphan":
            assert anchor.ranges == ()
            if anchor.slug not in changed:
                lost.append(anchor.slug)
        elif anchor.slug in changed or list(dict.fromkeys(got)) != source.letters[anchor.slug]:
            wrong.append(anchor.slug)
    return Verdict(wrong, lost, changed, {anchor.slug: anchor.status for anchor in anchors})


def intact(draft: Draft, now: dict[int, int], origins: Sequence[int]) -> bool:
    places = [now.get(origin) for origin in origins]
    if None in places or draft.altered & set(origins):
        return False
    return places == sorted(places, key=lambda place: place or 0)


def check(source: Source, draft: Draft, at_least: float = 0.95) -> Verdict:
    verdict = judge(source, draft)
    assert not verdict.wrong, f"wrong anchors: {verdict.wrong}"
    assert verdict.rate >= at_least, f"only {verdict.rate:.1%} found; lost: {verdict.lost}"
    return verdict


# Ways to change a copy ---------------------------------------------------------------------------

Change = Callable[[Source, Draft, random.Random], None]


def unbroken(source: Source, draft: Draft, rng: random.Random) -> None:
    draft.keep(place for place, char in enumerate(draft.chars) if char not in "\r\n")


def reflow(columns: int) -> Change:
    def change(source: Source, draft: Draft, rng: random.Random) -> None:
        unbroken(source, draft, rng)
        draft.insert({at: "\n" for at in range(columns, len(draft.chars), columns)})

    return change


def no_blank_lines(source: Source, draft: Draft, rng: random.Random) -> None:
    text = draft.text
    drop = {i for found in re.finditer(r"\n[ \t\n]*\n", text) for i in range(*found.span())}
    keep = {found.start() for found in re.finditer(r"\n[ \t\n]*\n", text)}
    draft.keep(place for place in range(len(text)) if place not in drop or place in keep)


def crlf(source: Source, draft: Draft, rng: random.Random) -> None:
    draft.convert(lambda char: "\r\n" if char == "\n" else char)


def no_spaces(source: Source, draft: Draft, rng: random.Random) -> None:
    draft.keep(place for place, char in enumerate(draft.chars) if char not in " \t\u3000")


def nothing_but_letters(source: Source, draft: Draft, rng: random.Random) -> None:
    draft.keep(place for place, char in enumerate(draft.chars) if counts(char))


def more_spaces(source: Source, draft: Draft, rng: random.Random) -> None:
    chosen = rng.sample(range(len(draft.chars)), len(draft.chars) // 8)
    draft.insert({at: rng.choice((" ", "  ", "\u3000", "\u00a0")) for at in chosen})


def heads(head: str, every: int, columns: int = 38) -> Change:
    """Running heads with page numbers, wherever the page ends."""

    def change(source: Source, draft: Draft, rng: random.Random) -> None:
        reflow(columns)(source, draft, rng)
        size = (columns + 1) * every
        pages = range(1, len(draft.chars) // size + 1)
        draft.insert({page * size: head.format(page=90 + page) + "\n" for page in pages})

    return change


HALF = {full: unicodedata.normalize("NFKC", full) for full in "，：；！？（）"}
HALF |= {
    "。": ".",
    "、": ",",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "《": "<",
    "》": ">",
    "—": "-",
}


def half_width(source: Source, draft: Draft, rng: random.Random) -> None:
    draft.convert(lambda char: HALF.get(char, char))


def full_width(source: Source, draft: Draft, rng: random.Random) -> None:
    draft.convert(lambda char: chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char)


@cache
def traditional(char: str) -> str:
    converted: str = opencc.OpenCC("s2t").convert(char)
    return converted if len(converted) == 1 else char


def some_traditional(share: float) -> Change:
    def change(source: Source, draft: Draft, rng: random.Random) -> None:
        draft.convert(lambda char: traditional(char) if rng.random() < share else char)

    return change


def traditional_words(source: Source, draft: Draft, rng: random.Random) -> None:
    """Convert by words, as a real conversion does."""
    converted = opencc.OpenCC("s2t").convert(draft.text)
    assert len(converted) == len(draft.chars)
    draft.chars = list(converted)


def marks(write: Callable[[int], str]) -> Change:
    """Write note marks in another way; they are nobody's characters."""

    def change(source: Source, draft: Draft, rng: random.Random) -> None:
        draft.insert(
            {
                place: write(ord(char) - 0x245F)
                for place, char in enumerate(draft.chars)
                if NOTE_MARK.match(char)
            }
        )
        draft.keep(place for place, char in enumerate(draft.chars) if not NOTE_MARK.match(char))

    return change


def note_places(source: Source, draft: Draft) -> set[int]:
    """Return the places of the notes with their marks; each ends where its letters end."""
    found: set[int] = set()
    where = {origin: place for place, origin in enumerate(draft.origins) if origin is not None}
    for slug in source.slugs("notes"):
        start, end = source.span(slug)
        while not NOTE_MARK.match(source.text[start]):
            start -= 1
        found |= {where[origin] for origin in range(start, end) if origin in where}
    return found


def no_notes(source: Source, draft: Draft, rng: random.Random) -> None:
    cut = note_places(source, draft)
    draft.keep(place for place in range(len(draft.chars)) if place not in cut)


def endnotes(source: Source, draft: Draft, rng: random.Random) -> None:
    cut = note_places(source, draft)
    body = [place for place in range(len(draft.chars)) if place not in cut]
    draft.keep([*body, *sorted(cut)])


def paragraph(source: Source, rng: random.Random, size: int = 4) -> tuple[str, str]:
    """Choose consecutive sentences of one section, none of them interrupted."""
    body = source.slugs("body")
    while True:
        first = rng.randrange(len(body) - size)
        chosen = body[first : first + size]
        prefixes = {slug.rsplit("-", 1)[0] for slug in chosen}
        if len(prefixes) == 1 and source.joined.issuperset(chosen) and "table" not in chosen[0]:
            origins = [source.letters[slug] for slug in chosen]
            if origins[-1][-1] - origins[0][0] < 2 * sum(map(len, origins)):
                return chosen[0], chosen[-1]


def places(draft: Draft, span: tuple[int, int]) -> list[int]:
    wanted = set(range(*span))
    return [place for place, origin in enumerate(draft.origins) if origin in wanted]


def paragraph_removed(source: Source, draft: Draft, rng: random.Random) -> None:
    cut = set(places(draft, source.span(*paragraph(source, rng))))
    draft.keep(place for place in range(len(draft.chars)) if place not in cut)


def passage_removed(*slugs: str) -> Change:
    def change(source: Source, draft: Draft, rng: random.Random) -> None:
        for slug in slugs:
            cut = set(places(draft, source.span(slug)))
            draft.keep(place for place in range(len(draft.chars)) if place not in cut)

    return change


def paragraph_moved(source: Source, draft: Draft, rng: random.Random) -> None:
    moved = places(draft, source.span(*paragraph(source, rng)))
    gone = set(moved)
    rest = [place for place in range(len(draft.chars)) if place not in gone]
    other = source.span(*paragraph(source, rng))[1]
    at = next(n for n, place in enumerate(rest) if (draft.origins[place] or 0) >= other)
    draft.keep([*rest[:at], *moved, *rest[at:]])


def doubled(slug: str | None = None, after: str | None = None, size: int = 1) -> Change:
    """Write a passage (or a few) a second time: after another passage, or after itself."""

    def change(source: Source, draft: Draft, rng: random.Random) -> None:
        first, last = (slug, slug) if slug else paragraph(source, rng, size)
        behind = after or paragraph(source, rng, 1)[0]
        at = draft.place_of(source.letters[behind][-1]) + 1
        while draft.chars[at] in "。！？”’）.":
            at += 1
        span = places(draft, source.span(first, last))
        own = {origin for s in source.refs for origin in source.letters[s.slug]}
        mine = set(source.letters[first]) | set(source.letters[last])
        text = "".join(
            draft.chars[place]
            for place in span
            if size > 1 or draft.origins[place] in mine or draft.origins[place] not in own
        )
        draft.insert({at: re.sub(r"\s*\n\s*", "", text)})

    return change


def doubled_in_place(source: Source, draft: Draft, rng: random.Random) -> None:
    slug = paragraph(source, rng, 1)[0]
    doubled(slug, after=slug)(source, draft, rng)


def one_character_altered(source: Source, draft: Draft, rng: random.Random) -> None:
    """In a tenth of the passages, one character."""
    for slug in rng.sample(sorted(source.letters), len(source.letters) // 10):
        alter(draft, rng.choice(source.letters[slug]))


def alter(draft: Draft, origin: int) -> None:
    for place in (place for place, known in enumerate(draft.origins) if known == origin):
        draft.chars[place] = "永" if draft.chars[place] != "永" else "乐"
        draft.altered.add(origin)


# The paper ---------------------------------------------------------------------------------------


@cache
def cutter() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "cut_passages", ROOT / "scripts" / "cut_passages.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def paper() -> Source:
    """The paper, its passages, and independently of the code under test where they stand."""
    module = cutter()
    text = PAPER.read_text(encoding="utf-8")
    refs = tuple(PassageRef(p.slug, p.stream, p.ranges, p.sha256) for p in module.cut(text))
    lines = module.read_lines(text)
    line_starts = [0]
    for line in text.split("\n"):
        line_starts.append(line_starts[-1] + len(line) + 1)
    cursor: dict[int, int] = {}
    letters: dict[str, list[int]] = {}
    joined = set()
    for piece in [*module.BodyCutter().run(lines), *module.cut_notes(lines)]:
        own: list[int] = []
        for number, _, chunk in piece.chunks:
            start = line_starts[number - 1]
            at = text.index(chunk, cursor.get(number, start))
            cursor[number] = at + len(chunk)
            own += [at + i for i, char in enumerate(chunk) if counts(char)]
        letters[piece.slug] = own
        if sum(counts(char) for char in text[own[0] : own[-1] + 1]) == len(own):
            joined.add(piece.slug)
    for ref in refs:
        assert digest(normalise("".join(text[i] for i in letters[ref.slug]))) == ref.sha256
    return Source(text, refs, letters, frozenset(joined))


def head() -> str:
    return str(cutter().RUNNING_HEAD)


NOTHING_IS_LOST: dict[str, Change] = {
    "the copy itself": lambda source, draft, rng: None,
    "30 columns": reflow(30),
    "80 columns": reflow(80),
    "no line breaks": unbroken,
    "no blank lines": no_blank_lines,
    "CRLF": crlf,
    "no spaces": no_spaces,
    "more spaces": more_spaces,
    "half-width punctuation": half_width,
    "full-width digits and letters": full_width,
    "a tenth traditional": some_traditional(0.1),
    "all traditional": traditional_words,
    "marks [1]": marks("[{}]".format),
    "marks 1": marks(str),
    "marks superscript": marks(lambda number: "⁰¹²³⁴⁵⁶⁷⁸⁹"[number]),
    "no marks": marks(lambda number: ""),
    "endnotes": endnotes,
    "head above number": lambda s, d, r: heads(head() + "\n· {page} ·", 30)(s, d, r),
    "number beside head": heads("茶馆学刊  2022 年第 3 期  {page}", 30),
    "page number in words": heads("第 {page} 页", 30),
    "page number in English": heads("Page {page}", 25),
    "bare page number": heads("{page}", 20),
    "nothing but letters": nothing_but_letters,
}
SOMETHING_IS_LOST: dict[str, Change] = {
    "no notes": no_notes,
    "paragraph removed": paragraph_removed,
    "paragraph moved": paragraph_moved,
    "sentence doubled elsewhere": doubled(),
    "sentence doubled on the spot": doubled_in_place,
    "paragraph doubled elsewhere": doubled(size=4),
    "interrupted sentence doubled before": doubled("1.4-04", after="1.1-01"),
    "interrupted sentence doubled after": doubled("1.4-04", after="6-01"),
    "interrupted sentence doubled on the spot": doubled("1.4-04", after="1.4-04"),
    "note doubled": doubled("fn94-1", after="fn110-1"),
    "note with twins doubled": doubled("fn115-1", after="fn99-1"),
    "row doubled": doubled("table2-03", after="table2-11"),
    "source line with twin doubled": doubled("fig1-source", after="6-01"),
    "one twin removed": passage_removed("fn97-1"),
    "other twin removed": passage_removed("fn112-1"),
    "all twins but one removed": passage_removed("fn115-1", "fn122-5"),
    "contained note removed": passage_removed("fn106-1", "fn99-2"),
    "title removed": passage_removed("title"),
    "characters altered": one_character_altered,
}


@with_paper
@pytest.mark.parametrize("name", NOTHING_IS_LOST)
def test_another_layout_loses_nothing(name: str) -> None:
    draft = paper().draft()
    NOTHING_IS_LOST[name](paper(), draft, random.Random(name))
    verdict = check(paper(), draft, at_least=0.99)
    assert not verdict.changed


@with_paper
@pytest.mark.parametrize("name", SOMETHING_IS_LOST)
def test_a_change_loses_only_what_it_touches(name: str) -> None:
    draft = paper().draft()
    SOMETHING_IS_LOST[name](paper(), draft, random.Random(name))
    check(paper(), draft, at_least=0.98)
