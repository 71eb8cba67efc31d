"""Deliveries as typed events."""

from __future__ import annotations

import datetime
from collections.abc import Coroutine, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypedDict, TypeVar, Unpack, overload

import attrs

from blooio_client.types import JsonObject, Unset

from ..arguments import refuse
from ..idempotency import idempotency_key_for

if TYPE_CHECKING:
    from blooio_client.models import ContactRef, DeliveryStatus, Direction, MessageEffect, Protocol, ReactionAction

    from .._async.client import AsyncBlooio
    from .._call.settings import Timeout
    from .._rules.conversation import Attachment as Draft
    from .._rules.conversation import Parent, Part, Preview
    from .._sync.client import Blooio
    from ..results import SentMessage

T = TypeVar("T")
Text = str | Sequence[str] | None


class More(TypedDict, total=False):
    """What a reply takes as well, as `chat.send` does."""

    attachments: str | Sequence[Draft] | None
    parts: Sequence[Part] | None
    link_preview: Preview | None
    from_number: str | None
    share_contact: bool | None
    use_typing_indicator: bool | None
    effect: MessageEffect | str | None
    reply_to: Parent | None
    extra: Mapping[str, Any] | None
    timeout: Timeout | Unset
    headers: Mapping[str, str] | None


# Without slots, frozen objects are made in half the time; a receiver makes one for each delivery.
@attrs.frozen(slots=False)
class Attachment:
    """A file that came with a message."""

    url: str
    name: str | None = None
    mime_type: str | None = None
    size: int | None = None
    """In bytes."""


@attrs.frozen(kw_only=True, slots=False)
class Event:
    """Something that happened: what every event has."""

    type: str
    """The kind of event, such as `message.received`."""
    chat_id: str | None
    """What to reply to: the group's id in a group, else the other party."""
    dedupe_key: str
    """The same for each redelivery of this event, and another for any other event."""
    timestamp: datetime.datetime | None
    """When it happened."""
    is_replay: bool = False
    """Whether the delivery says that it was asked for by hand (`logs.replay`); its headers say so, unsigned."""
    raw: JsonObject = attrs.field(repr=False)
    """All that came."""

    @overload
    def reply(
        self, client: Blooio, /, text: Text = None, *, key: str | None = None, **more: Unpack[More]
    ) -> SentMessage: ...

    @overload
    def reply(
        self, client: AsyncBlooio, /, text: Text = None, *, key: str | None = None, **more: Unpack[More]
    ) -> Coroutine[Any, Any, SentMessage]: ...

    def reply(
        self,
        client: Blooio | AsyncBlooio,
        /,
        text: Text = None,
        *,
        key: str | None = None,
        **more: Unpack[More],
    ) -> SentMessage | Coroutine[Any, Any, SentMessage]:
        """Send a message to the chat that this event is of, once: when the event comes again, nothing more is sent.

        Its idempotency key is made of this event. Blooio remembers a key for 24 hours; what comes again later than
        that, such as a replay, is answered anew unless a store of your own recognises it.

        Args:
            client: Who sends it; with an `AsyncBlooio`, await the result.
            text: The text; or several, each of which becomes a message of its own.
            key: What tells this reply from others to the same event; only the first one can do without.
            more: What `chat.send` takes as well, except for its `idempotency_key`.

        Raises:
            InvalidArgumentError: Nothing was sent: the event names no chat, or an argument cannot be right.
            BlooioError: As of `chat.send`.

        Source: sendMessage
        """
        if self.chat_id is None:
            refuse("the event names no chat to reply to")
        parts = ("reply", self.dedupe_key) if key is None else ("reply", self.dedupe_key, key)
        return client.chat(self.chat_id).send(text, idempotency_key=idempotency_key_for(*parts), **more)


@attrs.frozen(kw_only=True, slots=False)
class UnknownEvent(Event):
    """An event that this version of the client has no class for."""


@attrs.frozen(kw_only=True, slots=False)
class ChatEvent(Event):
    """Something that happened in a chat."""

    sender: str | None
    """Who did it, if somebody else did."""
    internal_id: str | None
    """Your own number."""
    is_group: bool
    group_id: str | None
    group_name: str | None
    participants: list[ContactRef] | None


