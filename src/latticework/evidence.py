"""Find the passages of a source again in somebody's own copy of it.

The project carries no sentence of a source, only where every passage stands in one of the
source's streams (body, footnotes) and the SHA-256 of its text. A copy may be laid out in any
way: other lines and pages, running heads, footnotes at the foot of the page, at the end or in
the middle of a sentence. So nothing is believed about its layout. A window of the copy that has
the hash of a passage is an *occurrence* of it; what is found is taken out, which joins what
stood on both sides of it, and the rest is searched again.

A hash proves the words, not the place: the same words may stand in a source twice, or have been
doubled, moved or quoted by whoever made the copy. So an occurrence becomes the passage's *place*
only if the passages before or after it in its stream stand beside it, or if it is a whole
sentence that occurs nowhere else. All other passages are orphans; no place is ever guessed.
"""

from __future__ import annotations

import codecs
import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain, combinations, pairwise
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from latticework.errors import InputError
from latticework.text import NOTE_MARK, normalise

Status = Literal["exact", "unique", "orphan"]
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

NOBODY: Final = -1
DISTINCTIVE: Final = 12
"""Fewer characters than this may stand anywhere by chance; they need a neighbour."""

HARDLY_ANY: Final = 0.05
"""Share of passages under which a text is not a copy of the source."""

SELDOM: Final = 0.02
LONG: Final = 200_000
"""If fewer characters than SELDOM have an edge, a copy not too LONG is searched everywhere."""

INTERRUPTION: Final = 3000
"""A sentence interrupted by more than so many unknown characters isn't looked for."""

CLOSED: Final = re.compile(rf"[。！？…]|\.\s*[\r\n]|{NOTE_MARK.pattern}")
"""What a whole sentence or note begins after and ends before."""

OPENING: Final = frozenset("“‘「『《〈（【〔［([")
CLOSING: Final = frozenset("。，、；：！？…”’」』》〉）】〕］)],.;:!?")
LINE_BREAK: Final = re.compile("\r\n|[\n\r\f\v\x85\u2028\u2029]")
PAGE_NUMBER: Final = re.compile("(?:第|共|page|p)?#(?:[页頁]|of#|[页頁]?共#[页頁])?")
MAYBE_MARK: Final = re.compile(
    r"(?P<likely>[\[［〔【(（]\s*\d{1,3}\s*[\]］〕】)）]"
    r"|[⁰¹²³⁴-⁹]+"
    r"|[\u2474-\u249b\u24ea-\u24ff\u2776-\u2793]"
    r"|(?<=[。，；：、！？”’）》])\s*\d{1,2}(?![\d.A-Za-z])"
    r"|(?<=[\n\r])\s*\d{1,2}(?![\d.A-Za-z]))"
    r"|(?<![\d.A-Za-z])\d{1,2}(?![\d.A-Za-z])"
)
"""What a copy may have made of a note mark; a hash decides whether it is one."""

TWO_WAYS: Final = {"藉": "借", "瞭": "了", "著": "着", "乾": "干"}
"""Characters that opencc leaves alone, as they are simplified ones too, with another sense."""


@dataclass(frozen=True)
class PassageRef:
    """What the project carries of a passage: half-open ranges in its normalised stream, a hash."""

    slug: str
    stream: str
    ranges: tuple[tuple[int, int], ...]
    sha256: str

    @property
    def length(self) -> int:
        """Number of normalised characters."""
        return sum(end - start for start, end in self.ranges)


@dataclass(frozen=True)
class Anchor:
    """Where a passage stands in a copy: half-open ranges of the copy's own code points.

    ``exact`` is found at its recorded place in the stream, ``unique`` at one other place;
    an ``orphan`` has no ranges.
    """

    slug: str
    status: Status
    ranges: tuple[tuple[int, int], ...]


def find(copy: str, passages: Sequence[PassageRef]) -> list[Anchor]:
    """Find every passage in ``copy``; the anchors come in the order of the passages."""
    search = _Search(_flatten(copy), passages)
    search.look()
    search.settle()
    exact = search.at_recorded_place()
    return [
        Anchor(ref.slug, "exact" if number in exact else "unique", _ranges(copy, search, number))
        if number in search.places
        else Anchor(ref.slug, "orphan", ())
        for number, ref in enumerate(passages)
    ]


