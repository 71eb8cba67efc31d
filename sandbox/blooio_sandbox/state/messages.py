"""The messages of the sandbox: storage, lookup, and the form that tests see."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any, Literal

from blooio_sandbox.responses import Json, not_found
from blooio_sandbox.state.database import Row, State, dump, new_id

if TYPE_CHECKING:
    from blooio_sandbox.responses import Json
    from blooio_sandbox.state.database import Row


_NO_ATTACHMENTS = "[]"
_RELATIVE = re.compile(r"-[1-9][0-9]{0,8}")
_BY_ID = "SELECT * FROM messages WHERE chat_id = ? AND message_id = ?"
_COUNTED_FROM_THE_END = """SELECT * FROM messages WHERE chat_id = ? AND (? IS NULL OR direction = ?)
    ORDER BY position DESC LIMIT 1 OFFSET ?"""


@dataclass(frozen=True)
class SandboxMessage:
    """A message as the sandbox knows it."""

    id: str
    """The message's id."""
    chat_id: str
    """The chat."""
    direction: Literal["inbound", "outbound"]
    """`outbound` if your program sent it."""
    text: str | None
    """The text."""
    attachments: tuple[str, ...]
    """The URLs of the files."""
    sender: str
    """Who sent it."""
    status: str
    """The delivery status."""
    idempotency_key: str | None
    """The key of the send."""
    reactions: tuple[str, ...]
    """The reactions on it."""
    time_sent: int
    """When it was sent, in epoch milliseconds."""
    effect: str | None = None
    """The effect that it arrives with."""
    reply_to: str | None = None
    """The message that it replies to."""


def add_message(state: State, **values: Any) -> Row:
    """Save a new message, and return it with all its columns."""
    return state.insert_and_read("messages", **new_message(state), **values)


def new_message(state: State) -> Json:
    """Return the columns of a new message."""
    return {"message_id": new_id("msg"), "accepted_at": state.now()}


def find_message(state: State, chat_id: str, reference: str | int, direction: str | None = None) -> Row | None:
    """Return the message that an id or a relative index means: -1 is the last one, or the last one of a direction."""
    if _RELATIVE.fullmatch(str(reference)):
        return state.row(_COUNTED_FROM_THE_END, chat_id, direction, direction, -int(reference) - 1)
    return state.row(_BY_ID, chat_id, str(reference))


def require_message(state: State, chat_id: str, message_id: str) -> Row:
    """Return the message with an id.

    Raises:
        ApiError: Not found (404).
    """
    message = state.row(_BY_ID, chat_id, message_id)
    if message is None:
        raise not_found("Message")
    return message


def keep_reaction(state: State, message: Row, reaction: str, *, is_added: bool, sender: str) -> None:
    """Add or remove a reaction to a message; an empty sender means the API's own number.

    As in iMessage, each person has one reaction per message: a new one, tapback or emoji, replaces it.
    """
    if is_added:
        replaced = "UPDATE reactions SET is_added = 0, time_sent = ? WHERE message_id = ? AND sender = ? AND is_added"
        state.change(replaced, state.now(), message["message_id"], sender)
    statement = """INSERT INTO reactions VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET is_added = excluded.is_added, time_sent = excluded.time_sent"""
    state.change(statement, message["message_id"], sender, reaction, is_added, state.now())


def reactions_to(state: State, message_id: str) -> list[Json]:
    """Return the reactions to a message."""
    return reactions_to_all(state, [message_id]).get(message_id, [])


def reactions_to_all(state: State, message_ids: list[str]) -> dict[str, list[Json]]:
    """Return the reactions by message, for messages that have any."""
    marks = ", ".join("?" for _ in message_ids)
    statement = f"SELECT * FROM reactions WHERE message_id IN ({marks}) ORDER BY rowid"  # noqa: S608 - marks only
    found: dict[str, list[Json]] = {}
    for row in state.rows(statement, *message_ids):
        found.setdefault(row["message_id"], []).append(_reaction_view(row))
    return found


