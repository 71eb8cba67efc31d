"""The requests that the calls of `contract_cases` send: each argument under its documented name, with its own value."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from contract_cases import DERIVED

_BODIES: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("updateMyContactCard", "full"): {
        "first_name": "Ann",
        "last_name": "Lee",
        "avatar": "iVBORw0KGgogYW5kIHRoZSByZXN0",
        "sharing": {"enabled": True, "audience": 0, "name_format": 1},
    },
    ("requestCallForwarding", "minimal"): {"forward_to": "+15559876543"},
    ("lookupPhoneNumberPost", "minimal"): {"number": "+15551234567 ext. 8"},
    ("batchLookupPhoneNumbers", "minimal"): {"numbers": ["+15551234567"]},
    ("createWebhook", "full"): {
        "webhook_url": "https://example.com/hook?a=1",
        "webhook_type": "all",
        "valid_until": 1763805600000,
    },
    ("createWebhook", "endless"): {
        "webhook_url": "https://example.com/hook?a=1",
        "webhook_type": "poll",
        "valid_until": -1,
    },
    ("updateWebhook", "full"): {"webhook_type": "status", "valid_until": 1763900000000, "deprecate": False},
    ("updateWebhook", "endless"): {"valid_until": -1},
    ("createContact", "full"): {"identifier": "ann+news@example.com", "name": "Ann"},
    ("updateContact", "minimal"): {},
    ("updateContact", "full"): {"name": "Ann"},
    ("updateContact", "cleared"): {"name": None},
    ("addContactTags", "minimal"): {"tags": ["vip"]},
    ("addContactTags", "full"): {"tags": ["vip", "new"]},
    ("callFaceTime", "full"): {"handle": "ann+news@example.com"},
    ("createGroup", "full"): {
        "name": "Team",
        "members": ["ann+news@example.com", "+15559876543"],
        "chat_guid": "iMessage;+;chat123",
    },
    ("updateGroup", "full"): {"name": "Team"},
    ("addGroupMember", "full"): {"contact_id": "ann+news@example.com"},
    ("sendMessage", "full"): {
        "text": "https://example.com/hook?a=1",
        "attachments": ["https://example.com/a.png", {"url": "https://example.com/b", "name": "b.png"}],
        "link_preview": {"title": "An example", "image_url": "https://example.com/c.png"},
        "from_number": "+15550100002",
        "share_contact": True,
        "use_typing_indicator": False,
        "effect": "confetti",
        "reply_to": {"message_id": "msg_a/b c+d"},
    },
    ("sendMessage", "several"): {"text": ["Hello", "Ann ✓"]},
    ("sendMessage", "parts"): {
        "parts": [{"text": "Hello ", "mention": "+15551234567"}, {"url": "https://example.com/a.png", "name": "a.png"}]
    },
    ("sendMessage", "markdown"): {
        "text": "**Hello**",
        "format": "markdown",
        "reply_to": {"guid": "p:0/ABC", "part_index": 0},
    },
    ("addReaction", "minimal"): {"reaction": "+love"},
    ("addReaction", "full"): {"reaction": "+😂", "direction": "inbound"},
    ("addReaction", "explicit"): {"reaction": "-like"},
    ("sendPoll", "minimal"): {"options": ["Pizza", "Sushi"]},
    ("sendPoll", "full"): {"options": [f"Option {number}" for number in range(10)], "title": "Lunch?"},
}
_QUERIES: Final[dict[str, dict[str, str]]] = {
    "lookupPhoneNumber": {"number": "+1 (555) 123-4567"},
    "listWebhookLogs": {
        "limit": "9",
        "offset": "0",
        "sort": "asc",
        "status": "500",
        "min_status": "500",
        "max_status": "599",
    },
    "listContacts": {"limit": "200", "offset": "0", "q": "Ann & +1", "sort": "name_asc"},
    "listGroups": {"limit": "1", "offset": "0", "q": "Team", "sort": "oldest"},
    "listGroupMembers": {"limit": "3", "offset": "0"},
    "listChats": {"limit": "5", "offset": "0", "q": "ann", "sort": "oldest"},
    "listChatMessages": {
        "limit": "5",
        "offset": "0",
        "sort": "desc",
        "direction": "inbound",
        "since": "1763805600000",
        "until": "1763900000000",
    },
}

for _name, _calls in DERIVED.items():
    _BODIES.update({(_name, variation): dict(call.body) for variation, call in _calls.items() if call.body})
    if _calls["full"].query:
        _QUERIES[_name] = {key: str(value) for key, value in _calls["full"].query.items()}

BODIES: Final[Mapping[tuple[str, str], Mapping[str, Any]]] = MappingProxyType(_BODIES)
"""The JSON body of a call, by operation and variation."""
QUERIES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(_QUERIES)
"""The query of the fullest call of an operation."""