def is_copy(anchors: Sequence[Anchor]) -> bool:
    """Say whether enough was found for the text to be a copy of the source at all."""
    found = sum(anchor.status != "orphan" for anchor in anchors)
    return found > HARDLY_ANY * len(anchors)


def sentence(copy: str, anchor: Anchor) -> str:
    """Return the text of an anchor as one line, without note marks."""
    text = "\n".join(copy[start:end] for start, end in anchor.ranges)
    text = NOTE_MARK.sub("", text)
    # a space stands for a line break only between Latin words, not in Chinese or an address
    text = re.sub(r"(?<=[A-Za-z0-9,.;:])\s*[\n\r\f\v]\s*(?=[A-Za-z0-9])", " ", text)
    text = re.sub(r"\s*[\n\r\f\v]\s*", "", text)
    return re.sub(r"\s+", " ", text).strip()


def read_copy(path: Path | str) -> str:
    """Read a plain text file in UTF-8, UTF-16 (with byte order mark) or GB18030."""
    path = Path(path)
    if path.is_dir():
        raise InputError("{path} is a folder; give the text file of the copy", path=path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError("there is no file {path}", path=path) from None
    except OSError as error:
        raise InputError(
            "{path} cannot be read: {reason}", path=path, reason=error.strerror
        ) from error
    text = _decode(raw, path)
    if not text.strip():
        raise InputError("{path} is empty", path=path)
    return text


def _decode(raw: bytes, path: Path) -> str:
    utf16 = raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        # almost any bytes decode as GB18030, but then to characters that no text has
        if not any(unicodedata.category(c) in ("Cn", "Co", "Cs") or _is_control(c) for c in text):
            return text
    raise InputError(
        "{path} is not plain text in UTF-8, UTF-16 with byte order mark or GB18030; "
        "save the copy as plain text in UTF-8",
        path=path,
    )


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc" and char not in "\t\n\v\f\r\x1a\x1c\x1d\x1e\x85"


# The copy, flat --------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """A line of the copy that has normalised characters: which, and its text without numbers."""

    start: int
    end: int
    pattern: str


@dataclass(frozen=True)
class _Mark:
    """A number that may be a note mark, and whether it looks like one."""

    start: int
    end: int
    likely: bool


@dataclass(frozen=True)
class _Flat:
    """The normalised characters of a copy and what is known of each from the copy itself.

    ``spans`` are the code points of the copy that a character comes from. ``edge[i]`` says that
    something uncounted (space, line break, punctuation) stands before character i, ``closed[i]``
    that a sentence end or note mark does; both also for the end of the text.
    """

    text: str
    spans: list[tuple[int, int]]
    edge: Flags
    closed: Flags
    mark: Flags
    marks: list[_Mark]
    lines: list[_Line]

    @property
    def seamless(self) -> bool:
        """Whether there is so little punctuation and space that anything may begin anywhere."""
        return len(self.text) < LONG and bool(self.edge.mean() < SELDOM)


def _flatten(copy: str) -> _Flat:
    chars: list[str] = []
    spans: list[tuple[int, int]] = []
    for start, end in _clusters(copy):
        for char in _normalised(copy[start:end]):
            chars.append(char)
            spans.append((start, end))
    text = "".join(chars)
    before = [0, *(end for _, end in spans)]
    after = [*(start for start, _ in spans), len(copy)]
    gaps = [copy[low:high] for low, high in zip(before, after, strict=True)]
    edge = np.array([bool(gap) for gap in gaps])
    closed = np.array([CLOSED.search(gap) is not None for gap in gaps])
    edge[[0, -1]] = closed[[0, -1]] = True
    starts = [start for start, _ in spans]
    marks = [
        _Mark(
            bisect_left(starts, found.start()),
            bisect_left(starts, found.end()),
            found["likely"] is not None,
        )
        for found in MAYBE_MARK.finditer(copy)
    ]
    mark = np.zeros(len(text), dtype=bool)
    for one in marks:
        mark[one.start : one.end] = True
        if one.likely:
            closed[[one.start, one.end]] = True
    breaks = [bisect_left(starts, found.start()) for found in LINE_BREAK.finditer(copy)]
    lines = [
        _line(text, low, high) for low, high in pairwise([0, *breaks, len(text)]) if low < high
    ]
    return _Flat(text, spans, edge, closed, mark, marks, lines)


def _line(text: str, start: int, end: int) -> _Line:
    return _Line(start, end, re.sub(r"\d+", "#", text[start:end]).lower())


def _clusters(copy: str) -> Iterator[tuple[int, int]]:
    """Yield every character with the combining marks after it, which NFKC may join to it."""
    starts = [i for i, char in enumerate(copy) if i == 0 or not unicodedata.combining(char)]
    yield from pairwise([*starts, len(copy)])


@cache
def _normalised(cluster: str) -> str:
    return normalise(cluster)


def _simplified(text: str) -> list[str]:
    """Return ``text`` with traditional characters made simplified, one for one.

    The first reading is the plain one, the others read some characters the other way.
    """
    import opencc  # slow to load, and most copies do without

    convert = opencc.OpenCC("t2s").convert
    simple = {char: new for char in set(text) if len(new := convert(char)) == 1}
    reading = "".join(simple.get(char, char) for char in text)
    doubtful = [char for char in TWO_WAYS if char in reading]
    return [
        "".join(TWO_WAYS[char] if char in chosen else char for char in reading)
        for size in range(len(doubtful) + 1)
        for chosen in combinations(doubtful, size)
    ]


# The search ------------------------------------------------------------------------------------


class _Search:
    """Occurrences, and the places settled so far.

    An occurrence or place is the sorted indices of its characters in the flat text: they have
    gaps where a footnote, table or running head cuts a sentence in two.
    """

    def __init__(self, flat: _Flat, refs: Sequence[PassageRef]) -> None:
        self.flat, self.refs = flat, refs
        self.readings = [_Reading(flat.text)]
        self.hashes = [bytes.fromhex(ref.sha256) for ref in refs]
        self.twins: dict[bytes, list[int]] = defaultdict(list)
        for number, sha in enumerate(self.hashes):
            self.twins[sha].append(number)
        self.occurrences: dict[bytes, list[Indices]] = defaultdict(list)
        self.places: dict[int, Indices] = {}
        self.owner = np.full(len(flat.text), NOBODY)
        self.streams = {
            name: _Stream(name, refs) for name in dict.fromkeys(ref.stream for ref in refs)
        }
        self.tried: set[tuple[int, bytes]] = set()

    # occurrences

    def look(self) -> None:
        """Find the occurrences, in the whole copy and in what is left of it."""
        everything = np.arange(len(self.flat.text))
        self.windows(everything)
        self.look_again()
        if any(sha not in self.occurrences for sha in self.hashes):
            simple, *others = _simplified(self.flat.text)
            self.readings.append(_Reading(simple, self.flat.text))
            self.readings += [_Reading(text, simple) for text in others]
            self.windows(everything)
            self.look_again()

    def look_again(self) -> None:
        """Search what is left, with fewer and fewer numbers that may be marks."""
        for doubt in range(3):
            while self.windows(self.rest(doubt)):
                pass

    def rest(self, doubt: int) -> Indices:
        """Return what belongs to no occurrence and is no running head, page number or mark.

        With no doubt only a number just before an occurrence is a mark; then what looks like
        a mark; then all that may be one.
        """
        pending = self.pending()
        taken = pending | self.furniture(pending)
        for mark in self.flat.marks:
            before_note = mark.end < len(pending) and pending[mark.end] and not pending[mark.start]
            if before_note or doubt == 2 or (doubt == 1 and mark.likely):
                taken[mark.start : mark.end] = True
        free: Indices = np.flatnonzero(~taken)
        return free

    def windows(self, among: Indices) -> bool:
        """Hash all windows of ``among`` that begin and end at an edge; say if any was new.

        If ``among`` isn't all, only windows with a gap: the others were hashed before.
        """
        if not len(among):
            return False
        everything = len(among) == len(self.flat.text)
        gaps = np.diff(among) > 1
        edge = np.append(self.flat.edge[among], True)
        edge[0] = True
        edge[1:-1] |= gaps
        if everything and self.flat.seamless:
            edge[:] = True
        wanted: dict[int, set[bytes]] = defaultdict(set)
        for ref, sha in zip(self.refs, self.hashes, strict=True):
            if 0 < ref.length <= len(among):
                wanted[ref.length].add(sha)
        found = [
            (sha, among[start : start + length])
            for reading in self.readings
            for start, length, sha in reading.windows(
                among, wanted, edge, None if everything else gaps
            )
        ]
        return any([self.add(sha, indices) for sha, indices in found])

    def add(self, sha: bytes, indices: Indices) -> bool:
        """Remember an occurrence; say if it is new."""
        if len(indices) < DISTINCTIVE and np.any(np.diff(indices) > 1):
            return False  # a few scattered characters prove nothing
        if any(np.array_equal(indices, known) for known in self.occurrences[sha]):
            return False
        self.occurrences[sha].append(indices)
        for twin in (indices - len(indices), indices + len(indices)):
            # doubled on the spot, there need not be an edge between the two
            if twin[0] >= 0 and twin[-1] < len(self.owner) and self.proves(sha, twin):
                self.add(sha, twin)
        return True

    def proves(self, sha: bytes, indices: Indices) -> bool:
        """Say whether these characters, in some reading, have the hash."""
        return any(reading.digest(indices) == sha for reading in self.readings)

    # what is known of the copy by now

    def unsettled(self) -> list[int]:
        """Return the passages that have no place yet."""
        return [number for number in range(len(self.refs)) if number not in self.places]

    def free(self, number: int) -> list[Indices]:
        """Return the occurrences of a passage that nobody owns."""
        known = self.occurrences.get(self.hashes[number], [])
        return [indices for indices in known if np.all(self.owner[indices] == NOBODY)]

    def pending(self) -> Flags:
        """Flag what a passage owns or an unsettled passage may yet own."""
        flags: Flags = self.owner != NOBODY
        for number in self.unsettled():
            for indices in self.free(number):
                flags[indices] = True
        return flags

    def furniture(self, pending: Flags) -> Flags:
        """Flag what belongs to nobody and is a page number, or stands there again and again.

        It is a line of its own or, in a copy without lines, all between two passages.
        """
        lines = [line for line in self.flat.lines if not pending[line.start : line.end].any()]
        lines += [
            _line(self.flat.text, int(chunk[0]), int(chunk[-1]) + 1)
            for chunk in _chunks(np.flatnonzero(~pending))
        ]
        lines = list(dict.fromkeys(lines))
        times = Counter(line.pattern for line in lines)
        flags = np.zeros(len(self.flat.text), dtype=bool)
        for line in lines:
            if times[line.pattern] > 1 or PAGE_NUMBER.fullmatch(line.pattern):
                flags[line.start : line.end] = True
        return flags

    # from occurrences to places

    def settle(self) -> None:
        """Give places, always by the strongest proof that still gives any."""
        steps: tuple[Callable[[], bool], ...] = (
            lambda: self.beside_neighbours(2),
            self.between_neighbours,
            self.rejoin,
            lambda: self.beside_neighbours(1),
            self.nowhere_else,
        )
        while any(step() for step in steps):
            pass

    def place(self, number: int, indices: Indices) -> bool:
        """Settle a passage, unless something else took the place."""
        if number in self.places or np.any(self.owner[indices] != NOBODY):
            return False
        self.places[number] = indices
        self.owner[indices] = number
        return True

    def beside_neighbours(self, sides: int) -> bool:
        """Settle passages that occur once, with neighbours on so many sides."""
        view = _View(self)
        chosen = [
            (number, indices)
            for number in self.unsettled()
            if (indices := self.only_occurrence(number)) is not None
            and sum(view.neighbours(number, indices, self.located)) >= sides
        ]
        return any([self.place(number, indices) for number, indices in chosen])

    def only_occurrence(self, number: int) -> Indices | None:
        """Return the occurrence of a passage if no other one and no other passage is left."""
        free = self.free(number)
        others = [n for n in self.twins[self.hashes[number]] if n != number]
        return free[0] if len(free) == 1 and self.places.keys() >= set(others) else None

    def located(self, number: int) -> Indices | None:
        """Return the place of a passage, or the only one it can have."""
        place = self.places.get(number)
        return self.only_occurrence(number) if place is None else place

    def between_neighbours(self) -> bool:
        """Settle runs of passages that join two settled neighbours in exactly one way.

        This proves which is which of passages that occur more than once.
        """
        view = _View(self)
        news = False
        for run in self.runs():
            links = self.linked(run, view)
            news |= any([self.place(number, place) for number, place in links])
        return news

    def runs(self) -> Iterator[list[int]]:
        """Yield unbroken runs of unsettled passages, in the order of their streams."""
        for stream in self.streams.values():
            run: list[int] = []
            for number in stream.order:
                if number in self.places and run:
                    yield run
                    run = []
                elif number not in self.places:
                    run.append(number)
            if run:
                yield run

    def linked(self, run: list[int], view: _View) -> list[tuple[int, Indices]]:
        """Return the places of the run, if its members follow each other without a gap."""
        chosen: dict[int, Indices] = {}
        for number in run:
            fitting = [
                indices
                for indices in self.free(number)
                if view.neighbours(number, indices, lambda n: chosen.get(n, self.places.get(n)))[0]
            ]
            if len(fitting) != 1:
                return []
            chosen[number] = fitting[0]
        last = run[-1]
        closed = view.neighbours(last, chosen[last], self.places.get)[1]
        return list(chosen.items()) if closed else []

    def nowhere_else(self) -> bool:
        """Settle whole sentences that occur once, if their own place isn't otherwise taken."""
        view = _View(self)
        chosen = [
            (number, indices)
            for number in self.unsettled()
            if (indices := self.only_occurrence(number)) is not None
            and len(indices) >= DISTINCTIVE
            and len(self.twins[self.hashes[number]]) == 1
            and self.flat.closed[indices[0]]
            and self.flat.closed[indices[-1] + 1]
            and not view.something_else_at(number, indices)
        ]
        chosen.sort(key=lambda item: -len(item[1]))
        return any([self.place(number, indices) for number, indices in chosen])

    # more occurrences, from settled neighbours

    def rejoin(self) -> bool:
        """Look beside settled neighbours for passages whose ends no edge gives away."""
        view = _View(self)
        news = False
        for number in self.unsettled():
            sha = self.hashes[number]
            for text, between in self.texts_beside(number, view):
                key = (number, text.tobytes())
                if key not in self.tried:
                    self.tried.add(key)
                    proved = self.cuttings(text, number) if between else self.ends(text, number)
                    unlike = {indices.tobytes(): indices for indices in proved}
                    natural = self.most_natural(list(unlike.values()))
                    news |= any([self.add(sha, indices) for indices in natural])
        return news

    def texts_beside(self, number: int, view: _View) -> Iterator[tuple[Indices, bool]]:
        """Yield what belongs to nobody beside settled neighbours; and whether between two."""
        start, end = view.bounds(number)
        if start is None and end is None:
            return
        nobody = self.owner == NOBODY
        for flags in (nobody, nobody & ~view.furniture):
            text = (start or 0) + np.flatnonzero(flags[start:end])
            if start is not None and end is not None:
                yield text, True
            else:
                length = self.refs[number].length
                yield text[-length:] if start is None else text[:length], False

    def ends(self, text: Indices, number: int) -> Iterator[Indices]:
        """Yield all of ``text`` if it is the passage."""
        if len(text) == self.refs[number].length and self.proves(self.hashes[number], text):
            yield text

    def cuttings(self, text: Indices, number: int) -> Iterator[Indices]:
        """Yield ``text`` without two numbers, or one and a block of anything, if proved."""
        length, sha = self.refs[number].length, self.hashes[number]
        if len(text) - length > INTERRUPTION:
            return
        marks = _chunks(text[self.flat.mark[text]])
        for dropped in chain.from_iterable(combinations(marks, size) for size in range(3)):
            kept = text[~np.isin(text, np.concatenate(dropped))] if dropped else text
            excess = len(kept) - length
            if excess == 0 or (excess > 0 and len(dropped) < 2):
                for reading in self.readings:
                    for cut in reading.cuts(kept, length, sha):
                        yield np.concatenate([kept[:cut], kept[cut + excess :]])

    def most_natural(self, cuttings: list[Indices]) -> list[Indices]:
        """Return the cuttings that need no cut, or else the only one that cuts at edges.

        If the block taken out begins or ends like what it interrupts, the cut may be anywhere
        in that; it is where lines or other edges are, or nobody knows.
        """
        edge = self.flat.edge
        whole = [indices for indices in cuttings if len(_chunks(indices)) == 1]
        at_edges = [
            indices
            for indices in cuttings
            if all(edge[chunk[0]] and edge[chunk[-1] + 1] for chunk in _chunks(indices))
        ]
        return whole or (at_edges if len(at_edges) == 1 else [])

    # exact or unique

    def counts(self) -> dict[str, Indices]:
        """Return for every stream how much of it stands before each character of the copy.

        What belongs to nobody is counted in the stream that misses something there; if none
        does, in all of them: it was added, and what comes after it isn't at its place.
        """
        counted = {name: np.isin(self.owner, stream.order) for name, stream in self.streams.items()}
        furniture = self.furniture(self.pending())
        around = {name: self.around(stream) for name, stream in self.streams.items()}
        nobody = np.flatnonzero((self.owner == NOBODY) & ~furniture)
        for chunk in _chunks(nobody):
            if self.flat.mark[chunk].all():
                continue
            missing = {
                name: int(after[chunk[-1]] - before[chunk[0]] - 1)
                for name, (before, after) in around.items()
            }
            short = [name for name, gap in missing.items() if gap > 0]
            fitting = [name for name in short if missing[name] == len(chunk)]
            if len(fitting) != 1:
                fitting = short or ([] if self.interrupts(chunk) else list(missing))
            for name in fitting:
                counted[name][chunk] = True
        return {
            name: np.concatenate([[0], np.cumsum(flags)[:-1]]) for name, flags in counted.items()
        }

    def interrupts(self, chunk: Indices) -> bool:
        """Say whether these characters stand in the middle of a passage."""
        return any(place[0] < chunk[0] < place[-1] for place in self.places.values())

    def around(self, stream: _Stream) -> tuple[Indices, Indices]:
        """Return the positions in the stream of the last character before, the first after."""
        size = len(self.owner)
        position = np.full(size, NOBODY)
        for number in stream.order:
            if number in self.places:
                position[self.places[number]] = _positions(self.refs[number])
        own = np.flatnonzero(position != NOBODY)
        values = np.concatenate([[-1], position[own], [stream.size]])
        rank = np.searchsorted(own, np.arange(size))
        return values[rank], values[rank + 1]

    def at_recorded_place(self) -> set[int]:
        """Return the passages that stand in the copy's stream where they are recorded."""
        counts = self.counts()
        return {
            number
            for number, indices in self.places.items()
            if counts[self.refs[number].stream][indices[0]] == self.refs[number].ranges[0][0]
        }


class _Reading:
    """The flat text in one reading (as it stands, or simplified), ready to be hashed."""

    def __init__(self, text: str, plain: str | None = None) -> None:
        self.codes = np.array([ord(char) for char in text], dtype=np.uint32)
        self.other = np.ones(len(text), dtype=bool)
        if plain is not None:
            self.other = self.codes != np.array([ord(char) for char in plain], dtype=np.uint32)

    def encoded(self, indices: Indices) -> bytes:
        """Return these characters in UTF-8."""
        return self.codes[indices].tobytes().decode("utf-32-le").encode("utf-8")

    def digest(self, indices: Indices) -> bytes:
        """Return the SHA-256 of these characters."""
        return hashlib.sha256(self.encoded(indices)).digest()

    def cuts(self, text: Indices, length: int, sha: bytes) -> Iterator[int]:
        """Yield where a block must be taken out of ``text`` for the rest to have the hash."""
        encoded, offsets = self.offsets(text)
        head = hashlib.sha256()
        for cut in range(length + 1):
            whole = head.copy()
            whole.update(encoded[offsets[len(text) - length + cut] :])
            if whole.digest() == sha:
                yield cut
            if cut < length:
                head.update(encoded[offsets[cut] : offsets[cut + 1]])

    def offsets(self, indices: Indices) -> tuple[memoryview, list[int]]:
        """Return these characters in UTF-8, and where each begins in it, and the end."""
        codes = self.codes[indices]
        sizes = 1 + (codes > 0x7F).astype(int) + (codes > 0x7FF) + (codes > 0xFFFF)
        return memoryview(self.encoded(indices)), [0, *accumulate(sizes.tolist())]

    def windows(
        self, among: Indices, wanted: dict[int, set[bytes]], edge: Flags, gaps: Flags | None
    ) -> Iterator[tuple[int, int, bytes]]:
        """Yield start, length and hash of the windows that have a wanted hash."""
        encoded, offsets = self.offsets(among)
        other = _running(self.other[among])
        gap = None if gaps is None else _running(gaps)
        for length, hashes in wanted.items():
            # a reading that doesn't differ from the plain one here has nothing new to say
            begin = edge[:-length] & edge[length:] & (other[length:] > other[:-length])
            if gap is not None:
                begin &= gap[length - 1 :] > gap[: len(gap) - length + 1]
            for start in np.flatnonzero(begin).tolist():
                window = encoded[offsets[start] : offsets[start + length]]
                sha = hashlib.sha256(window).digest()
                if sha in hashes:
                    yield start, length, sha


class _Stream:
    """Which character of which passage stands at every position of a stream."""

    def __init__(self, name: str, refs: Sequence[PassageRef]) -> None:
        own = [number for number, ref in enumerate(refs) if ref.stream == name]
        self.order = sorted(own, key=lambda number: refs[number].ranges)
        self.size = max(refs[number].ranges[-1][1] for number in own)
        self.passage = np.full(self.size, NOBODY)
        self.offset = np.zeros(self.size, dtype=int)
        for number in own:
            positions = _positions(refs[number])
            self.passage[positions] = number
            self.offset[positions] = np.arange(len(positions))


def _positions(ref: PassageRef) -> Indices:
    """Return the stream positions of a passage's characters."""
    return np.concatenate([np.arange(start, end) for start, end in ref.ranges])


class _View:
    """What stands beside what, given the places settled when the view was made."""

    def __init__(self, search: _Search) -> None:
        self.search = search
        self.furniture = search.furniture(search.pending())
        nobody = search.owner == NOBODY
        unexplained = nobody & ~search.flat.mark & ~self.furniture
        self.unexplained = _running(unexplained)
        self.dirty = {
            name: _running(unexplained | np.isin(search.owner, stream.order))
            for name, stream in search.streams.items()
        }

    def neighbours(
        self, number: int, indices: Indices, locate: Callable[[int], Indices | None]
    ) -> tuple[bool, bool]:
        """Say whether the passage before, and the one after, stand beside these characters.

        Beside means: between them is nothing of their stream and nothing unexplained.
        """
        start, end = self.ends(number, locate)
        first, last = int(indices[0]), int(indices[-1]) + 1
        dirty = self.dirty[self.search.refs[number].stream]
        return (
            start is not None and start <= first and dirty[start] == dirty[first],
            end is not None and last <= end and dirty[last] == dirty[end],
        )

    def ends(
        self, number: int, locate: Callable[[int], Indices | None]
    ) -> tuple[int | None, int | None]:
        """Return where the passage before ends in the copy, and where the one after begins."""
        ref = self.search.refs[number]
        stream = self.search.streams[ref.stream]

        def character(position: int) -> int | None:
            passage = int(stream.passage[position])
            place = None if passage in (NOBODY, number) else locate(passage)
            return None if place is None else int(place[stream.offset[position]])

        first, last = ref.ranges[0][0], ref.ranges[-1][1]
        before = -1 if first == 0 else character(first - 1)
        after = len(self.search.owner) if last == stream.size else character(last)
        return None if before is None else before + 1, after

    def bounds(self, number: int) -> tuple[int | None, int | None]:
        """Return between which settled neighbours a passage must be looked for."""
        start, end = self.ends(number, self.search.places.get)
        moved_apart = start is not None and end is not None and start > end
        return start, None if moved_apart else end

    def something_else_at(self, number: int, indices: Indices) -> bool:
        """Say whether unexplained text stands where the passage should, and it isn't this."""
        order = self.search.streams[self.search.refs[number].stream].order
        places = self.search.places
        own = order.index(number)
        before = next((places[n] for n in reversed(order[:own]) if n in places), None)
        after = next((places[n] for n in order[own + 1 :] if n in places), None)
        start = 0 if before is None else int(before[-1]) + 1
        end = len(self.search.owner) if after is None else int(after[0])
        if start > end:
            return True  # its surroundings were moved, and it may be with either
        there = self.unexplained[end] - self.unexplained[start]
        return not start <= indices[0] < end and bool(2 * there >= len(indices))


def _chunks(indices: Indices) -> list[Indices]:
    """Split sorted indices where they have gaps."""
    return np.split(indices, np.flatnonzero(np.diff(indices) > 1) + 1) if len(indices) else []


def _running(flags: Flags) -> Indices:
    """Return how many flags are set before each index, and before the end."""
    return np.concatenate([[0], np.cumsum(flags)])


def _ranges(copy: str, search: _Search, number: int) -> tuple[tuple[int, int], ...]:
    """Return the code point ranges of a settled passage, with the punctuation around them."""
    place = search.places[number]
    spans = search.flat.spans
    ranges = []
    for run in _chunks(place):
        start, end = spans[run[0]][0], spans[run[-1]][1]
        while start > 0 and copy[start - 1] in OPENING:
            start -= 1
        while end < len(copy) and copy[end] in CLOSING:
            end += 1
        ranges.append((start, end))
    return tuple(ranges)
