"""The chats, requests, deliveries and faults as the page lists them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from blooio_sandbox.api.request_log import host_of, show
from blooio_sandbox.page.conversation import conversation, identity, name_of, search, typing_in
from blooio_sandbox.state.messages import read_attachments, status_at

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import Ledger, RecordedRequest
    from blooio_sandbox.control.faults import Fault, Faults
    from blooio_sandbox.deliveries.disturbances import Disturbances
    from blooio_sandbox.responses import Json
    from blooio_sandbox.state.database import Row, State

MAX_LISTED: int = 100
_MAX_BODY = 20_000
# The inner query uses the index by chat, however many messages there are.
_LAST_MESSAGES = """SELECT messages.* FROM messages JOIN
    (SELECT max(position) AS position FROM messages GROUP BY chat_id ORDER BY 1 DESC LIMIT ?) USING (position)
    ORDER BY position DESC"""
_LAST_POLLS = "SELECT chat_id, title, max(sent_at) AS sent_at FROM polls GROUP BY chat_id"
_QUIET_GROUPS = """SELECT group_id, created_at FROM groups WHERE deleted_at IS NULL AND NOT EXISTS
    (SELECT 1 FROM messages WHERE chat_id = group_id) ORDER BY created_at DESC LIMIT ?"""
_UNREAD = """SELECT chat_id, count(*) AS unread FROM messages
    WHERE direction = 'outbound' AND read_at IS NULL AND delivered_at <= ? GROUP BY chat_id"""
# The inner query reads only the index by webhook and event.
_ATTEMPTED = """SELECT webhook_logs.webhook_id, webhook_logs.event_id, webhook_logs.event, webhook_logs.webhook_url,
    original_event_id, response_status, error, attempted_time, tally.attempts, waiting.due_at,
    coalesce(json_extract(events.body, '$.external_id'), json_extract(webhook_logs.body, '$.external_id')) AS chat_id
    FROM webhook_logs JOIN
    (SELECT max(position) AS position, count(*) AS attempts FROM webhook_logs GROUP BY webhook_id, event_id
    ORDER BY 1 DESC LIMIT ?) AS tally USING (position)
    LEFT JOIN events ON events.event_id = coalesce(original_event_id, webhook_logs.event_id)
    LEFT JOIN (SELECT webhook_id, event_id, due_at FROM deliveries WHERE due_at IS NOT NULL) AS waiting
    ON waiting.webhook_id = webhook_logs.webhook_id AND waiting.event_id = webhook_logs.event_id
    ORDER BY webhook_logs.position DESC"""
_WAITING = """SELECT waiting.webhook_id, waiting.event_id, events.event, webhooks.webhook_url,
    NULL AS original_event_id, response_status, error, attempted_time, waiting.due_at,
    (SELECT count(*) FROM webhook_logs
    WHERE webhook_id = waiting.webhook_id AND event_id = waiting.event_id) AS attempts,
    json_extract(events.body, '$.external_id') AS chat_id
    FROM (SELECT * FROM deliveries WHERE due_at IS NOT NULL ORDER BY position DESC LIMIT ?) AS waiting
    JOIN events USING (event_id) JOIN webhooks USING (webhook_id)
    LEFT JOIN webhook_logs ON webhook_logs.position = (SELECT max(position) FROM webhook_logs
    WHERE webhook_id = waiting.webhook_id AND event_id = waiting.event_id)"""


class Overview:
    """The latest hundred chats, requests and deliveries, without bodies and secrets."""

    def __init__(self, state: State, ledger: Ledger, faults: Faults, disturbances: Disturbances) -> None:
        self._state = state
        self._ledger = ledger
        self._faults = faults
        self._disturbances = disturbances

    def summary(self) -> Json:
        """Return the chats, requests, deliveries, webhooks and pending faults."""
        with self._state.locked():
            return {
                "numbers": list(self._state.account.numbers),
                "now": self._state.now(),
                "chats": _chats(self._state),
                "requests": [_request_view(number, record) for number, record in self._ledger.latest(MAX_LISTED)],
                "deliveries": _deliveries(self._state),
                "webhooks": [
                    _webhook_view(row) for row in self._state.rows("SELECT * FROM webhooks ORDER BY position")
                ],
                "faults": [_fault_view(fault) for fault in self._faults.all()],
                "disturbances": [asdict(each) for each in self._disturbances.all()],
            }

    def conversation(self, chat_id: str, before: int | None = None) -> Json:
        """Return the members of a chat, and its latest hundred messages or those before a position, oldest first."""
        with self._state.locked():
            return conversation(self._state, chat_id, before)

    def search(self, query: str) -> Json:
        """Return the latest fifty messages that contain a text."""
        with self._state.locked():
            return search(self._state, query)

    def bodies(self, number: int) -> Json:
        """Return a request and its response in readable form.

        Raises:
            LookupError: There is no such request, or it was dropped.
        """
        record = self._ledger.find(number)
        asked = f"{len(record.raw_body)} bytes, not JSON" if record.body is None else _show(record.body)
        view = {
            "headers": dict(record.headers),
            "asked": asked if record.raw_body else "",
            "raw_path": record.raw_path,
            "ids": dict(record.ids),
        }
        return {**_request_view(number, record), **view, "answered": _show(record.response)}

    def attempts(self, event_id: str) -> Json:
        """Return each delivery attempt of an event, oldest first."""
        rows = self._state.rows("SELECT * FROM webhook_logs WHERE event_id = ? ORDER BY position", event_id)
        return {"attempts": [_attempt_view(row) for row in rows]}


def _chats(state: State) -> list[Json]:
    now = state.now()
    unread = {row["chat_id"]: row["unread"] for row in state.rows(_UNREAD, now)}
    found = {row["chat_id"]: _last_message_view(state, row, now) for row in state.rows(_LAST_MESSAGES, MAX_LISTED)}
    for poll in state.rows(_LAST_POLLS):
        if poll["sent_at"] >= found.get(poll["chat_id"], {}).get("time_sent", 0):
            found[poll["chat_id"]] = _last_view(f"Poll: {poll['title'] or 'untitled'}", "outbound", poll["sent_at"])
    for group in state.rows(_QUIET_GROUPS, MAX_LISTED):
        found.setdefault(group["group_id"], _last_view("New group", "inbound", group["created_at"]))
    chats: list[Json] = [
        {**identity(state, chat), "unread": unread.get(chat, 0), "typing": typing_in(state, chat), **last}
        for chat, last in found.items()
    ]
    return sorted(chats, key=lambda chat: -chat["time_sent"])[:MAX_LISTED]


def _last_message_view(state: State, row: Row, now: int) -> Json:
    attachments = len(read_attachments(row["attachments"]))
    text = row["text"] or ("Attachment" if attachments == 1 else f"{attachments} attachments")
    view = _last_view(text, row["direction"], row["accepted_at"])
    sender = row["sender"] and (name_of(state, row["sender"]) or row["sender"])
    return {**view, "sender": sender, "is_failed": status_at(row, now) == "failed"}


def _last_view(text: str, direction: str, time_sent: int) -> Json:
    return {"text": text, "direction": direction, "time_sent": time_sent, "sender": None, "is_failed": False}


def _request_view(number: int, record: RecordedRequest) -> Json:
    names = ("method", "query", "operation", "idempotency_key", "time_received", "status", "duration_ms")
    values: Json = {name: getattr(record, name) for name in names}
    return {"number": number, "path": unquote(record.raw_path), "chat": record.ids.get("chatId"), **values}


def _fault_view(fault: Fault) -> Json:
    names = ("id", "status", "operation", "times", "delay", "drops_connection", "after_processing", "probability")
    return {name: getattr(fault, name) for name in names}


def _webhook_view(row: Row) -> Json:
    names = ("webhook_id", "webhook_type", "deprecated_at")
    return {**{name: row[name] for name in names}, "host": host_of(row["webhook_url"])}


def _deliveries(state: State) -> list[Json]:
    rows = [*state.rows(_WAITING, MAX_LISTED), *state.rows(_ATTEMPTED, MAX_LISTED)]
    found = {(row["webhook_id"], row["event_id"]): _delivery_view(row) for row in rows}
    return sorted(found.values(), key=lambda delivery: -delivery["time"])[:MAX_LISTED]


def _delivery_view(row: Row) -> Json:
    names = ("webhook_id", "event_id", "event", "error", "attempts")
    return {
        **{name: row[name] for name in names},
        "host": host_of(row["webhook_url"]),
        "chat": row["chat_id"],
        "is_replay": row["original_event_id"] is not None,
        "status": row["response_status"],
        "time": row["due_at"] if row["attempted_time"] is None else row["attempted_time"],
        "next_attempt": row["due_at"],
    }


def _attempt_view(row: Row) -> Json:
    return {
        "webhook_id": row["webhook_id"],
        "event": row["event"],
        "is_replay": row["original_event_id"] is not None,
        "time": row["attempted_time"],
        "status": row["response_status"],
        "error": row["error"],
        "duration_ms": row["duration_ms"],
        "signature": row["signature"],
        "sent": _show(json.loads(row["body"])),
        "answered": _show(json.loads(row["response_json"] or "null")),
    }


def _show(body: Any) -> str:
    return show(body, longest=_MAX_BODY, indent=2)
