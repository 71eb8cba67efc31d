"""Polls and their votes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from blooio_sandbox.deliveries.events import group_fields, publish
from blooio_sandbox.responses import ApiRequest, Handler, Json, Response, invalid, not_found
from blooio_sandbox.state.chats import chat_for_sending, own_number_for, require_chat, to_chat_id
from blooio_sandbox.state.database import Row, State, dump, new_id


def send_poll(request: ApiRequest, state: State) -> Response:
    """Handle sendPoll."""
    options, title = request.body["options"], request.body.get("title")
    _reject_unclear(options)
    chat_id, _ = chat_for_sending(state, request.ids["chatId"])
    poll_id, now = new_id("poll"), state.now()
    state.insert("polls", poll_id=poll_id, chat_id=chat_id, title=title, options=dump(options), sent_at=now)
    _publish(state, "poll.created", require_poll(state, chat_id, poll_id), {})
    poll = _title(title) | {"options": options}
    return Response({"poll_id": poll_id, "chat_id": chat_id, "poll": poll, "sent_at": now})


def get_poll_results(request: ApiRequest, state: State) -> Response:
    """Handle getPollResults."""
    chat_id = require_poll_chat(state, request.ids["chatId"], request.ids["pollId"])
    poll = require_poll(state, chat_id, request.ids["pollId"])
    options = [_tally(state, poll["poll_id"], option) for option in json.loads(poll["options"])]
    view = {"poll_id": poll["poll_id"], "chat_id": chat_id, **_title(poll["title"])}
    return Response(view | {"options": options, "total_votes": sum(option["votes"] for option in options)})


def require_poll_chat(state: State, chat_id: str, poll_id: str) -> str:
    """Return the chat that a path names; a chat can start with a poll.

    Raises:
        ApiError: The chat does not exist (404).
    """
    statement = "SELECT chat_id FROM polls WHERE poll_id = ? AND chat_id = ?"
    found: str | None = state.value(statement, poll_id, to_chat_id(state, chat_id))
    return found or require_chat(state, chat_id)


def require_poll(state: State, chat_id: str, poll_id: str) -> Row:
    """Return a poll of a chat.

    Raises:
        ApiError: Not found (404).
    """
    poll = state.row("SELECT * FROM polls WHERE poll_id = ? AND chat_id = ?", poll_id, chat_id)
    if poll is None:
        raise not_found("Poll")
    return poll


def latest_poll(state: State, chat_id: str) -> Row:
    """Return the latest poll of a chat.

    Raises:
        ApiError: Not found (404).
    """
    poll = state.row("SELECT * FROM polls WHERE chat_id = ? ORDER BY rowid DESC LIMIT 1", chat_id)
    if poll is None:
        raise not_found("Poll")
    return poll


def vote(state: State, poll: Row, voter: str, option: str) -> None:
    """Save a vote; it replaces an earlier vote of the same voter."""
    if option not in json.loads(poll["options"]):
        raise ValueError(f"{option!r} is not one of the poll's options: {poll['options']}")
    state.change("INSERT OR REPLACE INTO votes VALUES (?, ?, ?)", poll["poll_id"], voter, option)
    _publish(state, "poll.voted", poll, {"sender": voter, "option": option})


def _publish(state: State, event: str, poll: Row, more: Json) -> None:
    chat_id = poll["chat_id"]
    body = {"poll_id": poll["poll_id"], "external_id": chat_id, "internal_id": own_number_for(state, chat_id)}
    content = {"title": poll["title"], "options": json.loads(poll["options"])}
    publish(state, event, body | content | group_fields(state, chat_id) | more)


def _reject_unclear(options: list[str]) -> None:
    if not all(options) or len(set(options)) < len(options):
        raise invalid("/options", "options must be distinct and not empty")


def _title(title: str | None) -> Json:
    return {} if title is None else {"title": title}


def _tally(state: State, poll_id: str, option: str) -> Json:
    votes = state.value("SELECT count(*) FROM votes WHERE poll_id = ? AND option = ?", poll_id, option)
    return {"text": option, "votes": votes}


HANDLERS: Mapping[str, Handler] = {"sendPoll": send_poll, "getPollResults": get_poll_results}
