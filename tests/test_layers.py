"""A module imports only from rows above its own, as the layout says."""

from __future__ import annotations

import ast
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "latticework"
ROWS = (
    {"phrases", "vocabulary", "text", "measures"},
    {"errors"},
    {"resources", "dates", "terms", "results", "turtle", "output", "evidence"},
    {"store", "kept"},
    {"build", "catalogue", "coverage", "names", "layers", "rdflib_face", "description"},
    {"passages", "show", "inventory", "export", "difference", "endpoint", "index", "citations"},
    {"ties", "as_of"},
    {"possible_worlds"},
    {"web", "structure", "overlap", "debate", "core_periphery"},
    {"companions", "null_model", "attribution", "variants", "periods"},
    {"theory"},
    {"explain", "telling", "networks", "view", "graph", "summary", "chance"},
    {"figures"},
    {"server"},
    {"cli"},
)


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.ImportFrom)
            and node.module
            and node.module.startswith("latticework")
        ):
            parts = node.module.split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return found - {"__version__"}


def test_every_module_has_a_row_and_imports_only_from_rows_above() -> None:
    row_of = {name: number for number, row in enumerate(ROWS) for name in row}
    for path in sorted(SOURCE.rglob("*.py")):
        module = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if module == "__init__":
            continue
        assert module in row_of, f"{module} has no row; give it one in {__file__}"
        for used in imports_of(path) - {module}:
            assert row_of[used] < row_of[module] or (
                row_of[used] == row_of[module] and used == "results"
            ), f"{module} imports {used}, which stands no higher"
