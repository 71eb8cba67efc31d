"""Webhooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from blooio_sandbox.deliveries.events import is_wanted

if TYPE_CHECKING:
    import httpx

    from blooio_sandbox import Sandbox

URL = "https://hooks.example.com/blooio"


def test_the_secret_is_shown_once(api: httpx.Client) -> None:
    """A new URL gets 201 with a secret, and the same URL again gets 200 with the same id and no secret."""
    first, second = (api.post("/webhooks", json={"webhook_url": URL}) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["signing_secret"].startswith("whsec_")
    assert first.json()["webhook_type"] == "message"
    assert "signing_secret" not in second.json()
    assert first.json()["webhook_id"] == second.json()["webhook_id"]
    assert "signing_secret" not in api.get(f"/webhooks/{first.json()['webhook_id']}").json()


def test_there_are_at_most_64(api: httpx.Client) -> None:
    """A 65th webhook is a conflict, unless its URL is known."""
    statuses = [api.post("/webhooks", json={"webhook_url": f"{URL}/{index}"}).status_code for index in range(65)]

    assert statuses == [201] * 64 + [409]
    assert api.post("/webhooks", json={"webhook_url": f"{URL}/0"}).status_code == 200
    assert len(api.get("/webhooks").json()["webhooks"]) == 64


def test_a_webhook_is_updated_and_deleted(api: httpx.Client, sandbox: Sandbox) -> None:
    """An update changes the given fields, -1 and null mean no expiry, and a deleted webhook is gone."""
    path = f"/webhooks/{api.post('/webhooks', json={'webhook_url': URL}).json()['webhook_id']}"
    moment = sandbox.phone("+15551234567").sends("x").time_sent
    changed = api.patch(path, json={"webhook_type": "all", "valid_until": moment, "deprecate": True}).json()
    restored = api.patch(path, json={"valid_until": None, "deprecate": False}).json()

    assert (changed["webhook_type"], changed["valid_until"], changed["is_active"]) == ("all", moment, False)
    assert (restored["webhook_type"], restored["valid_until"], restored["deprecated_at"]) == ("all", -1, None)
    assert api.delete(path).json()["message"] == "Webhook deleted"
    assert api.get(path).status_code == 404


def test_a_secret_is_rotated(api: httpx.Client) -> None:
    """A rotation returns a new secret and increments the counter."""
    webhook = api.post("/webhooks", json={"webhook_url": URL}).json()
    rotated = [api.post(f"/webhooks/{webhook['webhook_id']}/secret/rotate").json() for _ in range(2)]

    assert len({webhook["signing_secret"], *(each["signing_secret"] for each in rotated)}) == 3
    assert [each["rotation_count"] for each in rotated] == [1, 2]


def test_an_invalid_url_is_rejected(api: httpx.Client) -> None:
    """A webhook URL must start with http or https."""
    assert api.post("/webhooks", json={"webhook_url": "ftp://example.com/x"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "method"),
    [("", "GET"), ("", "DELETE"), ("/secret/rotate", "POST"), ("/logs", "GET"), ("/logs/evt_1/replay", "POST")],
)
def test_an_unknown_webhook_is_not_found(api: httpx.Client, path: str, method: str) -> None:
    """Operations on an unknown webhook are a 404."""
    assert api.request(method, f"/webhooks/wh_unknown{path}").status_code == 404


@pytest.mark.parametrize(
    ("webhook_type", "wanted"),
    [
        ("message", {"message.received", "message.sent", "message.delivered", "message.failed", "message.read"}),
        ("status", {"message.sent", "message.delivered", "message.failed", "message.read"}),
        ("poll", {"poll.created", "poll.voted"}),
    ],
)
def test_a_type_selects_events(webhook_type: str, wanted: set[str]) -> None:
    """Only `all` receives queued messages, reactions and typing."""
    others = {"message.queued", "message.reaction", "typing.started", "poll.created", "poll.voted", *wanted}

    assert {event for event in others if is_wanted(webhook_type, event)} == wanted
    assert all(is_wanted("all", event) for event in others)
