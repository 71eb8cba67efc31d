"""What repeating each operation does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest

from blooio_client.types import Call
from blooio_overrides._call.operations import OPERATIONS, Repeat
from blooio_overrides._call.request import request_of
from blooio_overrides._call.settings import Settings

BUILT = Path(__file__).parents[2] / "sandbox" / "blooio_sandbox" / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(BUILT.read_bytes())
METHODS: dict[str, str] = {
    operation["operationId"]: method.upper()
    for path in DOCUMENT["paths"].values()
    for method, operation in path.items()
    if method in ("get", "put", "post", "patch", "delete")
}
VISIBLE = {"setGroupIcon", "removeGroupIcon", "setChatBackground", "removeChatBackground", "updateGroup", "addReaction"}
ONCE = {
    "sendPoll",
    "requestCallForwarding",
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


DECIDED = {
    "sendMessage": Repeat.KEYED,
    **dict.fromkeys(VISIBLE, Repeat.VISIBLE),
    **dict.fromkeys(ONCE, Repeat.ONCE),
    **dict.fromkeys(SAFE_POSTS, Repeat.SAFE),
}


def repeat_of(operation: str, method: str, settings: Settings) -> Repeat:
    """Return the kind of repeat of a call, according to its request."""
    call = attrs.evolve(Call.build("GET", "/"), operation=operation, method=method)
    return request_of(call, settings, None).repeat


@pytest.mark.parametrize("operation", sorted(DECIDED))
def test_each_operation_keeps_its_class(settings: Settings, operation: str) -> None:
    """Each operation has the kind of repeat that was decided for it."""
    assert DECIDED[operation] is repeat_of(operation, METHODS[operation], settings)


def test_reads_are_safe(settings: Settings) -> None:
    """Every GET is safe to repeat."""
    reads = {operation for operation, method in METHODS.items() if method == "GET"}

    assert {repeat_of(operation, "GET", settings) for operation in reads} == {Repeat.SAFE}


def test_a_post_is_safe_only_if_it_is_listed() -> None:
    """Only the listed POST operations are safe to repeat."""
    posts = {operation for operation in OPERATIONS if METHODS.get(operation) == "POST"}

    assert {name for name in posts if OPERATIONS[name].repeat is Repeat.SAFE} == SAFE_POSTS


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("GET", Repeat.SAFE),
        ("POST", Repeat.ONCE),
        ("PUT", Repeat.ONCE),
        ("PATCH", Repeat.ONCE),
        ("DELETE", Repeat.ONCE),
        ("HEAD", Repeat.ONCE),
    ],
)
@pytest.mark.parametrize("operation", ["", "sendEverything"])
def test_an_unknown_call_is_safe_only_as_a_get(
    settings: Settings, operation: str, method: str, expected: Repeat
) -> None:
    """For a call outside the table, only a GET may be repeated."""
    assert expected is repeat_of(operation, method, settings)
