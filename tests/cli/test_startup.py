"""The imports of the command, which a shell runs often for completions and help."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cli_runs import Cli

HEAVY = (
    "anyio",
    "asyncio",
    "blooio_client.models",
    "blooio_outbox",
    "blooio_sandbox",
    "httpx",
    "rich",
    "sqlalchemy",
    "sqlite3",
    "ssl",
    "urllib.request",
)
LOADED = """
import io, sys
from blooio_cli.entry import main
sys.stdout, shown = io.StringIO(), sys.stdout
code = main(sys.argv[1:])
text, sys.stdout = sys.stdout.getvalue(), shown
print(code, len(text), *sys.modules)
"""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["send", "--help"], ["outbox", "run", "--help"], ["--show-completion", "bash"]]
)
def test_help_loads_nothing_heavy(bare_cli: Cli, arguments: list[str]) -> None:
    """Help and completion import none of the slow modules."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env=bare_cli.variables(_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1"),
        capture_output=True,
        text=True,
        check=True,
    )

    code, length, *loaded = done.stdout.split()
    assert (code, done.stderr) == ("0", "")
    assert int(length) > 200
    assert [name for name in loaded if name.startswith(tuple(f"{each}." for each in HEAVY)) or name in HEAVY] == []
    assert "typer" in loaded
