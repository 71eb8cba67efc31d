"""Every operation: the method that sends it, and what a repeat does, which decides when it may be retried.

The one table of operations: tests, documentation and `make candidate` read it. A new operation is a new row,
which `make scaffold OPERATION=...` writes; a person must decide what a repeat does.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import Final, NamedTuple

DEFAULT_BASE_URL: Final = "https://backend.blooio.com/v2/api"
"""The server of Blooio's document."""


class Repeat(Enum):
    """What a repeated request of an operation does."""

    SAFE = "changes nothing that the first did not change"
    KEYED = "sends nothing twice, because of its idempotency key"
    VISIBLE = "may show in the conversation"
    ONCE = "does it again"


class Operation(NamedTuple):
    """A row of the table."""

    method: str
    """The method that sends it, as a path from the client."""
    repeat: Repeat
    why: str
    """The reason, in a few words."""


_READS: Final = "only reads"
_SETS: Final = "sets the same values again"
_DELETES: Final = "it is already deleted"

OPERATIONS: Final = MappingProxyType(
    {
        "getMe": Operation("me", Repeat.SAFE, _READS),
        "listNumbers": Operation("numbers.list", Repeat.SAFE, _READS),
        "getMyContactCard": Operation("numbers.contact_card.get", Repeat.SAFE, _READS),
        "updateMyContactCard": Operation("numbers.contact_card.update", Repeat.SAFE, _SETS),
        "requestCallForwarding": Operation("numbers.forward_calls", Repeat.ONCE, "opens a second support request"),
        "listContacts": Operation("contacts.list", Repeat.SAFE, _READS),
        "createContact": Operation(
            "contacts.create", Repeat.ONCE, "the repeat fails as a conflict, which hides that the first attempt worked"
        ),
        "getContact": Operation("contacts.get", Repeat.SAFE, _READS),
        "updateContact": Operation("contacts.update", Repeat.SAFE, _SETS),
        "deleteContact": Operation("contacts.delete", Repeat.SAFE, _DELETES),
        "getContactCapabilities": Operation("contacts.capabilities", Repeat.SAFE, _READS),
        "listContactTags": Operation("contacts.tags.list", Repeat.SAFE, _READS),
        "addContactTags": Operation("contacts.tags.add", Repeat.SAFE, "an existing tag is not added again"),
        "removeContactTag": Operation("contacts.tags.remove", Repeat.SAFE, _DELETES),
        "listLocationContacts": Operation("locations.list", Repeat.SAFE, _READS),
        "getLocationContact": Operation("locations.get", Repeat.SAFE, _READS),
        "refreshLocationContacts": Operation(
            "locations.refresh", Repeat.SAFE, "refreshes locations, which is invisible"
        ),
        "callFaceTime": Operation("facetime.call", Repeat.ONCE, "the phone rings again"),
        "listGroups": Operation("groups.list", Repeat.SAFE, _READS),
        "createGroup": Operation(
            "groups.create", Repeat.ONCE, "creates a second group, or fails as a conflict that hides the first"
        ),
        "getGroup": Operation("groups.get", Repeat.SAFE, _READS),
        "updateGroup": Operation("groups.update", Repeat.VISIBLE, "the conversation may show the new name twice"),
        "deleteGroup": Operation("groups.delete", Repeat.SAFE, _DELETES),
        "listGroupMembers": Operation("groups.members.list", Repeat.SAFE, _READS),
        "addGroupMember": Operation(
            "groups.members.add", Repeat.ONCE, "a member removed in between would be added again"
        ),
        "removeGroupMember": Operation(
            "groups.members.remove", Repeat.ONCE, "a member added in between would be removed again"
        ),
        "setGroupIcon": Operation("groups.icon.set", Repeat.VISIBLE, "the conversation may show the new icon twice"),
        "removeGroupIcon": Operation("groups.icon.remove", Repeat.VISIBLE, "the conversation may show it twice"),
        "listWebhooks": Operation("webhooks.list", Repeat.SAFE, _READS),
        # A repeat returns 200 without the secret: if the 201 is lost, so is the secret.
        "createWebhook": Operation("webhooks.create", Repeat.ONCE, "only the first response holds the signing secret"),
        "getWebhook": Operation("webhooks.get", Repeat.SAFE, _READS),
        "updateWebhook": Operation("webhooks.update", Repeat.SAFE, _SETS),
        "deleteWebhook": Operation("webhooks.delete", Repeat.SAFE, _DELETES),
        "rotateWebhookSecret": Operation(
            "webhooks.rotate_secret", Repeat.ONCE, "the secret of the first response would be void"
        ),
        "listWebhookLogs": Operation("webhooks.logs.list", Repeat.SAFE, _READS),
        "replayWebhookEvent": Operation("webhooks.logs.replay", Repeat.ONCE, "the event would be delivered twice"),
        "listChats": Operation("chats.list", Repeat.SAFE, _READS),
        "getChat": Operation("chat().get", Repeat.SAFE, _READS),
        "listChatMessages": Operation("chat().messages.list", Repeat.SAFE, _READS),
        "sendMessage": Operation("chat().send", Repeat.KEYED, "has an idempotency key"),
        "getMessage": Operation("chat().messages.get", Repeat.SAFE, _READS),
        "getMessageStatus": Operation("chat().messages.status", Repeat.SAFE, _READS),
        "addReaction": Operation("chat().react", Repeat.VISIBLE, "the conversation may show it twice"),
        "sendPoll": Operation("chat().polls.send", Repeat.ONCE, "sends a second poll, and no key prevents it"),
        "cancelMessage": Operation("chat().messages.cancel", Repeat.SAFE, "a cancelled message stays cancelled"),
        "getPollResults": Operation("chat().polls.results", Repeat.SAFE, _READS),
        "startTyping": Operation("chat().start_typing", Repeat.SAFE, "typing continues"),
        "stopTyping": Operation("chat().stop_typing", Repeat.SAFE, "typing stays off"),
        "markChatRead": Operation("chat().mark_read", Repeat.SAFE, "read messages stay read"),
        "shareContactCard": Operation(
            "chat().share_contact_card", Repeat.SAFE, "the card goes with the next message, once"
        ),
        "getChatBackground": Operation("chat().background.get", Repeat.SAFE, _READS),
        "setChatBackground": Operation("chat().background.set", Repeat.VISIBLE, "the conversation may show it twice"),
        "removeChatBackground": Operation(
            "chat().background.remove", Repeat.VISIBLE, "the conversation may show it twice"
        ),
        "lookupPhoneNumber": Operation("phone_numbers.lookup", Repeat.SAFE, _READS),
        "lookupPhoneNumberPost": Operation("phone_numbers.lookup", Repeat.SAFE, _READS),
        "batchLookupPhoneNumbers": Operation("phone_numbers.lookup_many", Repeat.SAFE, _READS),
    }
)
