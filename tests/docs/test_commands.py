"""The shell commands of the README and of every page run unchanged against the sandbox."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from page_blocks import blocks

from blooio_sandbox import Sandbox

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = [ROOT / "README.md", *(ROOT / name / "README.md" for name in ("examples", "sandbox"))]
PAGES.extend(sorted((ROOT / "docs").rglob("*.md")))
EXTRAS: Final = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
# Commands that end on their own run. Others are stopped by Ctrl-C after their first line, `pip` records package
# names, and `make` only checks that the target exists.
PREAMBLE: Final = """
set -euo pipefail
pip() { [[ $1 == install ]]; shift; printf '%s\\n' "$@" >> installed.txt; }
make() { grep --quiet "^$1: " "$ROOT/Makefile"; }
until_ctrl_c() { python "$ROOT/tests/support/until_ctrl_c.py" "$@"; }
blooio-sandbox() { until_ctrl_c blooio-sandbox "${@/8787/0}"; }
blooio() {
    case " $* " in
        *" listen "* | *" --follow "*) until_ctrl_c blooio "$@" ;;
        *" outbox run "*) command blooio "$@" --until-empty --quiet-hours none --per-minute 100000 ;;
        " login "*) printf '%s\\n' "$KEY" | command blooio "$@" ;;
        *) command blooio "$@" ;;
    esac
}
"""


def commands(page: Path) -> str:
    """Return all shell blocks of a page."""
    return "\n".join(blocks(page, "(?:sh|bash)"))


def with_settings(script: str, sandbox: Sandbox) -> Iterator[str]:
    """Yield the lines of a script, with the values that a user would fill in."""
    for line in script.splitlines():
        if line.startswith("export BLOOIO_"):
            for name in re.findall(r"(BLOOIO_\w+)=", line):
                values = {"BLOOIO_API_KEY": sandbox.api_key, "BLOOIO_BASE_URL": sandbox.base_url}
                yield f"export {name}={values.get(name, 'sqlite:///other.db')}"
        else:
            yield line


@pytest.mark.skipif(sys.platform == "win32", reason="the commands are for a POSIX shell")
@pytest.mark.parametrize(
    "page", [pytest.param(page, id=str(page.relative_to(ROOT))) for page in PAGES if commands(page)]
)
def test_the_commands_of_a_page_run(page: Path, blooio_sandbox: Sandbox, tmp_path: Path) -> None:
    """The commands of a page, run in order, succeed, and install only extras that exist."""
    (tmp_path / "reminders.csv").write_text("to,phone,text\n+15551234567,+15551234567,See you at seven!\n")
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("__pycache__"))
    blooio_sandbox.phone("+15551234567").sends("Is there a table?")
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "BLOOIO_CONFIG_DIR": str(tmp_path / "config"),
        "BLOOIO_API_KEY": blooio_sandbox.api_key,
        "BLOOIO_BASE_URL": blooio_sandbox.base_url,
        "KEY": blooio_sandbox.api_key,
        "ROOT": str(ROOT),
    }
    script = "\n".join([PREAMBLE, *with_settings(commands(page), blooio_sandbox), "wait"])
    done = subprocess.run(
        [shutil.which("bash") or "bash", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    blooio_sandbox.assert_no_duplicates()
    installed = tmp_path / "installed.txt"
    for package in installed.read_text().splitlines() if installed.exists() else ():
        extras = re.fullmatch(r"blooio-client(?:\[(.+)\])?", package)
        assert extras, package
        assert {*(extras[1] or "cli").split(",")} <= EXTRAS.keys()


def test_there_are_commands() -> None:
    """Commands are found in the README, the quickstart and the guide to the command line."""
    for page in ("README.md", "docs/index.md", "docs/guides/command-line.md"):
        assert "blooio" in commands(ROOT / page)
