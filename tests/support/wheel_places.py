"""Virtual environments with the wheel, without access to the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

BIN = "Scripts" if sys.platform == "win32" else "bin"


def python_with(folder: Path, *packages: str) -> str:
    """Return the Python of a new virtual environment with some packages."""
    venv.create(folder)
    python = folder / BIN / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *packages], check=True)
    return str(python)


def command_of(python: str, name: str = "blooio") -> str:
    """Return the path of a command next to a Python."""
    return str(Path(python).with_name(f"{name}.exe" if sys.platform == "win32" else name))


def environment_of(python: str, home: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a shell with an active virtual environment, without settings and paths of the tests."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT", "TMPDIR", "LANG") if name in os.environ}
    path = f"{Path(python).parent}{os.pathsep}{os.defpath}"
    return {**kept, "PATH": path, "HOME": str(home), "XDG_CONFIG_HOME": str(home), **settings}
