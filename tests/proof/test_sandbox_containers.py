"""The example's containers without Docker: its commands in a new environment, over the machine's network."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "containers"


def _address() -> str:
    """Return an address of this machine that is not loopback; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        address: str = probe.getsockname()[0]
        return address


@pytest.fixture(scope="module")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a new environment, installed as in the Dockerfile."""
    (install,) = re.findall(r"^RUN pip (install .*?) &&", (FOLDER / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    folder = tmp_path_factory.mktemp("image")
    venv.create(folder, with_pip=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    words = [word.strip('"').replace("/src", str(ROOT)) for word in install.split()]
    subprocess.run([programs / "python", "-m", "pip", *words, "--quiet"], check=True, cwd=folder)
    return programs


@pytest.mark.proof
@pytest.mark.skipif(_address() == "127.0.0.1", reason="this machine has no address but loopback")
def test_an_app_in_another_container_sends(bin_folder: Path, tmp_path: Path) -> None:
    """The command, health check and app run as written; plain http to another host must be allowed explicitly."""
    services: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))["services"]
    (command,) = re.findall(r"^CMD (\[.*\])$", (FOLDER / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    program, *options = services["sandbox"]["command"]
    assert json.loads(command) == [program, *options]

    with subprocess.Popen(
        [bin_folder / program, *options, "--port", "0"], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as sandbox:
        try:
            assert sandbox.stdout is not None
            printed = ""
            while "Ctrl-C" not in printed:
                printed += sandbox.stdout.readline()
            (port,) = re.findall(r"sandbox at http://127\.0\.0\.1:(\d+)/", printed)
            _, _, *check = services["sandbox"]["healthcheck"]["test"]
            healthy = subprocess.run(
                [bin_folder / "python", *(word.replace("8787", port) for word in check)], check=False, cwd=tmp_path
            )
            place = {
                "SANDBOX": services["app"]["environment"]["SANDBOX"].replace("sandbox:8787", f"{_address()}:{port}")
            }
            allowed, refused = (
                _run_app(bin_folder, tmp_path, place | more)
                for more in ({"BLOOIO_ALLOW_HTTP": services["app"]["environment"]["BLOOIO_ALLOW_HTTP"]}, {})
            )
        finally:
            sandbox.terminate()

    assert "WARNING: other machines can reach this sandbox" in printed
    assert healthy.returncode == 0
    assert allowed.stdout.startswith("msg_"), allowed.stderr
    assert "http" in refused.stderr
    assert refused.returncode == 1


def _run_app(bin_folder: Path, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    command = [bin_folder / "python", FOLDER / "app.py"]
    return subprocess.run(
        command, cwd=folder, env=kept | environment, capture_output=True, text=True, timeout=60, check=False
    )
