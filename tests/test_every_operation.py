"""Nobody needs `client.call` for anything documented: each operation has a method, sync and async."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from blooio_client import AsyncBlooio, Blooio

DOCUMENT = Path(__file__).parent.parent / "openapi" / "blooio-v2.json"
VERBS = {"get", "put", "post", "patch", "delete"}

METHODS = MappingProxyType(
    {
        "getMe": "me",
        "listNumbers": "numbers.list",
        "getMyContactCard": "numbers.contact_card.get",
        "updateMyContactCard": "numbers.contact_card.update",
        "listContacts": "contacts.list",
        "createContact": "contacts.create",
        "getContact": "contacts.get",
        "updateContact": "contacts.update",
        "deleteContact": "contacts.delete",
        "getContactCapabilities": "contacts.capabilities",
        "listContactTags": "contacts.tags.list",
        "addContactTags": "contacts.tags.add",
        "removeContactTag": "contacts.tags.remove",
        "listLocationContacts": "locations.list",
        "getLocationContact": "locations.get",
        "refreshLocationContacts": "locations.refresh",
        "callFaceTime": "facetime.call",
        "listGroups": "groups.list",
        "createGroup": "groups.create",
        "getGroup": "groups.get",
        "updateGroup": "groups.update",
        "deleteGroup": "groups.delete",
        "listGroupMembers": "groups.members.list",
        "addGroupMember": "groups.members.add",
        "removeGroupMember": "groups.members.remove",
        "setGroupIcon": "groups.icon.set",
        "removeGroupIcon": "groups.icon.remove",
        "listWebhooks": "webhooks.list",
        "createWebhook": "webhooks.create",
        "getWebhook": "webhooks.get",
        "updateWebhook": "webhooks.update",
        "deleteWebhook": "webhooks.delete",
        "rotateWebhookSecret": "webhooks.rotate_secret",
        "listWebhookLogs": "webhooks.logs.list",
        "replayWebhookEvent": "webhooks.logs.replay",
        "listChats": "chats.list",
        "getChat": "chat().get",
        "listChatMessages": "chat().messages.list",
        "sendMessage": "chat().send",
        "getMessage": "chat().messages.get",
        "getMessageStatus": "chat().messages.status",
        "cancelMessage": "chat().messages.cancel",
        "addReaction": "chat().react",
        "sendPoll": "chat().polls.send",
        "getPollResults": "chat().polls.results",
        "startTyping": "chat().start_typing",
        "stopTyping": "chat().stop_typing",
        "markChatRead": "chat().mark_read",
        "shareContactCard": "chat().share_contact_card",
        "getChatBackground": "chat().background.get",
        "setChatBackground": "chat().background.set",
        "removeChatBackground": "chat().background.remove",
        "lookupPhoneNumber": "phone_numbers.lookup",
        "lookupPhoneNumberPost": "phone_numbers.lookup",
        "batchLookupPhoneNumbers": "phone_numbers.lookup_many",
    }
)


def documented() -> list[str]:
    """Every operationId of the published document, and the one that the overlay adds."""
    paths: dict[str, dict[str, Any]] = json.loads(DOCUMENT.read_text("utf-8"))["paths"]
    return ["cancelMessage"] + [
        operation["operationId"] for path in paths.values() for verb, operation in path.items() if verb in VERBS
    ]


@pytest.fixture(params=[Blooio, AsyncBlooio])
def client(request: pytest.FixtureRequest) -> Blooio | AsyncBlooio:
    """A client of either kind; nothing is sent."""
    made: Blooio | AsyncBlooio = request.param("bl_live_canary")
    return made


def walked(client: object, dotted: str) -> Iterator[Any]:
    """Follow a dotted name from a client, and give whatever is on the way."""
    step: Any = client
    for name in dotted.split("."):
        step = step.chat("+15551234567") if name == "chat()" else getattr(step, name, None)
        yield step


@pytest.mark.parametrize("operation", documented())
def test_each_operation_has_a_method(client: Blooio | AsyncBlooio, operation: str) -> None:
    """There is a method for it, whose docstring says so, and which takes a timeout and headers."""
    dotted = METHODS.get(operation)
    assert dotted is not None, f"no method for the operation {operation}"

    *_, method = walked(client, dotted)

    assert callable(method), f"{type(client).__name__}.{dotted} is missing; it is the method for {operation}"
    source = (inspect.getdoc(method) or "").rpartition("Source: ")[2]
    assert operation in source.replace(",", "").split(), f"the docstring of {dotted} names another operation: {source}"
    assert {"timeout", "headers"} <= inspect.signature(method).parameters.keys()


def test_no_method_stands_for_an_operation_that_is_gone() -> None:
    """The table names nothing that the document does not have."""
    assert set(METHODS) == set(documented())


def test_what_is_on_the_way_shows_no_identifier(client: Blooio | AsyncBlooio) -> None:
    """The handles of resources show neither the chat nor the key."""
    shown = {repr(step) for dotted in METHODS.values() for step in walked(client, dotted) if not inspect.ismethod(step)}

    assert len(shown) == 17
    assert not [text for text in shown if "5551234567" in text or "canary" in text]
