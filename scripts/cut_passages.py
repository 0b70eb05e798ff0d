"""Cut the copy that a source's passages are authored from: sentences, rows, captions, notes.

    scripts/cut_passages.py COPY.txt            write graph/paper/passages.ttl anew
    scripts/cut_passages.py COPY.txt --show     print every passage with its name, for coders

Run once for a text, by whoever codes it; everybody else only finds the passages again
(``latticework verify``). The cutting follows the layout of that one copy: a page begins with a
line indented by one space, its footnotes stand below a ruled blank line, and a few pages carry
a running head with the printed page number. Paraphrases live in paraphrases.ttl and are not
touched.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from latticework import turtle
from latticework.text import digest, normalise
from latticework.vocabulary import DCT_SOURCE, LW, PREFIXES, RDF_TYPE, RDFS_LABEL, XSD

OUT = Path(__file__).resolve().parent.parent / "graph" / "paper" / "passages.ttl"

FIRST_PAGE = 92
RUNNING_HEAD = "霸权的逻辑：美国亚太安全战略的多边转向"
RULE = re.compile(r"\s{40,}$")
PAGE_BREAK = re.compile(r" [^\s①]")
PRINTED_PAGE = re.compile(r"\s*· \d+ ·\s*$")
NOTE = re.compile(r"\s*([①②③④⑤⑥⑦⑧⑨])")
SECTION = re.compile(r"([一二三四五六])  \S")
SUBSECTION = re.compile(r"（([一二三四五六])）")
SUBSUBSECTION = re.compile(r" ?([1-4])\. \S")
CONCLUSION = re.compile(r"结 +语")
CAPTION = re.compile(r" ?(图|表|续表) (\d)")
FLOAT_SOURCE = re.compile(r"资料来源：")
TABLE_ONE_ROW = re.compile(r".*(单一|多元) (大|小)\s*$")
TABLE_TWO_ROW = re.compile(r"202[12] 年 \d")
SENTENCE = re.compile(r".*?[。！？][”’）》]*[①②③④⑤⑥⑦⑧⑨]*|.+$", re.DOTALL)
NUMERAL = {numeral: number for number, numeral in enumerate("一二三四五六", start=1)}
ABSTRACT, INTRODUCTION, HEADLINES = 4, 27, 3  # first lines of the abstract, the text; last of title


@dataclass
class Piece:
    """One passage under construction."""

    slug: str
    stream: str
    section: str
    chunks: list[tuple[int, int, str]] = field(default_factory=list)  # line number, page, text

    @property
    def text(self) -> str:
        """The passage as it stands in the copy, chunks joined."""
        return "".join(text for _, _, text in self.chunks)


@dataclass(frozen=True)
class Line:
    """A line of the copy, its number, printed page and whether it is a footnote's."""

    number: int
    page: int
    note: bool
    text: str


def read_lines(copy: str) -> list[Line]:
    """Assign every line of the copy to its printed page, body or footnotes."""
    lines, page, note = [], FIRST_PAGE, False
    for number, text in enumerate(copy.split("\n"), start=1):
        if number > INTRODUCTION and (PAGE_BREAK.match(text) or text.strip() == RUNNING_HEAD):
            page, note = page + 1, False
        if RULE.match(text) or text.startswith(" ①"):
            note = True
        if text.strip() and text.strip() != RUNNING_HEAD and not PRINTED_PAGE.match(text):
            lines.append(Line(number, page, note, text))
    return lines


def cut_notes(lines: list[Line]) -> list[Piece]:
    """One passage per footnote, named by printed page and number."""
    notes: list[Piece] = []
    for line in lines:
        if not line.note or RULE.match(line.text):
            continue
        if mark := NOTE.match(line.text):
            number = ord(mark[1]) - ord("①") + 1
            notes.append(Piece(f"fn{line.page}-{number}", "notes", ""))
        notes[-1].chunks.append((line.number, line.page, line.text))
    return notes


