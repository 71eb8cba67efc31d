"""The command `blooio` against the sandbox."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cli_runs import Cli

from blooio_sandbox import Sandbox

ANN = "+15551234567"
# The smallest file that is detected as a JPEG.
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home directory of a new user, with a photo in it."""
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    return tmp_path


@pytest.fixture
def bare_cli(home: Path) -> Cli:
    """The command without an API key. Its processes are not measured, since cli/ is not."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return Cli({**kept, "HOME": str(home), "PYTHONUTF8": "1", "PYTHONWARNINGS": "error", "TZ": "UTC"}, home)


@pytest.fixture
def cli(bare_cli: Cli, blooio_sandbox: Sandbox) -> Cli:
    """The command with the sandbox's key in the environment."""
    key, url = blooio_sandbox.api_key, blooio_sandbox.base_url
    return Cli({**bare_cli.environment, "BLOOIO_API_KEY": key, "BLOOIO_BASE_URL": url}, bare_cli.folder)
