"""The code in the README that is shown but not called."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from blooio_client import webhooks

README = Path(__file__).resolve().parents[2] / "README.md"


def test_the_webhook_example_handles(capsys: pytest.CaptureFixture[str]) -> None:
    """The function in the README handles a signed delivery."""
    blocks = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    code = next(block for block in blocks if "def handle" in block)
    namespace: dict[str, object] = {}
    exec(compile(code, str(README), "exec"), namespace)  # noqa: S102 - the claim
    body = b'{"event": "message.received", "text": "Hi", "external_id": "+15551234567", "message_id": "msg_1"}'
    handle = namespace["handle"]
    assert callable(handle)
    handle(body, {"X-Blooio-Signature": webhooks.sign(body, "whsec_1")}, "whsec_1")

    assert capsys.readouterr().out == "+15551234567 writes Hi\n"