class BodyCutter:
    """Walks the body lines once, keeping the section it is in."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.levels = [0, 0, 0]
        self.section = "title"
        self.sentence_count = 0
        self.float: str | None = None
        self.rows = 0
        self.open: list[tuple[int, int, str]] = []

    def run(self, lines: list[Line]) -> list[Piece]:
        """Return the passages of the body in the order of their first character."""
        for line in lines:
            if not line.note:
                self.take(line)
        self.close_text()
        return self.pieces

    def take(self, line: Line) -> None:
        """Sort one line: float, heading or running text."""
        text = line.text
        if line.number in (ABSTRACT, INTRODUCTION):
            self.enter("abstract" if line.number == ABSTRACT else "intro")
        if caption := CAPTION.match(text):
            self.begin_float(caption[1], int(caption[2]))
        if self.float is not None:
            self.take_float(line)
        elif self.is_heading(text) or line.number <= HEADLINES:
            self.add(f"{self.section}-00" if line.number > HEADLINES else "title", line)
        else:
            self.open.append((line.number, line.page, text))

    def begin_float(self, kind: str, number: int) -> None:
        """Open a figure or table; a continued table keeps counting its rows."""
        if kind == "续表":
            self.float = f"table{number}-head2"
        else:
            self.float, self.rows = f"{'fig' if kind == '图' else 'table'}{number}", 0

    def take_float(self, line: Line) -> None:
        """Add a line to the open figure or table, until the end of its source note."""
        assert self.float is not None
        base = self.float.split("-")[0]
        if FLOAT_SOURCE.match(line.text):
            self.float = f"{base}-source"
        elif (base == "table1" and TABLE_ONE_ROW.match(line.text)) or (
            base == "table2" and TABLE_TWO_ROW.match(line.text)
        ):
            self.rows += 1
            self.float = f"{base}-{self.rows:02}"
        self.add(self.float, line)
        if self.float.endswith("source") and line.text.rstrip().endswith("。"):
            self.float = None
        if base == "table2" and self.rows == 8 and line.text.rstrip().endswith("合作等"):
            self.float = None  # page end; the table goes on after the page's footnotes

    def is_heading(self, text: str) -> bool:
        """Recognise a heading and enter its section."""
        patterns = (SECTION, SUBSECTION, SUBSUBSECTION)
        for depth, pattern in enumerate(patterns):
            if found := pattern.match(text):
                number = NUMERAL.get(found[1]) or int(found[1])
                self.levels[depth:] = [number] + [0] * (2 - depth)
                self.enter(".".join(str(level) for level in self.levels[: depth + 1]))
                return True
        if CONCLUSION.match(text):
            self.enter("conclusion")
            return True
        return False

    def enter(self, section: str) -> None:
        """Finish the running text and start counting sentences anew."""
        self.close_text()
        self.section, self.sentence_count = section, 0

    def add(self, slug: str, line: Line) -> None:
        """Append the line to the piece of that name, made if new."""
        piece = next((p for p in self.pieces if p.slug == slug), None)
        if piece is None:
            piece = Piece(slug, "body", self.section)
            self.pieces.append(piece)
        piece.chunks.append((line.number, line.page, line.text))

    def close_text(self) -> None:
        """Cut the running text of a section into sentences."""
        text = "".join(chunk for _, _, chunk in self.open)
        starts, position = [], 0
        for _, _, chunk in self.open:
            starts.append(position)
            position += len(chunk)
        for sentence in SENTENCE.finditer(text):
            if not normalise(sentence[0]):
                continue
            self.sentence_count += 1
            piece = Piece(f"{self.section}-{self.sentence_count:02}", "body", self.section)
            for (number, page, chunk), start in zip(self.open, starts, strict=True):
                low, high = max(sentence.start(), start), min(sentence.end(), start + len(chunk))
                if low < high and normalise(text[low:high]):
                    piece.chunks.append((number, page, text[low:high]))
            self.pieces.append(piece)
        self.open = []


@dataclass(frozen=True)
class Passage:
    """A finished passage: ranges are half-open, in code points of its normalised stream."""

    slug: str
    stream: str
    section: str
    pages: tuple[int, int]
    ranges: tuple[tuple[int, int], ...]
    sha256: str
    text: str
    lines: tuple[int, int]


def place(pieces: list[Piece]) -> list[Passage]:
    """Give every piece its ranges in the stream, whose order is that of the copy."""
    chunks = sorted(
        (number, order, place, piece.slug, normalise(text))
        for order, piece in enumerate(pieces)
        for place, (number, _, text) in enumerate(piece.chunks)
    )
    ranges: dict[str, list[tuple[int, int]]] = {}
    position = 0
    for _, _, _, slug, text in chunks:
        if not text:
            continue
        own = ranges.setdefault(slug, [])
        end = position + len(text)
        if own and own[-1][1] == position:
            own[-1] = (own[-1][0], end)
        else:
            own.append((position, end))
        position = end
    return [
        Passage(
            piece.slug,
            piece.stream,
            piece.section,
            (piece.chunks[0][1], piece.chunks[-1][1]),
            tuple(ranges[piece.slug]),
            digest(normalise(piece.text)),
            re.sub(r"\s+", " ", piece.text).strip(),
            (piece.chunks[0][0], piece.chunks[-1][0]),
        )
        for piece in pieces
    ]


def cut(copy: str) -> list[Passage]:
    """Cut the whole copy: the body's passages, then the footnotes."""
    lines = read_lines(copy)
    return place(BodyCutter().run(lines)) + place(cut_notes(lines))


