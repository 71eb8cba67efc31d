"""The examples run unchanged."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from blooio_sandbox import Sandbox

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
APPLICATIONS = sorted([*EXAMPLES.glob("webhooks_*.py"), EXAMPLES / "group_assistant.py"])
# The other examples are tested below and in test_tasks.py.
OTHERS = {
    f"{name}.py" for name in ("demo", "reminders", "crm_sync", "concurrent_sends", "own_client", "lambda_receiver")
}
SCRIPTS = sorted(path for path in EXAMPLES.glob("*.py") if path.name not in OTHERS and path not in APPLICATIONS)
PHOTO = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


@pytest.mark.parametrize("script", [pytest.param(path, id=path.stem) for path in SCRIPTS])
def test_a_script_runs(
    script: Path,
    blooio_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In a folder with a photo, configured by the environment, each script runs and prints its result."""
    monkeypatch.setenv("BLOOIO_API_KEY", blooio_sandbox.api_key)
    monkeypatch.setenv("BLOOIO_BASE_URL", blooio_sandbox.base_url)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo.jpg").write_bytes(PHOTO)
    blooio_sandbox.phone("+15551234567").sends("Hello")

    monkeypatch.setattr(sys, "argv", [str(script)])
    runpy.run_path(str(script), run_name="__main__")

    said = capsys.readouterr().out
    assert said.strip()
    assert blooio_sandbox.api_key not in said
    assert "whsec_" not in said
    blooio_sandbox.assert_no_duplicates()


def test_every_example_is_listed() -> None:
    """The list of examples contains each of them."""
    listed = (EXAMPLES / "README.md").read_text("utf-8")

    names = [path.name for path in EXAMPLES.iterdir() if path.name not in ("README.md", "__pycache__")]
    assert [name for name in names if f"`{name}`" not in listed and f"`{name}/`" not in listed] == []


def test_the_demo_does_the_main_job() -> None:
    """Without settings, the offline demo sends, reacts to index -1, verifies a webhook and shows the conversation."""
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / "demo.py"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    for line in ("sent, once", "index -1", "signature verified: message.received", "◖ Lovely, see you then!"):
        assert line in done.stdout


def test_the_demo_needs_a_recipient(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a key but no recipient, the demo sends nothing and says what is missing."""
    monkeypatch.setenv("BLOOIO_API_KEY", "bl_live_canary")
    done = subprocess.run([sys.executable, EXAMPLES / "demo.py"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "TO=" in done.stderr
    assert "canary" not in done.stdout + done.stderr


def test_the_demo_for_real_does_the_same(blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a key and a recipient, the demo sends and reacts through the service set in the environment."""
    monkeypatch.setenv("BLOOIO_API_KEY", blooio_sandbox.api_key)
    monkeypatch.setenv("BLOOIO_BASE_URL", blooio_sandbox.base_url)
    monkeypatch.setenv("TO", "+15551234567")
    done = subprocess.run([sys.executable, EXAMPLES / "demo.py"], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert [message.text for message in blooio_sandbox.messages] == ["Hello from blooio-client 👋"]
    assert "no WEBHOOK_URL is set" in done.stdout
