"""Sending messages: accepted once per idempotency key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from blooio_sandbox.api.limits import check_limits
from blooio_sandbox.api.markdown import CODE, read_markdown
from blooio_sandbox.deliveries.events import publish_outbound
from blooio_sandbox.responses import ApiError, ApiRequest, Handler, Json, Response, invalid, is_web_url
from blooio_sandbox.state.chats import chat_for_sending, own_number_for
from blooio_sandbox.state.database import Row, State, dump
from blooio_sandbox.state.messages import attachments_json, new_message, plan_message

KEY_LIFETIME: int = 24 * 60 * 60 * 1000

_OLDEST_PARENT = 30 * KEY_LIFETIME


@dataclass(frozen=True)
class Bubble:
    """One message to be sent: a text, attachments, or both."""

    text: str | None
    attachments: tuple[Any, ...] = ()
    formatted_text: str | None = None


def send_message(request: ApiRequest, state: State) -> Response:
    """Handle sendMessage: 202 for a new message, 200 with the same ids for a known key."""
    chat_id, about_group = chat_for_sending(state, request.ids["chatId"])
    earlier = _earlier_send(state, request.idempotency_key)
    if earlier is not None:
        return _repeat(earlier, chat_id, request.body, is_strict=state.account.reused_keys == "conflict")
    bubbles = styled(request.body, bubbles_of(request.body))
    _reject_attachment_first(state, chat_id, bubbles)
    number = _number_to_send_from(state, chat_id, request.body.get("from_number"))
    check_limits(state, chat_id, number, len(bubbles))
    shared: Json = {"own_number": number, "idempotency_key": request.idempotency_key}
    parent, about_parent = _parent(state, chat_id, number, request.body, len(bubbles))
    shared |= {"effect": _effect(request.body), "reply_to": parent}
    rows = [_accept(state, chat_id, bubble, shared) for bubble in bubbles]
    ids = _message_ids(request.body, [row["message_id"] for row in rows])
    response = dump(ids | {"status": "queued"} | about_group | about_parent)
    _remember(state, chat_id, request, response)
    return Response(response, 202)


def bubbles_of(body: Json) -> list[Bubble]:
    """Return the messages in a body.

    Raises:
        ApiError: The body matches the schema but cannot be sent (400).
    """
    if body.get("parts") is not None:
        return _bubbles_of_parts(body)
    attachments = tuple(_check_attachment(index, each) for index, each in enumerate(body.get("attachments", [])))
    texts = _texts(body, has_attachments=bool(attachments))
    if body.get("link_preview") and not all(is_web_url(text or "") for text in texts):
        raise invalid("/link_preview", "the text must be exactly one URL")
    return [Bubble(text, () if index else attachments) for index, text in enumerate(texts)]


def styled(body: Json, bubbles: list[Bubble]) -> list[Bubble]:
    """Return the messages with their Markdown read, if that is their format.

    Raises:
        ApiError: They cannot be sent as Markdown (400).
    """
    if body.get("format", "plain") == "plain":
        return bubbles
    if body.get("attachments") or any(bubble.text is None for bubble in bubbles):
        raise invalid("/format", "markdown needs text, and cannot be combined with attachments", CODE)
    read = [(bubble, read_markdown(bubble.text or "", "/text")) for bubble in bubbles]
    return [replace(bubble, text=text, formatted_text=formatted) for bubble, (text, formatted) in read]


def _texts(body: Json, *, has_attachments: bool) -> list[str | None]:
    text: str | list[str] | None = body.get("text")
    if isinstance(text, list) and text and all(text):
        return [*text]
    if isinstance(text, str) and text:
        return [text]
    if has_attachments and not isinstance(text, list):
        return [None]
    raise invalid("/text", "a message needs text, attachments or parts")


def _check_attachment(index: int, attachment: Any) -> Any:
    url = attachment if isinstance(attachment, str) else attachment["url"]
    if not is_web_url(url):
        raise invalid(f"/attachments/{index}", "an attachment must be an http(s) URL")
    return attachment


def _bubbles_of_parts(body: Json) -> list[Bubble]:
    parts = body["parts"]
    if not parts or body.get("text") or body.get("attachments"):
        raise invalid("/parts", "parts must not be empty, and replace text and attachments")
    for index, part in enumerate(parts):
        _check_part(index, part, is_batch=_is_batch(body))
    if _is_batch(body):
        return [Bubble(part["text"]) for part in parts]
    text = "".join(part.get("text", "") for part in parts)
    return [Bubble(text or None, tuple(part for part in parts if "url" in part))]


def _check_part(index: int, part: Json, *, is_batch: bool) -> None:
    if bool(part.get("text")) == bool(part.get("url")):
        raise invalid(f"/parts/{index}", "a part needs either text or url")
    if "url" in part and not is_web_url(part["url"]):
        raise invalid(f"/parts/{index}/url", "an attachment must be an http(s) URL")
    for field, needed in (("mention", "text"), ("name", "url")):
        if field in part and needed not in part:
            raise invalid(f"/parts/{index}/{field}", f"{field} is only valid with {needed}")
    if is_batch and not is_web_url(part.get("text", "")):
        raise invalid(f"/parts/{index}", "with link_preview, the text of every part must be exactly one URL")


def _is_batch(body: Json) -> bool:
    return any(part.get("link_preview") for part in body.get("parts") or ())


def _message_ids(body: Json, ids: list[str]) -> Json:
    if _is_batch(body):
        return {"message_ids": ids, "count": len(ids)}
    return {"message_ids": ids} if isinstance(body.get("text"), list) else {"message_id": ids[0]}


def _earlier_send(state: State, key: str | None) -> Row | None:
    if key is None:
        return None
    statement = "SELECT * FROM sends WHERE idempotency_key = ? AND accepted_at > ? ORDER BY send_id DESC LIMIT 1"
    return state.row(statement, key, state.now() - KEY_LIFETIME)


def _repeat(earlier: Row, chat_id: str, body: Json, *, is_strict: bool) -> Response:
    if not is_strict:
        return Response(earlier["response"])
    if earlier["chat_id"] != chat_id or json.loads(earlier["body"]) != body:
        raise ApiError(409, "This idempotency key was used for another message", "idempotency_key_reused")
    return Response(earlier["response"])


def _reject_attachment_first(state: State, chat_id: str, bubbles: list[Bubble]) -> None:
    if bubbles[0].text is None and state.row("SELECT 1 FROM messages WHERE chat_id = ?", chat_id) is None:
        message = "The first message of a chat must have a text: Apple silently drops attachments without one"
        raise ApiError(400, message, "attachment_first_message_not_allowed")


def _number_to_send_from(state: State, chat_id: str, wanted: str | None) -> str:
    if wanted is None:
        return own_number_for(state, chat_id)
    if wanted not in state.account.numbers:
        raise ApiError(403, "from_number is not assigned to this API key", "from_number_not_assigned")
    return wanted


def _effect(body: Json) -> str | None:
    if "effect" in body and body.get("parts") is not None:
        raise invalid("/effect", "effect cannot be combined with parts")
    effect: str | None = body.get("effect")
    return effect


def _parent(state: State, chat_id: str, number: str, body: Json, count: int) -> tuple[str | None, Json]:
    """Return the message that is replied to, and the response fields about it."""
    target: Json | None = body.get("reply_to")
    if target is None:
        return None, {}
    if count > 1 or isinstance(body.get("text"), list):
        raise invalid("/reply_to", "reply_to is only valid with one message", "reply_target_not_supported")
    if ("message_id" in target) == ("guid" in target):
        raise invalid("/reply_to", "reply_to needs either message_id or guid", "reply_target_invalid")
    reference: str = target.get("message_id") or target["guid"]
    # Here, the id of a message is its GUID, too.
    parent = state.row("SELECT * FROM messages WHERE message_id = ?", reference)
    if parent is None and "guid" in target:
        return reference, {"parent_unresolved": True}
    _check_parent(parent, chat_id, number, state.now())
    return reference, {}


def _check_parent(parent: Row | None, chat_id: str, number: str, now: int) -> None:
    if parent is None:
        raise ApiError(404, "Reply target message not found", "reply_target_not_found")
    if parent["chat_id"] != chat_id:
        raise ApiError(400, "The reply target is in another chat", "reply_target_chat_mismatch")
    if parent["protocol"] in {"sms", "rcs"}:
        raise ApiError(400, "You can only reply to iMessages", "reply_target_invalid")
    if parent["own_number"] != number:
        raise ApiError(400, "The reply target belongs to another of your numbers", "reply_target_device_mismatch")
    if parent["accepted_at"] < now - _OLDEST_PARENT:
        raise ApiError(400, "You can only reply to messages from the last 30 days", "reply_target_expired")


def _accept(state: State, chat_id: str, bubble: Bubble, shared: Json) -> Json:
    phone = state.row("SELECT * FROM phones WHERE identifier = ?", chat_id)
    protocol = phone["protocol"] if phone else "imessage"
    message = new_message(state)
    plan = plan_message(
        message["accepted_at"],
        state.status_delay,
        is_online=phone is None or bool(phone["is_online"]),
        error_code=phone["error_code"] if phone else None,
    )
    message |= dict(
        chat_id=chat_id,
        direction="outbound",
        text=bubble.text,
        # Only iMessage carries styles; in an SMS, the text arrives without them.
        formatted_text=bubble.formatted_text if protocol == "imessage" else None,
        attachments=attachments_json(list(bubble.attachments)),
        protocol=protocol,
        sent_at=plan.sent_at,
        delivered_at=plan.delivered_at,
        failed_at=plan.failed_at,
        error_code=plan.error_code,
        error_message=plan.error_code and "The message could not be sent",
        **shared,
    )
    # Reading it back would take as long as writing it.
    state.insert("messages", **message)
    publish_outbound(state, message)
    return message


def _remember(state: State, chat_id: str, request: ApiRequest, response: str) -> None:
    state.change("DELETE FROM staged_cards WHERE chat_id = ?", chat_id)
    state.insert(
        "sends",
        chat_id=chat_id,
        idempotency_key=request.idempotency_key,
        body=dump(request.body),
        response=response,
        accepted_at=state.now(),
    )


HANDLERS: Mapping[str, Handler] = {"sendMessage": send_message}
