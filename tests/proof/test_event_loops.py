"""A thousand event loops with one client."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import many_runs
import pytest

from blooio_sandbox import Sandbox

RUNS = 1000


@pytest.mark.proof
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are counted in /proc")
def test_a_thousand_runs_leave_nothing_open(blooio_sandbox: Sandbox) -> None:
    """Every run sends its message once, and leaves no files open."""
    command = [sys.executable, "-W", "error", many_runs.__file__, blooio_sandbox.base_url, blooio_sandbox.api_key]
    done = subprocess.run([*command, str(RUNS)], capture_output=True, text=True, check=True)
    before, after = map(int, done.stdout.split())
    counts = f"{len(blooio_sandbox.requests)} requests, {len(blooio_sandbox.messages)} messages"
    print(f"\n{RUNS} runs: {counts}, {before} open files after the first, {after} after the last")

    assert done.stderr == ""
    assert len(blooio_sandbox.requests) == RUNS
    assert len(blooio_sandbox.messages) == RUNS
    assert after == before
