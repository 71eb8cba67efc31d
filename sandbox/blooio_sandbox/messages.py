"""The operations that read messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.answers import Answer, ApiRequest, Handler, Json, page_limits
from blooio_sandbox.history import reactions_to, reactions_to_all, read_attachments, require_message
from blooio_sandbox.rooms import contact_ref, contact_row, require_room
from blooio_sandbox.state import dump
from blooio_sandbox.statuses import next_change, status_fields
from blooio_sandbox.views import View

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
    page = f"SELECT message_id {found} ORDER BY position {order} LIMIT ? OFFSET ?"
    ids = [row["message_id"] for row in state.rows(page, *filters, limit, offset)]
    total = state.value(f"SELECT count(*) {found}", *filters) if given else _total(state, room)
    pagination = {"limit": limit, "offset": offset, "total": total}
    messages = ",".join(_views(state, ids))
    return Answer(f'{{"chat_id":{dump(room)},"messages":[{messages}],"pagination":{dump(pagination)}}}')


def _total(state: State, room: str) -> int:
    totals = state.views.totals
    if room not in totals:
        totals[room] = state.value("SELECT count(*) FROM messages WHERE chat_id = ?", room)
    return totals[room]


def _views(state: State, message_ids: list[str]) -> list[str]:
    """Return messages as JSON; most were written before."""
    now = state.now()
    known = [state.views.find(message_id, now) for message_id in message_ids]
    missing = [message_id for message_id, view in zip(message_ids, known, strict=True) if view is None]
    fresh = _write_views(state, missing, now) if missing else {}
    return [view.text if view else fresh[message_id] for message_id, view in zip(message_ids, known, strict=True)]


def _write_views(state: State, message_ids: list[str], now: int) -> dict[str, str]:
    reactions = reactions_to_all(state, message_ids)
    marks = ", ".join("?" for _ in message_ids)
    rows = state.rows(f"SELECT * FROM messages WHERE message_id IN ({marks})", *message_ids)  # noqa: S608 - marks only
    written: dict[str, str] = {}
    for row in rows:
        message_id = row["message_id"]
        content = _content(row, reactions.get(message_id, []), now)
        written[message_id] = dump({"external_id": row["chat_id"], **content})
        state.views.keep(message_id, View(written[message_id], now, next_change(row, now)))
    return written


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
