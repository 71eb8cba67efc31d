"""The operations on chats as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.addresses import kind_of_person
from blooio_sandbox.answers import Answer, ApiRequest, Handler, Json, contains, page_of
from blooio_sandbox.rooms import contact_ref, contact_row, group_row, member_ids, require_room

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import Row, State

_TALLY = """
    SELECT chat_id, count(*) AS total, sum(direction = 'inbound') AS inbound, max(position) AS last_position,
        min(accepted_at) AS first_time, max(accepted_at) AS last_time,
        max(CASE direction WHEN 'inbound' THEN accepted_at END) AS last_inbound,
        max(CASE direction WHEN 'outbound' THEN accepted_at END) AS last_outbound
    FROM messages
"""


def list_chats(request: ApiRequest, state: State) -> Answer:
    """Answer listChats: the chats with messages, by their last message."""
    order = "ASC" if request.query.get("sort") == "oldest" else "DESC"
    tallies = state.rows(f"{_TALLY} GROUP BY chat_id ORDER BY last_position {order}")
    found = [tally for tally in tallies if _matches(state, tally["chat_id"], request.query.get("q"))]
    rows, pagination = page_of(found, request)
    return Answer({"chats": [_chat_view(state, tally) for tally in rows], "pagination": pagination})


def get_chat(request: ApiRequest, state: State) -> Answer:
    """Answer getChat."""
    room = require_room(state, request.ids["chatId"])
    tally = state.row(f"{_TALLY} WHERE chat_id = ? GROUP BY chat_id", room)
    if tally is None:
        return Answer(_identity(state, room) | {"message_count": 0, "inbound_count": 0, "outbound_count": 0})
    return Answer(_chat_view(state, tally) | {"first_message_time": tally["first_time"]})


def _matches(state: State, room: str, query: str | None) -> bool:
    named = group_row(state, room) or contact_row(state, room)
    return contains(query, room, named["name"] if named else None)


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


def _identity(state: State, room: str) -> Json:
    if room.startswith("grp_"):
        return _group_identity(state, room)
    return {
        "id": room,
        "type": kind_of_person(room),
        "is_group": False,
        "group_id": None,
        "group_name": None,
        "contact": contact_ref(state, room) if contact_row(state, room) else None,
    }


def _group_identity(state: State, room: str) -> Json:
    group = group_row(state, room)
    return {
        "id": room,
        "type": "group",
        "is_group": True,
        "group_id": room,
        "group_name": group["name"] if group else None,
        "member_count": len(member_ids(state, room)),
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


HANDLERS: Mapping[str, Handler] = {"listChats": list_chats, "getChat": get_chat}
