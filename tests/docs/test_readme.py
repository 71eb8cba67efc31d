"""The README's examples run as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from blooio_client import webhooks
from blooio_sandbox import Sandbox

README = Path(__file__).resolve().parents[2] / "README.md"


def examples() -> Iterator[object]:
    """Each Python block of the README, under the heading that it stands below."""
    heading = ""
    for match in re.finditer(r"^## ([^\n]*)$|^```python\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        heading = match[1] or heading
        if match[2]:
            yield pytest.param(match[2], id=heading.lower().replace(" ", "-"))


@pytest.mark.parametrize("code", list(examples()))
def test_an_example_runs(code: str, blooio_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A block that is pasted into a file does what it says, with settings from the environment."""
    monkeypatch.setenv("BLOOIO_API_KEY", blooio_sandbox.api_key)
    monkeypatch.setenv("BLOOIO_BASE_URL", blooio_sandbox.base_url)
    blooio_sandbox.phone("+15551234567").sends("Hello")

    exec(compile(code, str(README), "exec"), {})  # noqa: S102 - that is what is tested


def test_the_webhook_example_handles(capsys: pytest.CaptureFixture[str]) -> None:
    """The function that the README shows reads a signed delivery."""
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    code = next(block for block in blocks if "def handle" in block)
    namespace: dict[str, object] = {}
    exec(compile(code, str(README), "exec"), namespace)  # noqa: S102 - that is what is tested
    body = b'{"event": "message.received", "text": "Hi", "external_id": "+15551234567", "message_id": "msg_1"}'
    handle = namespace["handle"]
    assert callable(handle)
    handle(body, {"X-Blooio-Signature": webhooks.sign(body, "whsec_1")}, "whsec_1")

    assert capsys.readouterr().out == "+15551234567 writes Hi\n"
