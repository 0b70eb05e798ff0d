"""Write a folder of results whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from latticework.errors import OutputError

CHECKSUMS = "SHA256SUMS"


def write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Replace ``target`` by a folder of ``files`` and their checksums, in one step.

    The files are written beside the target first; only when all are there does the new folder
    take the place of the old one, so that the last good result stays until then.

    Raises:
        OutputError: the target is not ours to replace, or cannot be written.

    """
    target = target.absolute()
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    fresh: Path | None = None
    try:
        if foreign := _foreign(target):
            raise OutputError(
                "{target} holds other files than results of latticework ({foreign}); "
                "choose another folder",
                target=target,
                foreign=foreign,
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        fresh.chmod(0o755)
        for name, content in {**files, CHECKSUMS: sums.encode()}.items():
            _write(fresh / name, content)
        _swap(fresh, target)
    except OSError as error:
        raise OutputError(
            "{target} cannot be written ({reason}); free some space or choose another "
            "folder with --out; nothing was changed",
            target=target,
            reason=error.strerror,
        ) from error
    finally:
        if fresh is not None:
            shutil.rmtree(fresh, ignore_errors=True)


def write_file(target: Path, content: bytes) -> None:
    """Write one file whole or not at all."""
    target = target.absolute()
    handle, name = None, ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
        os.close(handle)
        _write(Path(name), content)
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except OSError as error:
        raise OutputError(
            "{target} cannot be written ({reason}); free some space or choose another "
            "place; nothing was changed",
            target=target,
            reason=error.strerror,
        ) from error
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _foreign(target: Path) -> str:
    """The first name in a folder that we did not write there, or what stands in its place."""
    if not target.exists():
        return ""
    if not target.is_dir():
        return "it is a file"
    sums = target / CHECKSUMS
    lines = sums.read_text("utf-8", "replace").splitlines() if sums.is_file() else []
    ours = {line.partition("  ")[2] for line in lines} | ({CHECKSUMS} if lines else set())
    return min({path.name for path in target.iterdir()} - ours, default="")


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    try:
        target.rename(old / "was")
        try:
            fresh.rename(target)
        except OSError:
            (old / "was").rename(target)
            raise
    except OSError:
        if not any(old.iterdir()):  # else the last good result lies there still
            old.rmdir()
        raise
    shutil.rmtree(old, ignore_errors=True)
