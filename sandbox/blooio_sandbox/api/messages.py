"""Messages: list, get, status, cancel, react."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blooio_overrides.emoji import one_emoji
from blooio_sandbox.deliveries.events import publish_reaction
from blooio_sandbox.responses import ApiError, ApiRequest, Handler, Json, Response, invalid, not_found, page_limits
from blooio_sandbox.state.caches import View
from blooio_sandbox.state.chats import contact_ref, contact_row, require_chat
from blooio_sandbox.state.database import dump
from blooio_sandbox.state.messages import (
    find_message,
    keep_reaction,
    next_change,
    optional_fields,
    reactions_to,
    reactions_to_all,
    read_attachments,
    require_message,
    status_at,
    status_fields,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state.database import Row, State


_FILTERS = {"direction": "direction = ?", "since": "accepted_at > ?", "until": "accepted_at < ?"}


def list_chat_messages(request: ApiRequest, state: State) -> Response:
    """Handle listChatMessages: newest first by default."""
    chat_id = require_chat(state, request.ids["chatId"])
    limit, offset = page_limits(request)
    given = [name for name in _FILTERS if name in request.query]
    found = " AND ".join(["FROM messages WHERE chat_id = ?", *(_FILTERS[name] for name in given)])
    filters = [chat_id, *(request.query[name] for name in given)]
    order = "ASC" if request.query.get("sort") == "asc" else "DESC"
    page = f"SELECT message_id {found} ORDER BY position {order} LIMIT ? OFFSET ?"
    ids = [row["message_id"] for row in state.rows(page, *filters, limit, offset)]
    total = state.value(f"SELECT count(*) {found}", *filters) if given else _total(state, chat_id)
    pagination = {"limit": limit, "offset": offset, "total": total}
    messages = ",".join(_views(state, ids))
    return Response(f'{{"chat_id":{dump(chat_id)},"messages":[{messages}],"pagination":{dump(pagination)}}}')


def _total(state: State, chat_id: str) -> int:
    totals = state.views.totals
    if chat_id not in totals:
        totals[chat_id] = state.value("SELECT count(*) FROM messages WHERE chat_id = ?", chat_id)
    return totals[chat_id]


def _views(state: State, message_ids: list[str]) -> list[str]:
    """Return messages as JSON, from the cache where possible."""
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


def get_message(request: ApiRequest, state: State) -> Response:
    """Handle getMessage."""
    chat_id = require_chat(state, request.ids["chatId"])
    message = require_message(state, chat_id, request.ids["messageId"])
    contact = contact_ref(state, chat_id) if contact_row(state, chat_id) else None
    reactions = reactions_to(state, message["message_id"])
    return Response({"chat_id": chat_id, "contact": contact, **_content(message, reactions, state.now())})


def get_message_status(request: ApiRequest, state: State) -> Response:
    """Handle getMessageStatus."""
    chat_id = require_chat(state, request.ids["chatId"])
    message = require_message(state, chat_id, request.ids["messageId"])
    identity = {"message_id": message["message_id"], "chat_id": chat_id, "direction": message["direction"]}
    return Response(identity | status_fields(message, state.now()))


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
        **optional_fields(message),
    }


_CANCEL = """UPDATE messages SET cancelled_at = ?, sent_at = NULL, delivered_at = NULL, failed_at = NULL
    WHERE message_id = ?"""
_FORGET_EVENTS = "DELETE FROM events WHERE message_id = ? AND is_published = 0 AND due_at > ?"


def cancel_message(request: ApiRequest, state: State) -> Response:
    """Handle cancelMessage: 409 unless the message is queued."""
    chat_id, now = require_chat(state, request.ids["chatId"]), state.now()
    message = require_message(state, chat_id, request.ids["messageId"])
    status = status_at(message, now)
    if status != "queued":
        raise ApiError(
            409, f"This message is {status}; only a queued message can be cancelled", "message_not_cancellable"
        )
    state.change(_CANCEL, now, message["message_id"])
    state.change(_FORGET_EVENTS, message["message_id"], now)
    return Response({"success": True, "message_id": message["message_id"], "status": "cancelled"})


_TAPBACKS = frozenset({"love", "like", "dislike", "laugh", "emphasize", "question"})
_ACTIONS = {"+": "add", "-": "remove"}


def add_reaction(request: ApiRequest, state: State) -> Response:
    """Handle addReaction."""
    action, reaction = read_reaction(request.body["reaction"])
    chat_id = require_chat(state, request.ids["chatId"])
    # Only here, the id can be an index from the end.
    message = find_message(state, chat_id, request.ids["messageId"], request.body.get("direction"))
    if message is None:
        raise not_found("Message")
    keep_reaction(state, message, reaction, is_added=action == "add", sender="")
    publish_reaction(state, message, reaction, action, None)
    view = {"success": True, "message_id": message["message_id"], "reaction": reaction, "action": action}
    return Response(view)


def read_reaction(text: str) -> tuple[str, str]:
    """Return the action and the reaction.

    Raises:
        ApiError: The sign is missing, or the reaction is not valid (400).
    """
    action, reaction = _ACTIONS.get(text[:1]), text[1:]
    if action is None:
        raise invalid("/reaction", "reaction must start with + to add or - to remove")
    if not is_reaction(reaction):
        raise invalid("/reaction", f"reaction must be one of {', '.join(sorted(_TAPBACKS))}, or an emoji")
    return action, reaction


def is_reaction(reaction: str) -> bool:
    """Return whether this is a tapback or one emoji."""
    return reaction in _TAPBACKS or one_emoji(reaction) is not None


HANDLERS: Mapping[str, Handler] = {
    "listChatMessages": list_chat_messages,
    "getMessage": get_message,
    "getMessageStatus": get_message_status,
    "cancelMessage": cancel_message,
    "addReaction": add_reaction,
}
