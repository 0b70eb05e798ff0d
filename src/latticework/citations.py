"""The cited works as BibTeX and CSL-JSON, with what the sources print and nothing more.

A field that is not printed is left out. Where a field has several values (an article cited with
two years) none is chosen: the field is left out and all values stand in the note. Pages are not
given, as the sources print the pages cited, not those of the article. The key of a work is the
last part of its IRI, and so as stable as that.

Formats: BibTeX as read by BibTeX and Biber (UTF-8, with ``langid``); CSL-JSON 1.0.2,
https://github.com/citation-style-language/schema.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import pyoxigraph as ox

from latticework.catalogue import question
from latticework.store import select
from latticework.terms import Label, label
from latticework.vocabulary import LW, LWC, PREFIXES

TYPES: Final = {
    "archive": ("misc", "document"),
    "article": ("article", "article-journal"),
    "book": ("book", "book"),
    "briefing": ("misc", "document"),
    "chapter": ("incollection", "chapter"),
    "dataset": ("misc", "dataset"),
    "dictionary": ("book", "book"),
    "factSheet": ("misc", "document"),
    "message": ("misc", "document"),
    "newspaperArticle": ("article", "article-newspaper"),
    "readout": ("misc", "document"),
    "remarks": ("misc", "speech"),
    "report": ("techreport", "report"),
    "statement": ("misc", "document"),
    "strategyDocument": ("techreport", "report"),
    "webPage": ("misc", "webpage"),
}
"""Type in BibTeX and in CSL of every kind of work."""
OTHER: Final = ("misc", "document")
CONTAINER: Final = {"article": "journal", "incollection": "booktitle", "techreport": "institution"}
"""The BibTeX field of the venue; elsewhere it is ``howpublished``."""
LANGUAGES: Final = {"en": "english", "zh": "chinese"}
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun",
                 "jul", "aug", "sep", "oct", "nov", "dec")  # fmt: skip
DAY: Final = re.compile(r"\d{4}(-\d\d){0,2}")
"""A printed date that is one year, month or day; all others are uncertain or a span."""
SUFFIXES: Final = {"II", "III", "IV", "Jr", "Jr.", "Sr", "Sr."}
PRINTED: Final = ("kind", "title", "language", "date", "venue", "volume", "issue", "publisher",
                  "address")  # fmt: skip
NOTES: Final = {
    "several": Label("several values are printed for {field}: {values}",
                     "{field}印有多个值：{values}"),
    "date": Label("date as printed: {values}", "所印日期：{values}"),
    "untitled": Label("no title is printed; in the graph: {field}",
                      "未印题名；图谱中称：{field}"),
    "doubt": Label("the source does not agree with itself: {field}: {values}",
                   "来源前后不一：{field}：{values}"),
    "contributor": Label("translator, editor or other contributor: {values}",
                         "译者、主编或其他贡献者：{values}"),
    "also": Label("an author is also printed as: {values}", "作者亦印作：{values}"),
    "order": Label("after the first, the order of the authors is not recorded",
                   "第一作者之后的署名次序未作记录"),
}  # fmt: skip
NOTHING: Final = Label("", "")
FIELDS: Final = {
    "kind": Label("kind", "类型"),
    "title": Label("title", "题名"),
    "language": Label("language", "语言"),
    "date": Label("date", "日期"),
    "venue": Label("venue", "刊物"),
    "volume": Label("volume", "卷"),
    "issue": Label("issue", "期"),
    "publisher": Label("publisher", "出版者"),
    "address": Label("web address", "网址"),
}


@dataclass(frozen=True)
class Name:
    """Who wrote a work, as printed.

    A person printed in Latin letters has a family name (the last word) and given names; of
    everybody else, Chinese names and bodies, only the whole name is known.
    """

    whole: str
    family: str = ""
    given: str = ""
    suffix: str = ""
    person: bool = True


@dataclass(frozen=True)
class Work:
    """A cited work. Empty is what is not printed, or printed in several ways; see ``notes``."""

    iri: str
    key: str
    kind: str
    title: str
    language: str
    authors: tuple[Name, ...]
    date: str
    """A year, month or day, such as ``2021-09-15``."""
    venue: str
    volume: str
    issue: str
    publisher: str
    place: str
    address: str
    dates: tuple[str, ...]
    """All dates as printed, in EDTF."""
    notes: tuple[Label, ...]

    @property
    def types(self) -> tuple[str, str]:
        """Type in BibTeX and in CSL."""
        return TYPES.get(self.kind, OTHER)


# From the graph ----------------------------------------------------------------------------------


def cited_works(store: ox.Store) -> list[Work]:
    """All works that are cited, each once, in order of key."""
    printed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select(store, question("sources/works").text):
        for field in PRINTED:
            if term := row.get(field):
                printed[_value(row["work"])][field].add(_value(term))
        printed[_value(row["work"])]["work"].add(_value(row["work"]))
    people: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in select(store, question("sources/authors-of-works").text):
        part = "first" if _value(row["first"]) == "true" else _value(row["part"])
        people[_value(row["work"])][part].add(_value(row["person"]))
    doubts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in select(store, question("sources/doubts-about-works").text):
        doubts[_value(row["work"])][_value(row["discrepancy"])].append(_value(row["value"]))
    keys = _keys(printed)
    works = [
        _work(store, iri, keys[iri], fields, people[iri], doubts[iri])
        for iri, fields in printed.items()
    ]
    return sorted(works, key=lambda work: work.key)


def _value(term: Any) -> str:  # noqa: ANN401
    return str(getattr(term, "value", ""))


def _keys(iris: Iterable[str]) -> dict[str, str]:
    """A key for every work: the last part of its IRI, with a number where two share it."""
    keys: dict[str, str] = {}
    for iri in sorted(iris):
        stem = re.sub(r"[^A-Za-z0-9.-]+", "-", re.split(r"[/#]", iri)[-1]).strip("-") or "work"
        number, key = 1, stem
        while key in keys.values():
            number, key = number + 1, f"{stem}-{number + 1}"
        keys[iri] = key
    return keys


def _work(
    store: ox.Store,
    iri: str,
    key: str,
    fields: Mapping[str, set[str]],
    people: Mapping[str, set[str]],
    doubts: Mapping[str, Sequence[str]],
) -> Work:
    one = {field: next(iter(fields[field])) for field in PRINTED if len(fields[field]) == 1}
    language = one.get("language", "")
    dates = tuple(sorted(fields["date"]))
    sure = len(dates) == 1 and DAY.fullmatch(dates[0])
    publisher = one.get("publisher", "")
    rest = people[LW + "author"]
    authors = [
        (who, _names(store, who)) for group in (people["first"], rest) for who in sorted(group)
    ]
    notes = [
        _note("several", FIELDS[field], _shown(store, field, fields[field]))
        for field in PRINTED
        if len(fields[field]) > 1
    ]
    if len(dates) == 1 and not sure:
        notes.append(_note("date", values=dates))
    if not fields["title"]:
        notes.append(_note("untitled", label(store, iri)))
    notes += [_note("doubt", label(store, doubt), values) for doubt, values in doubts.items()]
    contributors = sorted(people[PREFIXES["dct"] + "contributor"])
    if contributors:
        named = [_name(store, who, language).whole for who in contributors]
        notes.append(_note("contributor", values=named))
    also = [name for _, names in authors for name in names[1:]]
    if also:
        notes.append(_note("also", values=also))
    if len(rest) > 1:
        notes.append(_note("order"))
    return Work(
        iri=iri,
        key=key,
        kind=one.get("kind", "").removeprefix(LWC),
        title=one.get("title", ""),
        language=language,
        authors=tuple(_name(store, who, language) for who, _ in authors),
        date=dates[0] if sure else "",
        venue=_in(store, one.get("venue", ""), language),
        volume=one.get("volume", ""),
        issue=one.get("issue", ""),
        publisher=_in(store, publisher, language),
        place=_in(store, _place(store, publisher), language),
        address=one.get("address", ""),
        dates=dates,
        notes=tuple(notes),
    )


def _note(kind: str, field: Label = NOTHING, values: Iterable[str] = ()) -> Label:
    words, some = NOTES[kind], list(values)
    return Label(
        words.en.format(field=field.en, values="; ".join(some)),
        words.zh.format(field=field.zh, values="；".join(some)),
    )


def _shown(store: ox.Store, field: str, values: Iterable[str]) -> list[str]:
    things = field in ("kind", "venue", "publisher")
    return [label(store, value).en if things else value for value in sorted(values)]


def _in(store: ox.Store, iri: str, language: str) -> str:
    """The name of a thing in the language of the work, without Chinese title marks."""
    name = label(store, iri).in_language(language) if iri else ""
    return re.sub(r"^《([^《》]*)》$", r"\1", name)


def _place(store: ox.Store, publisher: str) -> str:
    """The one place of a publisher, or nothing."""
    if not publisher:
        return ""
    quads = store.quads_for_pattern(ox.NamedNode(publisher), ox.NamedNode(LW + "place"), None, None)
    places = {_value(quad.object) for quad in quads}
    return places.pop() if len(places) == 1 else ""


def _names(store: ox.Store, who: str) -> list[str]:
    """The names of a person as printed, the fullest first; none for a body."""
    name = ox.NamedNode(LW + "originalName")
    found = {_value(quad.object) for quad in store.quads_for_pattern(ox.NamedNode(who), name, None)}
    return sorted(found, key=lambda text: (-len(text), text))


def _name(store: ox.Store, who: str, language: str) -> Name:
    names = _names(store, who)
    if not names:
        whole = label(store, who).in_language(language)
        return Name(whole, person=who.startswith(PREFIXES["person"]))
    *given, family = names[0].split()
    suffix = ""
    if family in SUFFIXES and len(given) > 1:
        *given, family, suffix = *given, family
    if not given or not all(_latin(char) for char in family if char.isalpha()):
        return Name(names[0])
    return Name(names[0], family, " ".join(given), suffix)


def _latin(char: str) -> bool:
    return "LATIN" in unicodedata.name(char, "")


# For people --------------------------------------------------------------------------------------


def reference(work: Work) -> str:
    """One line that names a work: authors, years as printed, title, venue, volume, issue."""
    authors = ", ".join(name.whole for name in work.authors)
    years = "/".join(
        dict.fromkeys(date[:4] if DAY.fullmatch(date) else date for date in work.dates)
    )
    number = work.volume + (f"({work.issue})" if work.issue else "")
    where = " ".join(part for part in (work.venue or work.publisher, number) if part)
    head = f"{authors} ({years})" if years else authors
    parts = [part for part in (head, work.title or work.key, where) if part]
    return " ".join(part if part[-1] in "?!" else f"{part}." for part in parts).removesuffix(".")


# BibTeX ------------------------------------------------------------------------------------------

SPECIAL: Final = str.maketrans({
    "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}", "^": r"{\textasciicircum}",
    "%": r"\%", "#": r"\#", "&": r"\&", "_": r"\_", "$": r"\$",
})  # fmt: skip
"""What TeX would read as a command; braces must also balance, or the whole file breaks."""


def to_bibtex(works: Iterable[Work], language: str = "en") -> str:
    """BibTeX, an entry a work; ``language`` is that of the notes."""
    return "\n".join(_entry(work, language) for work in works)


def _entry(work: Work, language: str) -> str:
    fields = "".join(f"  {name} = {value},\n" for name, value in _bibtex_fields(work, language))
    return f"@{work.types[0]}{{{work.key},\n{fields}}}\n"


def _bibtex_fields(work: Work, language: str) -> Iterator[tuple[str, str]]:
    kind = work.types[0]
    year, month, day = (*work.date.split("-"), "", "")[:3]
    bodies = [name.whole for name in work.authors if not name.person]
    issuer = bodies[0] if kind == "techreport" and bodies else ""
    texts = {
        "title": work.title and f"{{{tex(work.title)}}}",
        "author": " and ".join(map(_bibtex_name, work.authors)),
        CONTAINER.get(kind, "howpublished"): tex(work.venue or issuer),
        "publisher": tex(work.publisher),
        "address": tex(work.place),
        "year": year,
        "volume": tex(work.volume),
        "number": tex(work.issue),
        "url": _url(work.address),
        "langid": LANGUAGES.get(work.language, ""),
        "note": tex(". ".join(note.in_language(language) for note in work.notes)),
    }
    for name, text in texts.items():
        if text:
            yield name, f"{{{text}}}"
        if name == "year" and month:
            yield "month", MONTHS[int(month) - 1]
        if name == "year" and day:
            yield "day", f"{{{int(day)}}}"


def _bibtex_name(name: Name) -> str:
    """A name whose parts BibTeX sees, or one in braces, which it takes whole."""
    if not name.family:
        return f"{{{tex(name.whole)}}}"
    return ", ".join(f"{{{tex(part)}}}" if re.search(r"[,\s]and\s|,", part) else tex(part)
                     for part in (name.family, name.suffix, name.given) if part)  # fmt: skip


def tex(text: str) -> str:
    """A text as TeX sets it: on one line, its special characters escaped."""
    plain = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return " ".join(plain.split()).translate(SPECIAL)


def _url(address: str) -> str:
    """A web address without what would break a field: braces, spaces, backslashes, quotes."""
    return quote(address.strip(), safe=":/?#[]@!$&'()*+,;=%~-._")


# CSL-JSON ----------------------------------------------------------------------------------------


def to_csl(works: Iterable[Work], language: str = "en") -> str:
    """CSL-JSON, an item a work; ``language`` is that of the notes."""
    items = [csl_item(work, language) for work in works]
    return json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def csl_item(work: Work, language: str = "en") -> dict[str, Any]:
    """One work as an item of CSL-JSON."""
    kind = work.types[1]
    container = "publisher" if kind == "report" else "container-title"
    parts = [int(part) for part in work.date.split("-")] if work.date else []
    item: dict[str, Any] = {
        "id": work.key,
        "type": kind,
        "title": work.title,
        "author": [_csl_name(name) for name in work.authors],
        container: work.venue,
        "publisher": work.venue if container == "publisher" and work.venue else work.publisher,
        "publisher-place": work.place,
        "volume": work.volume,
        "issue": work.issue,
        "issued": {"date-parts": [parts]} if parts else None,
        "URL": work.address,
        "language": work.language,
        "note": ". ".join(note.in_language(language) for note in work.notes),
    }  # fmt: skip
    return {field: value for field, value in item.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if not name.family:
        return {"literal": name.whole}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: text for part, text in parts.items() if text}
