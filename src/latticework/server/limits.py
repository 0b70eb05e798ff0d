"""How much a question may take; every limit is a flag of ``latticework serve``."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields

from latticework.errors import InputError

MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """Limits of the server. The defaults are published in ``docs/serving.md``.

    Raises:
        InputError: a limit is not more than 0, or there are fewer than two workers.

    """

    seconds: float = field(default=10.0, metadata={"says": "Seconds from question to answer."})
    cpu_seconds: int = field(default=10, metadata={"says": "Seconds of computing for a query."})
    memory: int = field(default=512, metadata={"says": "MB that a query takes over the data."})
    rows: int = field(default=100_000, metadata={"says": "Rows or triples of an answer."})
    answer: int = field(default=64, metadata={"says": "MB of an answer."})
    body: int = field(default=1, metadata={"says": "MB of a request."})
    nesting: int = field(default=100, metadata={"says": "Brackets inside one another."})
    patterns: int = field(default=100, metadata={"says": "Triple patterns and path steps."})
    parts: int = field(default=2_000, metadata={"says": "Clauses, operators and brackets."})
    workers: int = field(
        default=max(3, os.cpu_count() or 1),
        metadata={"says": "Queries at once; one place is kept for small ones."},
    )
    queue: int = field(default=32, metadata={"says": "Questions that may wait."})
    kept: int = field(default=32, metadata={"says": "MB of answers kept for who asks again."})
    small: float = field(
        default=0.05, metadata={"says": "Seconds of computing within which a query is small."}
    )

    def __post_init__(self) -> None:
        for one in fields(self):
            given = getattr(self, one.name)
            if not 0 < given < 1e12:  # neither nan nor a number that the system cannot take
                raise InputError(
                    "the limit '{limit}' is {given}; give a number above 0",
                    limit=one.name,
                    given=given,
                )
        if self.workers < 2:
            raise InputError(
                "there is {given} worker, but one is kept for small questions; give at least 2",
                given=self.workers,
            )


DEFAULT = Limits()