def _reaction_view(row: Row) -> Json:
    return {
        "reaction": row["reaction"],
        "is_added": bool(row["is_added"]),
        "time_sent": row["time_sent"],
        "sender": row["sender"] or None,
    }


def attachments_json(attachments: list[Any]) -> str:
    """Return attachments, each a URL or an object, in stored form."""
    if not attachments:
        return _NO_ATTACHMENTS
    objects = [{"url": each} if isinstance(each, str) else each for each in attachments]
    return dump([{"url": each["url"], "name": each.get("name")} for each in objects])


def read_attachments(text: str) -> list[Json]:
    """Return attachments in their original form; most messages have none."""
    attachments: list[Json] = [] if text == _NO_ATTACHMENTS else json.loads(text)
    return attachments


def as_message(state: State, row: Row) -> SandboxMessage:
    """Return a message in the form that tests see."""
    active = (each["reaction"] for each in reactions_to(state, row["message_id"]) if each["is_added"])
    return SandboxMessage(
        id=row["message_id"],
        chat_id=row["chat_id"],
        direction=row["direction"],
        text=row["text"],
        attachments=tuple(each["url"] for each in read_attachments(row["attachments"])),
        sender=row["sender"] or row["own_number"],
        status=status_at(row, state.now()),
        idempotency_key=row["idempotency_key"],
        reactions=tuple(active),
        time_sent=row["accepted_at"],
        effect=row["effect"],
        reply_to=row["reply_to"],
    )


@dataclass(frozen=True)
class Plan:
    """When an accepted message will be sent, and with which outcome."""

    sent_at: int | None
    delivered_at: int | None
    failed_at: int | None
    error_code: str | None


def plan_message(accepted_at: int, delay: int, *, is_online: bool, error_code: str | None) -> Plan:
    """Decide what will happen to a message: one step per delay, and a failure in place of `sent`."""
    if error_code is not None:
        return Plan(None, None, accepted_at + delay, error_code)
    return Plan(accepted_at + delay, accepted_at + 2 * delay if is_online else None, None, None)


def status_at(message: Row, now: int) -> str:
    """Return the status of a message at a time."""
    if message["direction"] == "inbound":
        return "received"
    for column, status in _STEPS:
        if message[column] is not None and message[column] <= now:
            return status
    return "queued"


def next_change(message: Row, now: int) -> float:
    """Return when the status of a message changes next; infinity if it is final."""
    moments = (message[column] for column, _ in _STEPS)
    return min((moment for moment in moments if moment is not None and moment > now), default=inf)


def protocol_of(message: Row, status: str) -> str:
    """Return the protocol of a message: pending until it is sent."""
    return "pending" if status == "queued" else str(message["protocol"])


def optional_fields(message: Row) -> Json:
    """Return the fields that only some messages have: a formatted text, and the message that they reply to."""
    fields: Json = {} if message["formatted_text"] is None else {"formatted_text": message["formatted_text"]}
    parent = message["reply_to"]
    if parent is not None:
        # Here, the id of a message is its GUID, too.
        known = parent if parent.startswith("msg_") else None
        fields["reply_to"] = {"message_id": known, "guid": parent, "part_index": 0}
    return fields


def status_fields(message: Row, now: int) -> Json:
    """Return the fields about status that every view of a message has."""
    status = status_at(message, now)
    is_delivered = message["delivered_at"] is not None and message["delivered_at"] <= now
    return {
        "status": status,
        "protocol": protocol_of(message, status),
        "time_sent": message["accepted_at"],
        "time_delivered": message["delivered_at"] if is_delivered else None,
        "error": message["error_message"] if status == "failed" else None,
    }


_STEPS = (
    ("cancelled_at", "cancelled"),
    ("failed_at", "failed"),
    ("read_at", "read"),
    ("delivered_at", "delivered"),
    ("sent_at", "sent"),
)
