"""Deliveries as typed events."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import attrs

from blooio_client.types import JsonObject

if TYPE_CHECKING:
    from blooio_client.models import ContactRef, DeliveryStatus, Protocol


@attrs.frozen
class Attachment:
    """A file that came with a message."""

    url: str
    name: str | None = None
    mime_type: str | None = None
    size: int | None = None
    """In bytes."""


@attrs.frozen(kw_only=True)
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
    raw: JsonObject = attrs.field(repr=False)
    """All that came."""


@attrs.frozen(kw_only=True)
class UnknownEvent(Event):
    """An event that this version of the client has no class for."""


@attrs.frozen(kw_only=True)
class MessageEvent(Event):
    """Something that happened to a message."""

    message_id: str | None
    text: str | None
    attachments: list[Attachment]
    sender: str | None
    """Who sent it, if somebody else did."""
    protocol: Protocol | None
    """`imessage`, `sms` or `rcs`."""
    status: DeliveryStatus | None
    internal_id: str | None
    """Your own number."""
    is_group: bool
    group_id: str | None
    group_name: str | None
    participants: list[ContactRef] | None


@attrs.frozen(kw_only=True)
class MessageReceived(MessageEvent):
    """Somebody sent you a message."""


@attrs.frozen(kw_only=True)
class MessageQueued(MessageEvent):
    """A message of yours was accepted."""


@attrs.frozen(kw_only=True)
class MessageSent(MessageEvent):
    """A message of yours was sent."""

    sent_at: datetime.datetime | None


@attrs.frozen(kw_only=True)
class MessageDelivered(MessageEvent):
    """A message of yours was delivered."""

    delivered_at: datetime.datetime | None


@attrs.frozen(kw_only=True)
class MessageRead(MessageEvent):
    """A message of yours was read."""

    read_at: datetime.datetime | None


@attrs.frozen(kw_only=True)
class MessageFailed(MessageEvent):
    """A message of yours could not be delivered."""

    error_code: str | None
    error_message: str | None


CLASSES: Final[Mapping[str, type[MessageEvent]]] = MappingProxyType(
    {
        "message.received": MessageReceived,
        "message.queued": MessageQueued,
        "message.sent": MessageSent,
        "message.delivered": MessageDelivered,
        "message.read": MessageRead,
        "message.failed": MessageFailed,
    }
)


def fields_of(kind: type[MessageEvent]) -> Mapping[str, Any]:
    """Return the names of the fields that an event of a kind has."""
    return attrs.fields_dict(kind)
