"""What became of the deliveries to webhooks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from ..arguments import id_of
from ..exchange import Options
from ..pagination import Listing, listing
from ..subscriptions import attempt_of
from .pager import AsyncPager

if TYPE_CHECKING:
    from blooio_client.models import SortOrder, WebhookLog, WebhookReplay

    from ..settings import Timeout
    from .sender import AsyncSender
    from .webhooks import AnyWebhook


class AsyncWebhookLogs:
    """What became of the deliveries: `client.webhooks.logs`."""

    def __init__(self, sender: AsyncSender) -> None:
        self._sender = sender

    def list(
        self,
        webhook: AnyWebhook,
        /,
        *,
        sort: SortOrder | str | None = None,
        status: int | None = None,
        min_status: int | None = None,
        max_status: int | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[WebhookLog]:
        """Read the attempts to deliver events to a webhook, the newest first unless `sort` says otherwise.

        Args:
            webhook: Its id, or an object that has it.
            sort: `asc` or `desc` by time.
            status: Only attempts that your server answered with this HTTP status.
            min_status: Only attempts that were answered with this HTTP status or a higher one.
            max_status: Only attempts that were answered with this HTTP status or a lower one.
            limit: How many to read at most; all, if not given.
            page_size: How many to ask for at once, 1-200.
            timeout: As of the client, for each page.
            headers: Further headers.

        Raises:
            InvalidArgumentError: limit or page_size is out of its range.

        Source: listWebhookLogs
        """
        identifier = id_of(webhook, "webhook", "webhook_id")
        pages: Listing[WebhookLog] = listing(
            lambda limit, offset: calls.list_webhook_logs(
                identifier,
                limit=limit,
                offset=offset,
                sort=sort,
                status=status,
                min_status=min_status,
                max_status=max_status,
            ),
            "logs",
            attempt_of,
            limit=limit,
            page_size=page_size,
        )
        return AsyncPager(self._sender, pages, Options(timeout, headers))

    async def replay(
        self,
        webhook: AnyWebhook,
        event: str | WebhookLog,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> WebhookReplay:
        """Deliver an event again, under a new event id.

        It is never tried again by itself when its outcome is unknown: each time is another delivery.

        Args:
            webhook: Its id, or an object that has it.
            event: The event's id, or a log entry.
            timeout: As of the client.
            headers: Further headers.

        Returns:
            How it went: `success` says whether your server answered 2xx.

        Raises:
            NotFoundError: There is no such webhook or event.

        Source: replayWebhookEvent
        """
        call = calls.replay_webhook_event(
            id_of(webhook, "webhook", "webhook_id"), id_of(event, "event", "event_id", "replay_event_id")
        )
        return await self._sender.call(call, Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
