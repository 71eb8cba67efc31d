"""A newcomer's first five minutes with the sandbox, and the example with containers."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Generator

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def _started(arguments: list[str], until: str, **options: str | dict[str, str] | Path) -> Generator[str]:
    """Run a program, and return its output once a pattern appears in it."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(arguments, **pipes, **options) as process:  # type: ignore[call-overload]
        printed = ""
        assert process.stdout is not None
        while not re.search(until, printed):
            line = process.stdout.readline()
            assert line, printed
            printed += line
        try:
            yield printed
        finally:
            process.terminate()
            process.communicate(timeout=30)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (apt-get install chromium)")
def test_an_app_replies_to_the_phone_in_the_browser(tmp_path: Path) -> None:
    """A user starts the command and a FastAPI app, writes from a phone on the page, and reads the app's reply."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    pytest.importorskip("fastapi", reason="FastAPI is not installed")
    port = _free_port()
    webhook = f"http://127.0.0.1:{port}/blooio"
    command = [sys.executable, "-m", "blooio_sandbox", "--port", "0", "--webhook", webhook]
    with _started(command, "Ctrl-C") as printed:
        found = {name: re.search(pattern, printed) for name, pattern in _PRINTED.items()}
        address, page_url, key, secret = (match[1] if match else "" for match in found.values())
        environment = {"BLOOIO_API_KEY": key, "BLOOIO_BASE_URL": address, "BLOOIO_WEBHOOK_SECRET": secret}
        serve = [
            sys.executable,
            "-m",
            "uvicorn",
            "--app-dir",
            str(EXAMPLES),
            "--port",
            str(port),
            "webhooks_fastapi:app",
        ]
        with (
            _started(serve, "startup complete[^$]*running on", env=os.environ | environment, cwd=tmp_path),
            playwright.sync_playwright() as driver,
        ):
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            page = browser.new_page()
            page.goto(page_url)
            page.get_by_role("button", name="Write from a phone").click()
            page.get_by_label("People").fill("+15551234567")
            page.get_by_role("button", name="Start", exact=True).click()
            page.get_by_label("Message", exact=True).fill("Hi there")
            page.keyboard.press("Enter")
            page.locator(".theirs .bubble", has_text="You wrote: Hi there").wait_for()
            page.get_by_role("tab", name="Webhooks").click()
            page.locator(".entry", has_text="message.received").locator(".code.good").wait_for()
            browser.close()


_PRINTED = {
    "address": r"sandbox at (\S+)",
    "page": r"in a browser: (\S+)",
    "key": r"API key: (\S+)",
    "secret": r"signed with (\S+)",
}


def test_the_containers_of_the_example(tmp_path: Path) -> None:
    """With the commands of the Compose file, the app finds the random key and sends a message."""
    services = yaml.safe_load((EXAMPLES / "containers" / "compose.yaml").read_text("utf-8"))["services"]
    _, *options = services["sandbox"]["command"]
    command = [sys.executable, "-m", "blooio_sandbox", "--port", "0", *options]
    with _started(command, "Ctrl-C", cwd=tmp_path) as printed:
        (port,) = re.findall(r"sandbox at http://127\.0\.0\.1:(\d+)/", printed)
        environment = {"SANDBOX": f"http://127.0.0.1:{port}", "BLOOIO_ALLOW_HTTP": "1"}
        program = EXAMPLES / "containers" / "app.py"
        sent = subprocess.run(
            [sys.executable, program],
            env=os.environ | environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        named = httpx.get(
            f"http://127.0.0.1:{port}/_sandbox", headers={"Host": "sandbox:8787"}, trust_env=False, timeout=60.0
        )

    assert "WARNING: other machines can reach this sandbox" in printed
    assert sent.stdout.startswith("msg_")
    assert re.fullmatch("sandbox-key-[0-9a-f]{32}", named.json()["api_key"])
