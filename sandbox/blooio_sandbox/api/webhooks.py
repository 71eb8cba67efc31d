"""Webhooks, their delivery logs, and replays."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from blooio_sandbox.deliveries.events import NO_END
from blooio_sandbox.deliveries.posting import EventRequest, EventResponse, EventSender, event_response_view
from blooio_sandbox.responses import (
    ApiError,
    ApiRequest,
    Handler,
    Json,
    Response,
    invalid,
    is_web_url,
    not_found,
    page_of,
)
from blooio_sandbox.state.database import Row, State, new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state.database import Row, State


LIMIT: int = 64


def list_webhooks(_request: ApiRequest, state: State) -> Response:
    """Handle listWebhooks."""
    rows = state.rows("SELECT * FROM webhooks ORDER BY position")
    return Response({"webhooks": [_webhook_view(row) for row in rows]})


def create_webhook(request: ApiRequest, state: State) -> Response:
    """Handle createWebhook: 201 with the secret for a new URL, 200 without it for a known URL."""
    url = request.body["webhook_url"]
    if not is_web_url(url):
        raise invalid("/webhook_url", "webhook_url must be an http(s) URL")
    known = state.row("SELECT * FROM webhooks WHERE webhook_url = ?", url)
    if known is not None:
        view = {"webhook_id": known["webhook_id"], "webhook_url": url, "scope": "api_key"}
        return Response(view | {"message": "Webhook already exists"})
    if "createWebhook" in state.account.disabled:
        message = "Registration through this endpoint is closed. Use POST /v4/webhooks."
        raise ApiError(410, message, "webhook_registration_closed")
    if state.value("SELECT count(*) FROM webhooks") >= LIMIT:
        raise ApiError(409, f"Webhook limit reached (max {LIMIT} per organization)", "webhook_limit_reached")
    return Response(subscribe(state, request.body), 201)


def get_webhook(request: ApiRequest, state: State) -> Response:
    """Handle getWebhook."""
    return Response(_webhook_view(require_webhook(state, request)))


def update_webhook(request: ApiRequest, state: State) -> Response:
    """Handle updateWebhook."""
    webhook = require_webhook(state, request)
    for column, value in _changes(request.body, webhook, state.now()).items():
        statement = f"UPDATE webhooks SET {column} = ? WHERE webhook_id = ?"  # noqa: S608 - names from this module
        state.change(statement, value, webhook["webhook_id"])
    return Response(_webhook_view(require_webhook(state, request)))


def delete_webhook(request: ApiRequest, state: State) -> Response:
    """Handle deleteWebhook."""
    webhook_id = require_webhook(state, request)["webhook_id"]
    state.change("DELETE FROM webhooks WHERE webhook_id = ?", webhook_id)
    state.change("DELETE FROM deliveries WHERE webhook_id = ?", webhook_id)
    state.change("DELETE FROM webhook_logs WHERE webhook_id = ?", webhook_id)
    return Response({"success": True, "deleted_at": state.now(), "message": "Webhook deleted"})


def rotate_webhook_secret(request: ApiRequest, state: State) -> Response:
    """Handle rotateWebhookSecret: the old secret stops working at once."""
    webhook = require_webhook(state, request)
    secret, count = _new_secret(), webhook["rotation_count"] + 1
    statement = "UPDATE webhooks SET signing_secret = ?, rotation_count = ? WHERE webhook_id = ?"
    state.change(statement, secret, count, webhook["webhook_id"])
    return Response(
        {
            "webhook_id": webhook["webhook_id"],
            "signing_secret": secret,
            "rotated_at": state.now(),
            "rotated_by": "api_key",
            "rotation_count": count,
        }
    )


def require_webhook(state: State, request: ApiRequest) -> Row:
    """Return the webhook of a request.

    Raises:
        ApiError: Not found (404).
    """
    webhook = state.row("SELECT * FROM webhooks WHERE webhook_id = ?", request.ids["webhookId"])
    if webhook is None:
        raise not_found("Webhook")
    return webhook


def subscribe(state: State, body: Json, form: Json | None = None, *, secret: str | None = None) -> Json:
    """Save a webhook, and return it with its secret; without a form of its own, it gets that of the sandbox."""
    webhook_id, secret, now = new_id("wh"), secret or _new_secret(), state.now()
    webhook_type = body.get("webhook_type", "message")
    state.insert(
        "webhooks",
        webhook_id=webhook_id,
        webhook_url=body["webhook_url"],
        webhook_type=webhook_type,
        **(form or {}),
        signing_secret=secret,
        created_at=now,
        valid_until=_end(body.get("valid_until")),
    )
    return {
        "webhook_id": webhook_id,
        "webhook_url": body["webhook_url"],
        "webhook_type": webhook_type,
        "scope": "api_key",
        "created_at": now,
        "signing_secret": secret,
    }


def change_form(state: State, url: str, form: Json) -> None:
    """Change the form in which a webhook gets its events."""
    marks = ", ".join(f"{name} = ?" for name in form)
    statement = f"UPDATE webhooks SET {marks} WHERE webhook_url = ?"  # noqa: S608 - names from the seed's schema
    state.change(statement, *form.values(), url)


def _changes(body: Json, webhook: Row, now: int) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if "webhook_type" in body:
        changes["webhook_type"] = body["webhook_type"]
    if "valid_until" in body:
        changes["valid_until"] = _end(body["valid_until"])
    if "deprecate" in body:
        changes["deprecated_at"] = (webhook["deprecated_at"] or now) if body["deprecate"] else None
    return changes


def _end(moment: float | None) -> int:
    return NO_END if moment is None else int(moment)


def _new_secret() -> str:
    return "whsec_" + secrets.token_hex(24)


def _webhook_view(webhook: Row) -> Json:
    columns = ("webhook_id", "webhook_url", "webhook_type", "created_at", "deprecated_at", "valid_until")
    return {
        **{column: webhook[column] for column in columns},
        "scope": "api_key",
        "api_key_name": "sandbox",
        "integration_name": None,
        "last_triggered": webhook["last_triggered"],
        "failure_count": webhook["failure_count"],
        "is_active": webhook["deprecated_at"] is None,
    }


def list_webhook_logs(request: ApiRequest, state: State) -> Response:
    """Handle listWebhookLogs: newest first by default."""
    webhook_id = require_webhook(state, request)["webhook_id"]
    order = "ASC" if request.query.get("sort") == "asc" else "DESC"
    statement = f"SELECT * FROM webhook_logs WHERE webhook_id = ? ORDER BY position {order}"  # noqa: S608 - two words
    found = [row for row in state.rows(statement, webhook_id) if _has_status(row["response_status"], request)]
    rows, pagination = page_of(found, request)
    more = pagination["offset"] + len(rows) < len(found)
    views = [_log_view(state, row) for row in rows]
    return Response({"logs": views, "pagination": pagination | {"returned": len(rows), "has_more": more}})


def require_log(state: State, request: ApiRequest) -> Row:
    """Return the last delivery attempt of an event.

    Raises:
        ApiError: There was no attempt (404).
    """
    statement = "SELECT * FROM webhook_logs WHERE webhook_id = ? AND event_id = ? ORDER BY position DESC LIMIT 1"
    log = state.row(statement, request.ids["webhookId"], request.ids["eventId"])
    if log is None:
        raise not_found("Event")
    return log


def _has_status(status: int | None, request: ApiRequest) -> bool:
    exact, least, most = (request.query.get(name) for name in ("status", "min_status", "max_status"))
    if status is None:
        return exact is None and least is None and most is None
    return (
        (exact is None or status == exact) and (least is None or status >= least) and (most is None or status <= most)
    )


def _log_view(state: State, log: Row) -> Json:
    return {
        "event_id": log["event_id"],
        "scope": "api",
        "attempted_time": log["attempted_time"],
        "response_received_at": log["response_received_at"],
        "webhook_url": log["webhook_url"],
        "event_body": json.loads(log["body"]),
        "response_status": log["response_status"],
        "response_json": json.loads(log["response_json"] or "null"),
        "metadata": _metadata(state, log),
    }


def _metadata(state: State, log: Row) -> Json:
    optional: dict[str, Any] = {"message_id": log["message_id"], "original_event_id": log["original_event_id"]}
    return {
        "organization_id": state.account.organization_id,
        "event_name": log["event"],
        "is_replay": log["original_event_id"] is not None,
        "duration_ms": log["duration_ms"],
        **{name: value for name, value in optional.items() if value is not None},
    }


async def replay_webhook_event(request: ApiRequest, state: State, sender: EventSender, generation: int) -> Response:
    """Handle replayWebhookEvent: send the original body again under a new event id."""
    with state.locked(generation):
        webhook, log = require_webhook(state, request), require_log(state, request)
    event_request = EventRequest(new_id("evt"), log["event"], log["message_id"], log["body"], log["event_id"])
    return Response(_replay_view(webhook, event_request, await sender.deliver(webhook, [event_request], generation)))


def _replay_view(webhook: Row, event_request: EventRequest, event_response: EventResponse) -> Json:
    return {
        "success": event_response.is_success,
        "replay_event_id": event_request.event_id,
        "original_event_id": event_request.original_event_id,
        "webhook_id": webhook["webhook_id"],
        "webhook_url": webhook["webhook_url"],
        **({} if event_response.status is None else {"response_status": event_response.status}),
        "duration_ms": event_response.duration_ms,
        "response_data": event_response_view(event_response),
    }


HANDLERS: Mapping[str, Handler] = {
    "listWebhooks": list_webhooks,
    "createWebhook": create_webhook,
    "getWebhook": get_webhook,
    "updateWebhook": update_webhook,
    "deleteWebhook": delete_webhook,
    "rotateWebhookSecret": rotate_webhook_secret,
    "listWebhookLogs": list_webhook_logs,
}
