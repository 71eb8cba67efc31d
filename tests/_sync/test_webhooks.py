# Derived from ../_async/test_webhooks.py by `make derive`. Do not edit.
"""Webhook subscriptions and their deliveries."""

from __future__ import annotations

import datetime

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import Blooio, webhooks
from blooio_client.errors import APIError, InvalidArgumentError, NotFoundError, ServerError
from blooio_sandbox import Sandbox

PHONE = "+15551234567"
URL = "https://example.com/hook"


def test_a_subscription_shows_its_secret_once(client: Blooio) -> None:
    """The secret is returned only when a URL is first registered."""
    new = client.webhooks.create(URL)
    known = client.webhooks.create(URL)

    assert (new.created, known.created) == (True, False)
    assert new.signing_secret is not None
    assert known.signing_secret is None
    assert new.signing_secret.reveal() not in repr(new)
    assert known.webhook_id == new.webhook_id


def test_a_subscription_is_updated_and_deleted(client: Blooio) -> None:
    """An update sends only the given fields, None clears `valid_until`, and a deleted webhook is not found."""
    created = client.webhooks.create(URL, type="all", valid_until=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC))
    updated = client.webhooks.update(created, valid_until=None, deprecate=True)

    assert (updated.webhook_type, updated.valid_until, updated.is_active) == ("all", None, False)
    assert [webhook.webhook_id for webhook in client.webhooks.list()] == [created.webhook_id]
    assert (client.webhooks.delete(created)).success is True
    with pytest.raises(NotFoundError):
        client.webhooks.get(created.webhook_id)


def test_a_rotated_secret_is_new(client: Blooio) -> None:
    """Rotating a secret returns a new one."""
    created = client.webhooks.create(URL)
    rotated = client.webhooks.rotate_secret(created)

    assert rotated.signing_secret != created.signing_secret


@pytest.mark.blooio(disabled=["createWebhook"], seed={"webhooks": [{"url": URL}]})
def test_registration_that_moved(client: Blooio) -> None:
    """For a new URL, the 410's error says where to register; a known URL is returned without a secret."""
    known = client.webhooks.create(URL)
    with pytest.raises(APIError, match="POST /v4/webhooks") as caught:
        client.webhooks.create(f"{URL}/new")
    (listed,) = client.webhooks.list()
    updated = client.webhooks.update(known, type="all")
    rotated = client.webhooks.rotate_secret(listed)

    assert (known.created, known.signing_secret) == (False, None)
    assert (caught.value.status, caught.value.sent, "dashboard" in caught.value.hint) == (410, False, True)
    assert (updated.webhook_type, bool(rotated.signing_secret.reveal())) == ("all", True)


@pytest.mark.parametrize("failed", ["create", "rotate_secret"])
def test_requests_that_create_secrets_are_not_retried(stub: Blooio, httpserver: HTTPServer, failed: str) -> None:
    """A request that creates a secret is not retried, since a retry would replace the secret."""
    httpserver.expect_request("/v2/api/webhooks").respond_with_data("", status=500)
    httpserver.expect_request("/v2/api/webhooks/wh_1/secret/rotate").respond_with_data("", status=500)

    with pytest.raises(ServerError, match="Check before you retry") as caught:
        (stub.webhooks.create(URL) if failed == "create" else stub.webhooks.rotate_secret("wh_1"))

    assert (caught.value.sent, caught.value.attempts) == (None, 1)


def test_an_invalid_url_raises(client: Blooio, blooio_sandbox: Sandbox) -> None:
    """A webhook needs an http(s) URL."""
    with pytest.raises(InvalidArgumentError, match="http"):
        client.webhooks.create("example.com/hook")

    assert blooio_sandbox.requests == []


def test_a_delivery_is_verified_and_read(client: Blooio, blooio_sandbox: Sandbox, httpserver: HTTPServer) -> None:
    """A valid delivery is parsed into a typed event; with one more byte, it raises an error."""
    httpserver.expect_request("/hook", method="POST").respond_with_data("")
    created = client.webhooks.create(httpserver.url_for("/hook"))
    blooio_sandbox.phone(PHONE).sends("Hello from outside")
    blooio_sandbox.wait_for_deliveries()
    delivery = httpserver.log[-1][0]
    secret = created.signing_secret
    assert secret is not None

    event = webhooks.unwrap(delivery.data, delivery.headers, secret=secret)

    assert isinstance(event, webhooks.MessageReceived)
    assert (event.text, event.chat_id, event.is_group) == ("Hello from outside", PHONE, False)
    with pytest.raises(webhooks_error()):
        webhooks.unwrap(delivery.data + b" ", delivery.headers, secret=secret)


def webhooks_error() -> type[Exception]:
    """Return the error of a delivery with an invalid signature."""
    from blooio_client.errors import SignatureMismatchError

    return SignatureMismatchError
