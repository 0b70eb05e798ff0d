"""Every sentence of ours can be said in Chinese, with the same values."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from latticework import errors
from latticework.errors import InputError, LatticeworkError, SyntaxProblem
from latticework.phrases import Phrase, chinese, say

SPEAKERS = {"Phrase", "say", "_problem", "_refused"} | {
    name
    for name, found in vars(errors).items()
    if isinstance(found, type) and issubclass(found, LatticeworkError)
}


def templates() -> Iterator[tuple[Path, int, str]]:
    """Every literal first argument of what says a sentence."""
    for file in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            name = getattr(node.func, "id", "")
            spoken = name in SPEAKERS - {"SyntaxProblem", "PushStopped"}
            inherited = ast.unparse(node.func) == "super().__init__" and file.stem == "errors"
            if not (spoken or inherited):
                continue
            for text in ast.walk(node.args[0]):
                assert not isinstance(text, ast.JoinedStr), f"{file}:{node.lineno}: an f-string"
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    yield file, node.lineno, text.value


def fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_every_sentence_has_its_chinese() -> None:
    missing = [
        f"{file.name}:{line}: {text}"
        for file, line, text in templates()
        if text not in chinese()
        and any(c.isalpha() for c in "".join(part[0] for part in string.Formatter().parse(text)))
    ]
    assert missing == []


def test_no_chinese_sentence_is_left_over() -> None:
    written = {
        node.value
        for file in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert sorted(set(chinese()) - written) == []


@pytest.mark.parametrize("english", sorted(chinese()))
def test_both_languages_name_the_same_values(english: str) -> None:
    assert fields(chinese()[english]) == fields(english)


def test_an_error_says_itself_in_both_languages() -> None:
    error = InputError("'{text}' runs backwards; put the earlier date first", text="1953/1950")
    assert str(error) == "'1953/1950' runs backwards; put the earlier date first"
    assert error.in_language("zh") == "“1953/1950”前后颠倒；请把较早的日期写在前面"
    inner = SyntaxProblem("a.ttl", 3, 4, error)
    assert inner.in_language("zh") == "a.ttl:3:4: “1953/1950”前后颠倒；请把较早的日期写在前面"


def test_values_are_joined_as_the_language_does() -> None:
    assert say("written: {graphs}", "zh", graphs=["a", "b"]) == "已写入：a、b"
    parts = [Phrase("written: {graphs}", graphs=["a"]), Phrase("not written: {graphs}", graphs="b")]
    assert say("{parts}", "zh", parts=parts) == "已写入：a；未写入：b"
    assert say("{parts}", "en", parts=parts) == "written: a; not written: b"


def test_braces_in_values_stay() -> None:
    assert str(InputError("'{text}' is empty", text="{x}")) == "'{x}' is empty"
    assert str(InputError("plain {x}")) == "plain {x}"
