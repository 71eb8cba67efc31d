"""The files of the contract, and copies of them to modify."""

from __future__ import annotations

import copy
import io
import json
import os
import runpy
import shutil
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))  # the programs in openapi/ are not part of the installed package


class Workspace:
    """A copy of every file that generation reads and writes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("openapi", "scripts", "blooio_client"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "generator-config.yaml", root)
        (root / "sandbox" / "blooio_sandbox").mkdir(parents=True)
        shutil.copy(ROOT / "sandbox/blooio_sandbox/openapi.json", root / "sandbox/blooio_sandbox")
        (root / "openapi" / "blooio-v2.json").chmod(0o644)

    def replace_once(self, name: str, old: str, new: str) -> None:
        """Replace one occurrence of a text in a file."""
        path = self.root / name
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    def run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run one of the programs in this process, which has imported the generator already."""
        command = [program, *map(str, arguments)]
        with (
            chdir(self.root),
            mock.patch.object(sys, "argv", command),
            mock.patch.object(sys, "path", [*sys.path]),
            redirect_stdout(io.StringIO()) as out,
            redirect_stderr(io.StringIO()) as err,
            pytest.raises(SystemExit) as ended,
        ):
            runpy.run_path(str(self.root / program), run_name="__main__")
        code = ended.value.code
        said = f"{code}\n" if isinstance(code, str) else ""
        return subprocess.CompletedProcess(
            command, 1 if said else int(code or 0), out.getvalue(), err.getvalue() + said
        )

    def process(self, *arguments: str, hash_seed: str = "0") -> subprocess.CompletedProcess[str]:
        """Run one of the programs as a process."""
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        command = [sys.executable, *arguments]
        return subprocess.run(
            command, cwd=self.root, env=environment, capture_output=True, encoding="utf-8", check=False
        )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A copy of every file that generation reads and writes."""
    return Workspace(tmp_path)


@cache
def _standing() -> tuple[Any, Any, Any]:
    from openapi.intake import read_overlay  # once the path has it

    published = json.loads((ROOT / "openapi" / "blooio-v2.json").read_bytes())
    overlay = read_overlay((ROOT / "openapi" / "overlay.yaml").read_text("utf-8"))
    return published, overlay, json.loads((ROOT / "sandbox/blooio_sandbox/openapi.json").read_bytes())


@pytest.fixture
def published() -> Any:
    """The published document."""
    return copy.deepcopy(_standing()[0])


@pytest.fixture
def overlay() -> Any:
    """Our overlay."""
    return copy.deepcopy(_standing()[1])


@pytest.fixture
def built() -> Any:
    """The strict document built from both."""
    return copy.deepcopy(_standing()[2])
