"""The result of each operation: the model, the items of a list, or a hand-written result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from contract_document import DOCUMENT, OPERATIONS, resolved
from contract_instances import disagreements, moment, of_fields

from blooio_client import CreatedWebhook, SentMessage

Check = Callable[[Any, int, Any, Any], Iterator[str]]
"""Takes the schema of a response, its status, its JSON, and the result."""

LISTS: Final = MappingProxyType(
    {
        "listNumbers": "numbers",
        "listContacts": "contacts",
        "listContactTags": "tags",
        "listGroups": "groups",
        "listGroupMembers": "members",
        "listWebhooks": "webhooks",
        "listWebhookLogs": "logs",
        "listChats": "chats",
        "listChatMessages": "messages",
        "batchLookupPhoneNumbers": "results",
    }
)
NEEDED: Final[Mapping[str, Mapping[str, Any]]] = MappingProxyType({"sendMessage": {"message_id": "msg_1"}})
"""Fields that a usable response must have, although the document does not require them."""


def wrong(operation: str, status: int, wire: Any, result: Any) -> list[str]:
    """Return the differences between a result and its response."""
    schema = OPERATIONS[operation].responses[status]
    if operation in LISTS:
        name = LISTS[operation]
        return list(disagreements(resolved(schema)["properties"][name], wire[name], result, name))
    return list(_BY_HAND.get(operation, _model)(schema, status, wire, result))


def _model(schema: Any, status: int, wire: Any, result: Any) -> Iterator[str]:
    del status
    yield from disagreements(schema, wire, result)


def _deletions(schema: Any, status: int, wire: Any, result: Any) -> Iterator[str]:
    del status
    yield from disagreements({"items": schema}, [wire], result)


def _sent_message(schema: Any, status: int, wire: Any, result: Any) -> Iterator[str]:
    ids = wire.get("message_ids") or [wire["message_id"]]
    expected = (SentMessage, ids, ids[0], status == 200, wire)
    yield from _equal(expected, (type(result), result.message_ids, result.message_id, result.duplicate, result.raw))
    yield from of_fields(resolved(schema), wire, result, without=frozenset({"message_id", "message_ids", "count"}))


def _created_webhook(schema: Any, status: int, wire: Any, result: Any) -> Iterator[str]:
    yield from _equal((CreatedWebhook, status == 201), (type(result), result.created))
    yield from of_fields(resolved(schema), wire, result)


def _reachability(schema: Any, status: int, wire: Any, result: Any) -> Iterator[str]:
    del status
    said = wire["capabilities"]
    expected = [said.get("imessage", False), said.get("sms", False), said.get("facetime", False), wire]
    yield from _equal(expected, [result.imessage, result.sms, result.facetime, result.raw])
    yield from of_fields(resolved(schema), wire, result, without=frozenset({"capabilities"}))


def _location(schema: Any, status: int, wire: Any, result: Any) -> Iterator[str]:
    del status, schema
    latitude, longitude = wire.get("coordinates") or (None, None)
    updated = moment(wire["last_updated"]) if "last_updated" in wire else None
    expected = [wire["handle"], latitude, longitude, wire.get("status"), updated, wire]
    got = [result.handle, result.latitude, result.longitude, result.status, result.last_updated, result.raw]
    yield from _equal(expected, got)


def _locations(schema: Any, status: int, wire: Any, result: Any) -> Iterator[str]:
    yield from _equal(len(wire["friends"]), len(result))
    for friend, location in zip(wire["friends"], result, strict=False):
        yield from _location(schema, status, friend, location)


def _equal(expected: Any, actual: Any) -> Iterator[str]:
    if expected != actual:
        yield f"{actual!r} instead of {expected!r}"


_BY_HAND: Final[Mapping[str, Check]] = MappingProxyType(
    {
        "sendMessage": _sent_message,
        "createWebhook": _created_webhook,
        "getContactCapabilities": _reachability,
        "getLocationContact": _location,
        "listLocationContacts": _locations,
        "refreshLocationContacts": _locations,
        "removeContactTag": _deletions,
    }
)

ERROR: Final = DOCUMENT["components"]["schemas"]["ErrorBody"]
