"""Webhook subscriptions and their deliveries."""

from __future__ import annotations

import datetime

import pytest
from pytest_httpserver import HTTPServer

from blooio_client import AsyncBlooio, webhooks
from blooio_client.errors import APIError, InvalidArgumentError, NotFoundError, ServerError
from blooio_sandbox import Sandbox

pytestmark = pytest.mark.anyio

PHONE = "+15551234567"
URL = "https://example.com/hook"


async def test_a_subscription_shows_its_secret_once(client: AsyncBlooio) -> None:
    """The secret is returned only when a URL is first registered."""
    new = await client.webhooks.create(URL)
    known = await client.webhooks.create(URL)

    assert (new.created, known.created) == (True, False)
    assert new.signing_secret is not None
    assert known.signing_secret is None
    assert new.signing_secret.reveal() not in repr(new)
    assert known.webhook_id == new.webhook_id


async def test_a_subscription_is_updated_and_deleted(client: AsyncBlooio) -> None:
    """An update sends only the given fields, None clears `valid_until`, and a deleted webhook is not found."""
    created = await client.webhooks.create(
        URL, type="all", valid_until=datetime.datetime(2030, 1, 1, tzinfo=datetime.UTC)
    )
    updated = await client.webhooks.update(created, valid_until=None, deprecate=True)

    assert (updated.webhook_type, updated.valid_until, updated.is_active) == ("all", None, False)
    assert [webhook.webhook_id for webhook in await client.webhooks.list()] == [created.webhook_id]
    assert (await client.webhooks.delete(created)).success is True
    with pytest.raises(NotFoundError):
        await client.webhooks.get(created.webhook_id)


async def test_a_rotated_secret_is_new(client: AsyncBlooio) -> None:
    """Rotating a secret returns a new one."""
    created = await client.webhooks.create(URL)
    rotated = await client.webhooks.rotate_secret(created)

    assert rotated.signing_secret != created.signing_secret


@pytest.mark.blooio(disabled=["createWebhook"], seed={"webhooks": [{"url": URL}]})
async def test_registration_that_moved(client: AsyncBlooio) -> None:
    """For a new URL, the 410's error says where to register; a known URL is returned without a secret."""
    known = await client.webhooks.create(URL)
    with pytest.raises(APIError, match="POST /v4/webhooks") as caught:
        await client.webhooks.create(f"{URL}/new")
    (listed,) = await client.webhooks.list()
    updated = await client.webhooks.update(known, type="all")
    rotated = await client.webhooks.rotate_secret(listed)

    assert (known.created, known.signing_secret) == (False, None)
    assert (caught.value.status, caught.value.sent, "dashboard" in caught.value.hint) == (410, False, True)
    assert (updated.webhook_type, bool(rotated.signing_secret.reveal())) == ("all", True)


@pytest.mark.parametrize("failed", ["create", "rotate_secret"])
async def test_requests_that_create_secrets_are_not_retried(
    stub: AsyncBlooio, httpserver: HTTPServer, failed: str
) -> None:
    """A request that creates a secret is not retried, since a retry would replace the secret."""
    httpserver.expect_request("/v2/api/webhooks").respond_with_data("", status=500)
    httpserver.expect_request("/v2/api/webhooks/wh_1/secret/rotate").respond_with_data("", status=500)

    with pytest.raises(ServerError, match="Check before you retry") as caught:
        await (stub.webhooks.create(URL) if failed == "create" else stub.webhooks.rotate_secret("wh_1"))

    assert (caught.value.sent, caught.value.attempts) == (None, 1)


async def test_an_invalid_url_raises(client: AsyncBlooio, blooio_sandbox: Sandbox) -> None:
    """A webhook needs an http(s) URL."""
    with pytest.raises(InvalidArgumentError, match="http"):
        await client.webhooks.create("example.com/hook")

    assert blooio_sandbox.requests == []


async def test_a_delivery_is_verified_and_read(
    client: AsyncBlooio, blooio_sandbox: Sandbox, httpserver: HTTPServer
) -> None:
    """A valid delivery is parsed into a typed event; with one more byte, it raises an error."""
    httpserver.expect_request("/hook", method="POST").respond_with_data("")
    created = await client.webhooks.create(httpserver.url_for("/hook"))
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