def label(passage: Passage) -> tuple[str, str]:
    """A readable name of a passage, in English and Chinese."""
    page, slug = passage.pages[0], passage.slug
    if note := re.fullmatch(r"fn(\d+)-(\d+)", slug):
        return f"p. {note[1]}, note {note[2]}", f"第{note[1]}页注{note[2]}"
    if part := re.fullmatch(r"(fig|table)(\d)(?:-(\d+|\w+))?", slug):
        return _float_label(part, page)
    if slug == "title":
        return f"title (p. {page})", f"标题（第{page}页）"
    section, _, number = slug.rpartition("-")
    names = {"abstract": "提要", "intro": "引言", "conclusion": "结语"}
    english = f"section {section}" if section[0].isdigit() else section
    chinese = names.get(section, f"第{section}节")
    if number == "00":
        return f"{english}, heading (p. {page})", f"{chinese}标题（第{page}页）"
    return (
        f"{english}, sentence {int(number)} (p. {page})",
        f"{chinese}第{int(number)}句（第{page}页）",
    )


def _float_label(part: re.Match[str], page: int) -> tuple[str, str]:
    kind, number, detail = part.groups()
    english = f"{'figure' if kind == 'fig' else 'table'} {number}"
    chinese = f"{'图' if kind == 'fig' else '表'}{number}"
    if detail is None:
        return f"{english}, caption (p. {page})", f"{chinese}标题（第{page}页）"
    if detail.isdigit():
        return (
            f"{english}, row {int(detail)} (p. {page})",
            f"{chinese}第{int(detail)}行（第{page}页）",
        )
    words = ("source note", "资料来源") if detail == "source" else ("continued head", "续表表头")
    return f"{english}, {words[0]} (p. {page})", f"{chinese}{words[1]}（第{page}页）"


def triples(passages: list[Passage]) -> list[ox.Triple]:
    """The passages as facts: place and hash, never the text."""
    result = []

    def say(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        result.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value))

    def integer(number: int) -> ox.Literal:
        return ox.Literal(str(number), datatype=ox.NamedNode(XSD + "integer"))

    for order, passage in enumerate(passages, start=1):
        iri = PREFIXES["psg"] + passage.slug
        english, chinese = label(passage)
        say(iri, RDF_TYPE, ox.NamedNode(LW + "Passage"))
        say(iri, RDFS_LABEL, ox.Literal(english, language="en"))
        say(iri, RDFS_LABEL, ox.Literal(chinese, language="zh-Hans"))
        say(iri, DCT_SOURCE, ox.NamedNode(PREFIXES["source"] + "paper"))
        say(iri, LW + "stream", ox.NamedNode(f"{PREFIXES['stream']}paper-{passage.stream}"))
        say(iri, LW + "order", integer(order))
        say(iri, LW + "sha256", ox.Literal(passage.sha256))
        if passage.section:
            say(iri, LW + "sectionNumber", ox.Literal(passage.section))
        for page in range(passage.pages[0], passage.pages[1] + 1):
            say(iri, LW + "printedPage", integer(page))
        for number, (start, end) in enumerate(passage.ranges, start=1):
            suffix = f"-{number}" if len(passage.ranges) > 1 else ""
            selector = f"{PREFIXES['sel']}{passage.slug}{suffix}"
            say(iri, PREFIXES["oa"] + "hasSelector", ox.NamedNode(selector))
            say(selector, RDF_TYPE, ox.NamedNode(PREFIXES["oa"] + "TextPositionSelector"))
            say(selector, PREFIXES["oa"] + "start", integer(start))
            say(selector, PREFIXES["oa"] + "end", integer(end))
    return result


def main() -> int:
    """Cut and print, or cut and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("copy", type=Path)
    parser.add_argument("--show", action="store_true", help="print the passages, write nothing")
    args = parser.parse_args()
    passages = cut(args.copy.read_text(encoding="utf-8"))
    if args.show:
        for p in passages:
            print(f"psg:{p.slug}\tp.{p.pages[0]}\tlines {p.lines[0]}-{p.lines[1]}\t{p.text}")
    else:
        OUT.write_text(turtle.write(triples(passages)), encoding="utf-8")
        print(f"wrote {OUT} with {len(passages)} passages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
