"""The data set kept between runs: the same as built, never out of date, never trusted blindly."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from latticework import kept
from latticework.build import Built


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "_user_cache", lambda: tmp_path)
    return tmp_path / "latticework"


def named(store: ox.Store) -> set[ox.Quad]:
    """All but the lists of the ontology, whose nodes get other names each time."""
    ends = (ox.BlankNode,)
    return {q for q in store if not isinstance(q.subject, ends) and not isinstance(q.object, ends)}


def test_what_was_kept_is_what_was_built(cache: Path, built: Built) -> None:
    assert kept.kept_store() is None
    kept.keep(built.store)
    again = kept.kept_store()
    assert again is not None
    assert len(again) == len(built.store)
    assert named(again) == named(built.store)
    assert len(list(cache.iterdir())) == 1


def test_a_damaged_file_is_deleted_and_not_read(cache: Path) -> None:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.Literal("c")))
    kept.keep(store)
    (file,) = cache.iterdir()
    file.write_bytes(file.read_bytes().replace(b"urn:a", b"urn:x"))
    assert kept.kept_store() is None
    assert not file.exists()


def test_a_changed_fact_makes_what_was_kept_out_of_date(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = tmp_path / "graph"
    graph.mkdir()
    (graph / "facts.ttl").write_text("one")
    real = kept.folder
    monkeypatch.setattr(kept, "folder", lambda name: graph if name == "graph" else real(name))
    kept.keep(ox.Store())
    assert kept.kept_store() is not None
    (graph / "facts.ttl").write_text("two")
    assert kept.kept_store() is None
    kept.keep(ox.Store())
    assert len(list(cache.iterdir())) == 1, "the older one is gone"


def test_a_home_that_cannot_be_written_is_no_reason_to_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.setattr(kept, "_user_cache", lambda: tmp_path / "file")
    kept.keep(ox.Store())
    assert kept.kept_store() is None
