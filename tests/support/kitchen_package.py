"""The package of a document with every shape that the templates support, and its golden copy.

Run it to write the golden copy: `.venv/bin/python tests/support/kitchen_package.py`.
"""

from __future__ import annotations

import importlib
import json
import re
import runpy
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
DOCUMENT: Final = ROOT / "tests" / "openapi" / "kitchen.yaml"
GOLDEN: Final = ROOT / "tests" / "openapi" / "kitchen.golden.txt"
sys.path.insert(0, str(ROOT))  # the modules in openapi/ are not installed

from openapi.build import build  # noqa: E402
from openapi.intake import read_document  # noqa: E402


def built() -> Any:
    """Return the strict document."""
    return build(read_document(DOCUMENT.read_bytes()), {"actions": []})


def generated(folder: Path, document: str | None = None) -> str:
    """Generate the package of a document, or of the kitchen's, and return its calls and models as one text."""
    (folder / "openapi.json").write_text(document or json.dumps(built()), "utf-8")
    scripts = runpy.run_path(str(ROOT / "scripts" / "generate.py"))
    scripts["generate_package"](folder / "openapi.json", folder / "kitchen")
    files = [folder / "kitchen" / "calls.py", *sorted((folder / "kitchen" / "models").glob("*.py"))]
    return "".join(
        f"==== {path.relative_to(folder / 'kitchen').as_posix()}\n{path.read_text('utf-8')}" for path in files
    )


def imported(folder: Path) -> ModuleType:
    """Write the golden copy as a package that uses the client's types, and import it."""
    parts = re.split(r"^==== (.+)\n", GOLDEN.read_text("utf-8"), flags=re.MULTILINE)[1:]
    files = dict(zip(parts[::2], parts[1::2], strict=True))
    for name in ("call", "types"):
        shared = f"blooio_client.{name}"
        files[f"{name}.py"] = f"import sys\n\nimport {shared}\n\nsys.modules[__name__] = {shared}\n"
    for name, text in {"__init__.py": "", **files}.items():
        (folder / "kitchen" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "kitchen" / name).write_text(text, "utf-8")
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("kitchen.calls")
    finally:
        sys.path.remove(str(folder))


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        GOLDEN.write_text(generated(Path(temporary)), "utf-8")
    print(f"wrote {GOLDEN.relative_to(ROOT)}")
