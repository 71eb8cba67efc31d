"""The responses of the benchmarks' server, and the requests that contenders send."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

API_KEY: Final = "benchmark-key"
CHAT: Final = "+15551234567"
SEND_PATH: Final = "/chats/%2B15551234567/messages"
TEXT: Final = "Your table for two is booked."
PAGE_SIZE: Final = 200
PAGES: Final = 8
"""The number of pages, which take turns, since the pages of a real list differ in length."""
MOMENT: Final = 1_700_000_000_000
SENT: Final = {"message_id": "msg_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f11", "status": "queued"}
NOT_FOUND: Final = {"error": "Not Found", "message": "Message not found", "status": 404, "code": "message_not_found"}
EVERY_CONTACT: Final = 10_000_000

MESSAGE_FIELDS: Final = (
    "message_id",
    "direction",
    "external_id",
    "internal_id",
    "text",
    "attachments",
    "sender",
    "reactions",
    "time_sent",
    "time_delivered",
    "status",
    "protocol",
    "error",
)
REACTION_FIELDS: Final = ("reaction", "is_added", "time_sent", "sender")


def message(index: int, emphasis: int) -> dict[str, Any]:
    """Return a message with two reactions."""
    is_inbound, marks = index % 2 == 0, "!" * (1 + emphasis)
    return {
        "message_id": f"msg_01a117b9-0d68-7c3e-b5a4-{index:012d}",
        "direction": "inbound" if is_inbound else "outbound",
        "external_id": CHAT,
        "internal_id": "+15550001111",
        "text": f"Lovely, see you then! Shall I bring the photos of last summer? There are {index} of them{marks}",
        "attachments": [],
        "sender": CHAT if is_inbound else None,
        "reactions": [reaction("love", index), reaction("😂", index)],
        "time_sent": MOMENT - 60_000 * index,
        "time_delivered": MOMENT - 60_000 * index + 900,
        "status": "delivered",
        "protocol": "imessage",
        "error": None,
    }


def reaction(value: str, index: int) -> dict[str, Any]:
    """Return a reaction to a message."""
    return {"reaction": value, "is_added": True, "time_sent": MOMENT - 60_000 * index + 5_000, "sender": CHAT}


def contact(index: int) -> dict[str, Any]:
    """Return a contact with its own number."""
    return {
        "contact_id": f"ct_{index:012d}",
        "identifier": f"+1555{index:07d}",
        "name": f"Ann Lee {index}",
        "type": "phone",
        "last_message_time": MOMENT - 1_000 * index,
        "message_count": index,
    }


def message_page(limit: int, emphasis: int = 0) -> dict[str, Any]:
    """Return a single page of messages; the more emphasis, the longer its texts."""
    pagination = {"limit": limit, "offset": 0, "total": limit, "has_more": False}
    return {"chat_id": CHAT, "messages": [message(index, emphasis) for index in range(limit)], "pagination": pagination}


def contact_page(limit: int, offset: int) -> dict[str, Any]:
    """Return a page of a very long list of contacts."""
    contacts = [contact(index) for index in range(offset, offset + limit)]
    pagination = {"limit": limit, "offset": offset, "total": EVERY_CONTACT, "has_more": True}
    return {"contacts": contacts, "pagination": pagination}


@cache
def message_response(limit: int, emphasis: int) -> bytes:
    """Return the bytes of a page of messages."""
    return response("200 OK", message_page(limit, emphasis))


@cache
def contact_response(limit: int, offset: int) -> bytes:
    """Return the bytes of a page of contacts, cached."""
    return response("200 OK", contact_page(limit, offset))


def response(status: str, body: Any) -> bytes:
    """Return a response in its wire form."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(content)}\r\n\r\n"
    return head.encode() + content
