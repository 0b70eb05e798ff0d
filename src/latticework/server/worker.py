"""What a child does: read one question after the other from a socket, and answer each.

A message is a head in JSON and a body of bytes, with the lengths of both before them. Nothing
that a question can do lives longer than the child: the parent ends it at the deadline, the
system at the limits of memory and computing that it sets itself, and it can open neither file
nor connection.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from latticework.errors import (
    LatticeworkError,
    NoAnswer,
    NoSuchForm,
    QueryProblem,
    QueryRefused,
    TooMuch,
)
from latticework.server.forms import GRAPHS, TABLES, forms_of, named, preferred
from latticework.server.guard import Reading, read
from latticework.server.limits import MB, Limits
from latticework.vocabulary import BASE, PREFIXES

LENGTHS = struct.Struct("!IQ")
"""Before every message: the bytes of its head and of its body."""
_SPLIT = {
    ox.QueryResultsFormat.JSON: re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|(\},\{)'),
    ox.QueryResultsFormat.XML: re.compile(rb"(<result>)"),
    ox.QueryResultsFormat.CSV: re.compile(rb'"[^"]*+"|(\n)'),
    ox.QueryResultsFormat.TSV: re.compile(rb"(\n)"),
}
"""What stands between two rows; strings are matched too, so that nothing in them counts."""
_COMMENT = {
    ox.RdfFormat.TURTLE: b"# %s\n",
    ox.RdfFormat.N_TRIPLES: b"# %s\n",
    ox.RdfFormat.RDF_XML: b"\n<!-- %s -->\n",
}

_SMALL, _REMEMBERED = 4_096, 256
"""Queries of so many characters are not read again if they come again, so many of them."""
_PREFIX = re.compile(rb"@prefix (\S+) <[^>]*> \.\n")


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """A message as bytes."""
    text = json.dumps(head).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def serve(line: socket.socket, store: ox.Store, limits: Limits, graphs: frozenset[str]) -> None:
    """Answer questions until the other end closes the line."""
    small = lru_cache(_REMEMBERED)(partial(read, limits=limits, graphs=graphs))
    stream = line.makefile("rb")
    while lengths := stream.read(LENGTHS.size):
        head, body = LENGTHS.unpack(lengths)
        question = json.loads(stream.read(head))
        text = stream.read(body).decode()
        _limit_computing(limits.cpu_seconds)
        line.sendall(_reply(store, question, text, limits, graphs, small))


def _reply(
    store: ox.Store,
    question: dict[str, Any],
    text: str,
    limits: Limits,
    graphs: frozenset[str],
    small: Callable[[str], Reading],
) -> bytes:
    try:
        reading = small(text) if len(text) <= _SMALL else read(text, limits, graphs)
        return _answered(store, question, reading, limits, graphs)
    except LatticeworkError as error:
        return pack(
            {
                "error": type(error).__name__,
                "message": error.phrase.message,
                "values": error.phrase.values,
            }
        )
    except MemoryError:
        os._exit(1)  # what is left of the memory is not worth keeping


def _answered(
    store: ox.Store,
    question: dict[str, Any],
    reading: Reading,
    limits: Limits,
    graphs: frozenset[str],
) -> bytes:
    begin = time.perf_counter()
    offered = forms_of(reading.form)
    asked = question["form"] or question["accept"]
    media = (named if question["form"] else preferred)(asked, offered)
    if media is None:
        raise NoSuchForm(
            "the answer to {kind} does not come as '{asked}'; there are: {known}",
            kind=reading.form,
            asked=asked[:200],
            known=", ".join(offered),
        )
    found = _run(store, question, reading, limits, graphs)
    if isinstance(found, ox.QueryTriples):
        body, truncated = _graph(found, GRAPHS[media], limits)
    else:
        body, truncated = _table(found, TABLES[media], limits)
    took = (time.perf_counter() - begin) * 1000
    head = {"media": media, "truncated": truncated, "milliseconds": took}
    return pack({**head, "constant": reading.constant}, body)


def _run(
    store: ox.Store,
    question: dict[str, Any],
    reading: Reading,
    limits: Limits,
    graphs: frozenset[str],
) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Run the query over the union of all graphs, unless it or the request names some."""
    text = reading.capped(limits.rows + 1) if reading.form == "SELECT" else reading.text
    default, under = question["default"], question["named"]
    for iri in (*default, *under):
        if iri not in graphs:
            raise QueryRefused(
                "there is no graph <{graph}> in the data set, and nothing is fetched; 'SELECT "
                "DISTINCT ?g {{ GRAPH ?g {{}} }}' lists the graphs",
                graph=iri[:200],
            )
    prefixes = {name: PREFIXES[name] for name in reading.prefixes & PREFIXES.keys()}
    options: dict[str, Any] = {"base_iri": BASE, "prefixes": prefixes}
    if default or under:
        options |= {"default_graph": _nodes(default), "named_graphs": _nodes(under)}
    else:
        options["use_default_graph_as_union"] = not reading.graphs
    try:
        try:
            return store.query(text, **options)
        except SyntaxError:  # say where in what was written, not in what was made of it
            return store.query(reading.text, **options)
    except SyntaxError as error:
        reason = str(error.msg).removeprefix("error at ")
        raise QueryProblem("the query does not parse: {reason}", reason=reason) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed(error) from error


