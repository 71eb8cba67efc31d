"""Typed events."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs

from blooio_client.types import JsonObject
from blooio_client.values import abridged

from .attachments import Attachment
from .opt_out import is_opt_in, is_opt_out
from .replies import InChat, OnMessage

if TYPE_CHECKING:
    from blooio_client.models import ContactRef, DeliveryStatus, Direction, Protocol, ReactionAction


# Without slots, frozen objects are created twice as fast; a receiver creates one per delivery.
@attrs.frozen(slots=False)
class ReplyTo:
    """The message that a message replies to."""

    message_id: str | None
    """The message that was replied to; None if Blooio does not know it."""
    guid: str | None = None
    """Apple's id of the message."""
    part_index: int | None = None
    """The part of the message, such as one of several pictures."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class Event(InChat):
    """The base class of all events."""

    type: str
    """The kind of event, such as `message.received`."""
    chat_id: str | None
    """The chat to reply to: the group's id in a group, else the other party."""
    dedupe_key: str
    """The same for each redelivery of this event, and different for every other event."""
    timestamp: datetime.datetime | None
    """When it happened."""
    is_replay: bool = False
    """Whether it is a replay (`logs.replay`), according to its headers, which are not signed."""
    raw: JsonObject
    """The whole delivery as JSON."""

    def __repr__(self) -> str:
        """Show what identifies the event, as models do: no text, and only the end of a phone number."""
        ids = (getattr(self, "message_id", None), self.chat_id)
        return f"<{' '.join([type(self).__name__, *(abridged(each) for each in ids if each)])}>"


@attrs.frozen(kw_only=True, slots=False, repr=False)
class UnknownEvent(Event):
    """An event that this version of the client has no class for."""

    def __repr__(self) -> str:
        is_type = re.fullmatch(r"[a-z_]{1,40}(\.[a-z_]{1,40})+", self.type)
        return f"<{type(self).__name__} {self.type}>" if is_type else f"<{type(self).__name__}>"


@attrs.frozen(kw_only=True, slots=False, repr=False)
class ChatEvent(Event):
    """An event in a chat."""

    sender: str | None
    """Who did it, unless it was you."""
    internal_id: str | None
    """Your own number."""
    is_group: bool
    """Whether the chat is a group."""
    group_id: str | None
    """The group's id."""
    group_name: str | None
    """The group's name."""
    participants: list[ContactRef] | None
    """The other members of the group."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MessageEvent(ChatEvent, OnMessage):
    """An event about a message."""

    message_id: str | None
    """The message's id."""
    text: str | None
    """The text; None if there is only an attachment."""
    formatted_text: str | None
    """The text as Markdown, if any of it is bold, italic, underlined or struck through."""
    attachments: list[Attachment]
    """The files, each with a method `download`."""
    protocol: Protocol | None
    """`imessage`, `sms` or `rcs`; `pending` until it is known, and `unknown` if it never becomes known."""
    status: DeliveryStatus | None
    """The delivery status."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MessageReceived(MessageEvent):
    """You received a message."""

    reply_to: ReplyTo | None
    """The message that it replies to."""
    received_at: datetime.datetime | None
    """When Blooio received it."""

    @property
    def opt_out(self) -> bool:
        """Whether the whole message is STOP or another opt-out word."""
        return is_opt_out(self.text)

    @property
    def opt_in(self) -> bool:
        """Whether the whole message is START or another opt-in word."""
        return is_opt_in(self.text)


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MessageQueued(MessageEvent):
    """Your message was accepted."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MessageSent(MessageEvent):
    """Your message was sent."""

    sent_at: datetime.datetime | None
    """When it was sent."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MessageDelivered(MessageEvent):
    """Your message was delivered."""

    delivered_at: datetime.datetime | None
    """When it was delivered."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MessageRead(MessageEvent):
    """Your message was read."""

    read_at: datetime.datetime | None
    """When it was read."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MessageFailed(MessageEvent):
    """Your message could not be delivered."""

    error_code: str | None
    """The machine-readable reason."""
    error_message: str | None
    """The reason, in words."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class MessageReaction(ChatEvent, OnMessage):
    """Someone added or removed a reaction."""

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


@attrs.frozen(kw_only=True, slots=False, repr=False)
class PollEvent(ChatEvent, OnMessage):
    """An event about a poll; pass it to `chat.polls.results`."""

    poll_id: str | None
    """The poll's id."""
    message_id: str | None
    """The message that holds the poll."""
    title: str | None
    """The question."""
    options: list[str] | None
    """The options, in order."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class PollCreated(PollEvent):
    """You sent a poll."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class PollReceived(PollEvent):
    """You received a poll."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class PollVoted(PollEvent):
    """Someone voted in a poll."""

    option: str | None
    """The chosen option."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class GroupNameChanged(ChatEvent):
    """A group was renamed: `group_name` is its new name."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class GroupIconChanged(ChatEvent):
    """The icon of a group changed."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class ContactShared(ChatEvent):
    """Someone shared a contact card with you; `raw` holds its contents."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class TypingStarted(ChatEvent):
    """Someone started typing."""


@attrs.frozen(kw_only=True, slots=False, repr=False)
class TypingStopped(ChatEvent):
    """Someone stopped typing."""


class Burst(InChat):
    """The messages that a chat sent until it was quiet for a while; see `Receiver.on_burst`.

    It does not change: a retry gets the same events, and later ones form the next burst.
    """

    def __init__(self, events: tuple[MessageEvent, ...], dedupe_key: str, is_superseded: Callable[[], bool]) -> None:
        """Create a burst; the receiver does this."""
        self.events = events
        """The events, in order of arrival; at least one."""
        self.chat_id: str | None = events[-1].chat_id
        self.dedupe_key = dedupe_key
        self._is_superseded = is_superseded

    @property
    def text(self) -> str:
        """The texts, one per line."""
        return "\n".join(event.text for event in self.events if event.text)

    @property
    def last(self) -> MessageEvent:
        """The last event, for example to react to it."""
        return self.events[-1]

    @property
    def opt_out(self) -> bool:
        """Whether one of the messages is STOP or another opt-out word, and no START follows it."""
        received = [event for event in self.events if isinstance(event, MessageReceived)]
        words = [event.opt_out for event in received if event.opt_out or event.opt_in]
        return bool(words) and words[-1]

    @property
    def superseded(self) -> bool:
        """Whether a newer burst of this chat has begun. Each access queries the store."""
        return self._is_superseded()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {len(self.events)}>"


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
