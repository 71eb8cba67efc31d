"""The packages of the sandbox, and the order of imports between them."""

from __future__ import annotations

import ast
from importlib.resources import files
from pathlib import Path

# Each package imports only those before it; the modules at the top level combine them.
ORDER = ("state", "deliveries", "api", "phones", "page", "control")
ROOT = Path(str(files("blooio_sandbox")))


def _imports(node: ast.AST) -> list[str]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return []
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{each.name}" for each in node.names]
    if isinstance(node, ast.Import):
        return [each.name for each in node.names]
    return [name for child in ast.iter_child_nodes(node) for name in _imports(child)]


def test_no_package_imports_a_later_one() -> None:
    """No package imports a later one, except for types."""
    against = [
        f"{path.relative_to(ROOT)} imports {name}"
        for room in ORDER
        for path in (ROOT / room).rglob("*.py")
        for name in _imports(ast.parse(path.read_text("utf-8")))
        if name.startswith("blooio_sandbox.")
        and name.split(".")[1] not in {*ORDER[: ORDER.index(room) + 1], "responses"}
    ]

    assert against == []


def test_every_package_is_in_the_order() -> None:
    """Every package is in the list above."""
    assert {path.parent.name for path in ROOT.glob("*/__init__.py")} == {*ORDER}
