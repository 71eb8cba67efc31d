"""`make contract LIVE=1` reports deviations from the document, only reads, and shows no value."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from blooio_sandbox import Sandbox

SCRIPT = Path(__file__).parents[2] / "scripts" / "live.py"
ANN = "+15551234567"


def drift(path: str, body: Any) -> Any:
    """Make the service's responses deviate from the document."""
    if path.endswith("/me/numbers"):
        body["numbers"][0]["is_active"] = "canary-yes"
        body["numbers"][0]["new_field"] = "canary-plan"
    if path.endswith("/chats"):
        del body["chats"][0]["id"]
    return body


def live(url: str, key: str) -> subprocess.CompletedProcess[str]:
    """Run the comparison."""
    environment = {**os.environ, "BLOOIO_API_KEY": key, "BLOOIO_BASE_URL": url}
    return subprocess.run([sys.executable, SCRIPT], env=environment, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture
def filled() -> Any:
    """A sandbox with some data."""
    with Sandbox(clock="stepped", enabled=["getMyContactCard"]) as sandbox:
        sandbox.phone(ANN).sends("canary-text")
        headers = {"authorization": f"Bearer {sandbox.api_key}"}
        httpx.post(
            f"{sandbox.base_url}/contacts",
            json={"identifier": ANN, "name": "canary-name"},
            headers=headers,
            timeout=60.0,
        )
        yield sandbox


@pytest.fixture
def proxied(httpserver: HTTPServer, filled: Sandbox) -> tuple[str, list[str]]:
    """The sandbox behind a server that changes some responses, and the methods received."""
    methods = list[str]()

    def handle(request: Request) -> Response:
        methods.append(request.method)
        got = httpx.get(
            filled.base_url + request.full_path.removeprefix("/v2").rstrip("?"),
            headers={"authorization": request.headers["authorization"]},
            timeout=60.0,
        )
        status = 418 if request.path.endswith("/contacts") else got.status_code
        return Response(json.dumps(drift(request.path, got.json())), status, content_type="application/json")

    forward: Callable[[Request], Response] = handle
    httpserver.expect_request(re.compile(".*")).respond_with_handler(forward)
    return httpserver.url_for("/v2"), methods


def test_a_service_as_documented(filled: Sandbox) -> None:
    """Without deviations, nothing is reported; operations without an id are skipped."""
    done = live(filled.base_url, filled.api_key)

    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("differs")] == []
    assert (done.returncode, done.stderr) == (0, "")
    assert {line.split()[0] for line in lines} == {"skipped"}
    assert "skipped lookupPhoneNumber: it needs a query" in lines


def test_a_service_that_differs(proxied: tuple[str, list[str]], filled: Sandbox) -> None:
    """Each deviation is one line with location and kind; no value is shown, and only GET is sent."""
    url, methods = proxied

    done = live(url, filled.api_key)

    assert done.returncode == 1
    assert "differs listNumbers 200: /numbers[]/is_active is a string, against `type`" in done.stdout
    assert "differs listNumbers 200: /numbers[]/new_field (a string) is not documented" in done.stdout
    assert "differs listContacts: the status 418 is not documented" in done.stdout
    assert "skipped listChatMessages: there is no chatId" in done.stdout
    assert set(methods) == {"GET"}
    assert not [text for text in ("canary", ANN, filled.api_key) if text in done.stdout + done.stderr]


def test_a_key_is_required() -> None:
    """Without an API key, the command fails and calls nothing."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BLOOIO_")}
    done = subprocess.run([sys.executable, SCRIPT], env=environment, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr.strip()) == (1, "set BLOOIO_API_KEY")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/v2", "127.0.0.1"])
def test_a_service_that_cannot_be_reached(url: str) -> None:
    """A connection that fails is not a difference from the document."""
    done = live(url, "key")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("the service cannot be reached (")
    assert "Traceback" not in done.stderr


def test_a_key_that_is_rejected(filled: Sandbox) -> None:
    """A rejected API key is not a difference from the document."""
    done = live(filled.base_url, "wrong")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "the service rejected the API key: check BLOOIO_API_KEY\n"
