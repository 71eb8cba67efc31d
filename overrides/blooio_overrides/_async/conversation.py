"""The handle of a chat."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from blooio_client import calls
from blooio_client.types import UNSET, Unset

from .._call.exchange import Options
from .._rules.conversation import message_body, sent_message
from ..chat_ids import abridged
from ..errors import BlooioError
from ..idempotency import checked_key
from ..reactions import reacted_message, reaction
from .messages import AsyncMessages

if TYPE_CHECKING:
    from blooio_client.models import (
        ChatDetail,
        Direction,
        MessageEffect,
        MessageFormat,
        ReactionChange,
        ReadReceipt,
        SharedContactCard,
        TypingIndicator,
    )

    from .._call.settings import Timeout
    from .._rules.conversation import Attachment, Parent, Part, Preview
    from ..reactions import Tapback
    from ..results import SentMessage
    from .background import AsyncBackground
    from .messages import AnyMessage
    from .polls import AsyncPolls
    from .sender import AsyncSender

TYPING_LIMIT: Final = 5.0
"""Seconds that the typing indicator, a decoration, may take to start or to stop."""

logger = logging.getLogger("blooio_client")


class AsyncConversation:
    """A conversation with a person or a group: `client.chat(...)`. Creating one sends nothing."""

    __module__ = "blooio_client"

    def __init__(self, sender: AsyncSender, chat_id: str) -> None:
        self._sender = sender
        self.id = chat_id
        """The plain chat id, not encoded."""

    @cached_property
    def messages(self) -> AsyncMessages:
        """The messages of the conversation."""
        return AsyncMessages(self._sender, self.id)

    @cached_property
    def polls(self) -> AsyncPolls:
        """The polls of the conversation."""
        from .polls import AsyncPolls

        return AsyncPolls(self._sender, self.id)

    @cached_property
    def background(self) -> AsyncBackground:
        """The background of the conversation."""
        from .background import AsyncBackground

        return AsyncBackground(self._sender, self.id)

    async def get(self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None) -> ChatDetail:
        """Return the conversation.

        Raises:
            NotFoundError: The chat has no messages yet.

        Source: getChat
        """
        return await self._sender.call(calls.get_chat(self.id), Options(timeout, headers))

    async def send(
        self,
        text: str | Sequence[str] | None = None,
        *,
        attachments: str | Sequence[Attachment] | None = None,
        parts: Sequence[Part] | None = None,
        link_preview: Preview | None = None,
        from_number: str | None = None,
        share_contact: bool | None = None,
        use_typing_indicator: bool | None = None,
        effect: MessageEffect | str | None = None,
        format: MessageFormat | str | None = None,  # noqa: A002 - the API's word
        reply_to: Parent | None = None,
        idempotency_key: str | None = None,
        extra: Mapping[str, Any] | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> SentMessage:
        """Send a message once: retries carry the same idempotency key, so they cannot send a second message.

        If your task may be cancelled or restarted, pass your own `idempotency_key`.

        Args:
            text: The text, or a list of texts, which are sent as one message each.
            attachments: http(s) URLs of files, or `{"url": ..., "name": ...}`; Blooio downloads them.
            parts: Parts of one message: `{"text": ...}` or `{"url": ...}`, instead of a text.
            link_preview: Title and image of the preview, for a text that is exactly one URL.
            from_number: The number to send from, in E.164 format. Defaults to the client's.
            share_contact: Whether to share your contact card with this message.
            use_typing_indicator: Whether to show typing first. Defaults to your organization's setting.
            effect: The effect to send it with, such as `confetti`; not available with parts.
            format: `markdown` styles `**bold**`, `*italic*`, `++underline++` and `~~strikethrough~~`, over iMessage
                only; at most 20,000 characters and 256 styled ranges, and no attachments. Defaults to `plain`.
            reply_to: The message to reply to: its id, an object that has one, or a `ReplyTarget`. It must be in this
                chat, an iMessage, and at most 30 days old; the reply must be a single text.
            idempotency_key: The key under which this message is sent once, and no other: each recipient needs a key of
                their own. Defaults to a new one.
            extra: Body fields that this version of the client does not know.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Returns:
            The accepted messages. If their `status` is `failed`, Blooio could not send them.

        Raises:
            InvalidArgumentError: Nothing was sent: an argument is invalid.
            QuotaExceededError: A limit of the plan or of the conversation is reached.
            NoActiveNumberError: No number can send; retry safely with `error.idempotency_key`.
            DeadlineExceededError: No response in time; retry safely with `error.idempotency_key`.
            UnexpectedResponseError: It was accepted, but the response has no message id.

        Source: sendMessage
        """
        body = message_body(
            text,
            attachments=attachments,
            parts=parts,
            link_preview=link_preview,
            from_number=self._sender.settings.from_number if from_number is None else from_number,
            share_contact=share_contact,
            use_typing_indicator=use_typing_indicator,
            effect=effect,
            format=format,
            reply_to=reply_to,
            extra=extra,
        )
        key = None if idempotency_key is None else checked_key(idempotency_key)  # None: the sender creates one
        call = calls.send_message(self.id, body=body, idempotency_key=key)
        return sent_message(await self._sender.exchange(call, Options(timeout, headers)))

    async def react(
        self,
        value: Tapback | str,
        *,
        message: AnyMessage | int = -1,
        direction: Direction | str | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> ReactionChange:
        """React to a message, by default the last one.

        Blooio resolves a relative index when the request arrives. If messages may arrive at the same time, as in a
        webhook handler, pass the id.

        Args:
            value: `love`, `like`, `dislike`, `laugh`, `emphasize`, `question`, or one emoji.
            message: A message's id, an object that has one, or a negative index from the end: -1 is the last message.
            direction: With an index: counts only `inbound` or only `outbound` messages.
            timeout: Overrides the client's timeout for this call.
            headers: Additional headers for this call.

        Raises:
            InvalidArgumentError: Nothing was sent: the reaction or the message is invalid.
            NotFoundError: The message does not exist.

        Source: addReaction
        """
        return await self._change_reaction("+", value, message, direction, Options(timeout, headers))

    async def unreact(
        self,
        value: Tapback | str,
        *,
        message: AnyMessage | int = -1,
        direction: Direction | str | None = None,
        timeout: Timeout | Unset = UNSET,
        headers: Mapping[str, str] | None = None,
    ) -> ReactionChange:
        """Remove a reaction; takes the same arguments and raises the same errors as `react`.

        Source: addReaction
        """
        return await self._change_reaction("-", value, message, direction, Options(timeout, headers))

    async def _change_reaction(
        self, sign: str, value: object, message: object, direction: str | None, options: Options
    ) -> ReactionChange:
        body = {"reaction": sign + reaction(value)}
        target = reacted_message(message, direction)
        if direction is not None:
            body["direction"] = str(direction)
        return await self._sender.call(calls.add_reaction(self.id, target, body=body), options)

    @asynccontextmanager
    async def typing(self) -> AsyncGenerator[None]:
        """Show the typing indicator while a block runs.

        If the indicator fails, the failure is logged and your block continues. The indicator is stopped even if the
        block raises or is cancelled. Starting and stopping take at most 5 seconds each.

        Source: startTyping, stopTyping
        """
        from .._io.asynchronous import shielded

        try:
            await self._change_indicator(self.start_typing)
            yield
        finally:
            with shielded(TYPING_LIMIT):
                await self._change_indicator(self.stop_typing)

    async def _change_indicator(self, change: Callable[..., Awaitable[TypingIndicator]]) -> None:
        try:
            await change(timeout=TYPING_LIMIT)
        except BlooioError as error:
            logger.warning("the typing indicator did not change: %s", type(error).__name__)

    async def start_typing(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> TypingIndicator:
        """Start the typing indicator.

        Raises:
            DeviceUnreachableError: The device cannot be reached.
            NoActiveNumberError: No number is active.

        Source: startTyping
        """
        return await self._sender.call(calls.start_typing(self.id), Options(timeout, headers))

    async def stop_typing(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> TypingIndicator:
        """Stop the typing indicator; raises the same errors as `start_typing`.

        Source: stopTyping
        """
        return await self._sender.call(calls.stop_typing(self.id), Options(timeout, headers))

    async def mark_read(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> ReadReceipt:
        """Mark all messages as read, which the other side sees as a read receipt.

        Raises:
            NotFoundError: The chat does not exist.
            DeviceUnreachableError: The device cannot be reached.

        Source: markChatRead
        """
        return await self._sender.call(calls.mark_chat_read(self.id), Options(timeout, headers))

    async def share_contact_card(
        self, *, timeout: Timeout | Unset = UNSET, headers: Mapping[str, str] | None = None
    ) -> SharedContactCard:
        """Stage your contact card: it goes out with the next message to this chat.

        Raises:
            DeviceUnreachableError: The device cannot be reached.
            NoActiveNumberError: No number is active.

        Source: shareContactCard
        """
        return await self._sender.call(calls.share_contact_card(self.id), Options(timeout, headers))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {abridged(self.id)}>"
