"""What became of the deliveries to webhooks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from blooio_client import calls
from blooio_client.types import UNSET, Unset, hidden

from .._call.exchange import Options
from .._rules.webhooks import attempt_of
from ..arguments import id_of
from ..pagination import Listing, Reader, listing
from .pager import AsyncPager

if TYPE_CHECKING:
    from blooio_client.models import SortOrder, WebhookLog, WebhookReplay
    from blooio_client.types import Secret

    from .._call.settings import Timeout
    from .._rules.webhook_logs import Follower, ForwardedDelivery, LoggedDelivery
    from .sender import AsyncSender
    from .webhooks import AnyWebhook

    Entries = list[WebhookLog]


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
            timeout: Overrides the client's timeout for each page.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: limit or page_size is out of its range.

        Source: listWebhookLogs
        """
        only = {"sort": sort, "status": status, "min_status": min_status, "max_status": max_status}
        pages = _pages(webhook, limit=limit, page_size=page_size, **only)
        return AsyncPager(self._sender, pages, Options(timeout, headers))

    def follow(
        self,
        webhook: AnyWebhook,
        /,
        *,
        cursor: str | None = None,
        poll: float = 2.0,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[LoggedDelivery]:
        """Give each event that is delivered from now on, or after a cursor, once and in order; it never ends by itself.

        It reads the log again and again, so that events can be seen where no URL can be reached from outside. What was
        logged late, after younger events were given and while nobody followed, is passed over.

        Args:
            webhook: Its id, or an object that has it.
            cursor: The `cursor` of the last delivery that was dealt with, to go on after it.
            poll: Seconds from one look to the next.
            timeout: As of the client, for each look.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the cursor is none, or poll is no number of seconds.
            BlooioError: The log could not be read; following again with the cursor loses nothing.

        Source: listWebhookLogs
        """
        from .._rules.messages import checked_seconds
        from .._rules.webhook_logs import Follower

        pages = _pages(webhook, limit=None, page_size=None, sort="desc")
        pause = checked_seconds(poll, "poll")
        return self._follow(pages, Follower(cursor), pause, Options(timeout, headers))

    async def _follow(
        self, pages: Listing[WebhookLog], follower: Follower, pause: float, options: Options
    ) -> AsyncGenerator[LoggedDelivery]:
        while True:
            for delivery in follower.take(await self._look(pages, follower, options)):
                yield delivery
            await self._sender.connections.sleep(pause)

    async def _look(self, pages: Listing[WebhookLog], follower: Follower, options: Options) -> Sequence[WebhookLog]:
        reader = Reader(pages)
        found: Entries = []
        while not reader.is_done:
            for log in reader.take(await self._sender.call(reader.next_call(), options)):
                if follower.is_enough(log):
                    return found
                found.append(log)
        return found

    async def forward(
        self,
        webhook: AnyWebhook,
        url: str,
        /,
        *,
        secret: str | Secret,
        cursor: str | None = None,
        poll: float = 2.0,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncGenerator[ForwardedDelivery]:
        """Hand each event that `follow` gives on to a URL of this machine, signed again: deliveries without a tunnel.

        Args:
            webhook: Its id, or an object that has it.
            url: Where the local server takes deliveries, such as `http://127.0.0.1:8000/blooio`.
            secret: What the local server verifies with; any text will do, the webhook's own secret is not needed.
            cursor: As of `follow`.
            poll: As of `follow`.
            timeout: As of the client, for each look.
            headers: Further headers of each look.

        Returns:
            What was handed on, with the status that the local server answered; None if it did not response.

        Raises:
            InvalidArgumentError: The URL is not of this machine, or as of `follow`.
            BlooioError: As of `follow`.

        Source: listWebhookLogs
        """
        import httpx

        from .._rules.webhook_logs import FORWARD_TIMEOUT, ForwardedDelivery, local_url, parcel

        signer, secret = hidden(secret), ""
        target = local_url(url)
        follow = self.follow(webhook, cursor=cursor, poll=poll, timeout=timeout, headers=headers)
        async with aclosing(follow), httpx.AsyncClient(timeout=FORWARD_TIMEOUT, trust_env=False) as local:
            async for delivery in follow:  # pragma: no branch - it never ends by itself
                body, signed = parcel(delivery, signer)
                try:
                    status = (await local.post(target, content=body, headers=signed)).status_code
                except httpx.HTTPError:
                    status = None
                yield ForwardedDelivery(delivery, status)

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
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

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


def _pages(webhook: AnyWebhook, *, limit: int | None, page_size: int | None, **only: Any) -> Listing[WebhookLog]:
    identifier = id_of(webhook, "webhook", "webhook_id")
    return listing(
        lambda limit, offset: calls.list_webhook_logs(identifier, limit=limit, offset=offset, **only),
        "logs",
        attempt_of,
        limit=limit,
        page_size=page_size,
    )
