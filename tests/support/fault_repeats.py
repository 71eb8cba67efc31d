"""What a second request of each operation would do, written by hand: what the client's own table must agree with."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final


class Kind(Enum):
    """What becomes of the world when a request is carried out twice."""

    SAFE = "the same as after one"
    KEYED = "the same as after one, since the service knows the key"
    VISIBLE = "the same in the end, but people may see it happen twice"
    ONCE = "something that was not asked for"


_READS: Final = "only reads"
_SETS: Final = "sets the same values again"
_DELETES: Final = "deletes what is already gone"

REPEATS: Final[Mapping[str, tuple[Kind, str]]] = MappingProxyType(
    {
        "getMe": (Kind.SAFE, _READS),
        "listNumbers": (Kind.SAFE, _READS),
        "getMyContactCard": (Kind.SAFE, _READS),
        "updateMyContactCard": (Kind.SAFE, _SETS),
        "listContacts": (Kind.SAFE, _READS),
        "createContact": (Kind.ONCE, "the repeat fails as a conflict, which hides that the first one worked"),
        "getContact": (Kind.SAFE, _READS),
        "updateContact": (Kind.SAFE, _SETS),
        "deleteContact": (Kind.SAFE, _DELETES),
        "getContactCapabilities": (Kind.SAFE, _READS),
        "listContactTags": (Kind.SAFE, _READS),
        "addContactTags": (Kind.SAFE, "a tag that is there is not added again"),
        "removeContactTag": (Kind.SAFE, _DELETES),
        "listLocationContacts": (Kind.SAFE, _READS),
        "getLocationContact": (Kind.SAFE, _READS),
        "refreshLocationContacts": (Kind.SAFE, "refreshes locations, which stays invisible"),
        "callFaceTime": (Kind.ONCE, "the phone rings again"),
        "listGroups": (Kind.SAFE, _READS),
        "createGroup": (Kind.ONCE, "there would be two groups, or a conflict that hides the first"),
        "getGroup": (Kind.SAFE, _READS),
        "updateGroup": (Kind.VISIBLE, "the conversation may show the new name twice"),
        "deleteGroup": (Kind.SAFE, _DELETES),
        "listGroupMembers": (Kind.SAFE, _READS),
        "addGroupMember": (Kind.ONCE, "somebody removed in between would be added again"),
        "removeGroupMember": (Kind.ONCE, "somebody added in between would be removed again"),
        "setGroupIcon": (Kind.VISIBLE, "the conversation may show the new icon twice"),
        "removeGroupIcon": (Kind.VISIBLE, "the conversation may show it twice"),
        "listWebhooks": (Kind.SAFE, _READS),
        "createWebhook": (Kind.ONCE, "only the first response holds the signing secret"),
        "getWebhook": (Kind.SAFE, _READS),
        "updateWebhook": (Kind.SAFE, _SETS),
        "deleteWebhook": (Kind.SAFE, _DELETES),
        "rotateWebhookSecret": (Kind.ONCE, "the secret of the first response would be void"),
        "listWebhookLogs": (Kind.SAFE, _READS),
        "replayWebhookEvent": (Kind.ONCE, "the event would be delivered twice"),
        "listChats": (Kind.SAFE, _READS),
        "getChat": (Kind.SAFE, _READS),
        "listChatMessages": (Kind.SAFE, _READS),
        "sendMessage": (Kind.KEYED, "has an idempotency key"),
        "getMessage": (Kind.SAFE, _READS),
        "getMessageStatus": (Kind.SAFE, _READS),
        "addReaction": (Kind.VISIBLE, "the conversation may show it twice"),
        "sendPoll": (Kind.ONCE, "there would be two polls, and no key prevents it"),
        "cancelMessage": (Kind.SAFE, "what is cancelled stays cancelled"),
        "getPollResults": (Kind.SAFE, _READS),
        "startTyping": (Kind.SAFE, "typing continues"),
        "stopTyping": (Kind.SAFE, "typing stays off"),
        "markChatRead": (Kind.SAFE, "what is read stays read"),
        "shareContactCard": (Kind.SAFE, "the card goes with the next message, once"),
        "getChatBackground": (Kind.SAFE, _READS),
        "setChatBackground": (Kind.VISIBLE, "the conversation may show it twice"),
        "removeChatBackground": (Kind.VISIBLE, "the conversation may show it twice"),
        "lookupPhoneNumber": (Kind.SAFE, _READS),
        "lookupPhoneNumberPost": (Kind.SAFE, _READS),
        "batchLookupPhoneNumbers": (Kind.SAFE, _READS),
    }
)
REPRESENTATIVES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.SAFE: "getChat",
        Kind.KEYED: "sendMessage",
        Kind.VISIBLE: "setGroupIcon",
        Kind.ONCE: "sendPoll",
    }
)
"""One operation of each kind, for what would take too long with all."""
