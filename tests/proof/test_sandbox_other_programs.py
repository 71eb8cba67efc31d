"""Independent programs: Blooio's official package, an elizaOS plugin, and pytest with xdist."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

import pytest

from blooio_sandbox import Sandbox

PACKAGES = ("blooio", "elizaos-plugin-blooio")
ROOT = Path(__file__).resolve().parents[2]
PNG = "b'\\x89PNG\\r\\n\\x1a\\n' + bytes(16)"
OFFICIAL_CLIENT = f"""
import sys
from blooio import Blooio

client = Blooio(api_key=sys.argv[2], base_url=sys.argv[1], max_retries=0)
chat = "+15551234567"
sent = client.chats.messages.send(chat, text="Hello from the official client")
client.chats.messages.react(sent.message_id, chat_id=chat, reaction="+love")
listed = client.chats.messages.list(chat)
status = client.chats.messages.get_status(sent.message_id, chat_id=chat)
background = client.chats.background.set(chat, background=("b.png", {PNG}))
poll = client.chats.polls.send(chat, options=["Pizza", "Sushi"])
results = client.chats.polls.get_results(poll.poll_id, chat_id=chat)
print(len(listed.messages), status.status, background.has_background, results.total_votes)
"""
ONE_CALL = """
import sys
from blooio import Blooio, NotFoundError

client = Blooio(api_key=sys.argv[2], base_url=sys.argv[1], max_retries=0)
try:
    client.chats.messages.send("+15551234567", text="Hello")
except NotFoundError as error:
    print(error.body["message"])
"""
RECEIVING = """
import asyncio, json, queue, sys, threading, urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from blooio import Blooio
from elizaos_plugin_blooio import BlooioConfig, BlooioService, MessageTarget

base_url, key = sys.argv[1:]
received = queue.Queue()

class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        received.put((self.rfile.read(int(self.headers["content-length"])), dict(self.headers)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = Blooio(api_key=key, base_url=base_url, max_retries=0)
hook = client.webhooks.create(webhook_url=f"http://127.0.0.1:{server.server_port}/", webhook_type="all")
service = BlooioService(BlooioConfig(api_key=key, api_base_url=base_url, webhook_secret=hook.signing_secret))
sent = json.dumps({"text": "Hi", "attachments": ["https://example.com/a.jpg", "https://example.com/b.jpg"]}).encode()
urllib.request.urlopen(base_url.replace("/v2/api", "/_sandbox/phones/%2B15551234567/sends"), sent)
body, headers = received.get(timeout=20)
batch = json.loads(body)
event = batch[0] if isinstance(batch, list) else batch
data = event.get("data", event)
target = MessageTarget.from_str(data["sender"])
asyncio.run(service.send_message(target, "You wrote: " + data["text"]))
received.get(timeout=20)  # message.queued, of the reply
logs = client.webhooks.logs.list(hook.webhook_id, sort="asc").logs
replayed = client.webhooks.logs.replay(logs[0].event_id, webhook_id=hook.webhook_id)
again, replay_headers = received.get(timeout=20)
print(json.dumps({
    "verified": service.verify_webhook(body, headers["X-Blooio-Signature"]),
    "forged": service.verify_webhook(body + b" ", headers["X-Blooio-Signature"]),
    "type": event.get("type") or event["event"],
    "urls": [each if isinstance(each, str) else each["url"] for each in data["attachments"]],
    "kinds": [type(each).__name__ for each in data["attachments"]],
    "logged": logs[0].event_body.model_dump(mode="json")["event" if "event" in event else "type"],
    "replayed": replayed.success and replay_headers["X-Blooio-Replay"],
    "verified_again": service.verify_webhook(again, replay_headers["X-Blooio-Signature"]),
}))
"""
TESTS = """
import pytest

@pytest.mark.parametrize("number", range(20))
def test_it(blooio, blooio_sandbox, number):
    assert blooio_sandbox.messages == []
    blooio.chat("+15551234567").send(str(number))
    assert [message.text for message in blooio_sandbox.messages] == [str(number)]
    blooio_sandbox.assert_no_duplicates()
"""


@pytest.fixture(scope="module")
def official(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The Python of a virtual environment with the official package."""
    folder = tmp_path_factory.mktemp("official")
    venv.create(folder, with_pip=True)
    python = str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES], check=True)
    return python


def _run(python: str, program: str, sandbox: Sandbox) -> str:
    command = [python, "-c", program, sandbox.base_url, sandbox.api_key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.proof
def test_the_official_client_works(official: str) -> None:
    """The official client sends, reacts, lists, uploads and polls; its unencoded plus sign is read as a plus sign."""
    with Sandbox(lenient_encoding=True) as sandbox:
        printed = _run(official, OFFICIAL_CLIENT, sandbox)
        sandbox.assert_sent(text="Hello from the official client", to="+15551234567")
        sandbox.assert_no_duplicates()
        operations = [request.operation for request in sandbox.requests]
        statuses = {request.status for request in sandbox.requests}

    print(f"\nofficial client: {', '.join(map(str, operations))}")
    assert printed.split() == ["1", "queued", "True", "0"]
    assert statuses == {200, 202}


@pytest.mark.proof
def test_the_official_client_gets_the_hint(official: str) -> None:
    """Without lenient encoding, its unencoded plus sign gets a 404 with a hint."""
    with Sandbox() as sandbox:
        hint = _run(official, ONE_CALL, sandbox)

    print(f"\nofficial client, strict encoding: {hint.strip()}")
    assert "percent-encode it as %2B" in hint


@pytest.mark.proof
@pytest.mark.parametrize(
    ("form", "kinds"),
    [
        ({}, ["dict", "dict"]),
        ({"attachments": "url", "sparse": True}, ["str", "str"]),
        ({"attachments": "both", "payload": "v4"}, ["str", "dict"]),
        ({"attachments": "url", "payload": "v4", "batches": "list"}, ["str", "str"]),
    ],
)
def test_other_receivers_work(official: str, form: dict[str, Any], kinds: list[str]) -> None:
    """Every format is delivered, verified by the plugin, read from the log, replied to and replayed."""
    with Sandbox(lenient_encoding=True, status_delay=60, **form) as sandbox:
        result = json.loads(_run(official, RECEIVING, sandbox))
        sandbox.assert_sent("You wrote: Hi", to="+15551234567")

    assert result == {
        "verified": True,
        "forged": False,
        "type": "message.received",
        "urls": ["https://example.com/a.jpg", "https://example.com/b.jpg"],
        "kinds": kinds,
        "logged": "message.received",
        "replayed": "true",
        "verified_again": True,
    }


@pytest.mark.proof
def test_the_fixtures_are_safe_under_xdist(tmp_path: Path) -> None:
    """Each worker has its own server, and every test finds it empty."""
    target = tmp_path / "packages"
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*install, "--target", str(target), "pytest-xdist", "execnet"], check=True)
    (tmp_path / "test_it.py").write_text(TESTS)
    paths = [str(target), *(str(ROOT / room) for room in ("", "overrides", "sandbox"))]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    plugins = ["-p", "no:cacheprovider", "-p", "blooio_sandbox.pytest_plugin", "-p", "xdist", "-n", "3"]
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", *plugins, "test_it.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert "20 passed" in done.stdout, done.stdout + done.stderr
