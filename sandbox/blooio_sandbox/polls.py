"""Polls and their votes."""

from __future__ import annotations

import json
from collections.abc import Mapping

from blooio_sandbox.answers import Answer, ApiRequest, Handler, Json, invalid, not_found
from blooio_sandbox.events import group_fields, publish
from blooio_sandbox.rooms import own_number_for, require_room, room_for_sending
from blooio_sandbox.state import Row, State, dump, new_id


def send_poll(request: ApiRequest, state: State) -> Answer:
    """Answer sendPoll."""
    options, title = request.body["options"], request.body.get("title")
    _refuse_unclear(options)
    room, _ = room_for_sending(state, request.ids["chatId"])
    poll_id, now = new_id("poll"), state.now()
    state.insert("polls", poll_id=poll_id, chat_id=room, title=title, options=dump(options), sent_at=now)
    _publish(state, "poll.created", require_poll(state, room, poll_id), {})
    poll = _title(title) | {"options": options}
    return Answer({"poll_id": poll_id, "chat_id": room, "poll": poll, "sent_at": now})


def get_poll_results(request: ApiRequest, state: State) -> Answer:
    """Answer getPollResults."""
    room = require_poll_room(state, request.ids["chatId"], request.ids["pollId"])
    poll = require_poll(state, room, request.ids["pollId"])
    options = [_tally(state, poll["poll_id"], option) for option in json.loads(poll["options"])]
    view = {"poll_id": poll["poll_id"], "chat_id": room, **_title(poll["title"])}
    return Answer(view | {"options": options, "total_votes": sum(option["votes"] for option in options)})


def require_poll_room(state: State, chat_id: str, poll_id: str) -> str:
    """Return the chat that a path means; a chat may begin with a poll, before any message.

    Raises:
        Refusal: There is no such chat (404).
    """
    found: str | None = state.value("SELECT chat_id FROM polls WHERE poll_id = ? AND chat_id = ?", poll_id, chat_id)
    return found or require_room(state, chat_id)


def require_poll(state: State, room: str, poll_id: str) -> Row:
    """Return a poll of a chat.

    Raises:
        Refusal: It is not there (404).
    """
    poll = state.row("SELECT * FROM polls WHERE poll_id = ? AND chat_id = ?", poll_id, room)
    if poll is None:
        raise not_found("Poll")
    return poll


def latest_poll(state: State, room: str) -> Row:
    """Return the poll that was sent last in a chat.

    Raises:
        Refusal: There is none (404).
    """
    poll = state.row("SELECT * FROM polls WHERE chat_id = ? ORDER BY rowid DESC LIMIT 1", room)
    if poll is None:
        raise not_found("Poll")
    return poll


def vote(state: State, poll: Row, voter: str, option: str) -> None:
    """Keep a vote; a later one of the same voter takes its place."""
    if option not in json.loads(poll["options"]):
        raise ValueError(f"{option!r} is not one of the poll's options: {poll['options']}")
    state.change("INSERT OR REPLACE INTO votes VALUES (?, ?, ?)", poll["poll_id"], voter, option)
    _publish(state, "poll.voted", poll, {"sender": voter, "option": option})


def _publish(state: State, event: str, poll: Row, more: Json) -> None:
    room = poll["chat_id"]
    body = {"poll_id": poll["poll_id"], "external_id": room, "internal_id": own_number_for(state, room)}
    content = {"title": poll["title"], "options": json.loads(poll["options"])}
    publish(state, event, body | content | group_fields(state, room) | more)


def _refuse_unclear(options: list[str]) -> None:
    if not all(options) or len(set(options)) < len(options):
        raise invalid("/options", "options must be different from each other, and none may be empty")


def _title(title: str | None) -> Json:
    return {} if title is None else {"title": title}


def _tally(state: State, poll_id: str, option: str) -> Json:
    votes = state.value("SELECT count(*) FROM votes WHERE poll_id = ? AND option = ?", poll_id, option)
    return {"text": option, "votes": votes}


HANDLERS: Mapping[str, Handler] = {"sendPoll": send_poll, "getPollResults": get_poll_results}
