"""Calls of each operation: with the fewest arguments, with all, and with more variants where needed.

One table for both clients: `contract_clients` awaits, iterates or returns what a call returns.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

import attrs
from contract_derived import derived
from contract_document import OPERATIONS

from blooio_client import models


@attrs.frozen
class Names:
    """The ids and names that a call uses."""

    contact: str
    number: str
    group: str
    webhook: str
    chat: str
    message: str
    event: str
    poll: str
    tag: str

    def value_of(self, parameter: str) -> str:
        """Return the expected value of a path parameter."""
        attribute = "contact" if parameter == "handle" else parameter.removesuffix("Id")
        value: str = getattr(self, attribute)
        return value


PLAIN: Final = Names(
    contact="+15551234567",
    number="+15550100001",
    group="grp_abc123",
    webhook="wh_abc123",
    chat="+15551234567",
    message="msg_abc123",
    event="evt_abc123",
    poll="poll_abc123",
    tag="vip",
)
STRANGE: Final = Names(
    contact="ann+news@example.com",
    number="+15550100002",
    group="grp_Z9",
    webhook="wh_Z9",
    chat="+15551234567,ann+news@example.com",
    message="msg_a/b c+d",
    event="evt_ü?#&=",
    poll="poll_;,:@",
    tag="a/b ✓+",
)

Ask = Callable[[Any, Names], Any]

PNG: Final = b"\x89PNG\r\n\x1a\n and the rest"
URL: Final = "https://example.com/hook?a=1"
SINCE: Final = datetime.datetime(2025, 11, 22, 10, 0, tzinfo=datetime.UTC)
UNTIL: Final = 1_763_900_000_000
OPTIONS: Final = tuple(f"Option {number}" for number in range(10))
PARTS: Final = (
    {"text": "Hello ", "mention": "+15551234567"},
    models.MessagePart(url="https://example.com/a.png", name="a.png"),
)

_CONTACTS: Final[dict[str, dict[str, Ask]]] = {
    "listContacts": {
        "minimal": lambda client, _: client.contacts.list(),
        "full": lambda client, _: client.contacts.list(q="Ann & +1", sort="name_asc", limit=300, page_size=200),
    },
    "createContact": {
        "minimal": lambda client, names: client.contacts.create(names.contact),
        "full": lambda client, names: client.contacts.create(names.contact, name="Ann"),
    },
    "getContact": {"minimal": lambda client, names: client.contacts.get(names.contact)},
    "updateContact": {
        "minimal": lambda client, names: client.contacts.update(names.contact),
        "full": lambda client, names: client.contacts.update(names.contact, name="Ann"),
        "cleared": lambda client, names: client.contacts.update(names.contact, name=None),
    },
    "deleteContact": {"minimal": lambda client, names: client.contacts.delete(names.contact)},
    "getContactCapabilities": {"minimal": lambda client, names: client.contacts.capabilities(names.contact)},
    "listContactTags": {"minimal": lambda client, names: client.contacts.tags.list(names.contact)},
    "addContactTags": {
        "minimal": lambda client, names: client.contacts.tags.add(names.contact, names.tag),
        "full": lambda client, names: client.contacts.tags.add(names.contact, ["vip", models.ContactTag(tag="new")]),
    },
    "removeContactTag": {"minimal": lambda client, names: client.contacts.tags.remove(names.contact, names.tag)},
    "listLocationContacts": {"minimal": lambda client, _: client.locations.list()},
    "getLocationContact": {"minimal": lambda client, names: client.locations.get(names.contact)},
    "refreshLocationContacts": {"minimal": lambda client, _: client.locations.refresh()},
    "callFaceTime": {"minimal": lambda client, names: client.facetime.call(names.contact)},
}

_GROUPS: Final[dict[str, dict[str, Ask]]] = {
    "listGroups": {
        "minimal": lambda client, _: client.groups.list(),
        "full": lambda client, _: client.groups.list(q="Team", sort="oldest", limit=1, page_size=7),
    },
    "createGroup": {
        "minimal": lambda client, _: client.groups.create("Team"),
        "full": lambda client, names: client.groups.create(
            "Team", members=[names.contact, "+15559876543"], chat_guid="iMessage;+;chat123"
        ),
    },
    "getGroup": {"minimal": lambda client, names: client.groups.get(names.group)},
    "updateGroup": {
        "minimal": lambda client, names: client.groups.update(names.group),
        "full": lambda client, names: client.groups.update(names.group, name="Team"),
    },
    "deleteGroup": {"minimal": lambda client, names: client.groups.delete(names.group)},
    "listGroupMembers": {
        "minimal": lambda client, names: client.groups.members.list(names.group),
        "full": lambda client, names: client.groups.members.list(names.group, limit=3, page_size=200),
    },
    "addGroupMember": {"minimal": lambda client, names: client.groups.members.add(names.group, names.contact)},
    "removeGroupMember": {"minimal": lambda client, names: client.groups.members.remove(names.group, names.contact)},
    "setGroupIcon": {
        "minimal": lambda client, names: client.groups.icon.set(names.group, PNG),
        "full": lambda client, names: client.groups.icon.set(names.group, named_file("team.png")),
    },
    "removeGroupIcon": {"minimal": lambda client, names: client.groups.icon.remove(names.group)},
}

_ACCOUNT: Final[dict[str, dict[str, Ask]]] = {
    "getMe": {"minimal": lambda client, _: client.me()},
    "listNumbers": {"minimal": lambda client, _: client.numbers.list()},
    "getMyContactCard": {"minimal": lambda client, names: client.numbers.contact_card.get(names.number)},
    "updateMyContactCard": {
        "minimal": lambda client, names: client.numbers.contact_card.update(names.number),
        "full": lambda client, names: client.numbers.contact_card.update(
            names.number,
            first_name="Ann",
            last_name="Lee",
            avatar=PNG,
            sharing={"enabled": True, "audience": 0, "name_format": 1},
        ),
    },
    "requestCallForwarding": {
        "minimal": lambda client, names: client.numbers.forward_calls(names.number, "+15559876543"),
    },
    "lookupPhoneNumber": {"minimal": lambda client, _: client.phone_numbers.lookup("+1 (555) 123-4567")},
    "lookupPhoneNumberPost": {"minimal": lambda client, _: client.phone_numbers.lookup("+15551234567 ext. 8")},
    "batchLookupPhoneNumbers": {
        "minimal": lambda client, _: client.phone_numbers.lookup_many(["+15551234567"]),
    },
    "listWebhooks": {"minimal": lambda client, _: client.webhooks.list()},
    "createWebhook": {
        "minimal": lambda client, _: client.webhooks.create(URL),
        "full": lambda client, _: client.webhooks.create(URL, type="all", valid_until=SINCE),
        "endless": lambda client, _: client.webhooks.create(URL, type=models.WebhookType.POLL, valid_until=None),
    },
    "getWebhook": {"minimal": lambda client, names: client.webhooks.get(names.webhook)},
    "updateWebhook": {
        "minimal": lambda client, names: client.webhooks.update(names.webhook),
        "full": lambda client, names: client.webhooks.update(
            names.webhook, type="status", valid_until=UNTIL, deprecate=False
        ),
        "endless": lambda client, names: client.webhooks.update(names.webhook, valid_until=None),
    },
    "deleteWebhook": {"minimal": lambda client, names: client.webhooks.delete(names.webhook)},
    "rotateWebhookSecret": {"minimal": lambda client, names: client.webhooks.rotate_secret(names.webhook)},
    "listWebhookLogs": {
        "minimal": lambda client, names: client.webhooks.logs.list(names.webhook),
        "full": lambda client, names: client.webhooks.logs.list(
            names.webhook, sort="asc", status=500, min_status=500, max_status=599, limit=9, page_size=200
        ),
    },
    "replayWebhookEvent": {"minimal": lambda client, names: client.webhooks.logs.replay(names.webhook, names.event)},
}

_CHATS: Final[dict[str, dict[str, Ask]]] = {
    "listChats": {
        "minimal": lambda client, _: client.chats.list(),
        "full": lambda client, _: client.chats.list(q="ann", sort="oldest", limit=5, page_size=200),
    },
    "getChat": {"minimal": lambda client, names: client.chat(names.chat).get()},
    "listChatMessages": {
        "minimal": lambda client, names: client.chat(names.chat).messages.list(),
        "full": lambda client, names: client.chat(names.chat).messages.list(
            direction=models.Direction.INBOUND, since=SINCE, until=UNTIL, sort="desc", limit=5, page_size=200
        ),
    },
    "sendMessage": {
        "minimal": lambda client, names: client.chat(names.chat).send("Hello"),
        "full": lambda client, names: client.chat(names.chat).send(
            URL,
            attachments=["https://example.com/a.png", {"url": "https://example.com/b", "name": "b.png"}],
            link_preview={"title": "An example", "image_url": "https://example.com/c.png"},
            from_number=names.number,
            share_contact=True,
            use_typing_indicator=False,
            effect="confetti",
            reply_to=names.message,
            idempotency_key="order-42",
        ),
        "several": lambda client, names: client.chat(names.chat).send(["Hello", "Ann ✓"]),
        "parts": lambda client, names: client.chat(names.chat).send(parts=PARTS),
        "markdown": lambda client, names: client.chat(names.chat).send(
            "**Hello**", format=models.MessageFormat.MARKDOWN, reply_to={"guid": "p:0/ABC", "part_index": 0}
        ),
    },
    "getMessage": {"minimal": lambda client, names: client.chat(names.chat).messages.get(names.message)},
    "cancelMessage": {"minimal": lambda client, names: client.chat(names.chat).messages.cancel(names.message)},
    "getMessageStatus": {"minimal": lambda client, names: client.chat(names.chat).messages.status(names.message)},
    "addReaction": {
        "minimal": lambda client, names: client.chat(names.chat).react("love"),
        "full": lambda client, names: client.chat(names.chat).react("😂", message=-2, direction="inbound"),
        "explicit": lambda client, names: client.chat(names.chat).unreact("like", message=names.message),
    },
    "sendPoll": {
        "minimal": lambda client, names: client.chat(names.chat).polls.send(["Pizza", "Sushi"]),
        "full": lambda client, names: client.chat(names.chat).polls.send(OPTIONS, title="Lunch?"),
    },
    "getPollResults": {"minimal": lambda client, names: client.chat(names.chat).polls.results(names.poll)},
    "startTyping": {"minimal": lambda client, names: client.chat(names.chat).start_typing()},
    "stopTyping": {"minimal": lambda client, names: client.chat(names.chat).stop_typing()},
    "markChatRead": {"minimal": lambda client, names: client.chat(names.chat).mark_read()},
    "shareContactCard": {"minimal": lambda client, names: client.chat(names.chat).share_contact_card()},
    "getChatBackground": {"minimal": lambda client, names: client.chat(names.chat).background.get()},
    "setChatBackground": {
        "minimal": lambda client, names: client.chat(names.chat).background.set(PNG),
        "full": lambda client, names: client.chat(names.chat).background.set(named_file("beach.png")),
    },
    "removeChatBackground": {"minimal": lambda client, names: client.chat(names.chat).background.remove()},
}

_WRITTEN: Final = {**_ACCOUNT, **_CONTACTS, **_GROUPS, **_CHATS}
DERIVED: Final = {name: calls for name in OPERATIONS if name not in _WRITTEN and (calls := derived(name))}
"""The calls of operations whose methods have exactly the documented arguments."""
CASES: Final[Mapping[str, Mapping[str, Ask]]] = MappingProxyType({**_WRITTEN, **DERIVED})

INDEXED: Final = MappingProxyType({("addReaction", "minimal"): "-1", ("addReaction", "full"): "-2"})
"""Calls that refer to a message by its index."""

API_KEY: Final = "stub-key"
"""The API key of every client here."""


def named_file(name: str) -> io.BytesIO:
    """Return a picture with a name."""
    file = io.BytesIO(PNG)
    file.name = name
    return file


def variations() -> list[tuple[str, str]]:
    """Return each operation with each of its calls, at least once with unusual ids."""
    return [
        (operation, variation) for operation, calls in CASES.items() for variation in dict.fromkeys([*calls, "full"])
    ]


def asked(operation: str, variation: str) -> tuple[Callable[[Any], Any], Names]:
    """Return a call and the names that it uses."""
    names = PLAIN if variation == "minimal" else STRANGE
    ask = CASES[operation].get(variation) or CASES[operation]["minimal"]
    return lambda client: ask(client, names), names
