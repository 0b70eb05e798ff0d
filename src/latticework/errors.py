"""What can go wrong, said so that a person can act on it.

LatticeworkError
├── InputError        a file, folder, date or name given by the user is not usable   (exit 2)
│   ├── SyntaxProblem a file does not parse: file, line, column, reason
│   ├── DateProblem   a date is impossible, reversed or not understood
│   ├── QueryProblem  a query does not parse or is of the wrong kind
│   │   └── QueryRefused  the server does not run it: a limit, an update, another server
│   └── UnknownName   a name that the graph does not know
├── ValidationProblem the facts break the shapes                                     (exit 1)
├── OutputError       the result cannot be written; nothing was half written         (exit 2)
├── ServiceError      the server gives no answer to a question                       (exit 2)
│   ├── TooMuch       the question or its answer is larger than the limit
│   ├── NoSuchForm    the answer does not come in the form that was asked for
│   └── NoAnswer      the question ran into a limit of time or memory, or was cancelled
│       └── Busy      the server has too much to do; when to come back
└── EndpointError     another server gave no answer that can be used                 (exit 3)
    ├── EndpointDown       it cannot be reached, or fails
    ├── EndpointTimeout    it gave no whole answer in time                           (exit 4)
    ├── EndpointRefused    it says no, and why
    ├── EndpointOverloaded it asks to come back later
    ├── BadRedirect        it sends us where we do not go
    ├── NotSparql          what it sent is no SPARQL answer
    ├── PartialAnswer      it sent only a part of the answer
    ├── TooLarge           it sends more than we take
    └── PushStopped        it did not take a graph; which it took, and which not     (exit as cause)
"""

from __future__ import annotations

from collections.abc import Sequence

from latticework.phrases import Phrase


class LatticeworkError(Exception):
    """Base of all errors that a user sees; its text is one clear sentence.

    Args:
        message: the sentence, with ``{name}`` where a value stands.
        values: those values; they are kept, so that the sentence can be said in another language.

    """

    exit_code = 2

    def __init__(self, message: str, **values: object) -> None:
        self.phrase = Phrase(message, **values)
        super().__init__(str(self.phrase))

    def in_language(self, language: str) -> str:
        """The sentence in ``en`` or ``zh``."""
        return self.phrase.in_language(language)


class InputError(LatticeworkError):
    """Something the user gave cannot be used."""


class SyntaxProblem(InputError):
    """A file does not parse."""

    def __init__(self, file: str, line: int, column: int, reason: object) -> None:
        super().__init__(
            "{file}:{line}:{column}: {reason}", file=file, line=line, column=column, reason=reason
        )
        self.file, self.line, self.column, self.reason = file, line, column, str(reason)


class DateProblem(InputError):
    """A date is impossible, reversed or not understood."""


class QueryProblem(InputError):
    """A query does not parse, or is not of the kind that was asked for."""


class QueryRefused(QueryProblem):
    """A query that the server does not run; the text says what, where, and what to do."""


class UnknownName(InputError):
    """A name that the graph does not know."""


class ValidationProblem(LatticeworkError):
    """The facts break the shapes; the text lists each finding on its own line."""

    exit_code = 1


class OutputError(LatticeworkError):
    """A result cannot be written."""


class ServiceError(LatticeworkError):
    """The server gives no answer to a question."""


class TooMuch(ServiceError):
    """The question, or its answer, is larger than the limit."""


class NoSuchForm(ServiceError):
    """The answer does not come in the form that was asked for."""


class NoAnswer(ServiceError):
    """The question ran into a limit of time or memory, crashed the engine, or was cancelled."""


class Busy(NoAnswer):
    """The server has too much to do; ``retry_after`` is when to come back, in seconds."""

    def __init__(self, message: str, *, retry_after: int, **values: object) -> None:
        super().__init__(message, retry_after=retry_after, **values)
        self.retry_after = retry_after


class EndpointError(LatticeworkError):
    """Another server gave no answer that can be used."""

    exit_code = 3


class EndpointDown(EndpointError):
    """The server cannot be reached, or fails (5xx)."""


class EndpointTimeout(EndpointError):
    """The server gave no whole answer in time."""

    exit_code = 4


class EndpointRefused(EndpointError):
    """The server says no (4xx); the text holds the first line of its reason."""


class EndpointOverloaded(EndpointError):
    """The server asks to come back later (429, 503), and went on asking."""


class BadRedirect(EndpointError):
    """The server sends us elsewhere, too often or where we do not go."""


class NotSparql(EndpointError):
    """What the server sent is no SPARQL answer: a web page, another type, unreadable."""


class PartialAnswer(EndpointError):
    """The server sent only a part of the answer, and perhaps said so."""


class TooLarge(EndpointError):
    """The answer is larger than the cap."""


class PushStopped(EndpointError):
    """The server did not take a graph; the text says which graphs it took and which not."""

    def __init__(self, cause: EndpointError, written: Sequence[str], left: Sequence[str]) -> None:
        refused = isinstance(cause, EndpointRefused | EndpointOverloaded | BadRedirect)
        self.written = tuple(written)
        self.unsure = () if refused else tuple(left[:1])
        self.unwritten = tuple(left[len(self.unsure) :])
        parts = [
            Phrase(said, graphs=graphs)
            for said, graphs in (
                ("written: {graphs}", self.written),
                ("perhaps written: {graphs}", self.unsure),
                ("not written: {graphs}", self.unwritten),
            )
            if graphs
        ]
        super().__init__(
            "{cause}; {parts}; what is pushed again is replaced", cause=cause, parts=parts
        )
        self.exit_code = cause.exit_code
