"""Write everything that is generated from openapi/, or check that it is up to date.

Without an argument it writes; with `--check` it compares, byte for byte.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("blooio_client")
DOCUMENT = Path("sandbox/blooio_sandbox/openapi.json")


def generate(target: Path) -> None:
    """Write the built document and the package below a folder."""
    document = target / DOCUMENT
    document.parent.mkdir(parents=True, exist_ok=True)
    sources = ROOT / "openapi" / "blooio-v2.json", ROOT / "openapi" / "overlay.yaml"
    run("openapi.build", *sources, document)
    generate_package(document, target / PACKAGE)


def generate_package(document: Path, package: Path) -> None:
    """Write the package of a built document."""
    options = "--config", ROOT / "generator-config.yaml", "--custom-template-path", ROOT / "openapi" / "templates"
    output = "--output-path", package, "--overwrite", "--meta", "none", "--fail-on-warning"
    run("openapi_python_client", "generate", "--path", document, *options, *output)
    for source in (ROOT / "openapi" / "runtime").glob("*.py"):
        shutil.copyfile(source, package / source.name)


def run(module: str, *arguments: str | Path) -> None:
    """Run a program of this environment from the root; show its output if it fails."""
    tools = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": tools + os.pathsep + os.environ["PATH"], "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=ROOT)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}".strip())


def files_below(root: Path) -> dict[Path, bytes]:
    """Return all generated files below a folder."""
    found = [path for path in (root / PACKAGE).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(root): path.read_bytes() for path in [*found, root / DOCUMENT] if path.exists()}


def main(*, check: bool) -> str | None:
    """Write, or compare; a returned message goes to stderr with exit status 1."""
    with tempfile.TemporaryDirectory() as folder:
        generate(Path(folder))
        fresh, existing = files_below(Path(folder)), files_below(ROOT)
        stale = sorted(str(path) for path in fresh.keys() | existing.keys() if fresh.get(path) != existing.get(path))
        if check:
            return "not as `make generate` writes it: " + ", ".join(stale) if stale else None
        shutil.rmtree(ROOT / PACKAGE, ignore_errors=True)
        shutil.copytree(Path(folder) / PACKAGE, ROOT / PACKAGE)
        shutil.copyfile(Path(folder) / DOCUMENT, ROOT / DOCUMENT)
    print(f"generated {len(fresh)} files, {len(stale)} of them changed")
    return None


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
