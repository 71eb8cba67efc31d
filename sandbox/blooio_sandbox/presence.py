"""Typing, reading, and the contact card that rides on the next message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.answers import Answer, ApiRequest, Handler
from blooio_sandbox.rooms import require_room, room_to_be

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import State


def start_typing(request: ApiRequest, state: State) -> Answer:
    """Answer startTyping."""
    room, now = room_to_be(state, request.ids["chatId"]), state.now()
    state.change("INSERT OR REPLACE INTO typing VALUES (?, ?)", room, now)
    return Answer({"chat_id": room, "typing": True, "started_at": now})


def stop_typing(request: ApiRequest, state: State) -> Answer:
    """Answer stopTyping."""
    room = room_to_be(state, request.ids["chatId"])
    state.change("DELETE FROM typing WHERE chat_id = ?", room)
    return Answer({"chat_id": room, "typing": False, "stopped_at": state.now()})


def mark_chat_read(request: ApiRequest, state: State) -> Answer:
    """Answer markChatRead."""
    room, now = require_room(state, request.ids["chatId"]), state.now()
    state.change("INSERT OR REPLACE INTO read_receipts VALUES (?, ?)", room, now)
    return Answer({"chat_id": room, "status": "read", "marked_at": now})


def share_contact_card(request: ApiRequest, state: State) -> Answer:
    """Answer shareContactCard: the card is staged, and goes with the next message."""
    room = room_to_be(state, request.ids["chatId"])
    state.change("INSERT OR REPLACE INTO staged_cards VALUES (?)", room)
    return Answer({"success": True, "chat_id": room, "message": "The contact card goes with the next message"})


HANDLERS: Mapping[str, Handler] = {
    "startTyping": start_typing,
    "stopTyping": stop_typing,
    "markChatRead": mark_chat_read,
    "shareContactCard": share_contact_card,
}
