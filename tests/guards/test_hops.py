"""The number of functions and files that run for a send, a page and a webhook."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).resolve().parents[2] / "scripts" / "hops.py"


def test_no_call_gets_longer() -> None:
    """A send, a page and a webhook stay within the limits in `scripts/hops.py`."""
    run = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False)

    assert (run.returncode, run.stderr) == (0, ""), run.stdout
