"""What became of the deliveries to a webhook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from blooio_sandbox.answers import Answer, ApiRequest, Handler, Json, not_found, page_of
from blooio_sandbox.webhooks import require_webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from blooio_sandbox.state import Row, State


def list_webhook_logs(request: ApiRequest, state: State) -> Answer:
    """Answer listWebhookLogs: the newest first, unless asked otherwise."""
    webhook_id = require_webhook(state, request)["webhook_id"]
    order = "ASC" if request.query.get("sort") == "asc" else "DESC"
    statement = f"SELECT * FROM webhook_logs WHERE webhook_id = ? ORDER BY position {order}"  # noqa: S608 - two words
    found = [row for row in state.rows(statement, webhook_id) if _has_status(row["response_status"], request)]
    rows, pagination = page_of(found, request)
    more = pagination["offset"] + len(rows) < len(found)
    views = [_log_view(state, row) for row in rows]
    return Answer({"logs": views, "pagination": pagination | {"returned": len(rows), "has_more": more}})


def require_log(state: State, request: ApiRequest) -> Row:
    """Return the last attempt to deliver the event that a path names.

    Raises:
        Refusal: There was none (404).
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


HANDLERS: Mapping[str, Handler] = {"listWebhookLogs": list_webhook_logs}
