"""What can go wrong, said so that a person can act on it.

LatticeworkError
├── InputError        a file, folder, date or name given by the user is not usable   (exit 2)
│   ├── SyntaxProblem a file does not parse: file, line, column, reason
│   ├── DateProblem   a date is impossible, reversed or not understood
│   ├── QueryProblem  a query does not parse or is of the wrong kind
│   └── UnknownName   a name that the graph does not know
├── ValidationProblem the facts break the shapes                                     (exit 1)
└── OutputError       the result cannot be written; nothing was half written         (exit 2)
"""

from __future__ import annotations


class LatticeworkError(Exception):
    """Base of all errors that a user sees; its text is one clear sentence."""

    exit_code = 2


class InputError(LatticeworkError):
    """Something the user gave cannot be used."""


class SyntaxProblem(InputError):
    """A file does not parse."""

    def __init__(self, file: str, line: int, column: int, reason: str) -> None:
        super().__init__(f"{file}:{line}:{column}: {reason}")
        self.file, self.line, self.column, self.reason = file, line, column, reason


class DateProblem(InputError):
    """A date is impossible, reversed or not understood."""


class QueryProblem(InputError):
    """A query does not parse, or is not of the kind that was asked for."""


class UnknownName(InputError):
    """A name that the graph does not know."""


class ValidationProblem(LatticeworkError):
    """The facts break the shapes; the text lists each finding on its own line."""

    exit_code = 1


class OutputError(LatticeworkError):
    """A result cannot be written."""
