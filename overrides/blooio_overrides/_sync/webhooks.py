# Derived from ../_async/webhooks.py by `make derive`. Do not edit.
"""Webhook subscriptions."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.webhooks import created_webhook, subscription_body
from ..arguments import id_of

if TYPE_CHECKING:
    from blooio_client.models import Deletion, Webhook, WebhookSecret, WebhookType

    from .._call.settings import Timeout
    from ..results import CreatedWebhook
    from .sender import Sender
    from .webhook_logs import WebhookLogs

    AnyWebhook = str | Webhook | CreatedWebhook


class Webhooks:
    """Webhook subscriptions: `client.webhooks`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    @cached_property
    def logs(self) -> WebhookLogs:
        """The delivery logs."""
        from .webhook_logs import WebhookLogs

        return WebhookLogs(self._sender)

    def list(self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None) -> Sequence[Webhook]:
        """List all subscriptions.

        Source: listWebhooks
        """
        return (self._sender.call(calls.list_webhooks(), Options(timeout, headers))).webhooks

    def create(
        self,
        url: str,
        /,
        *,
        type: WebhookType | str | Unset = UNSET,  # noqa: A002 - the word that users expect
        valid_until: datetime.datetime | int | None | Unset = UNSET,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> CreatedWebhook:
        """Subscribe a URL to events.

        If the URL is already subscribed, this returns that subscription: `created` is False, and there is no secret.

        Blooio is closing registration through this call: new URLs then fail with status 410. Register them in the
        Blooio dashboard or with `POST /v4/webhooks`; the other methods work as before.

        Args:
            url: The URL that receives deliveries.
            type: `message`, `status`, `poll` or `all`. Defaults to `message`.
            valid_until: When it ends: an aware datetime or epoch milliseconds; None means never.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The subscription; store its `signing_secret`, which is shown only once.

        Raises:
            InvalidArgumentError: Nothing was sent: the URL or the time is invalid.
            ConflictError: The organization already has 64 subscriptions, the maximum.
            APIError: With `status` 410: registration moved to v4 of the API.

        Source: createWebhook
        """
        body = subscription_body(webhook_url=url, webhook_type=type, valid_until=valid_until)
        exchange = self._sender.exchange(calls.create_webhook(body=body), Options(timeout, headers))
        return created_webhook(exchange)

    def get(
        self, webhook: AnyWebhook, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Webhook:
        """Return one subscription.

        Args:
            webhook: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            NotFoundError: The subscription does not exist.

        Source: getWebhook
        """
        return self._sender.call(calls.get_webhook(_id_of(webhook)), Options(timeout, headers))

    def update(
        self,
        webhook: AnyWebhook,
        /,
        *,
        type: WebhookType | str | Unset = UNSET,  # noqa: A002 - the word that users expect
        valid_until: datetime.datetime | int | None | Unset = UNSET,
        deprecate: bool | Unset = UNSET,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> Webhook:
        """Change a subscription; arguments that you leave out keep their values.

        Args:
            webhook: Its id, or an object that has one.
            type: `message`, `status`, `poll` or `all`.
            valid_until: When it ends: an aware datetime or epoch milliseconds; None means never.
            deprecate: True pauses deliveries and keeps the logs; False resumes them.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id, the type or the time is not valid.
            NotFoundError: The subscription does not exist.

        Source: updateWebhook
        """
        body = subscription_body(webhook_type=type, valid_until=valid_until, deprecate=deprecate)
        call = calls.update_webhook(_id_of(webhook), body=body)
        return self._sender.call(call, Options(timeout, headers))

    def delete(
        self, webhook: AnyWebhook, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Deletion:
        """Delete a subscription and its logs permanently.

        Args:
            webhook: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            NotFoundError: It does not exist; if `error.sent` is None, an earlier attempt may have deleted it.

        Source: deleteWebhook
        """
        return self._sender.call(calls.delete_webhook(_id_of(webhook)), Options(timeout, headers))

    def rotate_secret(
        self, webhook: AnyWebhook, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> WebhookSecret:
        """Replace the signing secret; the old one stops working at once.

        It is not retried if the outcome is unknown, since every attempt makes a new secret.

        Args:
            webhook: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The new `signing_secret`, which is shown only once.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            NotFoundError: The subscription does not exist.

        Source: rotateWebhookSecret
        """
        return self._sender.call(calls.rotate_webhook_secret(_id_of(webhook)), Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def _id_of(webhook: AnyWebhook) -> str:
    return id_of(webhook, "webhook", "webhook_id")
