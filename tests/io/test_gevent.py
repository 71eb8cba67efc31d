"""gevent's greenlets share a sync client like threads do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

SUPPORT = Path(__file__).parents[1] / "support"


def test_greenlets_send_concurrently() -> None:
    """A hundred sends run concurrently; a greenlet that is killed or times out leaves nothing open."""
    command = [sys.executable, "-m", "gevent.monkey", str(SUPPORT / "gevent_run.py"), "100"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)

    assert json.loads(run.stdout) == {
        "all arrived": True,
        "killed": True,
        "own timeout": True,
        "after": "after",
        "open": 0,
    }
