"""The data of the page."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from blooio_sandbox.api.request_log import host_of, show
from blooio_sandbox.state.addresses import parse_person
from blooio_sandbox.state.chats import contact_row, group_row, member_ids
from blooio_sandbox.state.messages import as_message, reactions_to_all

if TYPE_CHECKING:
    from blooio_sandbox.api.ledger import Ledger, RecordedRequest
    from blooio_sandbox.control.faults import Fault, Faults
    from blooio_sandbox.responses import Json
    from blooio_sandbox.state.database import Row, State

MOST: int = 100
_LONGEST_BODY = 20_000
# The inner query uses the index by chat, however many messages there are.
_LAST_MESSAGES = """SELECT messages.* FROM messages JOIN
    (SELECT max(position) AS position FROM messages GROUP BY chat_id ORDER BY 1 DESC LIMIT ?) USING (position)
    ORDER BY position DESC"""
# The inner query reads only the index by webhook and event.
_ATTEMPTED = """SELECT webhook_logs.*, tally.attempts FROM webhook_logs JOIN
    (SELECT max(position) AS position, count(*) AS attempts FROM webhook_logs GROUP BY webhook_id, event_id
    ORDER BY 1 DESC LIMIT ?) AS tally USING (position) ORDER BY position DESC"""
_WAITING = """SELECT webhook_id, event_id, event, webhook_url, deliveries.due_at
    FROM deliveries JOIN events USING (event_id) JOIN webhooks USING (webhook_id)
    WHERE deliveries.due_at IS NOT NULL ORDER BY deliveries.position DESC LIMIT ?"""


class Overview:
    """The latest hundred chats, requests and deliveries, without bodies and secrets."""

    def __init__(self, state: State, ledger: Ledger, faults: Faults) -> None:
        self._state = state
        self._ledger = ledger
        self._faults = faults

    def summary(self) -> Json:
        """Return the chats, requests, deliveries and pending faults."""
        with self._state.locked():
            return {
                "numbers": list(self._state.account.numbers),
                "now": self._state.now(),
                "chats": [_chat_view(self._state, row) for row in self._state.rows(_LAST_MESSAGES, MOST)],
                "requests": [_request_view(number, record) for number, record in self._ledger.latest(MOST)],
                "deliveries": _deliveries(self._state),
                "faults": [_fault_view(fault) for fault in self._faults.all()],
            }

    def conversation(self, chat_id: str) -> Json:
        """Return the members and the latest messages of a chat, oldest first."""
        chat_id = chat_id if chat_id.startswith("grp_") else parse_person(chat_id)
        with self._state.locked():
            statement = "SELECT * FROM messages WHERE chat_id = ? ORDER BY position DESC LIMIT ?"
            rows = self._state.rows(statement, chat_id, MOST)[::-1]
            reactions = reactions_to_all(self._state, [row["message_id"] for row in rows])
            messages = [_message_view(self._state, row, reactions.get(row["message_id"], [])) for row in rows]
            return {**_identity(self._state, chat_id), "messages": messages}

    def bodies(self, number: int) -> Json:
        """Return a request and its response in readable form.

        Raises:
            LookupError: There is no such request, or it was dropped.
        """
        record = self._ledger.find(number)
        asked = f"{len(record.raw_body)} bytes, not JSON" if record.body is None else _show(record.body)
        view = {"headers": dict(record.headers), "asked": asked if record.raw_body else ""}
        return {**_request_view(number, record), **view, "answered": _show(record.response)}

    def attempts(self, event_id: str) -> Json:
        """Return each delivery attempt of an event, oldest first."""
        rows = self._state.rows("SELECT * FROM webhook_logs WHERE event_id = ? ORDER BY position", event_id)
        return {"attempts": [_attempt_view(row) for row in rows]}


def _identity(state: State, chat_id: str) -> Json:
    group = group_row(state, chat_id)
    named = group or contact_row(state, chat_id)
    members = member_ids(state, chat_id) if chat_id.startswith("grp_") else [chat_id]
    return {"id": chat_id, "name": named["name"] if named else None, "members": members}


def _chat_view(state: State, last: Row) -> Json:
    fields = {"text": last["text"], "direction": last["direction"], "time_sent": last["accepted_at"]}
    return {**_identity(state, last["chat_id"]), **fields}


def _message_view(state: State, row: Row, reactions: list[Json]) -> Json:
    message = as_message(state, row)
    active = [{"reaction": each["reaction"], "sender": each["sender"]} for each in reactions if each["is_added"]]
    error = row["error_message"] if message.status == "failed" else None
    return {**asdict(message), "reactions": active, "error": error}


def _request_view(number: int, record: RecordedRequest) -> Json:
    names = ("method", "query", "operation", "idempotency_key", "time_received", "status", "duration_ms")
    values: Json = {name: getattr(record, name) for name in names}
    return {"number": number, "path": unquote(record.raw_path), **values}


def _fault_view(fault: Fault) -> Json:
    names = ("status", "operation", "times", "delay", "drops_connection", "after_processing")
    return {name: getattr(fault, name) for name in names}


def _deliveries(state: State) -> list[Json]:
    found: dict[tuple[str, str], Json] = {}
    for row in state.rows(_WAITING, MOST):
        found[_key_of(row)] = {**_delivery_view(row), "time": row["due_at"], "next_attempt": row["due_at"]}
    for row in state.rows(_ATTEMPTED, MOST):
        delivery = found.setdefault(_key_of(row), _delivery_view(row))
        last = {"status": row["response_status"], "error": row["error"], "time": row["attempted_time"]}
        delivery |= {"attempts": row["attempts"], **last}
    return sorted(found.values(), key=lambda delivery: -delivery["time"])[:MOST]


def _key_of(row: Row) -> tuple[str, str]:
    return row["webhook_id"], row["event_id"]


def _delivery_view(row: Row) -> Json:
    identity = {"event_id": row["event_id"], "event": row["event"], "host": host_of(row["webhook_url"])}
    return {**identity, "status": None, "error": None, "attempts": 0, "time": None, "next_attempt": None}


def _attempt_view(row: Row) -> Json:
    return {
        "host": host_of(row["webhook_url"]),
        "event": row["event"],
        "is_replay": row["original_event_id"] is not None,
        "time": row["attempted_time"],
        "status": row["response_status"],
        "error": row["error"],
        "duration_ms": row["duration_ms"],
        "sent": _show(json.loads(row["body"])),
        "answered": _show(json.loads(row["response_json"] or "null")),
    }


def _show(body: Any) -> str:
    return show(body, longest=_LONGEST_BODY, indent=2)
