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
    if target.exists() and not _ours(target):
        raise OutputError(
            f"{target} holds other files than results of latticework; choose another folder"
        )
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    fresh: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        fresh.chmod(0o755)
        for name, content in {**files, CHECKSUMS: sums.encode()}.items():
            _write(fresh / name, content)
        _swap(fresh, target)
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written ({error.strerror}); free some space or choose another "
            "folder with --out; nothing was changed"
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
            f"{target} cannot be written ({error.strerror}); free some space or choose another "
            "place; nothing was changed"
        ) from error
    finally:
        if name:
            Path(name).unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _ours(target: Path) -> bool:
    """A folder that is empty or that we wrote before."""
    return target.is_dir() and (not any(target.iterdir()) or (target / CHECKSUMS).is_file())


def _swap(fresh: Path, target: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{target.name}-old-", dir=target.parent))
    target.rename(old / "was")
    try:
        fresh.rename(target)
    except OSError:
        (old / "was").rename(target)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
