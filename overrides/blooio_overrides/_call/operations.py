"""What it means to send each operation twice, and so when it may be tried again."""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import Final


class Repeat(Enum):
    """What a repeated request of an operation does."""

    SAFE = "changes nothing that the first did not change"
    KEYED = "sends nothing twice, because of its idempotency key"
    VISIBLE = "may show in the conversation"
    ONCE = "does it again"


OPERATIONS: Final = MappingProxyType(
    {
        "getMe": Repeat.SAFE,
        "listNumbers": Repeat.SAFE,
        "getMyContactCard": Repeat.SAFE,
        "updateMyContactCard": Repeat.SAFE,
        "listContacts": Repeat.SAFE,
        "createContact": Repeat.ONCE,
        "getContact": Repeat.SAFE,
        "updateContact": Repeat.SAFE,
        "deleteContact": Repeat.SAFE,
        "getContactCapabilities": Repeat.SAFE,
        "listContactTags": Repeat.SAFE,
        "addContactTags": Repeat.SAFE,
        "removeContactTag": Repeat.SAFE,
        "listLocationContacts": Repeat.SAFE,
        "getLocationContact": Repeat.SAFE,
        "refreshLocationContacts": Repeat.SAFE,
        "callFaceTime": Repeat.ONCE,
        "listGroups": Repeat.SAFE,
        "createGroup": Repeat.ONCE,
        "getGroup": Repeat.SAFE,
        "updateGroup": Repeat.VISIBLE,
        "deleteGroup": Repeat.SAFE,
        "listGroupMembers": Repeat.SAFE,
        "addGroupMember": Repeat.ONCE,
        "removeGroupMember": Repeat.ONCE,
        "setGroupIcon": Repeat.VISIBLE,
        "removeGroupIcon": Repeat.VISIBLE,
        "listWebhooks": Repeat.SAFE,
        # A lost 201 holds the only copy of the signing secret; the repeat would be answered 200, without it.
        "createWebhook": Repeat.ONCE,
        "getWebhook": Repeat.SAFE,
        "updateWebhook": Repeat.SAFE,
        "deleteWebhook": Repeat.SAFE,
        "rotateWebhookSecret": Repeat.ONCE,
        "listWebhookLogs": Repeat.SAFE,
        "replayWebhookEvent": Repeat.ONCE,
        "listChats": Repeat.SAFE,
        "getChat": Repeat.SAFE,
        "listChatMessages": Repeat.SAFE,
        "sendMessage": Repeat.KEYED,
        "getMessage": Repeat.SAFE,
        "getMessageStatus": Repeat.SAFE,
        "addReaction": Repeat.VISIBLE,
        "sendPoll": Repeat.ONCE,
        "cancelMessage": Repeat.SAFE,
        "getPollResults": Repeat.SAFE,
        "startTyping": Repeat.SAFE,
        "stopTyping": Repeat.SAFE,
        "markChatRead": Repeat.SAFE,
        "shareContactCard": Repeat.SAFE,
        "getChatBackground": Repeat.SAFE,
        "setChatBackground": Repeat.VISIBLE,
        "removeChatBackground": Repeat.VISIBLE,
        "lookupPhoneNumber": Repeat.SAFE,
        "lookupPhoneNumberPost": Repeat.SAFE,
        "batchLookupPhoneNumbers": Repeat.SAFE,
    }
)
