"""The wheel that users install."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from wheel_places import command_of, python_with

ROOT = Path(__file__).resolve().parents[2]
OPTIONAL = "optional-dependencies"
# What people install each extra for.
USES = {
    "cli": "from blooio_cli.entry import main; assert main(['--version']) == 0",
    "fast": "import msgspec; from blooio_client import Message; assert Message.from_dict({'message_id': 'a'})",
    "outbox": "from blooio_client.outbox import Outbox; Outbox('sqlite:///a.db').close()",
    "postgres": "import procrastinate, psycopg; from blooio_client.outbox import Outbox",
    "sandbox": "from blooio_sandbox import Sandbox\nwith Sandbox() as sandbox: print(sandbox.base_url)",
}
PACKAGES = ("blooio_cli", "blooio_client", "blooio_outbox", "blooio_overrides", "blooio_sandbox")
SCRIPT = """
import blooio, overrides, blooio_client
from blooio_client import Blooio
from blooio_client.outbox import Outbox
from blooio_sandbox import Sandbox

class Base:
    def hello(self):
        return 1

class Derived(Base):
    @overrides.override
    def hello(self):
        return 2

assert Derived().hello() == 2
assert blooio.Blooio(api_key="key").api_key == "key"
with Sandbox() as sandbox, Blooio(sandbox.api_key, base_url=sandbox.base_url) as client:
    assert client.chat("+15551234567").send("Hello").message_id == sandbox.messages[0].id
    outbox = Outbox("sqlite:///outbox.db", quiet_hours=None)
    outbox.add("+15551234567", "Later", key="a")
    outbox.run(client, until_empty=True)
    assert [message.text for message in sandbox.messages] == ["Hello", "Later"]
print(blooio_client.__file__, blooio_client.__version__)
"""


@pytest.mark.proof
def test_the_wheel_is_reproducible(wheel: Path, tmp_path: Path) -> None:
    """The repository and its source distribution build the same wheel, byte for byte."""
    build = [sys.executable, "-m", "hatchling", "build"]
    subprocess.run([*build, "-t", "sdist", "-d", str(tmp_path)], cwd=ROOT, check=True)
    (source,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    subprocess.run(
        [*build, "-t", "wheel", "-d", str(tmp_path)], cwd=tmp_path / source.name.removesuffix(".tar.gz"), check=True
    )
    (again,) = tmp_path.glob("*.whl")

    assert again.read_bytes() == wheel.read_bytes()


@pytest.mark.proof
def test_contents_of_the_wheel(wheel: Path) -> None:
    """The wheel contains the packages, each marked as typed, and the OpenAPI document, but no tests."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {*PACKAGES}
    for package in PACKAGES:
        assert f"{package}/py.typed" in names
    assert {
        "blooio_sandbox/openapi.json",
        "blooio_sandbox/page/static/app.js",
        "blooio_sandbox/state/tables.sql",
    } <= {*names}


@pytest.mark.proof
def test_beside_packages_of_similar_names(wheel: Path, tmp_path: Path) -> None:
    """The wheel, PyPI's `overrides` and the official `blooio` can be installed together, and all three work."""
    python = python_with(tmp_path / "venv", f"{wheel}[cli,outbox,sandbox]", "overrides", "blooio")
    command = subprocess.run([command_of(python), "--version"], capture_output=True, text=True, check=True)
    done = subprocess.run([python, "-c", SCRIPT], capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "site-packages" in done.stdout
    assert command.stdout == f"blooio {done.stdout.split()[-1]}\n"


@pytest.mark.proof
def test_without_extras(wheel: Path, tmp_path: Path) -> None:
    """Without extras, the client works, and a user's pytest runs with the unused plugin."""
    python = python_with(tmp_path / "venv", str(wheel), "pytest")
    command = subprocess.run([command_of(python), "chats"], capture_output=True, text=True, check=False)
    outbox = subprocess.run(
        [python, "-c", "from blooio_client.outbox import Outbox"], capture_output=True, text=True, check=False
    )
    (tmp_path / "test_user.py").write_text(
        "from blooio_client import Blooio\n\ndef test_it():\n    Blooio('key').close()\n"
    )
    done = subprocess.run(
        [python, "-W", "error", "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_user.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )

    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert 'pip install "blooio-client[outbox]"' in outbox.stderr
    assert command.returncode == 1
    assert command.stderr == 'the command blooio needs an extra: pip install "blooio-client[cli]"\n'


@pytest.mark.proof
@pytest.mark.parametrize("extra", tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][OPTIONAL])
def test_an_extra_is_enough(wheel: Path, tmp_path: Path, extra: str) -> None:
    """Each extra installs everything that its part needs, without the other extras."""
    python = python_with(tmp_path / "venv", f"{wheel}[{extra}]")
    done = subprocess.run([python, "-c", USES[extra]], capture_output=True, text=True, check=False, cwd=tmp_path)

    assert done.returncode == 0, done.stderr


@pytest.mark.proof
def test_the_types_are_complete(wheel: Path, tmp_path: Path) -> None:
    """Every public symbol has a known type, including the outbox as a part of `blooio_client`."""
    python = python_with(tmp_path / "venv", f"{wheel}[cli,postgres,sandbox]", "pyright[nodejs]")
    # Pyright looks for packages in the first Python that it finds.
    environment = {**os.environ, "PATH": f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"}
    for package in ("blooio_client", "blooio_client.outbox", "blooio_outbox", "blooio_overrides", "blooio_sandbox"):
        command = [python, "-m", "pyright", "--verifytypes", package, "--ignoreexternal"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment)
        score = next((line for line in done.stdout.splitlines() if "completeness score" in line), done.stdout)

        assert "100%" in score, f"{package}: {done.stdout[-4000:]}"
