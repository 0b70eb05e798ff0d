"""Helpers that several test files share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import settings

from latticework.build import Built, build
from latticework.vocabulary import PREFIXES

pytest_plugins = ["browser"]

TESTS = Path(__file__).parent
ROOT = TESTS.parent
HEAD = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
DESCRIPTION = """
source:tiny a lw:Source ; rdfs:label "tiny"@en , "小"@zh-Hans ;
    lw:horizon "2022-05-25"^^xsd:date ; lw:coverage cov:tiny .
cov:tiny a lw:Coverage ; rdfs:label "all"@en , "全部"@zh-Hans ;
    lw:layer lwc:securityCooperation ; lw:coverageDegree lwc:coveredFully ;
    lw:begin "1945"^^edtf:EDTF ; lw:end "2022-05-25"^^edtf:EDTF ; dct:source source:tiny .
"""

os.environ["XDG_CACHE_HOME"] = mkdtemp(prefix="latticework-tests-")  # not the user's

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

MakeSource = Callable[..., Path]


@pytest.fixture(scope="session")
def built() -> Built:
    """The shipped graph, built once."""
    return build()


@pytest.fixture
def make_source(tmp_path: Path) -> MakeSource:
    """Makes a source folder: a description (``source:tiny`` by default) and a file of facts."""

    def make(facts: str = "", *, name: str = "tiny", description: str = DESCRIPTION) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "source.ttl").write_text(HEAD + description, encoding="utf-8")
        (folder / "facts.ttl").write_text(HEAD + facts, encoding="utf-8")
        return folder

    return make


@pytest.fixture
def make_world(tmp_path: Path) -> Callable[..., Path]:
    """Copies ``tests/world``, one sound node of every kind, and adds a file to it."""

    def make(extra: str, *, name: str = "extra.ttl") -> Path:
        folder = shutil.copytree(TESTS / "world", tmp_path / "world")
        (folder / name).write_text(extra, encoding="utf-8")
        return folder

    return make


def entities(states: str = "abcd", arrangement: str = "pact") -> str:
    """Turtle of states and one arrangement that memberships can be about."""
    lines = [f'state:{s} a lw:State ; rdfs:label "{s}"@en , "{s}"@zh-Hans .\n' for s in states]
    return "".join(lines) + (
        f'arr:{arrangement} a lw:Arrangement ; rdfs:label "pact"@en , "公约"@zh-Hans ;\n'
        "    lw:layer lwc:securityCooperation ; lw:ofAsiaPacific true ; lw:status lwc:operating .\n"
    )


def membership(
    state: str,
    begin: str = "",
    end: str = "",
    more: str = "",
    *,
    name: str = "",
    arrangement: str = "pact",
    source: str = "tiny",
) -> str:
    """Turtle of one membership; without a begin it says that none is stated."""
    dates = f'lw:begin "{begin}"^^edtf:EDTF' if begin else "lw:unknownBegin lwc:notStated"
    dates += f' ; lw:end "{end}"^^edtf:EDTF' if end else ""
    return (
        f"mem:{name or state} a lw:Membership ; lw:member state:{state} ;\n"
        f'    lw:arrangement arr:{arrangement} ; {dates} ; lw:locator "line 1" ; {more}\n'
        f"    dct:source source:{source} .\n"
    )
