"""The command `blooio-sandbox`."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from blooio_sandbox import command, extra

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture
def process(tmp_path: Path) -> Generator[subprocess.Popen[str]]:
    """A running command on a free port, with a file."""
    arguments = [sys.executable, "-m", "blooio_sandbox", "--port", "0", "--db", str(tmp_path / "blooio.db")]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        yield running
        running.kill()


def _read_welcome(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        lines.append(process.stdout.readline())
    return "".join(lines)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_runs_until_it_is_interrupted(process: subprocess.Popen[str], number: signal.Signals) -> None:
    """It prints where it is and how to try it, answers, and stops cleanly."""
    welcome = _read_welcome(process)
    base_url = re.findall(r"http://127\.0\.0\.1:\d+/v2/api", welcome)[0]
    api_key = re.findall(r"API key: (\S+)", welcome)[0]
    answer = httpx.get(f"{base_url}/me", headers={"Authorization": f"Bearer {api_key}"}, trust_env=False)
    process.send_signal(number)
    output, errors = process.communicate(timeout=10)

    assert answer.status_code == 200
    assert "from blooio_client import Blooio" in welcome
    assert f"curl -X POST {base_url}" in welcome
    assert (process.returncode, output.strip(), errors) == (0, "Stopped.", "")


def test_a_port_in_use_is_a_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the port and the way out."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert command.main(["--port", str(port)]) == 1
    errors = capsys.readouterr().err
    assert str(port) in errors
    assert "--port" in errors


@pytest.mark.parametrize("port", ["70000", "-1", "http"])
def test_a_port_is_a_number_in_range(port: str) -> None:
    """Anything else is a usage error."""
    with pytest.raises(SystemExit, match="2"):
        command.main(["--port", port])


def test_without_the_extra_it_says_what_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A missing package gives the line to type, and no traceback."""
    monkeypatch.setattr(extra, "NEEDED_MODULES", ("no_such_module",))

    assert command.main([]) == 1
    assert 'pip install "blooio-client[sandbox]"' in capsys.readouterr().err
