"""Webhook events: subscriptions and bodies."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from blooio_sandbox.state.chats import contact_ref, group_row, guid_of, member_refs
from blooio_sandbox.state.database import Row, State, dump, new_id
from blooio_sandbox.state.messages import optional_fields, protocol_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from blooio_sandbox.responses import Json

_STATUS_EVENTS = frozenset({"message.sent", "message.delivered", "message.failed", "message.read"})
EVENTS: tuple[str, ...] = (
    *("message.received", "message.queued", "message.sent", "message.delivered", "message.failed", "message.read"),
    *("message.reaction", "typing.started", "typing.stopped", "poll.created", "poll.voted"),
)
NO_END: int = -1


def is_wanted(webhook_type: str, event: str) -> bool:
    """Return whether a webhook of this type receives an event."""
    match webhook_type:
        case "all":
            return True
        case "status":
            return event in _STATUS_EVENTS
        case "poll":
            return event.startswith("poll.")
        case _:
            return event in _STATUS_EVENTS or event == "message.received"


def is_receiving(webhook: Row, now: int) -> bool:
    """Return whether a webhook is active: not deprecated and not expired."""
    return webhook["deprecated_at"] is None and (webhook["valid_until"] == NO_END or webhook["valid_until"] > now)


def publish(state: State, event: str, body: Json, *, due_at: int | None = None) -> str:
    """Schedule an event, and return its id."""
    moment = state.now() if due_at is None else due_at
    event_id = new_id("evt")
    state.insert(
        "events",
        event_id=event_id,
        event=event,
        message_id=body.get("message_id"),
        body=dump({"event": event, "timestamp": moment, **body}),
        due_at=moment,
    )
    state.wake_deliverer()
    return event_id


def publish_outbound(state: State, message: Json) -> None:
    """Schedule the status events of an outbound message; `complete` writes their bodies."""
    planned = [
        (event, message["message_id"], message[column])
        for event, (column, _) in _LIFE.items()
        if message[column] is not None
    ]
    marks = ", ".join("(?, ?, ?)" for _ in planned)
    statement = f"INSERT INTO events (event, message_id, due_at) VALUES {marks}"  # noqa: S608 - marks only
    state.change(statement, *(value for values in planned for value in values))
    state.wake_deliverer()


def complete(state: State, event: Row) -> str:
    """Write the body of an event unless it has one, and return the event id."""
    if event["body"] is not None:
        return str(event["event_id"])
    event_id = new_id("evt")
    (message,) = state.rows("SELECT * FROM messages WHERE message_id = ?", event["message_id"])
    _, fields = _LIFE[event["event"]]
    body = message_body(state, message, event["event"].partition(".")[2]) | fields(message)
    text = dump({"event": event["event"], "timestamp": event["due_at"], **body})
    state.change("UPDATE events SET event_id = ?, body = ? WHERE position = ?", event_id, text, event["position"])
    return event_id


def publish_received(state: State, message: Row) -> None:
    """Schedule `message.received`."""
    body = message_body(state, message, "received") | {
        "sender": message["sender"],
        "received_at": message["accepted_at"],
    }
    publish(state, "message.received", body)


def publish_reaction(state: State, message: Row, reaction: str, action: str, sender: str | None) -> None:
    """Schedule `message.reaction`; without a sender it is outbound."""
    body = {
        "direction": "outbound" if sender is None else "inbound",
        "message_id": message["message_id"],
        "external_id": message["chat_id"],
        "reaction": reaction,
        "action": action,
        "sender": message["own_number"] if sender is None else sender,
        "original_text": message["text"],
        "internal_id": message["own_number"],
    }
    publish(state, "message.reaction", body | group_fields(state, message["chat_id"]))


def message_body(state: State, message: Row, status: str) -> Json:
    """Return the fields shared by all events of one message."""
    return {
        "message_id": message["message_id"],
        "external_id": message["chat_id"],
        "status": status,
        "protocol": protocol_of(message, status),
        "internal_id": message["own_number"],
        "text": message["text"],
        "attachments": json.loads(message["attachments"]),
        **optional_fields(message),
        **group_fields(state, message["chat_id"]),
    }


def group_fields(state: State, chat_id: str) -> Json:
    """Return the group fields of an event body."""
    group = group_row(state, chat_id)
    if group is None:
        return {"is_group": False}
    return {
        "is_group": True,
        "group_id": chat_id,
        "group_name": group["name"],
        "chat_guid": group["chat_guid"] or guid_of(chat_id),
        "chat_name": group["name"],
        "participants": member_refs(state, chat_id),
    }


def contact_of_event(state: State, flat: Json) -> Json:
    """Return the other person of an event as a contact: in a group, its sender."""
    person = flat.get("sender") if flat.get("is_group") else flat["external_id"]
    return {} if person is None else {"contact_id": None, **contact_ref(state, person)}


def _nothing_more(_message: Row) -> Json:
    return {}


def _just(*fields: str) -> Callable[[Any], Json]:
    return lambda message: {field: message[field] for field in fields}


# Per event: the column with its time, and its additional fields.
_LIFE: Mapping[str, tuple[str, Callable[[Any], Json]]] = {
    "message.queued": ("accepted_at", _nothing_more),
    "message.sent": ("sent_at", _just("sent_at")),
    "message.delivered": ("delivered_at", _just("delivered_at")),
    "message.failed": ("failed_at", _just("error_code", "error_message")),
}
