"""The cost of verifying a delivery and reading its typed event, compared with HMAC and `json.loads` alone."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.harness import LIMIT, OURS, Row, at_most, in_turns, medians
from blooio_client import webhooks

ROUNDS = 41
CALLS = 2_000
AT_MOST = 2.5
SECRET = "whsec_" + "0123456789abcdef" * 3
PHONE, OWN, MOMENT = "+15551234567", "+15550001111", 1_700_000_000_000
PERSON = {"contact_id": "ct_1f0e3dad-9990-4a3e", "identifier": PHONE, "name": "Ann Lee"}
BODIES: dict[str, Any] = {
    "a message in a group, flat": {
        "event": "message.received",
        "message_id": "msg_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f11",
        "external_id": "grp_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f12",
        "status": "received",
        "protocol": "imessage",
        "timestamp": MOMENT,
        "internal_id": OWN,
        "text": "Lovely, see you then! Shall I bring the photos from last summer? There are some of all of us.",
        "attachments": [{"url": "https://example.com/files/IMG_0001.jpeg", "name": "IMG_0001.jpeg"}],
        "is_group": True,
        "group_id": "grp_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f12",
        "group_name": "Summer",
        "participants": [PERSON, PERSON, PERSON, PERSON],
        "sender": PHONE,
        "received_at": MOMENT,
    },
    "a message in an envelope": {
        "id": "evt_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f13",
        "type": "message.received",
        "created_at": MOMENT,
        "organization_id": "org_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f14",
        "api_version": "2026-10-01",
        "data": {
            "kind": "text",
            "text": "Lovely, see you then!",
            "group": None,
            "sender": PHONE,
            "status": "received",
            "chat_id": "chat_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f15",
            "contact": PERSON,
            "protocol": "imessage",
            "direction": "inbound",
            "recipient": OWN,
            "channel_id": "chn_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f16",
            "message_id": "msg_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f11",
            "attachments": [],
            "channel_type": "imessage",
            "message_type": "text",
            "channel_address": OWN,
            "reply_to_message_id": None,
        },
    },
    "a reaction, flat": {
        "event": "message.reaction",
        "direction": "inbound",
        "message_id": "msg_01a117b9-0d68-7c3e-b5a4-3f0f7c1a9f11",
        "external_id": PHONE,
        "reaction": "love",
        "action": "add",
        "sender": PHONE,
        "original_text": "Your table is booked for seven.",
        "timestamp": MOMENT,
        "internal_id": OWN,
    },
}


def plain(body: bytes, headers: dict[str, str]) -> Any:
    """Do only what every receiver must do."""
    timestamp, signature = (part.partition("=")[2] for part in headers["X-Blooio-Signature"].split(","))
    digest = hmac.new(SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(digest, signature)
    return json.loads(body)


def ours(body: bytes, headers: dict[str, str]) -> webhooks.Event:
    """Do what this client does."""
    return webhooks.unwrap(body, headers, secret=SECRET)


def per_delivery(work: Callable[[bytes, dict[str, str]], Any], body: bytes, headers: dict[str, str]) -> float:
    """Return the average seconds per delivery."""
    began = time.perf_counter()
    for _ in range(CALLS):
        work(body, headers)
    return (time.perf_counter() - began) / CALLS


def rows(url: str) -> list[Row]:
    """Measure deliveries of three kinds."""
    del url
    return [row(name, json.dumps(event).encode()) for name, event in BODIES.items()]


def row(name: str, body: bytes) -> Row:
    """Measure deliveries of one kind; they are signed just before, since old signatures are rejected."""
    headers = {"Content-Type": "application/json", "X-Blooio-Signature": webhooks.sign(body, SECRET)}
    measures = {LIMIT: partial(per_delivery, plain, body, headers), OURS: partial(per_delivery, ours, body, headers)}
    taken = in_turns(measures, ROUNDS)
    compared = at_most(taken, AT_MOST, LIMIT)
    return Row(f"webhook, verified and read: {name}", "µs", medians(taken, 1e6), (compared,))
