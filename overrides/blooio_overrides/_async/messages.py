"""The messages of a conversation."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.messages import Watch
from ..arguments import checked_time, id_of
from ..errors import BlooioError
from ..pagination import Listing, listing
from .pager import AsyncPager

if TYPE_CHECKING:
    from blooio_client.models import (
        CancelledMessage,
        DeliveryStatus,
        Direction,
        Message,
        MessageDetail,
        MessageStatus,
        SortOrder,
    )

    from .._call.settings import Timeout
    from ..results import SentMessage
    from .sender import AsyncSender

    AnyMessage = str | Message | MessageDetail | MessageStatus | SentMessage


class AsyncMessages:
    """The messages of a conversation: `chat.messages`."""

    def __init__(self, sender: AsyncSender, chat_id: str) -> None:
        self._sender = sender
        self._chat_id = chat_id

    def list(
        self,
        *,
        direction: Direction | str | None = None,
        since: datetime.datetime | int | None = None,
        until: datetime.datetime | int | None = None,
        sort: SortOrder | str | None = None,
        limit: int | None = None,
        page_size: int | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> AsyncPager[Message]:
        """List the messages, newest first unless `sort` says otherwise.

        Args:
            direction: `inbound` or `outbound` only.
            since: Only messages after this time: an aware datetime, or epoch milliseconds.
            until: Only messages before this time.
            sort: `asc` or `desc` by time.
            limit: Reads at most this many items; defaults to all.
            page_size: Items per request, 1-200.
            timeout: Overrides the client's timeout for each page.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: `limit` or `page_size` is out of range, or a time has no time zone or is in seconds.

        Source: listChatMessages
        """
        after = None if since is None else checked_time(since, "since")
        before = None if until is None else checked_time(until, "until")
        pages: Listing[Message] = listing(
            partial(calls.list_chat_messages, self._chat_id, sort=sort, direction=direction, since=after, until=before),
            "messages",
            attrgetter("message_id"),
            limit=limit,
            page_size=page_size,
        )
        return AsyncPager(self._sender, pages, Options(timeout, headers))

    async def get(
        self,
        message: AnyMessage,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> MessageDetail:
        """Return one message.

        Args:
            message: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            NotFoundError: The message does not exist in this chat; right after its webhook, it may not appear yet.

        Source: getMessage
        """
        call = calls.get_message(self._chat_id, id_of(message, "message", "message_id"))
        return await self._sender.call(call, Options(timeout, headers))

    async def status(
        self,
        message: AnyMessage,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> MessageStatus:
        """Return the delivery status of a message.

        Args:
            message: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            NotFoundError: The message does not exist in this chat.

        Source: getMessageStatus
        """
        call = calls.get_message_status(self._chat_id, id_of(message, "message", "message_id"))
        return await self._sender.call(call, Options(timeout, headers))

    async def wait(
        self,
        message: AnyMessage,
        /,
        *,
        until: DeliveryStatus | str = "delivered",
        timeout: float | datetime.timedelta | None = 60.0,
        poll: float | datetime.timedelta = 2.0,
        headers: Mapping[str, str] | None = None,
    ) -> MessageStatus:
        """Wait until a message reaches a status: queued, sent, delivered or read, in this order.

        SMS and RCS may never report delivery: wait for `sent` there. A message may never be read.

        Args:
            message: Its id, or an object that has one.
            until: `queued`, `sent`, `delivered` or `read`.
            timeout: Seconds, or a timedelta, to wait in total; 0 checks once; the last check may take one second more.
                None means no limit.
            poll: Seconds (>= 0), or a timedelta, between two requests.
            headers: Additional headers for this call.

        Returns:
            The status that ended the wait.

        Raises:
            InvalidArgumentError: Nothing was sent: `until` or another argument is not valid.
            MessageFailedError: The message failed or was cancelled; see `error.message_status`.
            DeadlineExceededError: It did not reach the status in time.
            NotFoundError: The message was still not found after four requests.
            BlooioError: A request failed in a way that does not pass, or two in a row failed.

        Source: getMessageStatus
        """
        watch = Watch(until, timeout, poll)
        while True:
            look = watch.request_timeout(self._sender.settings.timeout)
            status: MessageStatus | None = None
            try:
                status = await self.status(message, timeout=look, headers=headers)
            except BlooioError as error:
                watch.tolerate(error)
            if status is not None and watch.is_over(status):
                return status
            await self._sender.connections.sleep(watch.pause(status))

    async def cancel(
        self,
        message: AnyMessage,
        /,
        *,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> CancelledMessage:
        """Cancel a message that is still queued or pending.

        It is missing from the published OpenAPI document; see docs.blooio.com/guides/error-handling.

        Args:
            message: Its id, or an object that has one.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the id is not valid.
            ConflictError: The message was already sent.
            NotFoundError: The message does not exist in this chat.

        Source: cancelMessage
        """
        call = calls.cancel_message(self._chat_id, id_of(message, "message", "message_id"))
        return await self._sender.call(call, Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"
