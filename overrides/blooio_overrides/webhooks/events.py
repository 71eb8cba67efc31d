"""Deliveries as typed events."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import attrs

from blooio_client.types import JsonObject

from .attachments import Attachment
from .opt_out import is_opt_in, is_opt_out
from .replies import InChat, OnMessage

if TYPE_CHECKING:
    from blooio_client.models import ContactRef, DeliveryStatus, Direction, Protocol, ReactionAction


# Without slots, frozen objects are made in half the time; a receiver makes one for each delivery.
@attrs.frozen(slots=False)
class ReplyTo:
    """The message that a message replies to."""

    message_id: str | None
    """The message that was replied to; None if Blooio does not know it."""
    guid: str | None = None
    """Apple's id of it."""
    part_index: int | None = None
    """Which part of it, such as one of several pictures."""


@attrs.frozen(kw_only=True, slots=False)
class Event(InChat):
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
    """Whether the chat is a group."""
    group_id: str | None
    """The group's id."""
    group_name: str | None
    """The group's name."""
    participants: list[ContactRef] | None
    """The other members of the group."""


@attrs.frozen(kw_only=True, slots=False)
class MessageEvent(ChatEvent, OnMessage):
    """Something that happened to a message."""

    message_id: str | None
    """The message's id."""
    text: str | None
    """The text; None if there is only an attachment."""
    formatted_text: str | None
    """The text as Markdown, if any of it is bold, italic, underlined or struck through."""
    attachments: list[Attachment]
    """The files, each with a method `download`."""
    protocol: Protocol | None
    """`imessage`, `sms` or `rcs`; `pending` until it is known, and `unknown` if it never was."""
    status: DeliveryStatus | None
    """The delivery status."""


@attrs.frozen(kw_only=True, slots=False)
class MessageReceived(MessageEvent):
    """Somebody sent you a message."""

    reply_to: ReplyTo | None
    """The message that it replies to."""
    received_at: datetime.datetime | None
    """When Blooio received it."""

    @property
    def opt_out(self) -> bool:
        """Whether it is nothing but STOP, or another word that ends messages."""
        return is_opt_out(self.text)

    @property
    def opt_in(self) -> bool:
        """Whether it is nothing but START, or another word that allows messages again."""
        return is_opt_in(self.text)


@attrs.frozen(kw_only=True, slots=False)
class MessageQueued(MessageEvent):
    """A message of yours was accepted."""


@attrs.frozen(kw_only=True, slots=False)
class MessageSent(MessageEvent):
    """A message of yours was sent."""

    sent_at: datetime.datetime | None
    """When it was sent."""


@attrs.frozen(kw_only=True, slots=False)
class MessageDelivered(MessageEvent):
    """A message of yours was delivered."""

    delivered_at: datetime.datetime | None
    """When it was delivered."""


@attrs.frozen(kw_only=True, slots=False)
class MessageRead(MessageEvent):
    """A message of yours was read."""

    read_at: datetime.datetime | None
    """When it was read."""


@attrs.frozen(kw_only=True, slots=False)
class MessageFailed(MessageEvent):
    """A message of yours could not be delivered."""

    error_code: str | None
    """The machine-readable reason."""
    error_message: str | None
    """The reason, for people."""


@attrs.frozen(kw_only=True, slots=False)
class MessageReaction(ChatEvent, OnMessage):
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
class PollEvent(ChatEvent, OnMessage):
    """Something that happened to a poll; `chat.polls.results` takes it."""

    poll_id: str | None
    """The poll's id."""
    message_id: str | None
    """The message that holds the poll."""
    title: str | None
    """The question."""
    options: list[str] | None
    """The options, in order."""


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


class Burst(InChat):
    """What one chat sent until it was quiet for a while; see `Receiver.on_burst`.

    It is fixed: a retry gets the same events, and what comes later is part of the next burst.
    """

    def __init__(self, events: tuple[MessageEvent, ...], dedupe_key: str, is_superseded: Callable[[], bool]) -> None:
        """Make a burst; the receiver does."""
        self.events = events
        """The events, in order of arrival; at least one."""
        self.chat_id: str | None = events[-1].chat_id
        self.dedupe_key = dedupe_key
        self._is_superseded = is_superseded

    @property
    def text(self) -> str:
        """The texts, a line for each."""
        return "\n".join(event.text for event in self.events if event.text)

    @property
    def last(self) -> MessageEvent:
        """The last event, such as to react to."""
        return self.events[-1]

    @property
    def superseded(self) -> bool:
        """Whether the chat has written since: the next burst has begun. It asks the store each time."""
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
