"""Deliveries that a test disturbs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from werkzeug import Response

from blooio_overrides.errors import SignatureMismatchError, TimestampOutsideToleranceError
from blooio_overrides.webhooks import unwrap

if TYPE_CHECKING:
    import httpx
    from pytest_httpserver import HTTPServer
    from werkzeug import Request

    from blooio_sandbox import Sandbox


class Receiver:
    """A webhook receiver that verifies signatures and rejects invalid ones."""

    def __init__(self, server: HTTPServer, api: httpx.Client) -> None:
        self.texts: list[str] = []
        self.refused: list[type[Exception]] = []
        server.expect_request("/hook").respond_with_handler(self._answer)
        body = {"webhook_url": server.url_for("/hook"), "webhook_type": "all"}
        self.webhook: dict[str, Any] = api.post("/webhooks", json=body).json()

    def _answer(self, request: Request) -> Response:
        try:
            event = unwrap(request.data, dict(request.headers), secret=self.webhook["signing_secret"])
        except (SignatureMismatchError, TimestampOutsideToleranceError) as error:
            self.refused.append(type(error))
            return Response("", 401)
        self.texts.append(event.raw["text"])
        return Response("", 204)


@pytest.fixture
def receiver(httpserver: HTTPServer, api: httpx.Client) -> Receiver:
    """A subscribed webhook."""
    return Receiver(httpserver, api)


def _write(sandbox: Sandbox, *texts: str) -> None:
    for text in texts:
        sandbox.phone("+15551234567").sends(text)
        sandbox.wait_for_deliveries()


def test_an_event_arrives_several_times(sandbox: Sandbox, receiver: Receiver) -> None:
    """A repeated event arrives as often as requested, and the next one once."""
    sandbox.disturb_deliveries(copies=3)
    _write(sandbox, "one", "two")

    assert receiver.texts == ["one", "one", "one", "two"]


def test_an_event_is_overtaken(sandbox: Sandbox, receiver: Receiver) -> None:
    """A swapped event arrives after the next one to the same webhook."""
    sandbox.disturb_deliveries(swapped=True)
    _write(sandbox, "one", "two", "three")

    assert receiver.texts == ["two", "one", "three"]


def test_an_event_is_late(sandbox: Sandbox, receiver: Receiver) -> None:
    """A delayed event follows the sandbox's clock; others overtake it."""
    sandbox.disturb_deliveries(delay=60)
    _write(sandbox, "one", "two")
    before = [*receiver.texts]
    sandbox.advance(seconds=60)
    sandbox.wait_for_deliveries()

    assert (before, receiver.texts) == (["two"], ["two", "one"])


@pytest.mark.parametrize(
    ("disturbance", "error"),
    [
        ({"wrong_signature": True}, SignatureMismatchError),
        ({"stale_by": 3600}, TimestampOutsideToleranceError),
        ({"stale_by": -3600}, TimestampOutsideToleranceError),
    ],
)
def test_an_invalid_signature(
    sandbox: Sandbox, receiver: Receiver, disturbance: dict[str, Any], error: type[Exception]
) -> None:
    """A verifying receiver rejects the invalid signature, and accepts the retry."""
    sandbox.disturb_deliveries(**disturbance)
    _write(sandbox, "one")
    before = [*receiver.texts]
    sandbox.advance(seconds=60)
    sandbox.wait_for_deliveries()

    assert (before, receiver.texts, receiver.refused) == ([], ["one"], [error])


def test_a_stale_delivery_has_a_valid_signature(api: httpx.Client, sandbox: Sandbox, httpserver: HTTPServer) -> None:
    """A stale delivery has a valid signature with an old timestamp."""
    requests: list[Request] = []

    def answer(request: Request) -> Response:
        requests.append(request)
        return Response("", 204)

    httpserver.expect_request("/other").respond_with_handler(answer)
    secret = api.post("/webhooks", json={"webhook_url": httpserver.url_for("/other")}).json()["signing_secret"]
    sandbox.disturb_deliveries(stale_by=3600)
    started = int(time.time())
    _write(sandbox, "one")
    headers = dict(requests[0].headers)
    stamp = int(headers["X-Blooio-Signature"].partition(",")[0].removeprefix("t="))

    assert unwrap(requests[0].data, headers, secret=secret, tolerance=None).raw["text"] == "one"
    assert started - 3600 <= stamp <= int(time.time()) - 3600


def test_only_some_events_are_disturbed(sandbox: Sandbox, receiver: Receiver) -> None:
    """A disturbance applies to its event only, as often as requested."""
    sandbox.disturb_deliveries(copies=2, times=2, event="message.received")
    sandbox.disturb_deliveries(copies=5, event="message.reaction")
    _write(sandbox, "one", "two", "three")

    assert receiver.texts == ["one", "one", "two", "two", "three"]


def test_disturbances_can_be_removed(sandbox: Sandbox, receiver: Receiver) -> None:
    """`stop_failing` and `reset` remove disturbances."""
    sandbox.disturb_deliveries(copies=2)
    sandbox.stop_failing()
    _write(sandbox, "one")

    assert receiver.texts == ["one"]


@pytest.mark.parametrize(
    "disturbance", [{"times": 0}, {"copies": 0}, {"delay": -1}, {"delay": 1e300}, {"stale_by": 1e300}]
)
def test_an_invalid_disturbance_raises(sandbox: Sandbox, disturbance: dict[str, float]) -> None:
    """An invalid argument raises an error that names it."""
    with pytest.raises(ValueError, match=next(iter(disturbance))):
        sandbox.disturb_deliveries(**disturbance)  # type: ignore[arg-type]


def test_a_disturbance_of_an_unknown_event_raises(sandbox: Sandbox) -> None:
    """An event that the sandbox never delivers raises an error that suggests one."""
    with pytest.raises(ValueError, match=r"such as 'message\.received', not 'message\.receive'"):
        sandbox.disturb_deliveries(event="message.receive")
