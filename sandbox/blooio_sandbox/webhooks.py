"""The operations on webhook subscriptions."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from blooio_sandbox.answers import Answer, ApiRequest, Handler, Json, Refusal, invalid, is_web_url, not_found
from blooio_sandbox.state import Row, State, new_id

LIMIT: int = 64
_NO_END = -1


def list_webhooks(_request: ApiRequest, state: State) -> Answer:
    """Answer listWebhooks."""
    rows = state.rows("SELECT * FROM webhooks ORDER BY position")
    return Answer({"webhooks": [_webhook_view(row) for row in rows]})


def create_webhook(request: ApiRequest, state: State) -> Answer:
    """Answer createWebhook: 201 with the secret for a new URL, 200 without it for a known one."""
    url = request.body["webhook_url"]
    if not is_web_url(url):
        raise invalid("/webhook_url", "a webhook URL begins with http:// or https://")
    known = state.row("SELECT * FROM webhooks WHERE webhook_url = ?", url)
    if known is not None:
        view = {"webhook_id": known["webhook_id"], "webhook_url": url, "scope": "api_key"}
        return Answer(view | {"message": "Webhook already exists"})
    if state.value("SELECT count(*) FROM webhooks") >= LIMIT:
        raise Refusal(409, f"Webhook limit reached (max {LIMIT} per organization)", "webhook_limit_reached")
    return Answer(_subscribe(state, request.body), 201)


def get_webhook(request: ApiRequest, state: State) -> Answer:
    """Answer getWebhook."""
    return Answer(_webhook_view(require_webhook(state, request)))


def update_webhook(request: ApiRequest, state: State) -> Answer:
    """Answer updateWebhook."""
    webhook = require_webhook(state, request)
    for column, value in _changes(request.body, webhook, state.now()).items():
        statement = f"UPDATE webhooks SET {column} = ? WHERE webhook_id = ?"  # noqa: S608 - names from this module
        state.change(statement, value, webhook["webhook_id"])
    return Answer(_webhook_view(require_webhook(state, request)))


def delete_webhook(request: ApiRequest, state: State) -> Answer:
    """Answer deleteWebhook."""
    webhook_id = require_webhook(state, request)["webhook_id"]
    state.change("DELETE FROM webhooks WHERE webhook_id = ?", webhook_id)
    state.change("DELETE FROM deliveries WHERE webhook_id = ?", webhook_id)
    state.change("DELETE FROM webhook_logs WHERE webhook_id = ?", webhook_id)
    return Answer({"success": True, "deleted_at": state.now(), "message": "Webhook deleted"})


def rotate_webhook_secret(request: ApiRequest, state: State) -> Answer:
    """Answer rotateWebhookSecret: the old secret stops working at once."""
    webhook = require_webhook(state, request)
    secret, count = _new_secret(), webhook["rotation_count"] + 1
    statement = "UPDATE webhooks SET signing_secret = ?, rotation_count = ? WHERE webhook_id = ?"
    state.change(statement, secret, count, webhook["webhook_id"])
    return Answer(
        {
            "webhook_id": webhook["webhook_id"],
            "signing_secret": secret,
            "rotated_at": state.now(),
            "rotated_by": "api_key",
            "rotation_count": count,
        }
    )


def require_webhook(state: State, request: ApiRequest) -> Row:
    """Return the webhook that a path names.

    Raises:
        Refusal: It is not there (404).
    """
    webhook = state.row("SELECT * FROM webhooks WHERE webhook_id = ?", request.ids["webhookId"])
    if webhook is None:
        raise not_found("Webhook")
    return webhook


def is_receiving(webhook: Row, now: int) -> bool:
    """Say whether a webhook gets events: it is not deprecated, and not past its end."""
    return webhook["deprecated_at"] is None and (webhook["valid_until"] == _NO_END or webhook["valid_until"] > now)


def _subscribe(state: State, body: Json) -> Json:
    webhook_id, secret, now = new_id("wh"), _new_secret(), state.now()
    webhook_type = body.get("webhook_type", "message")
    state.insert(
        "webhooks",
        webhook_id=webhook_id,
        webhook_url=body["webhook_url"],
        webhook_type=webhook_type,
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
    return _NO_END if moment is None else int(moment)


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


HANDLERS: Mapping[str, Handler] = {
    "listWebhooks": list_webhooks,
    "createWebhook": create_webhook,
    "getWebhook": get_webhook,
    "updateWebhook": update_webhook,
    "deleteWebhook": delete_webhook,
    "rotateWebhookSecret": rotate_webhook_secret,
}
