"""The wheel carries the folders as they are and works in any working directory."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from conftest import ROOT
from latticework import __version__

pytestmark = pytest.mark.slow
FOLDERS = ("ontology", "graph", "queries")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with the installed hatchling."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as pip lays it out, without its dependencies."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    command += ["--disable-pip-version-check", "--target", str(target), str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def run(installed: Path, where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the installed command in another working directory; the checkout is not on the path."""
    code = "import sys; from latticework.cli import main; sys.argv[0] = 'latticework'; main()"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=where,
        env={**environment, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_wheel_carries_the_folders_as_they_are(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        carried = {
            name.removeprefix("latticework/data/"): archive.read(name)
            for name in archive.namelist()
            if name.startswith("latticework/data/")
        }
    here = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert carried == here


def test_wheel_carries_the_package_and_licences_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "latticework").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    rest = {name for name in names if not name.startswith("latticework/data/")} - package
    assert package <= names
    assert {name.partition("/")[0] for name in rest} == {f"latticework-{__version__}.dist-info"}
    assert {name.rpartition("/")[2] for name in rest} >= {"LICENSE", "LICENSE-DATA", "METADATA"}


def test_installed_wheel_runs_in_another_folder(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"latticework, version {__version__}\n"
    done = run(installed, tmp_path, "build", "--out", "out")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "latticework.ttl").stat().st_size > 100_000
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_installed_wheel_reads_its_own_data(installed: Path, tmp_path: Path) -> None:
    own = installed / "latticework" / "data" / "graph"
    (own / "paper" / "states.ttl").write_text("broken", encoding="utf-8")
    done = run(installed, tmp_path, "build")
    assert done.returncode == 2
    assert done.stderr.startswith(f"latticework: {own / 'paper' / 'states.ttl'}:1:1: ")
