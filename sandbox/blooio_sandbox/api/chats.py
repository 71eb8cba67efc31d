"""Chats, typing, read receipts, and contact cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.api.pictures import background_fields
from blooio_sandbox.responses import ApiRequest, Handler, Json, Response, contains, page_of
from blooio_sandbox.state.addresses import kind_of_person
from blooio_sandbox.state.chats import contact_ref, contact_row, group_row, member_ids, require_chat, to_chat_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state.database import Row, State


_TALLY = """
    SELECT chat_id, count(*) AS total, sum(direction = 'inbound') AS inbound, max(position) AS last_position,
        min(accepted_at) AS first_time, max(accepted_at) AS last_time,
        max(CASE direction WHEN 'inbound' THEN accepted_at END) AS last_inbound,
        max(CASE direction WHEN 'outbound' THEN accepted_at END) AS last_outbound
    FROM messages
"""


def list_chats(request: ApiRequest, state: State) -> Response:
    """Handle listChats: chats with messages, latest first."""
    order = "ASC" if request.query.get("sort") == "oldest" else "DESC"
    tallies = state.rows(f"{_TALLY} GROUP BY chat_id ORDER BY last_position {order}")
    found = [tally for tally in tallies if _matches(state, tally["chat_id"], request.query.get("q"))]
    rows, pagination = page_of(found, request)
    return Response({"chats": [_chat_view(state, tally) for tally in rows], "pagination": pagination})


def get_chat(request: ApiRequest, state: State) -> Response:
    """Handle getChat."""
    chat_id = require_chat(state, request.ids["chatId"])
    tally = state.row(f"{_TALLY} WHERE chat_id = ? GROUP BY chat_id", chat_id)
    if tally is None:
        return Response(_identity(state, chat_id) | {"message_count": 0, "inbound_count": 0, "outbound_count": 0})
    return Response(_chat_view(state, tally) | {"first_message_time": tally["first_time"]})


def _matches(state: State, chat_id: str, query: str | None) -> bool:
    named = group_row(state, chat_id) or contact_row(state, chat_id)
    return contains(query, chat_id, named["name"] if named else None)


def _chat_view(state: State, tally: Row) -> Json:
    return _identity(state, tally["chat_id"]) | {
        "message_count": tally["total"],
        "inbound_count": tally["inbound"],
        "outbound_count": tally["total"] - tally["inbound"],
        "last_message_time": tally["last_time"],
        "last_inbound_time": tally["last_inbound"],
        "last_outbound_time": tally["last_outbound"],
        "last_message": _last_message(state, tally["last_position"]),
    }


def _identity(state: State, chat_id: str) -> Json:
    if chat_id.startswith("grp_"):
        return _group_identity(state, chat_id) | background_fields(state, chat_id)
    return background_fields(state, chat_id) | {
        "id": chat_id,
        "type": kind_of_person(chat_id),
        "is_group": False,
        "group_id": None,
        "group_name": None,
        "contact": contact_ref(state, chat_id) if contact_row(state, chat_id) else None,
    }


def _group_identity(state: State, chat_id: str) -> Json:
    group = group_row(state, chat_id)
    return {
        "id": chat_id,
        "type": "group",
        "is_group": True,
        "group_id": chat_id,
        "group_name": group["name"] if group else None,
        "member_count": len(member_ids(state, chat_id)),
        "contact": None,
    }


def _last_message(state: State, position: int) -> Json:
    (message,) = state.rows("SELECT * FROM messages WHERE position = ?", position)
    return {
        "message_id": message["message_id"],
        "text": message["text"],
        "direction": message["direction"],
        "time_sent": message["accepted_at"],
    }


def start_typing(request: ApiRequest, state: State) -> Response:
    """Handle startTyping."""
    chat_id, now = to_chat_id(state, request.ids["chatId"]), state.now()
    state.change("INSERT OR REPLACE INTO typing VALUES (?, ?)", chat_id, now)
    return Response({"chat_id": chat_id, "typing": True, "started_at": now} | _typing_warning(state, chat_id))


def stop_typing(request: ApiRequest, state: State) -> Response:
    """Handle stopTyping."""
    chat_id = to_chat_id(state, request.ids["chatId"])
    state.change("DELETE FROM typing WHERE chat_id = ?", chat_id)
    stopped = {"chat_id": chat_id, "typing": False, "stopped_at": state.now()}
    return Response(stopped | _typing_warning(state, chat_id))


def _typing_warning(state: State, chat_id: str) -> Json:
    protocol = state.value("SELECT protocol FROM phones WHERE identifier = ?", chat_id)
    return {"warning": "RCS chats do not support composing indicators"} if protocol == "rcs" else {}


def mark_chat_read(request: ApiRequest, state: State) -> Response:
    """Handle markChatRead."""
    chat_id, now = require_chat(state, request.ids["chatId"]), state.now()
    state.change("INSERT OR REPLACE INTO read_receipts VALUES (?, ?)", chat_id, now)
    return Response({"chat_id": chat_id, "status": "read", "marked_at": now})


def share_contact_card(request: ApiRequest, state: State) -> Response:
    """Handle shareContactCard: the card is staged for the next message."""
    chat_id = to_chat_id(state, request.ids["chatId"])
    state.change("INSERT OR REPLACE INTO staged_cards VALUES (?)", chat_id)
    return Response({"success": True, "chat_id": chat_id, "message": "The contact card is sent with the next message"})


HANDLERS: Mapping[str, Handler] = {
    "listChats": list_chats,
    "getChat": get_chat,
    "startTyping": start_typing,
    "stopTyping": stop_typing,
    "markChatRead": mark_chat_read,
    "shareContactCard": share_contact_card,
}
