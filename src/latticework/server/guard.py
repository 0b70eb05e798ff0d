"""Read the words of a query before the engine does, and refuse what would harm.

The engine crashes on some thousands of brackets within one another or clauses in a row, plans for
minutes on some hundreds of triple patterns, and goes to other servers for SERVICE. So the words
are counted here first, as the grammar of SPARQL 1.1 cuts them (section 19.8), with the brackets
of RDF 1.2. What stands in strings, comments and IRIs counts for nothing. Where the grammar reads
the same characters in two ways (``<`` may open an IRI or compare), and the ways differ in what
they hide, the query is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urljoin

from latticework.errors import QueryProblem, QueryRefused
from latticework.server.limits import Limits
from latticework.vocabulary import PREFIXES

FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
UPDATES = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "ADD", "MOVE", "COPY", "WITH"}
)
PROLOGUE = frozenset({"PREFIX", "BASE", "VERSION"})
CHANGING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
CLOSERS = {"(": ")", "{": "}", "[": "]", "<<": ">>", "<<(": ")>>", "{|": "|}"}
TERMS = frozenset({"iri", "name", "variable", "string", "number", "blank"})
HIDING = frozenset("'#()[]")
"""Characters that are something else when what looks like an IRI is a comparison."""

_ESCAPED = r"\\[_~.\-!$&'()*+,;=/?#@%]"
_PERCENT = r"%[0-9A-Fa-f]{2}"
_MARKS = r"·\u0300-\u036f\u203f\u2040"  # joined to names, and no letters
TOKEN = re.compile(
    rf"""
      (?P<space>[ \t\r\n]++|\#[^\r\n]*+)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    | (?P<string>\"\"\"[^"\\]*+(?:(?:\\[\s\S]|"{{1,2}}(?!"))[^"\\]*+)*+\"\"\"
        | '''[^'\\]*+(?:(?:\\[\s\S]|'{{1,2}}(?!'))[^'\\]*+)*+'''
        | "(?!"")[^"\\\n\r]*+(?:\\.[^"\\\n\r]*+)*+"
        | '(?!'')[^'\\\n\r]*+(?:\\.[^'\\\n\r]*+)*+')
    | (?P<variable>[?$][\w{_MARKS}]++)
    | (?P<blank>_:\w(?:[\w\-{_MARKS}]|\.++(?=[\w\-{_MARKS}]))*+)
    | (?P<name>(?:[^\W\d_](?:[\w\-{_MARKS}]|\.++(?=[\w\-{_MARKS}]))*+)?:
        (?:(?:[\w:]|{_PERCENT}|{_ESCAPED})
           (?:[\w:\-{_MARKS}]|{_PERCENT}|{_ESCAPED}|\.++(?=[\w:\-%\\{_MARKS}]))*+)?)
    | (?P<number>(?:\d++(?:\.\d*+(?=[eE]))?|\.(?=\d))(?:\.?\d++)?(?:[eE][+-]?\d++)?)
    | (?P<word>[A-Za-z_]\w*+)
    | (?P<tag>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[a-z]++)?|\^\^)
    | (?P<open><<\(|<<|\{{\||[({{\[])
    | (?P<close>\)>>|>>|\|\}}|[)}}\]])
    | (?P<stop>[.,;])
    | (?P<operator>\|\||&&|[!<>]=|[=<>!*/|^?+\-~])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Reading:
    """What the words of a query say: its form, the graphs after FROM, where a LIMIT goes."""

    text: str
    form: str
    prefixes: frozenset[str]
    """Those that it uses."""
    constant: bool
    """Whether it has the same answer whenever it is asked."""
    graphs: tuple[str, ...]
    limit: tuple[int, int] | None
    """Where the number of the outermost LIMIT stands."""
    tail: int
    """Where an outermost LIMIT may be put if there is none."""

    def capped(self, rows: int) -> str:
        """The query, asking for no more rows."""
        if self.limit is None:
            return f"{self.text[: self.tail]}\nLIMIT {rows} {self.text[self.tail :]}"
        begin, end = self.limit
        if len(self.text[begin:end]) < 18 and int(self.text[begin:end]) <= rows:
            return self.text
        return f"{self.text[:begin]}{rows}{self.text[end:]}"


@dataclass
class _Frame:
    """An open bracket: where, which, whether of a data block, whether within a triple."""

    at: int
    bracket: str
    data: bool = False
    busy: bool = False


def read(text: str, limits: Limits, graphs: Collection[str]) -> Reading:
    """Read a query, and refuse it if it goes beyond the limits or out of the data set.

    Args:
        text: the query.
        limits: nesting, patterns and parts are looked at.
        graphs: the named graphs that there are.

    Raises:
        QueryRefused: it is an update, calls SERVICE, names a graph that is not there, or is
            larger than the limits.
        QueryProblem: it is no query, or its brackets do not match.

    """
    return _Reader(text, limits, graphs).read()


class _Reader:
    """One pass over the words of a query."""

    def __init__(self, text: str, limits: Limits, graphs: Collection[str]) -> None:
        self.text, self.limits, self.known = text, limits, graphs
        self.frames = [_Frame(0, "")]
        self.form = ""
        self.patterns = self.parts = 0
        self.prefixes: dict[str, str] = dict(PREFIXES)
        self.used: set[str] = set()
        self.constant = True
        self.base = ""
        self.graphs: list[str] = []
        self.limit: tuple[int, int] | None = None
        self.tail = len(text)
        self.values = False
        self.kind, self.word, self.before = "", "", ""
        """Kind and text of the token before, and the text of the one before that."""

    def read(self) -> Reading:
        at, end = 0, len(self.text)
        while at < end:
            match = TOKEN.match(self.text, at)
            if match is None:
                raise self._unreadable(at)
            kind, token = match.lastgroup or "", match.group()
            if kind != "space":
                if token[0] == "<":
                    kind, token = self._compared(kind, token, at)
                self._take(kind, token, at)
                self.kind, self.word, self.before = kind, token, self.word
            at += len(token)
        if len(self.frames) > 1:
            frame = self.frames[-1]
            raise self._problem("{where}: '{bracket}' is never closed", frame.at, frame.bracket)
        if not self.form:
            raise QueryProblem("the query is empty; give a SELECT, ASK, CONSTRUCT or DESCRIBE")
        used = frozenset(self.used)
        graphs, constant = tuple(self.graphs), self.constant
        return Reading(self.text, self.form, used, constant, graphs, self.limit, self.tail)

    def _compared(self, kind: str, token: str, at: int) -> tuple[str, str]:
        """Refuse ``<`` where what follows could be read in two ways that hide different things."""
        if token.startswith("<<"):
            second = TOKEN.match(self.text, at + 1)
            if second is not None and second.lastgroup == "iri":
                raise self._problem("{where}: put a space between '{bracket}' and '<'", at, "<")
        elif (
            kind == "iri"
            and self.frames[-1].bracket == "("
            and not self.frames[-1].data
            and self._operand()
            and not HIDING.isdisjoint(token)
        ):
            raise self._problem(
                "{where}: '{bracket}' may open an IRI or compare; put a space after it to compare, "
                "or write the IRI with a prefix",
                at,
                "<",
            )
        return kind, token

    def _operand(self) -> bool:
        """Whether the token before ends a term, after which an operator may come."""
        return self.kind in TERMS or self.kind in ("tag", "close") or self._truth()

    def _truth(self) -> bool:
        return self.kind == "word" and self.word.lower() in ("true", "false")

    def _take(self, kind: str, token: str, at: int) -> None:
        outermost = len(self.frames) == 1
        match kind:
            case "open":
                self._open(token, at)
            case "close":
                self._close(token, at)
            case "stop":
                self.frames[-1].busy = False
            case "operator":
                self._part(at)
                if token in "/|^":
                    self._pattern(at)
            case "word":
                self._word(token.upper(), at)
            case _ if kind in TERMS:
                if kind == "name":
                    self.used.add(token.partition(":")[0])
                if outermost:
                    self._part(at)
                    self._outermost(kind, token, at)
                self._term(at)

    def _word(self, word: str, at: int) -> None:
        if word in ("A", "TRUE", "FALSE"):
            self._term(at)
            return
        self._part(at)
        self.frames[-1].busy = False
        if word == "SERVICE":
            raise self._refused(
                "{where}: SERVICE would ask another server, which is not done here; ask that "
                "server yourself, with 'latticework query --endpoint URL'",
                at,
            )
        if word in CHANGING:
            self.constant = False
        if not self.form and word not in PROLOGUE:
            self._begin(word, at)
        if word == "VALUES":
            self.values = True
            if len(self.frames) == 1:
                self.tail = at

    def _begin(self, word: str, at: int) -> None:
        if word in UPDATES:
            raise self._refused(
                "{where}: {word} is an update, and the data are read-only here; change the files "
                "instead",
                at,
                word=word,
            )
        if word not in FORMS:
            raise QueryProblem(
                "{where}: the query begins with '{word}'; it has to be a SELECT, ASK, CONSTRUCT "
                "or DESCRIBE",
                where=self._where(at),
                word=word[:40],
            )
        self.form = word

    def _open(self, token: str, at: int) -> None:
        frame = self.frames[-1]
        opens_data = self.values and token == "{"
        data = frame.data or opens_data
        if not data:
            self._part(at)
        if token in ("(", "[", "<<", "<<(") and not data and self.kind != "word":
            self._term(at)
        if opens_data:
            self.values = False
        if token in "{|":
            frame.busy = False
        if len(self.frames) > self.limits.nesting:
            raise self._refused(
                "{where}: more than {most} brackets within one another; write it flatter",
                at,
                most=self.limits.nesting,
            )
        self.frames.append(_Frame(at, token, data))

    def _close(self, token: str, at: int) -> None:
        frame = self.frames[-1]
        if CLOSERS.get(frame.bracket) != token:
            if frame.bracket:
                raise QueryProblem(
                    "{where}: '{bracket}' does not close '{opened}' of {there}",
                    where=self._where(at),
                    bracket=token,
                    opened=frame.bracket,
                    there=self._where(frame.at),
                )
            raise self._problem("{where}: '{bracket}' closes nothing", at, token)
        self.frames.pop()
        if token == "}":
            self.frames[-1].busy = False

    def _term(self, at: int) -> None:
        """Count the triple that a term begins, or the two that an item of a list stands for."""
        frame = self.frames[-1]
        if frame.data or not self.form:
            return
        if frame.bracket == "(":
            if self._operand():
                self._pattern(at)
                self._pattern(at)
        elif frame.bracket and not frame.busy:
            frame.busy = True
            self._pattern(at)

    def _outermost(self, kind: str, token: str, at: int) -> None:
        """What a term outside all brackets says: a prefix, the base, a graph, a limit."""
        word, before = self.word.upper(), self.before.upper()
        if kind == "iri" and before == "PREFIX":
            self.prefixes[self.word.removesuffix(":")] = self._whole(token)
        elif kind == "iri" and word == "BASE":
            self.base = self._whole(token)
        elif kind == "number" and word == "LIMIT":
            self.limit = (at, at + len(token))
        elif kind in ("iri", "name") and (word == "FROM" or (word == "NAMED" and before == "FROM")):
            self._graph(kind, token, at)

    def _graph(self, kind: str, token: str, at: int) -> None:
        if kind == "iri":
            iri = self._whole(token)
        else:
            prefix, _, local = token.partition(":")
            iri = self.prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)
        if iri not in self.known:
            raise self._refused(
                "{where}: there is no graph <{graph}> in the data set, and nothing is fetched; "
                "'SELECT DISTINCT ?g {{ GRAPH ?g {{}} }}' lists the graphs",
                at,
                graph=iri[:200],
            )
        self.graphs.append(iri)

    def _whole(self, token: str) -> str:
        iri = re.sub(
            r"\\u(.{4})|\\U(.{8})",
            lambda found: chr(min(int(found[1] or found[2], 16), 0x10FFFF)),
            token[1:-1],
        )
        try:
            return urljoin(self.base, iri) if self.base else iri
        except ValueError:  # a host that is none
            return iri

    def _part(self, at: int) -> None:
        self.parts += 1
        if self.parts > self.limits.parts:
            raise self._refused(
                "{where}: more than {most} clauses, operators and brackets; ask in parts, or list "
                "values with VALUES",
                at,
                most=self.limits.parts,
            )

    def _pattern(self, at: int) -> None:
        self.patterns += 1
        if self.patterns > self.limits.patterns:
            raise self._refused(
                "{where}: more than {most} triple patterns and path steps; ask in parts",
                at,
                most=self.limits.patterns,
            )

    def _unreadable(self, at: int) -> QueryProblem:
        if self.text[at] in "'\"":
            return self._problem("{where}: the string that {bracket} opens is not closed", at)
        return self._problem("{where}: {bracket} cannot be read here", at)

    def _problem(self, message: str, at: int, bracket: str = "") -> QueryProblem:
        said = bracket or ascii(self.text[at])
        return QueryProblem(message, where=self._where(at), bracket=said)

    def _refused(self, message: str, at: int, **values: object) -> QueryRefused:
        return QueryRefused(message, where=self._where(at), **values)

    def _where(self, at: int) -> str:
        line = self.text.count("\n", 0, at) + 1
        column = at - self.text.rfind("\n", 0, at)
        return f"line {line}, column {column}"
