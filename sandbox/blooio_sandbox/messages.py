"""The operations that read messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.answers import Answer, ApiRequest, Handler, Json, page_limits
from blooio_sandbox.history import reactions_to, reactions_to_all, read_attachments, require_message
from blooio_sandbox.rooms import contact_ref, contact_row, require_room
from blooio_sandbox.statuses import status_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import Row, State

_FILTERS = {"direction": "direction = ?", "since": "accepted_at > ?", "until": "accepted_at < ?"}


def list_chat_messages(request: ApiRequest, state: State) -> Answer:
    """Answer listChatMessages: the newest first, unless asked otherwise."""
    room = require_room(state, request.ids["chatId"])
    limit, offset = page_limits(request)
    given = [name for name in _FILTERS if name in request.query]
    found = " AND ".join(["FROM messages WHERE chat_id = ?", *(_FILTERS[name] for name in given)])
    filters = [room, *(request.query[name] for name in given)]
    order = "ASC" if request.query.get("sort") == "asc" else "DESC"
    rows = state.rows(f"SELECT * {found} ORDER BY position {order} LIMIT ? OFFSET ?", *filters, limit, offset)
    pagination = {"limit": limit, "offset": offset, "total": state.value(f"SELECT count(*) {found}", *filters)}
    reactions, now = reactions_to_all(state, [row["message_id"] for row in rows]), state.now()
    views = [{"external_id": room, **_content(row, reactions.get(row["message_id"], []), now)} for row in rows]
    return Answer({"chat_id": room, "messages": views, "pagination": pagination})


def get_message(request: ApiRequest, state: State) -> Answer:
    """Answer getMessage."""
    room = require_room(state, request.ids["chatId"])
    message = require_message(state, room, request.ids["messageId"])
    contact = contact_ref(state, room) if contact_row(state, room) else None
    reactions = reactions_to(state, message["message_id"])
    return Answer({"chat_id": room, "contact": contact, **_content(message, reactions, state.now())})


def get_message_status(request: ApiRequest, state: State) -> Answer:
    """Answer getMessageStatus."""
    room = require_room(state, request.ids["chatId"])
    message = require_message(state, room, request.ids["messageId"])
    identity = {"message_id": message["message_id"], "chat_id": room, "direction": message["direction"]}
    return Answer(identity | status_fields(message, state.now()))


def _content(message: Row, reactions: list[Json], now: int) -> Json:
    is_from_group_member = message["direction"] == "inbound" and message["chat_id"].startswith("grp_")
    return {
        "message_id": message["message_id"],
        "direction": message["direction"],
        "internal_id": message["own_number"],
        "text": message["text"],
        "attachments": read_attachments(message["attachments"]),
        "sender": message["sender"] if is_from_group_member else None,
        "reactions": reactions,
        **status_fields(message, now),
    }


HANDLERS: Mapping[str, Handler] = {
    "listChatMessages": list_chat_messages,
    "getMessage": get_message,
    "getMessageStatus": get_message_status,
}
