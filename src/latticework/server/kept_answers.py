"""Answers that are kept, so that a question that comes again costs nothing.

The data do not change while the server runs, so an answer stays right, unless the query asks for
the time or for chance.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Generic, Protocol, TypeVar


class _Sized(Protocol):
    @property
    def body(self) -> bytes: ...


_Answer = TypeVar("_Answer", bound=_Sized)


class Kept(Generic[_Answer]):
    """The answers that were wanted last, up to a number of bytes in all."""

    def __init__(self, most: int) -> None:
        self.left, self.largest = most, most // 16
        self.answers: OrderedDict[bytes, _Answer] = OrderedDict()

    def get(self, question: bytes) -> _Answer | None:
        """The answer to a question, if it is kept."""
        answer = self.answers.get(question)
        if answer is not None:
            self.answers.move_to_end(question)
        return answer

    def keep(self, question: bytes, answer: _Answer) -> None:
        """Keep an answer, unless it is large, and let go of those not wanted for longest."""
        size = len(question) + len(answer.body)
        if size > self.largest or question in self.answers:
            return
        self.answers[question] = answer
        self.left -= size
        while self.left < 0:
            old, gone = self.answers.popitem(last=False)
            self.left += len(old) + len(gone.body)
