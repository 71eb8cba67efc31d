# Derived from ../_async/webhooks.py by `make derive`. Do not edit.
"""The subscriptions to events."""

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
    """The subscriptions to events: `client.webhooks`."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    @cached_property
    def logs(self) -> WebhookLogs:
        """What became of the deliveries."""
        from .webhook_logs import WebhookLogs

        return WebhookLogs(self._sender)

    def list(self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None) -> Sequence[Webhook]:
        """Read all subscriptions.

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

        A URL that is subscribed already is answered with that subscription: `created` is False, and there is no secret.

        Args:
            url: Where deliveries are sent.
            type: `message`, `status`, `poll` or `all`; `message`, if not given.
            valid_until: When it ends: an aware datetime, or epoch milliseconds; None for never.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The subscription; its `signing_secret` is shown this once.

        Raises:
            InvalidArgumentError: Nothing was sent: the URL is none.
            ConflictError: There are 64 subscriptions, the most that an organization may have.

        Source: createWebhook
        """
        body = subscription_body(webhook_url=url, webhook_type=type, valid_until=valid_until)
        exchange = self._sender.exchange(calls.create_webhook(body=body), Options(timeout, headers))
        return created_webhook(exchange)

    def get(
        self, webhook: AnyWebhook, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Webhook:
        """Read one subscription.

        Args:
            webhook: Its id, or an object that has it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            NotFoundError: There is no such subscription.

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
        """Change a subscription; what is not given stays as it is.

        Args:
            webhook: Its id, or an object that has it.
            type: `message`, `status`, `poll` or `all`.
            valid_until: When it ends: an aware datetime, or epoch milliseconds; None for never.
            deprecate: True pauses deliveries and keeps the logs; False resumes them.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            NotFoundError: There is no such subscription.

        Source: updateWebhook
        """
        body = subscription_body(webhook_type=type, valid_until=valid_until, deprecate=deprecate)
        call = calls.update_webhook(_id_of(webhook), body=body)
        return self._sender.call(call, Options(timeout, headers))

    def delete(
        self, webhook: AnyWebhook, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> Deletion:
        """Delete a subscription for good, its logs with it.

        Args:
            webhook: Its id, or an object that has it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            NotFoundError: There is none; with `error.sent` None, an earlier attempt may have deleted it.

        Source: deleteWebhook
        """
        return self._sender.call(calls.delete_webhook(_id_of(webhook)), Options(timeout, headers))

    def rotate_secret(
        self, webhook: AnyWebhook, /, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> WebhookSecret:
        """Replace the signing secret; the old one stops working at once.

        It is never tried again by itself when its outcome is unknown: each time makes another secret.

        Args:
            webhook: Its id, or an object that has it.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The new `signing_secret`, which is shown this once.

        Raises:
            NotFoundError: There is no such subscription.

        Source: rotateWebhookSecret
        """
        return self._sender.call(calls.rotate_webhook_secret(_id_of(webhook)), Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def _id_of(webhook: AnyWebhook) -> str:
    return id_of(webhook, "webhook", "webhook_id")
