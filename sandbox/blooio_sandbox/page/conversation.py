"""One chat as the page shows it: members, messages and polls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from blooio_sandbox.state.addresses import parse_person
from blooio_sandbox.state.chats import contact_row, group_row, member_ids, own_number_for
from blooio_sandbox.state.files import describe_files, file_id_of, file_path
from blooio_sandbox.state.messages import reactions_to_all, read_attachments, status_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.responses import Json
    from blooio_sandbox.state.database import Row, State

PAGE: int = 100
_MESSAGES = "SELECT * FROM messages WHERE chat_id = ? AND position < ? ORDER BY position DESC LIMIT ?"
_NEXT_PAGE = "SELECT accepted_at FROM messages WHERE chat_id = ? AND position >= ? ORDER BY position LIMIT 1"
_POLLS = "SELECT * FROM polls WHERE chat_id = ? AND sent_at >= ? AND sent_at < ? ORDER BY rowid"
_SEARCH = """SELECT position, chat_id, text, accepted_at FROM messages WHERE text LIKE ? ESCAPE '\\'
    ORDER BY position DESC LIMIT 50"""
_NO_END = 2**62


def conversation(state: State, chat_id: str, before: int | None = None) -> Json:
    """Return a chat with its latest messages, or those before a position; oldest first."""
    chat_id = chat_id if chat_id.startswith("grp_") else parse_person(chat_id)
    position = _NO_END if before is None else max(0, min(before, _NO_END))
    rows = state.rows(_MESSAGES, chat_id, position, PAGE + 1)
    has_more, rows = len(rows) > PAGE, rows[:PAGE][::-1]
    start = rows[0]["accepted_at"] if has_more else 0
    end = state.value(_NEXT_PAGE, chat_id, position) or _NO_END
    polls = [_poll_view(state, row) for row in state.rows(_POLLS, chat_id, start, end)]
    items = sorted([*_message_views(state, rows), *polls], key=lambda item: item["time_sent"])
    return {
        **identity(state, chat_id),
        "own_number": own_number_for(state, chat_id),
        "phones": {person: _phone_view(state, person) for person in members_of(state, chat_id)},
        "background": _background(state, chat_id),
        "icon": _icon(state, chat_id),
        "marked_read": state.value("SELECT marked_at FROM read_receipts WHERE chat_id = ?", chat_id),
        "typing": typing_in(state, chat_id),
        "is_api_typing": _is_api_typing(state, chat_id),
        "items": items,
        "has_more": has_more,
    }


def search(state: State, query: str) -> Json:
    """Return the latest fifty messages that contain a text."""
    escaped = "".join(f"\\{character}" if character in "\\%_" else character for character in query)
    rows = state.rows(_SEARCH, f"%{escaped}%")
    return {"found": [{**identity(state, row["chat_id"]), **_hit(row)} for row in rows]}


def identity(state: State, chat_id: str) -> Json:
    """Return the id, the name and the members of a chat."""
    named = group_row(state, chat_id) or contact_row(state, chat_id)
    members = [{"id": person, "name": name_of(state, person)} for person in members_of(state, chat_id)]
    return {"id": chat_id, "name": named["name"] if named else None, "members": members}


def members_of(state: State, chat_id: str) -> list[str]:
    """Return the people in a chat, except the account itself."""
    return member_ids(state, chat_id) if chat_id.startswith("grp_") else [chat_id]


def name_of(state: State, person: str) -> str | None:
    """Return the name of a contact, or None."""
    contact = contact_row(state, person)
    return contact["name"] if contact else None


def typing_in(state: State, chat_id: str) -> list[str]:
    """Return the people who are typing in a chat."""
    rows = state.rows("SELECT identifier FROM phone_typing WHERE chat_id = ? ORDER BY rowid", chat_id)
    return [row["identifier"] for row in rows]


def _is_api_typing(state: State, chat_id: str) -> bool:
    statement = """SELECT 1 FROM typing WHERE chat_id = ? AND NOT EXISTS (SELECT 1 FROM messages
        WHERE messages.chat_id = typing.chat_id AND direction = 'outbound' AND accepted_at >= started_at)"""
    return state.row(statement, chat_id) is not None


def _message_views(state: State, rows: list[Row]) -> list[Json]:
    now = state.now()
    reactions = reactions_to_all(state, [row["message_id"] for row in rows])
    attachments = {row["position"]: read_attachments(row["attachments"]) for row in rows}
    ids = [file_id_of(each["url"]) for found in attachments.values() for each in found]
    files = describe_files(state, (file_id for file_id in ids if file_id))
    return [
        {
            "kind": "message",
            "id": row["message_id"],
            "position": row["position"],
            "direction": row["direction"],
            "sender": row["sender"] or row["own_number"],
            "text": row["text"],
            "formatted_text": row["formatted_text"],
            "effect": row["effect"],
            "attachments": [_attachment_view(each, files) for each in attachments[row["position"]]],
            "reply_to": _quote(state, row["reply_to"]),
            "reactions": [
                {"reaction": each["reaction"], "sender": each["sender"]}
                for each in reactions.get(row["message_id"], [])
                if each["is_added"]
            ],
            **status_fields(row, now),
            "protocol": row["protocol"],
            "time_read": row["read_at"],
            "error_code": row["error_code"],
        }
        for row in rows
    ]


def _attachment_view(attachment: Json, files: Mapping[str, Row]) -> Json:
    file_id = file_id_of(attachment["url"])
    file = files.get(file_id or "")
    name = attachment["name"] or attachment["url"].rpartition("/")[2] or attachment["url"]
    if file is None:
        return {"url": attachment["url"], "name": name, "path": None, "content_type": None, "size": None}
    path = "/".join(attachment["url"].split("/")[-3:])
    return {
        "url": attachment["url"],
        "name": name,
        "path": path,
        "content_type": file["content_type"],
        "size": file["size"],
    }


def _quote(state: State, message_id: str | None) -> Json | None:
    if message_id is None:
        return None
    row = state.row("SELECT * FROM messages WHERE message_id = ?", message_id)
    if row is None:
        return {"id": message_id, "text": None, "sender": None, "has_attachments": False}
    sender = row["sender"] or row["own_number"]
    has_attachments = bool(read_attachments(row["attachments"]))
    return {"id": message_id, "text": row["text"], "sender": sender, "has_attachments": has_attachments}


def _poll_view(state: State, poll: Row) -> Json:
    voters: dict[str, list[str]] = {option: [] for option in json.loads(poll["options"])}
    for row in state.rows("SELECT * FROM votes WHERE poll_id = ? ORDER BY rowid", poll["poll_id"]):
        voters[row["option"]].append(row["voter"])
    options = [{"text": option, "voters": people} for option, people in voters.items()]
    sender = own_number_for(state, poll["chat_id"])
    identity = {"kind": "poll", "id": poll["poll_id"], "sender": sender, "time_sent": poll["sent_at"]}
    return {**identity, "title": poll["title"], "options": options}


def _phone_view(state: State, person: str) -> Json:
    row = state.row("SELECT * FROM phones WHERE identifier = ?", person)
    if row is None:
        return {"protocol": "imessage", "online": True, "failing_with": None}
    return {"protocol": row["protocol"], "online": bool(row["is_online"]), "failing_with": row["error_code"]}


def _background(state: State, chat_id: str) -> str | None:
    background: Any = state.value("SELECT background_id FROM backgrounds WHERE chat_id = ?", chat_id)
    return None if background is None else file_path(background, "background")


def _icon(state: State, chat_id: str) -> str | None:
    group = group_row(state, chat_id)
    return (
        None if group is None or group["icon_url"] is None else file_path(group["icon_url"].rpartition("/")[2], "icon")
    )


def _hit(row: Row) -> Json:
    return {"position": row["position"], "text": row["text"], "time_sent": row["accepted_at"]}
