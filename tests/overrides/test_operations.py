"""What a repeat of each operation does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from blooio_overrides._call.operations import OPERATIONS, Repeat
from blooio_overrides._call.request import repeat_of

DOCUMENT: dict[str, Any] = json.loads(Path(__file__).parents[2].joinpath("openapi/blooio-v2.json").read_bytes())
METHODS: dict[str, str] = {
    operation["operationId"]: method.upper()
    for path in DOCUMENT["paths"].values()
    for method, operation in path.items()
    if method in ("get", "put", "post", "patch", "delete")
}
VISIBLE = {"setGroupIcon", "removeGroupIcon", "setChatBackground", "removeChatBackground", "updateGroup", "addReaction"}
ONCE = {
    "sendPoll",
    "callFaceTime",
    "createGroup",
    "createContact",
    "createWebhook",
    "addGroupMember",
    "removeGroupMember",
    "rotateWebhookSecret",
    "replayWebhookEvent",
}
SAFE_POSTS = {
    "startTyping",
    "markChatRead",
    "shareContactCard",
    "refreshLocationContacts",
    "lookupPhoneNumberPost",
    "batchLookupPhoneNumbers",
    "addContactTags",
}


def expected_class(operation: str) -> Repeat:
    """Return the class that the rules give an operation."""
    if operation == "sendMessage":
        return Repeat.KEYED
    if operation in VISIBLE:
        return Repeat.VISIBLE
    return Repeat.ONCE if operation in ONCE else Repeat.SAFE


def test_the_table_holds_every_operation_of_the_document() -> None:
    """Each of the 54 operationIds is in the table, with the one that the overlay adds, and nothing else is."""
    assert len(METHODS) == 54
    assert {*METHODS, "cancelMessage"} == set(OPERATIONS)


@pytest.mark.parametrize("operation", METHODS)
def test_each_operation_has_its_class(operation: str) -> None:
    """An operation has the class that says what a second request of it would do."""
    assert expected_class(operation) == repeat_of(operation, METHODS[operation])


def test_a_post_is_safe_only_where_it_is_named() -> None:
    """No POST is taken to be safe but those of which a repeat changes nothing."""
    posts = {operation for operation, method in METHODS.items() if method == "POST"}

    assert {name for name in posts if OPERATIONS[name] is Repeat.SAFE} == SAFE_POSTS


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("GET", Repeat.SAFE),
        ("POST", Repeat.ONCE),
        ("PUT", Repeat.ONCE),
        ("PATCH", Repeat.ONCE),
        ("DELETE", Repeat.ONCE),
        ("HEAD", Repeat.ONCE),
        ("get", Repeat.ONCE),
    ],
)
@pytest.mark.parametrize("operation", ["", "sendEverything"])
def test_an_unknown_call_is_safe_only_as_a_get(operation: str, method: str, expected: Repeat) -> None:
    """Of a call that the table does not know, nothing but a GET may be repeated."""
    assert expected == repeat_of(operation, method)
