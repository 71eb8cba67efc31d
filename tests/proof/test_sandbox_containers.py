"""The example's containers, in Docker or Podman if its base image is present, and its commands without them."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    Engine = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "examples" / "containers"
IMAGE = f"blooio-proof-{os.getpid()}"


@pytest.fixture
def engine() -> Generator[Engine]:
    """Docker or Podman, which must have the Dockerfile's base image; the test removes what it creates."""
    (base,) = re.findall(r"^FROM (\S+)$", (FOLDER / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    programs = filter(None, map(shutil.which, ("docker", "podman")))
    program = next((each for each in programs if _run([each, "image", "inspect", base], 60).returncode == 0), None)
    if program is None:
        pytest.skip(f"no container engine runs here that has the image {base} (docker pull {base})")
    yield lambda *words: _run([program, *words], 600)
    _run([program, "rm", "--force", IMAGE], 60)
    _run([program, "network", "rm", IMAGE], 60)
    _run([program, "rmi", "--force", IMAGE], 60)


def _run(command: list[str], timeout: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.mark.proof
def test_two_containers_talk_to_each_other(engine: Engine, tmp_path: Path) -> None:
    """The image builds from the files that are not ignored, the services run as written, and the message arrives."""
    services: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8"))["services"]
    ignored = (FOLDER / "Dockerfile.dockerignore").read_text("utf-8").replace("**/", "").split()
    context = shutil.copytree(ROOT, tmp_path / "context", symlinks=True, ignore=shutil.ignore_patterns(*ignored))
    dockerfile = context / services["sandbox"]["build"]["dockerfile"]
    built = engine("build", "--tag", IMAGE, "--file", str(dockerfile), str(context))
    assert built.returncode == 0, built.stderr

    engine("network", "create", IMAGE)
    sandbox = ["--name", IMAGE, "--network", IMAGE, "--network-alias", "sandbox", IMAGE]
    started = engine("run", "--detach", *sandbox, *services["sandbox"]["command"])
    assert started.returncode == 0, started.stderr
    _, *check = services["sandbox"]["healthcheck"]["test"]
    while engine("exec", IMAGE, *check).returncode:
        assert engine("exec", IMAGE, "true").returncode == 0, engine("logs", IMAGE)

    settings = [f"--env={name}={value}" for name, value in services["app"]["environment"].items()]
    app = ["run", "--rm", "--network", IMAGE]
    allowed = engine(*app, *settings, IMAGE, *services["app"]["command"])
    refused = engine(*app, *settings, "--env=BLOOIO_ALLOW_HTTP=", IMAGE, *services["app"]["command"])
    stopped = engine("stop", "--time", "60", IMAGE)
    log = engine("logs", IMAGE)

    assert allowed.stdout.startswith("msg_"), allowed.stderr
    assert "would send the API key unencrypted" in refused.stderr
    assert "WARNING: other machines can reach this sandbox" in log.stdout
    assert re.findall(r"sendMessage  (\d+)", log.stdout) == ["202"]
    assert (stopped.returncode, log.stdout.rstrip().endswith("Stopped.")) == (0, True)


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
