"""The shipped data set kept between runs, so that a question need not wait for a build.

One N-Quads file in the user's cache folder, named after a hash of all that it was made from
(facts, ontology, rules, this package, the engine): nothing out of date is ever read. Its first
line holds the checksum of the rest; a damaged file is deleted, never repaired. Where nothing can
be kept, nothing is lost: the data set is built anew.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pyoxigraph as ox

from latticework.errors import OutputError
from latticework.output import write_file
from latticework.resources import folder


def kept_store() -> ox.Store | None:
    """The data set as an earlier run built it, if it is there and whole."""
    place = _place()
    try:
        head, _, body = place.read_bytes().partition(b"\n") if place else (b"", b"", b"")
    except OSError:
        return None
    if place is None or head != _sum(body):
        if place is not None:
            place.unlink(missing_ok=True)
        return None
    store = ox.Store()
    store.bulk_load(body, format=ox.RdfFormat.N_QUADS)
    return store


def keep(store: ox.Store) -> None:
    """Keep the data set for later runs in the place of older ones, where that is possible."""
    place = _place()
    if place is None:
        return
    body = store.dump(format=ox.RdfFormat.N_QUADS) or b""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_file(place, _sum(body) + b"\n" + body)
        for old in place.parent.glob("latticework-*.nq"):
            if old != place:
                old.unlink(missing_ok=True)
    except (OSError, OutputError):  # a full disk or a read-only home is no reason to fail
        return


def _sum(body: bytes) -> bytes:
    return b"# sha256 " + hashlib.sha256(body).hexdigest().encode()


def _place() -> Path | None:
    """The file for the present state of what the data set is made from; none without a home."""
    code = Path(__file__).parent
    made_from = [folder("graph").rglob("*.ttl"), folder("ontology").rglob("*.*"), code.glob("*.py")]
    state = hashlib.sha256(ox.__version__.encode())
    for path in sorted(path for some in made_from for path in some):
        content = path.read_bytes()
        state.update(f"{path.name} {len(content)}\n".encode() + content)
    try:
        return _user_cache() / "latticework" / f"latticework-{state.hexdigest()[:32]}.nq"
    except RuntimeError:
        return None


def _user_cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
