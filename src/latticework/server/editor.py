"""Whether the query editor (Yasgui's Yasqe) is here: a pinned package that is not part of ours."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files

POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The editor writes styles of its own and draws icons from data; scripts stay files of ours."""


def is_here() -> bool:
    """Whether every file of the editor is here and is the one that ``yasgui.json`` pins."""
    server = files("latticework.server")
    pinned = json.loads((server / "yasgui.json").read_text(encoding="utf-8"))["files"]
    try:
        return all(
            hashlib.sha256((server / "static" / "yasgui" / name).read_bytes()).hexdigest() == digest
            for name, digest in pinned.items()
        )
    except OSError:
        return False