def _nodes(iris: Sequence[str]) -> list[ox.NamedNode]:
    return [ox.NamedNode(iri) for iri in iris]


def _failed(error: Exception) -> NoAnswer:
    return NoAnswer("the engine failed on the query: {reason}", reason=str(error)[:500])


class _Capped:
    """Takes the bytes of an answer, up to a number."""

    def __init__(self, most: int) -> None:
        self.left, self.most, self.pieces = most, most, bytearray()

    def write(self, piece: bytes) -> int:
        self.left -= len(piece)
        if self.left < 0:
            raise TooMuch(
                "the answer is larger than {most} MB; ask for fewer columns, or in parts (ORDER "
                "BY, LIMIT, OFFSET)",
                most=self.most // MB,
            )
        self.pieces += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""


def _table(
    found: ox.QuerySolutions | ox.QueryBoolean, form: ox.QueryResultsFormat, limits: Limits
) -> tuple[bytes, bool]:
    out = _Capped(limits.answer * MB)
    try:
        found.serialize(out, format=form)  # type: ignore[arg-type]
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed(error) from error
    body = bytes(out.pieces)
    if isinstance(found, ox.QueryBoolean):
        return body, False
    return cut(body, form, limits.rows)


def cut(body: bytes, form: ox.QueryResultsFormat, rows: int) -> tuple[bytes, bool]:
    """The first rows of a table as written by the engine, and whether there were more."""
    if len(body) < 2 * rows:  # no row is shorter
        return body, False
    between = (found.start(1) for found in _SPLIT[form].finditer(body) if found[1])
    number = rows - 1 if form == ox.QueryResultsFormat.JSON else rows
    at = next(islice(between, number, None), -1)
    if form == ox.QueryResultsFormat.JSON and at >= 0:
        return body[: at + 1] + b"]}}", True  # no note: strict readers take no other members
    if form == ox.QueryResultsFormat.XML and at >= 0:
        note = f"<!-- only the first {rows} rows -->".encode()
        return body[:at] + b"</results>" + note + b"</sparql>", True
    if at >= 0 and at + 1 < len(body):
        return body[: at + 1], True
    return body, False


def _graph(found: ox.QueryTriples, form: ox.RdfFormat, limits: Limits) -> tuple[bytes, bool]:
    out = _Capped(limits.answer * MB)
    triples = iter(found)
    prefixes = PREFIXES if form in (ox.RdfFormat.TURTLE, ox.RdfFormat.RDF_XML) else None
    try:
        kept = list(islice(triples, limits.rows))
        more = next(triples, None) is not None
    except (OSError, RuntimeError, ValueError) as error:
        raise _failed(error) from error
    try:
        ox.serialize(kept, out, format=form, prefixes=prefixes)  # type: ignore[arg-type]
    except (OSError, RuntimeError, ValueError) as error:
        raise NoSuchForm(
            "the answer cannot be written as {form} ({reason}); ask for Turtle",
            form=form.name,
            reason=str(error)[:200],
        ) from error
    if form == ox.RdfFormat.TURTLE:
        out.pieces = _tidy(out.pieces)
    if more and form in _COMMENT:
        out.pieces += _COMMENT[form] % f"only the first {limits.rows} triples".encode()
    return bytes(out.pieces), more


def _tidy(turtle: bytearray) -> bytearray:
    """Turtle without the prefixes that it does not use, and the others in order."""
    found = list(_PREFIX.finditer(turtle))
    end = found[-1].end() if found else 0
    used = sorted(one[0] for one in found if turtle.find(one[1], end) >= 0)
    return bytearray(b"".join(used)) + turtle[end:]


# What the system holds ---------------------------------------------------------------------------


def confine(limits: Limits, highest: int) -> None:
    """Limit this process: memory over what it has, no file or connection beyond ``highest``.

    Where the system knows no such limits (Windows), or does not keep them (memory on macOS),
    only the deadline holds.
    """
    try:
        import resource
    except ImportError:
        return
    pages = Path("/proc/self/statm")
    if pages.exists():
        taken = int(pages.read_text().split()[0]) * resource.getpagesize()
        most = taken + limits.memory * MB
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, highest + 1))
    with suppress(OSError):  # below that, what had been free is taken: nothing is left to open
        while True:
            os.dup(highest)


def _limit_computing(seconds: int) -> None:
    """Allow this process so many more seconds of computing."""
    resource = sys.modules.get("resource")
    if resource is not None:
        used = sum(os.times()[:2])
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used + seconds) + 1, hard))
