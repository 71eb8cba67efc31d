"""What a handler can do with an event: reply, react, mark as read, show typing."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, overload

from blooio_client.types import Unset

from ..arguments import reject
from ..chat_ids import ChatId
from ..idempotency import idempotency_key_for

if TYPE_CHECKING:
    from blooio_client import AsyncBlooio, AsyncConversation, Blooio, Conversation, SentMessage, Tapback
    from blooio_client.models import (
        LinkPreview,
        MessageEffect,
        MessageFormat,
        MessagePart,
        OutgoingAttachment,
        ReactionChange,
        ReadReceipt,
    )

    from .._call.settings import Timeout
    from .._rules.conversation import Parent

Text = str | Sequence[str] | None


class More(TypedDict, total=False):
    """Further arguments of a reply: those of `chat.send`."""

    attachments: str | Sequence[str | OutgoingAttachment | Mapping[str, Any]] | None
    parts: Sequence[MessagePart | Mapping[str, Any]] | None
    link_preview: LinkPreview | Mapping[str, Any] | None
    from_number: str | None
    share_contact: bool | None
    use_typing_indicator: bool | None
    effect: MessageEffect | str | None
    format: MessageFormat | str | None
    reply_to: Parent | None
    extra: Mapping[str, Any] | None
    timeout: Timeout | Unset
    headers: Mapping[str, str] | None


class InChat:
    """An event in a chat, to which a handler can reply."""

    chat_id: str | None
    dedupe_key: str

    @overload
    def reply(
        self, client: Blooio, /, text: Text = None, *, key: str | None = None, **more: Unpack[More]
    ) -> SentMessage: ...

    @overload
    def reply(
        self, client: AsyncBlooio, /, text: Text = None, *, key: str | None = None, **more: Unpack[More]
    ) -> Coroutine[Any, Any, SentMessage]: ...

    def reply(
        self, client: Blooio | AsyncBlooio, /, text: Text = None, *, key: str | None = None, **more: Unpack[More]
    ) -> SentMessage | Coroutine[Any, Any, SentMessage]:
        """Send a message to the chat of this event, once: handling the event again sends nothing more.

        The idempotency key is derived from the event. Blooio reportedly remembers a key for 24 hours.

        Args:
            client: The client to send with; with an `AsyncBlooio`, await the result.
            text: The text, or a list of texts, which are sent as one message each.
            key: Distinguishes this reply from other replies to the same event; the first one needs none.
            more: Other arguments of `chat.send`, except `idempotency_key`.

        Raises:
            InvalidArgumentError: Nothing was sent: the event has no chat, or an argument is invalid.
            BlooioError: See `chat.send`.

        Source: sendMessage
        """
        parts = ("reply", self.dedupe_key) if key is None else ("reply", self.dedupe_key, key)
        return _chat(self, client).send(text, idempotency_key=idempotency_key_for(*parts), **more)

    @overload
    def mark_read(self, client: Blooio, /) -> ReadReceipt: ...

    @overload
    def mark_read(self, client: AsyncBlooio, /) -> Coroutine[Any, Any, ReadReceipt]: ...

    def mark_read(self, client: Blooio | AsyncBlooio, /) -> ReadReceipt | Coroutine[Any, Any, ReadReceipt]:
        """Mark all messages of the chat as read.

        Args:
            client: The client to use; with an `AsyncBlooio`, await the result.

        Raises:
            InvalidArgumentError: The event has no chat.
            BlooioError: See `chat.mark_read`.

        Source: markChatRead
        """
        return _chat(self, client).mark_read()

    @overload
    def typing(self, client: Blooio, /) -> AbstractContextManager[None]: ...

    @overload
    def typing(self, client: AsyncBlooio, /) -> AbstractAsyncContextManager[None]: ...

    def typing(
        self, client: Blooio | AsyncBlooio, /
    ) -> AbstractContextManager[None] | AbstractAsyncContextManager[None]:
        """Show the typing indicator while a block runs: `with event.typing(client):`.

        Args:
            client: The client to use; with an `AsyncBlooio`, write `async with`.

        Raises:
            InvalidArgumentError: The event has no chat.

        Source: startTyping, stopTyping
        """
        return _chat(self, client).typing()


class OnMessage(InChat):
    """An event about a message, to which a handler can react."""

    message_id: str | None

    @overload
    def react(self, client: Blooio, value: Tapback | str, /) -> ReactionChange: ...

    @overload
    def react(self, client: AsyncBlooio, value: Tapback | str, /) -> Coroutine[Any, Any, ReactionChange]: ...

    def react(
        self, client: Blooio | AsyncBlooio, value: Tapback | str, /
    ) -> ReactionChange | Coroutine[Any, Any, ReactionChange]:
        """React to the message of this event.

        Args:
            client: The client to use; with an `AsyncBlooio`, await the result.
            value: `love`, `like`, `dislike`, `laugh`, `emphasize`, `question`, or one emoji.

        Raises:
            InvalidArgumentError: The event has no chat or message, or the reaction is invalid.
            BlooioError: See `chat.react`.

        Source: addReaction
        """
        if self.message_id is None:
            reject("the event has no message to react to; expected one such as MessageReceived")
        return _chat(self, client).react(value, message=self.message_id)


def _chat(event: InChat, client: Blooio | AsyncBlooio) -> Conversation | AsyncConversation:
    if event.chat_id is None:
        reject("the event has no chat; expected an event in a chat, such as MessageReceived")
    return client.chat(ChatId(event.chat_id))  # as Blooio sent it: a sender may be a word, such as SUPPORT
