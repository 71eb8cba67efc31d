# Generated from openapi/ by `make generate`. Do not edit.
"""Client for the Blooio API v2: iMessage automation over REST.

    from blooio_client import Blooio

    with Blooio() as client:
        client.chat("+15551234567").send("Hello")

Every name is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blooio_overrides import *
    from blooio_overrides import __version__ as __version__

    from . import (
        calls as calls,
        errors as errors,
        models as models,
        outbox as outbox,
        types as types,
        webhooks as webhooks,
    )
    from .models import (
        AcceptedMessage as AcceptedMessage,
        AddContactTagsRequest as AddContactTagsRequest,
        AddedContactTags as AddedContactTags,
        AddedGroupMember as AddedGroupMember,
        AddGroupMemberRequest as AddGroupMemberRequest,
        Attachment as Attachment,
        AuthType as AuthType,
        CallForwardingRequest as CallForwardingRequest,
        CallForwardingTicket as CallForwardingTicket,
        CancelledMessage as CancelledMessage,
        Capabilities as Capabilities,
        Chat as Chat,
        ChatBackground as ChatBackground,
        ChatBackgroundUpload as ChatBackgroundUpload,
        ChatDetail as ChatDetail,
        ChatList as ChatList,
        ChatSort as ChatSort,
        ChatType as ChatType,
        Contact as Contact,
        ContactCapabilities as ContactCapabilities,
        ContactCard as ContactCard,
        ContactCardSharing as ContactCardSharing,
        ContactList as ContactList,
        ContactLocation as ContactLocation,
        ContactLocationList as ContactLocationList,
        ContactRef as ContactRef,
        ContactTag as ContactTag,
        ContactTagList as ContactTagList,
        ContactType as ContactType,
        CreateContactRequest as CreateContactRequest,
        CreatedGroup as CreatedGroup,
        CreateGroupRequest as CreateGroupRequest,
        CreateWebhookRequest as CreateWebhookRequest,
        Deletion as Deletion,
        DeliveryStatus as DeliveryStatus,
        Device as Device,
        DeviceSyncAction as DeviceSyncAction,
        DeviceSyncResult as DeviceSyncResult,
        Direction as Direction,
        DirectorySort as DirectorySort,
        ErrorBody as ErrorBody,
        FaceTimeCall as FaceTimeCall,
        FaceTimeCallRequest as FaceTimeCallRequest,
        Group as Group,
        GroupIcon as GroupIcon,
        GroupIconSync as GroupIconSync,
        GroupIconUpload as GroupIconUpload,
        GroupList as GroupList,
        GroupMember as GroupMember,
        GroupMemberList as GroupMemberList,
        LastMessage as LastMessage,
        LinkPreview as LinkPreview,
        Me as Me,
        Message as Message,
        MessageDetail as MessageDetail,
        MessageEffect as MessageEffect,
        MessageFormat as MessageFormat,
        MessageList as MessageList,
        MessagePart as MessagePart,
        MessageStatus as MessageStatus,
        Organization as Organization,
        OutgoingAttachment as OutgoingAttachment,
        Pagination as Pagination,
        PhoneNumber as PhoneNumber,
        PhoneNumberBatchRequest as PhoneNumberBatchRequest,
        PhoneNumberList as PhoneNumberList,
        PhoneNumberLocation as PhoneNumberLocation,
        PhoneNumberLookup as PhoneNumberLookup,
        PhoneNumberLookupList as PhoneNumberLookupList,
        PhoneNumberLookupRequest as PhoneNumberLookupRequest,
        PhoneNumberType as PhoneNumberType,
        PlanKind as PlanKind,
        Poll as Poll,
        PollOption as PollOption,
        PollResults as PollResults,
        Protocol as Protocol,
        Reaction as Reaction,
        ReactionAction as ReactionAction,
        ReactionChange as ReactionChange,
        ReactionRequest as ReactionRequest,
        ReadReceipt as ReadReceipt,
        ReadStatus as ReadStatus,
        RemovedGroupMember as RemovedGroupMember,
        ReplyParent as ReplyParent,
        ReplyTarget as ReplyTarget,
        SendMessageRequest as SendMessageRequest,
        SendPollRequest as SendPollRequest,
        SendStatus as SendStatus,
        SentPoll as SentPoll,
        SharedContactCard as SharedContactCard,
        SortOrder as SortOrder,
        TypingIndicator as TypingIndicator,
        UpdateContactCardRequest as UpdateContactCardRequest,
        UpdateContactRequest as UpdateContactRequest,
        UpdatedContactCard as UpdatedContactCard,
        UpdatedGroup as UpdatedGroup,
        UpdateGroupRequest as UpdateGroupRequest,
        UpdateWebhookRequest as UpdateWebhookRequest,
        Usage as Usage,
        Webhook as Webhook,
        WebhookEventPayload as WebhookEventPayload,
        WebhookList as WebhookList,
        WebhookLog as WebhookLog,
        WebhookLogList as WebhookLogList,
        WebhookLogMetadata as WebhookLogMetadata,
        WebhookLogScope as WebhookLogScope,
        WebhookReplay as WebhookReplay,
        WebhookReplayResponse as WebhookReplayResponse,
        WebhookScope as WebhookScope,
        WebhookSecret as WebhookSecret,
        WebhookType as WebhookType,
    )
    from .types import Call as Call, Secret as Secret

if not TYPE_CHECKING:  # so that type checkers report unknown names
    _MODULES = ("calls", "errors", "models", "outbox", "types", "webhooks")

    def __getattr__(name):
        if name in _MODULES:
            return import_module("." + name, __name__)
        value = globals()[name] = _found(name)
        return value

    def _found(name):
        overrides = import_module("blooio_overrides")
        if name in overrides.__all__ or name == "__version__":
            return getattr(overrides, name)
        models = import_module(".models", __name__)
        if name in models.__all__:
            return getattr(models, name)
        if name == "__all__":
            return sorted({*overrides.__all__, *models.__all__, *_MODULES})
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__():
        return sorted([*_found("__all__"), "__version__"])
