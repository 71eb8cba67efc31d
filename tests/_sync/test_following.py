# Derived from ../_async/test_following.py by `make derive`. Do not edit.
"""Following webhook deliveries, and forwarding them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from traceback import walk_tb
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from blooio_client import Blooio, webhooks
from blooio_client.errors import InvalidArgumentError, NotFoundError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"


@pytest.fixture
def pauses(client: Blooio, monkeypatch: pytest.MonkeyPatch) -> list[Callable[[], Any]]:
    """Steps that run one by one, in place of the client's pauses."""
    waiting: list[Callable[[], Any]] = []

    def pause(_: float) -> None:
        waiting.pop(0)()

    monkeypatch.setattr(vars(client)["_sender"].connections, "sleep", pause)
    return waiting


def arriving(sandbox: Sandbox, *texts: str) -> Callable[[], Any]:
    """Return a step in which messages arrive."""

    def arrive() -> None:
        for text in texts:
            sandbox.phone(PHONE).sends(text)
        sandbox.wait_for_deliveries()

    return arrive


def test_new_deliveries_are_yielded_once_and_in_order(
    client: Blooio, blooio_sandbox: Sandbox, httpserver: HTTPServer, pauses: list[Callable[[], Any]]
) -> None:
    """Existing deliveries are skipped, later ones are yielded once, and a cursor resumes after its delivery."""
    httpserver.expect_request("/hook").respond_with_data("")
    webhook = client.webhooks.create(httpserver.url_for("/hook"))
    arriving(blooio_sandbox, "old")()
    pauses += [arriving(blooio_sandbox, "one", "two"), arriving(blooio_sandbox), arriving(blooio_sandbox, "three")]
    texts: list[str | None] = []
    cursors: list[str] = []

    with closing(client.webhooks.logs.follow(webhook)) as following:
        for delivery in following:
            assert isinstance(delivery.event, webhooks.MessageReceived)
            texts.append(delivery.event.text)
            cursors.append(delivery.cursor)
            if len(texts) == 3:
                break
    with closing(client.webhooks.logs.follow(webhook, cursor=cursors[0])) as following:
        again = [next(following), next(following)]

    assert texts == ["one", "two", "three"]
    assert [delivery.cursor for delivery in again] == cursors[1:]


def test_deliveries_are_forwarded(
    client: Blooio, blooio_sandbox: Sandbox, httpserver: HTTPServer, pauses: list[Callable[[], Any]]
) -> None:
    """Undelivered events are forwarded to a local server, signed with its own secret, and its status is returned."""
    webhook = client.webhooks.create("http://127.0.0.1:9/nobody")
    receiver = webhooks.Receiver(secret="whsec_local")
    texts: list[str | None] = []
    receiver.on(webhooks.MessageReceived)(lambda event: texts.append(event.text))

    def take(request: Request) -> Response:
        status = receiver.receive(webhooks.Delivery(request.method, request.headers, request.data))
        receiver.drain()
        return Response(status=status)

    httpserver.expect_request("/local").respond_with_handler(take)
    pauses += [arriving(blooio_sandbox, "one", "two")]
    forwarding = client.webhooks.logs.forward(webhook, httpserver.url_for("/local"), secret="whsec_local")
    with closing(forwarding) as forwarded:
        statuses = [(next(forwarded)).status, (next(forwarded)).status]

    assert statuses == [200, 200]
    assert texts == ["one", "two"]


def test_an_unavailable_local_server_does_not_stop_following(
    client: Blooio, blooio_sandbox: Sandbox, pauses: list[Callable[[], Any]]
) -> None:
    """An event that could not be forwarded has no status, and the next event is still forwarded."""
    webhook = client.webhooks.create("http://127.0.0.1:9/nobody")
    pauses += [arriving(blooio_sandbox, "one", "two")]
    forwarding = client.webhooks.logs.forward(webhook, "http://127.0.0.1:9/", secret="whsec_local")
    with closing(forwarding) as forwarded:
        first, second = next(forwarded), next(forwarded)

    assert (first.status, second.status) == (None, None)
    assert first.delivery.cursor != second.delivery.cursor


def test_invalid_arguments_of_follow_raise(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """An invalid cursor, interval or URL raises an error before anything is sent; so does an unknown webhook later."""
    with pytest.raises(InvalidArgumentError, match="cursor"):
        client.webhooks.logs.follow("wh_1", cursor="x")
    with pytest.raises(InvalidArgumentError, match="poll"):
        client.webhooks.logs.follow("wh_1", poll=-1)
    with pytest.raises(InvalidArgumentError, match="of this machine"):
        next(client.webhooks.logs.forward("wh_1", "https://example.com", secret="whsec_1"))
    assert blooio_sandbox.requests == []
    with pytest.raises(NotFoundError):
        next(client.webhooks.logs.follow("wh_1"))


@pytest.mark.parametrize("secret", ["", "whsec_1\n", b"whsec_1", None, ["whsec_1", 5]])
def test_an_invalid_secret_is_rejected_before_the_log_is_read(
    client: Blooio, blooio_sandbox: Sandbox, secret: Any
) -> None:
    """An invalid secret raises an error before anything is sent, and no local variable of the traceback holds it."""
    with pytest.raises(InvalidArgumentError, match=r"^secret ") as caught:
        next(client.webhooks.logs.forward("wh_1", "http://127.0.0.1:9", secret=secret))

    frames = [frame for frame, _ in walk_tb(caught.value.__traceback__) if "overrides" in frame.f_code.co_filename]
    assert "whsec_1" not in repr([frame.f_locals for frame in frames])
    assert len(frames) > 1
    assert blooio_sandbox.requests == []


def test_a_poll_reads_only_recent_pages(stub: Blooio, httpserver: HTTPServer) -> None:
    """Pages that are too old to contain new deliveries are not read."""
    recent = [{"event_id": f"evt_{number}", "attempted_time": 10**12} for number in range(99)]
    old = [{"event_id": "evt_old", "attempted_time": 1}]
    httpserver.expect_ordered_request("/v2/api/webhooks/wh_1/logs").respond_with_json(
        {"logs": [*recent, *old], "pagination": {"total": 1000}}
    )
    with closing(stub.webhooks.logs.follow("wh_1", cursor=f"{10**12 - 5}:evt_x", poll=0)) as following:
        assert (next(following)).log.event_id == "evt_98"

    assert len(httpserver.log) == 1