@attrs.frozen(kw_only=True, slots=False)
class MessageEvent(ChatEvent):
    """Something that happened to a message."""

    message_id: str | None
    text: str | None
    attachments: list[Attachment]
    protocol: Protocol | None
    """`imessage`, `sms` or `rcs`."""
    status: DeliveryStatus | None


@attrs.frozen(kw_only=True, slots=False)
class MessageReceived(MessageEvent):
    """Somebody sent you a message."""


@attrs.frozen(kw_only=True, slots=False)
class MessageQueued(MessageEvent):
    """A message of yours was accepted."""


@attrs.frozen(kw_only=True, slots=False)
class MessageSent(MessageEvent):
    """A message of yours was sent."""

    sent_at: datetime.datetime | None


@attrs.frozen(kw_only=True, slots=False)
class MessageDelivered(MessageEvent):
    """A message of yours was delivered."""

    delivered_at: datetime.datetime | None


@attrs.frozen(kw_only=True, slots=False)
class MessageRead(MessageEvent):
    """A message of yours was read."""

    read_at: datetime.datetime | None


@attrs.frozen(kw_only=True, slots=False)
class MessageFailed(MessageEvent):
    """A message of yours could not be delivered."""

    error_code: str | None
    error_message: str | None


@attrs.frozen(kw_only=True, slots=False)
class MessageReaction(ChatEvent):
    """Somebody reacted to a message, or took a reaction back."""

    message_id: str | None
    """The message that was reacted to."""
    reaction: str | None
    """`love`, `like`, `dislike`, `laugh`, `emphasize`, `question`, or an emoji."""
    action: ReactionAction | None
    """`add` or `remove`."""
    direction: Direction | None
    """`outbound` if the reaction is yours."""
    original_text: str | None
    """The text of the message that was reacted to."""


@attrs.frozen(kw_only=True, slots=False)
class PollEvent(ChatEvent):
    """Something that happened to a poll; `chat.polls.results` takes it."""

    poll_id: str | None
    message_id: str | None
    title: str | None
    options: list[str] | None


@attrs.frozen(kw_only=True, slots=False)
class PollCreated(PollEvent):
    """You sent a poll."""


@attrs.frozen(kw_only=True, slots=False)
class PollReceived(PollEvent):
    """Somebody sent you a poll."""


@attrs.frozen(kw_only=True, slots=False)
class PollVoted(PollEvent):
    """Somebody voted in a poll."""

    option: str | None
    """What was voted for."""


@attrs.frozen(kw_only=True, slots=False)
class GroupNameChanged(ChatEvent):
    """A group has another name: `group_name`."""


@attrs.frozen(kw_only=True, slots=False)
class GroupIconChanged(ChatEvent):
    """A group has another picture."""


@attrs.frozen(kw_only=True, slots=False)
class ContactShared(ChatEvent):
    """Somebody shared a contact card with you; what is on it is in `raw`."""


@attrs.frozen(kw_only=True, slots=False)
class TypingStarted(ChatEvent):
    """Somebody begins to type."""


@attrs.frozen(kw_only=True, slots=False)
class TypingStopped(ChatEvent):
    """Somebody does not type any more."""


CLASSES: Final[Mapping[str, type[ChatEvent]]] = MappingProxyType(
    {
        "message.received": MessageReceived,
        "message.queued": MessageQueued,
        "message.sent": MessageSent,
        "message.delivered": MessageDelivered,
        "message.read": MessageRead,
        "message.failed": MessageFailed,
        "message.reaction": MessageReaction,
        "poll.created": PollCreated,
        "poll.received": PollReceived,
        "poll.voted": PollVoted,
        "group.name_changed": GroupNameChanged,
        "group.icon_changed": GroupIconChanged,
        "contact.shared": ContactShared,
        "typing.started": TypingStarted,
        "typing.stopped": TypingStopped,
    }
)


def of_values(kind: type[T], values: Mapping[str, Any]) -> T:
    """Make an object of a kind with a value for each of its fields."""
    made = kind.__new__(kind)
    # Its initializer would do the same, one name after the other, in three times the time.
    vars(made).update(values)
    return made


def fields_of(kind: type[Event]) -> Mapping[str, Any]:
    """Return the names of the fields that an event of a kind has."""
    return attrs.fields_dict(kind)
