# Derived from ../_async/test_webhook_logs.py by `make derive`. Do not edit.
"""The log of webhook deliveries, and replays."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from received import received

from blooio_client import Blooio
from blooio_client.errors import InvalidArgumentError, NotFoundError, ServerError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"


def test_deliveries_are_listed_and_replayed(client: Blooio, blooio_sandbox: Sandbox, httpserver: HTTPServer) -> None:
    """The log is read page by page with its filters; a replay is another delivery with a new event id."""
    httpserver.expect_request("/hook").respond_with_data("")
    webhook = client.webhooks.create(httpserver.url_for("/hook"))
    for text in ("one", "two"):
        blooio_sandbox.phone(PHONE).sends(text)
    blooio_sandbox.wait_for_deliveries()

    logs = client.webhooks.logs.list(webhook, sort="asc", status=200, min_status=200, max_status=299, page_size=1)
    first, second = [log for log in logs]
    replay = client.webhooks.logs.replay(webhook, first)

    assert [log.event_body and log.event_body.text for log in (first, second)] == ["one", "two"]
    assert (replay.success, replay.original_event_id) == (True, first.event_id)
    assert replay.replay_event_id != first.event_id
    path = f"/webhooks/{webhook.webhook_id}/logs"
    query = "sort=asc&status=200&min_status=200&max_status=299"
    assert received(blooio_sandbox)[1:] == [
        ("GET", f"{path}?limit=1&offset=0&{query}", None),
        ("GET", f"{path}?limit=1&offset=1&{query}", None),
        ("POST", f"{path}/{first.event_id}/replay", None),
    ]


def test_each_attempt_is_an_entry(stub: Blooio, httpserver: HTTPServer) -> None:
    """Each attempt to deliver an event is listed; an entry repeated because a page shifted is not."""
    attempts = [
        {"event_id": "evt_1", "attempted_time": 1},
        {"event_id": "evt_1", "attempted_time": 2},
        {"event_id": "evt_1", "attempted_time": 2},
        {"event_id": "evt_2"},
        {"event_id": "evt_2"},
    ]
    httpserver.expect_request("/v2/api/webhooks/wh_1/logs").respond_with_json(
        {"logs": attempts, "pagination": {"has_more": False}}
    )

    listed = [log.event_id for log in stub.webhooks.logs.list("wh_1")]

    assert listed == ["evt_1", "evt_1", "evt_2", "evt_2"]


def test_an_unknown_event_cannot_be_replayed(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A replay of an unknown event raises an error."""
    with pytest.raises(NotFoundError):
        client.webhooks.logs.replay("wh_1", "evt_1")

    assert received(blooio_sandbox) == [("POST", "/webhooks/wh_1/logs/evt_1/replay", None)]


def test_a_replay_of_unknown_outcome_is_not_repeated(stub: Blooio, httpserver: HTTPServer) -> None:
    """A replay is not retried, since a retry could deliver the event twice."""
    httpserver.expect_request("/v2/api/webhooks/wh_1/logs/evt_1/replay").respond_with_data("", status=500)

    with pytest.raises(ServerError) as caught:
        stub.webhooks.logs.replay("wh_1", "evt_1")

    assert (caught.value.attempts, caught.value.sent) == (1, None)


@pytest.mark.parametrize("nothing", ["", " ", None, 7])
def test_blank_ids_raise(client: Blooio, blooio_sandbox: Sandbox, nothing: Any) -> None:
    """Webhook and event ids must not be blank."""
    with pytest.raises(InvalidArgumentError, match="webhook is"):
        client.webhooks.logs.list(nothing)
    with pytest.raises(InvalidArgumentError, match="webhook is"):
        client.webhooks.logs.replay(nothing, "evt_1")
    with pytest.raises(InvalidArgumentError, match="event is"):
        client.webhooks.logs.replay("wh_1", nothing)

    assert blooio_sandbox.requests == []
