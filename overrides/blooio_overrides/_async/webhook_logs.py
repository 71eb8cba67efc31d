"""The delivery logs of webhooks."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING, Any

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.webhooks import entry_key
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
    """The delivery logs of webhooks: `client.webhooks.logs`."""

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
        """List the delivery attempts of a webhook, newest first unless `sort` says otherwise.

        Args:
            webhook: Its id, or an object that has one.
            sort: `asc` or `desc` by time.
            status: Only attempts to which your server responded with this HTTP status.
            min_status: Only attempts with this HTTP status or a higher one.
            max_status: Only attempts with this HTTP status or a lower one.
            limit: Reads at most this many items; defaults to all.
            page_size: Items per request, 1-200.
            timeout: Overrides the client's timeout for each page.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: `limit` or `page_size` is out of range.

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
        """Yield each event delivered from now on, or after a cursor, once and in order. It never ends by itself.

        It polls the log, so you see events without a public URL. After a restart with a cursor, events that were logged
        late, after newer ones that you have already seen, are skipped.

        Args:
            webhook: Its id, or an object that has one.
            cursor: The `cursor` of the last delivery that you handled; continues after it.
            poll: Seconds (>= 0) between two requests.
            timeout: Overrides the client's timeout for each request.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: `cursor` or `poll` is invalid.
            BlooioError: The log could not be read; following again with the last cursor loses nothing.

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
            for delivery in follower.take(await self._poll(pages, follower, options)):
                yield delivery
            await self._sender.connections.sleep(pause)

    async def _poll(self, pages: Listing[WebhookLog], follower: Follower, options: Options) -> Sequence[WebhookLog]:
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
        """Forward each event to a URL on this machine, signed again: webhook deliveries without a tunnel.

        Args:
            webhook: Its id, or an object that has one.
            url: The URL of the local server, such as `http://127.0.0.1:8000/blooio`.
            secret: The signing secret of the local server. Any word works, not only the webhook's own secret.
            cursor: See `follow`.
            poll: See `follow`.
            timeout: Overrides the client's timeout for each request.
            headers: Additional headers for each request.

        Returns:
            Each delivery, with the HTTP status of the local server's response; None if there was none.

        Raises:
            InvalidArgumentError: The URL is not on this machine, the secret is not valid, or see `follow`.
            BlooioError: See `follow`.

        Source: listWebhookLogs
        """
        import httpx

        from .._rules.webhook_logs import FORWARD_TIMEOUT, ForwardedDelivery, local_url, signed_delivery
        from ..webhooks.signatures import checked_secrets, hidden_secrets

        keys, secret = hidden_secrets(secret), ""
        signer, *_ = checked_secrets(keys)
        target = local_url(url)
        follow = self.follow(webhook, cursor=cursor, poll=poll, timeout=timeout, headers=headers)
        async with aclosing(follow), httpx.AsyncClient(timeout=FORWARD_TIMEOUT, trust_env=False) as local:
            async for delivery in follow:  # pragma: no branch - it never ends by itself
                body, signed = signed_delivery(delivery, signer)
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

        It is not retried if the outcome is unknown, since every attempt delivers again.

        Args:
            webhook: Its id, or an object that has one.
            event: The event's id, or a log entry.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The result; `success` says whether your server responded with 2xx.

        Raises:
            InvalidArgumentError: Nothing was sent: an id is not valid.
            NotFoundError: The webhook or event does not exist.

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
        partial(calls.list_webhook_logs, identifier, **only),
        "logs",
        entry_key,
        limit=limit,
        page_size=page_size,
    )
