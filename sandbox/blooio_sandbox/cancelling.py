"""cancelMessage: for what is still queued."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_sandbox.answers import Answer, ApiRequest, Handler, Refusal
from blooio_sandbox.history import require_message
from blooio_sandbox.rooms import require_room
from blooio_sandbox.statuses import status_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import State

_CANCEL = """UPDATE messages SET cancelled_at = ?, sent_at = NULL, delivered_at = NULL, failed_at = NULL
    WHERE message_id = ?"""
_FORGET_EVENTS = "DELETE FROM events WHERE message_id = ? AND is_published = 0 AND due_at > ?"


def cancel_message(request: ApiRequest, state: State) -> Answer:
    """Answer cancelMessage: 409 for a message that was sent already."""
    room, now = require_room(state, request.ids["chatId"]), state.now()
    message = require_message(state, room, request.ids["messageId"])
    status = status_at(message, now)
    if status != "queued":
        raise Refusal(409, f"This message is {status}: only a queued one can be cancelled", "message_not_cancellable")
    state.change(_CANCEL, now, message["message_id"])
    state.change(_FORGET_EVENTS, message["message_id"], now)
    return Answer({"success": True, "message_id": message["message_id"], "status": "cancelled"})


HANDLERS: Mapping[str, Handler] = {"cancelMessage": cancel_message}
