"""The examples for web frameworks, each served as in production, with deliveries from the sandbox."""

from __future__ import annotations

import json
import runpy
import socket
import struct
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, chdir, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import attrs
import httpx
import pytest
import webhook_servers

from blooio_client import Blooio, webhooks
from blooio_overrides.webhooks.signatures import MAX_BODY
from blooio_sandbox import Sandbox

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
PHONE = "+15551234567"
Serving = Callable[[Any, socket.socket], AbstractContextManager[None]]
FRAMEWORKS: dict[str, tuple[str, Serving]] = {
    "aiohttp": ("app", webhook_servers.by_aiohttp),
    "fastapi": ("app", webhook_servers.by_uvicorn),
    "flask": ("app", webhook_servers.by_werkzeug),
    "django": ("application", webhook_servers.by_django),
}


@attrs.frozen
class Running:
    """An example that is being served, and the sandbox that delivers to it."""

    framework: str
    sandbox: Sandbox
    client: Blooio
    webhook: str
    url: str
    secret: str = attrs.field(repr=False)

    def signed(self, body: bytes) -> dict[str, str]:
        """The headers of a delivery."""
        return {"X-Blooio-Signature": webhooks.sign(body, self.secret)}

    def statuses(self) -> list[int | None]:
        """Return the statuses of the sandbox's deliveries to the example, oldest first."""
        self.sandbox.wait_for_deliveries()
        return [log.response_status for log in self.client.webhooks.logs.list(self.webhook, sort="asc")]

    def responses(self) -> list[str | None]:
        """Return the texts that the example has sent."""
        return [message.text for message in self.sandbox.messages]


@pytest.fixture(scope="module", params=list(FRAMEWORKS))
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Run each example in its own folder, configured by the environment."""
    with (
        Sandbox(clock="stepped") as sandbox,
        Blooio(sandbox.api_key, base_url=sandbox.base_url) as client,
        webhook_servers.listening() as listener,
    ):
        url = webhook_servers.url_of(listener)
        webhook = client.webhooks.create(url, type="message")
        assert webhook.signing_secret
        settings = {
            "BLOOIO_API_KEY": sandbox.api_key,
            "BLOOIO_BASE_URL": sandbox.base_url,
            "BLOOIO_WEBHOOK_SECRET": webhook.signing_secret.reveal(),
        }
        with serving(request.param, settings, tmp_path_factory.mktemp(request.param), listener):
            secret = settings["BLOOIO_WEBHOOK_SECRET"]
            yield Running(request.param, sandbox, client, webhook.webhook_id, url, secret)


@contextmanager
def serving(framework: str, settings: dict[str, str], folder: Path, listener: socket.socket) -> Generator[None]:
    """Start and serve an example, and close what it opened afterwards."""
    name, serve = FRAMEWORKS[framework]
    with pytest.MonkeyPatch.context() as patch, chdir(folder):
        for variable, value in settings.items():
            patch.setenv(variable, value)
        module = runpy.run_path(str(EXAMPLES / f"webhooks_{framework}.py"), run_name=f"webhooks_{framework}")
        # Django imports a project's URLs by module name.
        patch.setitem(sys.modules, f"webhooks_{framework}", SimpleNamespace(**module))
        with serve(module[name], listener):
            yield
    module["receiver"].stop()
    module["receiver"].work.store.close()
    if isinstance(module["client"], Blooio):
        module["client"].close()


def test_a_message_is_replied_to_once(served: Running) -> None:
    """A message is replied to once; a replay is accepted and recognized."""
    phone = served.sandbox.phone(PHONE)
    phone.sends("one")
    phone.wait_for("You wrote: one")
    (log,) = served.client.webhooks.logs.list(served.webhook, sort="asc", limit=1)
    replay = served.client.webhooks.logs.replay(served.webhook, log)
    phone.sends("two")
    phone.wait_for("You wrote: two")

    assert replay.success
    assert set(served.statuses()) == {200}
    assert served.responses() == ["You wrote: one", "You wrote: two"]


def test_a_forged_delivery_is_rejected(served: Running) -> None:
    """An invalid signature gets 401, and the event is replied to once it arrives with a valid one."""
    before = len(served.responses())
    served.sandbox.disturb_deliveries(wrong_signature=True, event="message.received")
    served.sandbox.phone(PHONE).sends("three")
    assert served.statuses()[-1] == 401
    assert len(served.responses()) == before
    served.sandbox.advance(seconds=2)
    served.sandbox.phone(PHONE).wait_for("You wrote: three")

    assert served.statuses().count(401) == 1


def test_a_modified_delivery_is_rejected(served: Running) -> None:
    """Modified bodies and other invalid requests are rejected, each with its status."""
    body = json.dumps({"event": "typing.started", "external_id": PHONE}).encode()
    large = b" " * (MAX_BODY + 1)
    with httpx.Client(trust_env=False, timeout=60.0) as http:
        assert http.post(served.url, content=body, headers=served.signed(body)).status_code == 200
        assert http.post(served.url, content=body + b" ", headers=served.signed(body)).status_code == 401
        assert http.post(served.url, content=body).status_code == 401
        assert http.post(served.url, content=b"[]", headers=served.signed(b"[]")).status_code == 400
        got = http.get(served.url)
        assert (got.status_code, "POST" in got.headers["allow"]) == (405, True)
        assert http.post(served.url, content=large).status_code == 413


def test_a_chunked_body_is_read_up_to_the_limit(served: Running) -> None:
    """Chunks are joined, and a body over the limit is rejected; Django's development server drops chunks."""
    body = json.dumps({"event": "typing.stopped", "external_id": PHONE}).encode()
    half = b" " * (MAX_BODY // 2 + 1)
    with httpx.Client(trust_env=False, timeout=60.0) as http:
        whole = http.post(served.url, content=iter([body[:5], body[5:]]), headers=served.signed(body))
        assert whole.status_code == (503 if served.framework == "django" else 200)  # 503: no body, please retry
        if served.framework != "django":
            assert http.post(served.url, content=iter([half, half])).status_code == 413


def test_a_disconnecting_sender_affects_no_other(served: Running, capfd: pytest.CaptureFixture[str]) -> None:
    """After an interrupted delivery, the next one is accepted."""
    host, port = served.url.split("/")[2].split(":")
    with socket.create_connection((host, int(port))) as broken:
        broken.sendall(b"POST /blooio HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        # Closing then sends a reset, which the server notices at once.
        broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    served.sandbox.phone(PHONE).sends("five")
    served.sandbox.phone(PHONE).wait_for("You wrote: five")
    capfd.readouterr()

    assert served.statuses()[-1] == 200


def test_every_example_is_served() -> None:
    """Every example for a web framework is served."""
    assert {path.stem for path in EXAMPLES.glob("webhooks_*.py")} == {f"webhooks_{name}" for name in FRAMEWORKS}
