"""The public API, as recorded in docs/reference/public-names.txt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "public_names.py"


def test_public_names_are_written_down() -> None:
    """Every public name is in docs/reference/public-names.txt with its signature, and no other name is.

    After an intended change, run `make public-names` and add a line to the changelog.
    """
    run = subprocess.run([sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout) == (0, "\n"), run.stdout
