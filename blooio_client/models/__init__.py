# Generated from openapi/ by `make generate`. Do not edit.
"""The data models of the API; each is imported on first use (PEP 562)."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .accepted_message import AcceptedMessage
    from .add_contact_tags_request import AddContactTagsRequest
    from .add_group_member_request import AddGroupMemberRequest
    from .added_contact_tags import AddedContactTags
    from .added_group_member import AddedGroupMember
    from .attachment import Attachment
    from .auth_type import AuthType
    from .call_forwarding_request import CallForwardingRequest
    from .call_forwarding_ticket import CallForwardingTicket
    from .cancelled_message import CancelledMessage
    from .capabilities import Capabilities
    from .chat import Chat
    from .chat_background import ChatBackground
    from .chat_background_upload import ChatBackgroundUpload
    from .chat_detail import ChatDetail
    from .chat_list import ChatList
    from .chat_sort import ChatSort
    from .chat_type import ChatType
    from .contact import Contact
    from .contact_capabilities import ContactCapabilities
    from .contact_card import ContactCard
    from .contact_card_sharing import ContactCardSharing
    from .contact_list import ContactList
    from .contact_location import ContactLocation
    from .contact_location_list import ContactLocationList
    from .contact_ref import ContactRef
    from .contact_tag import ContactTag
    from .contact_tag_list import ContactTagList
    from .contact_type import ContactType
    from .create_contact_request import CreateContactRequest
    from .create_group_request import CreateGroupRequest
    from .create_webhook_request import CreateWebhookRequest
    from .created_group import CreatedGroup
    from .created_webhook import CreatedWebhook
    from .deletion import Deletion
    from .delivery_status import DeliveryStatus
    from .device import Device
    from .device_sync_action import DeviceSyncAction
    from .device_sync_result import DeviceSyncResult
    from .direction import Direction
    from .directory_sort import DirectorySort
    from .error_body import ErrorBody
    from .face_time_call import FaceTimeCall
    from .face_time_call_request import FaceTimeCallRequest
    from .group import Group
    from .group_icon import GroupIcon
    from .group_icon_sync import GroupIconSync
    from .group_icon_upload import GroupIconUpload
    from .group_list import GroupList
    from .group_member import GroupMember
    from .group_member_list import GroupMemberList
    from .json_object import JsonObject
    from .last_message import LastMessage
    from .link_preview import LinkPreview
    from .me import Me
    from .message import Message
    from .message_detail import MessageDetail
    from .message_effect import MessageEffect
    from .message_format import MessageFormat
    from .message_list import MessageList
    from .message_part import MessagePart
    from .message_status import MessageStatus
    from .organization import Organization
    from .outgoing_attachment import OutgoingAttachment
    from .pagination import Pagination
    from .phone_number import PhoneNumber
    from .phone_number_batch_request import PhoneNumberBatchRequest
    from .phone_number_list import PhoneNumberList
    from .phone_number_location import PhoneNumberLocation
    from .phone_number_lookup import PhoneNumberLookup
    from .phone_number_lookup_list import PhoneNumberLookupList
    from .phone_number_lookup_request import PhoneNumberLookupRequest
    from .phone_number_type import PhoneNumberType
    from .plan_kind import PlanKind
    from .poll import Poll
    from .poll_option import PollOption
    from .poll_results import PollResults
    from .protocol import Protocol
    from .reaction import Reaction
    from .reaction_action import ReactionAction
    from .reaction_change import ReactionChange
    from .reaction_request import ReactionRequest
    from .read_receipt import ReadReceipt
    from .read_status import ReadStatus
    from .removed_group_member import RemovedGroupMember
    from .reply_parent import ReplyParent
    from .reply_target import ReplyTarget
    from .send_message_request import SendMessageRequest
    from .send_poll_request import SendPollRequest
    from .send_status import SendStatus
    from .sent_poll import SentPoll
    from .shared_contact_card import SharedContactCard
    from .sort_order import SortOrder
    from .typing_indicator import TypingIndicator
    from .update_contact_card_request import UpdateContactCardRequest
    from .update_contact_request import UpdateContactRequest
    from .update_group_request import UpdateGroupRequest
    from .update_webhook_request import UpdateWebhookRequest
    from .updated_contact_card import UpdatedContactCard
    from .updated_group import UpdatedGroup
    from .usage import Usage
    from .webhook import Webhook
    from .webhook_event_payload import WebhookEventPayload
    from .webhook_list import WebhookList
    from .webhook_log import WebhookLog
    from .webhook_log_list import WebhookLogList
    from .webhook_log_metadata import WebhookLogMetadata
    from .webhook_log_scope import WebhookLogScope
    from .webhook_replay import WebhookReplay
    from .webhook_replay_response import WebhookReplayResponse
    from .webhook_scope import WebhookScope
    from .webhook_secret import WebhookSecret
    from .webhook_type import WebhookType

_HOME = {
    "AcceptedMessage": ".accepted_message",
    "AddContactTagsRequest": ".add_contact_tags_request",
    "AddGroupMemberRequest": ".add_group_member_request",
    "AddedContactTags": ".added_contact_tags",
    "AddedGroupMember": ".added_group_member",
    "Attachment": ".attachment",
    "AuthType": ".auth_type",
    "CallForwardingRequest": ".call_forwarding_request",
    "CallForwardingTicket": ".call_forwarding_ticket",
    "CancelledMessage": ".cancelled_message",
    "Capabilities": ".capabilities",
    "Chat": ".chat",
    "ChatBackground": ".chat_background",
    "ChatBackgroundUpload": ".chat_background_upload",
    "ChatDetail": ".chat_detail",
    "ChatList": ".chat_list",
    "ChatSort": ".chat_sort",
    "ChatType": ".chat_type",
    "Contact": ".contact",
    "ContactCapabilities": ".contact_capabilities",
    "ContactCard": ".contact_card",
    "ContactCardSharing": ".contact_card_sharing",
    "ContactList": ".contact_list",
    "ContactLocation": ".contact_location",
    "ContactLocationList": ".contact_location_list",
    "ContactRef": ".contact_ref",
    "ContactTag": ".contact_tag",
    "ContactTagList": ".contact_tag_list",
    "ContactType": ".contact_type",
    "CreateContactRequest": ".create_contact_request",
    "CreateGroupRequest": ".create_group_request",
    "CreateWebhookRequest": ".create_webhook_request",
    "CreatedGroup": ".created_group",
    "CreatedWebhook": ".created_webhook",
    "Deletion": ".deletion",
    "DeliveryStatus": ".delivery_status",
    "Device": ".device",
    "DeviceSyncAction": ".device_sync_action",
    "DeviceSyncResult": ".device_sync_result",
    "Direction": ".direction",
    "DirectorySort": ".directory_sort",
    "ErrorBody": ".error_body",
    "FaceTimeCall": ".face_time_call",
    "FaceTimeCallRequest": ".face_time_call_request",
    "Group": ".group",
    "GroupIcon": ".group_icon",
    "GroupIconSync": ".group_icon_sync",
    "GroupIconUpload": ".group_icon_upload",
    "GroupList": ".group_list",
    "GroupMember": ".group_member",
    "GroupMemberList": ".group_member_list",
    "JsonObject": ".json_object",
    "LastMessage": ".last_message",
    "LinkPreview": ".link_preview",
    "Me": ".me",
    "Message": ".message",
    "MessageDetail": ".message_detail",
    "MessageEffect": ".message_effect",
    "MessageFormat": ".message_format",
    "MessageList": ".message_list",
    "MessagePart": ".message_part",
    "MessageStatus": ".message_status",
    "Organization": ".organization",
    "OutgoingAttachment": ".outgoing_attachment",
    "Pagination": ".pagination",
    "PhoneNumber": ".phone_number",
    "PhoneNumberBatchRequest": ".phone_number_batch_request",
    "PhoneNumberList": ".phone_number_list",
    "PhoneNumberLocation": ".phone_number_location",
    "PhoneNumberLookup": ".phone_number_lookup",
    "PhoneNumberLookupList": ".phone_number_lookup_list",
    "PhoneNumberLookupRequest": ".phone_number_lookup_request",
    "PhoneNumberType": ".phone_number_type",
    "PlanKind": ".plan_kind",
    "Poll": ".poll",
    "PollOption": ".poll_option",
    "PollResults": ".poll_results",
    "Protocol": ".protocol",
    "Reaction": ".reaction",
    "ReactionAction": ".reaction_action",
    "ReactionChange": ".reaction_change",
    "ReactionRequest": ".reaction_request",
    "ReadReceipt": ".read_receipt",
    "ReadStatus": ".read_status",
    "RemovedGroupMember": ".removed_group_member",
    "ReplyParent": ".reply_parent",
    "ReplyTarget": ".reply_target",
    "SendMessageRequest": ".send_message_request",
    "SendPollRequest": ".send_poll_request",
    "SendStatus": ".send_status",
    "SentPoll": ".sent_poll",
    "SharedContactCard": ".shared_contact_card",
    "SortOrder": ".sort_order",
    "TypingIndicator": ".typing_indicator",
    "UpdateContactCardRequest": ".update_contact_card_request",
    "UpdateContactRequest": ".update_contact_request",
    "UpdateGroupRequest": ".update_group_request",
    "UpdateWebhookRequest": ".update_webhook_request",
    "UpdatedContactCard": ".updated_contact_card",
    "UpdatedGroup": ".updated_group",
    "Usage": ".usage",
    "Webhook": ".webhook",
    "WebhookEventPayload": ".webhook_event_payload",
    "WebhookList": ".webhook_list",
    "WebhookLog": ".webhook_log",
    "WebhookLogList": ".webhook_log_list",
    "WebhookLogMetadata": ".webhook_log_metadata",
    "WebhookLogScope": ".webhook_log_scope",
    "WebhookReplay": ".webhook_replay",
    "WebhookReplayResponse": ".webhook_replay_response",
    "WebhookScope": ".webhook_scope",
    "WebhookSecret": ".webhook_secret",
    "WebhookType": ".webhook_type",
}

__all__ = [
    "AcceptedMessage",
    "AddContactTagsRequest",
    "AddedContactTags",
    "AddedGroupMember",
    "AddGroupMemberRequest",
    "Attachment",
    "AuthType",
    "CallForwardingRequest",
    "CallForwardingTicket",
    "CancelledMessage",
    "Capabilities",
    "Chat",
    "ChatBackground",
    "ChatBackgroundUpload",
    "ChatDetail",
    "ChatList",
    "ChatSort",
    "ChatType",
    "Contact",
    "ContactCapabilities",
    "ContactCard",
    "ContactCardSharing",
    "ContactList",
    "ContactLocation",
    "ContactLocationList",
    "ContactRef",
    "ContactTag",
    "ContactTagList",
    "ContactType",
    "CreateContactRequest",
    "CreatedGroup",
    "CreatedWebhook",
    "CreateGroupRequest",
    "CreateWebhookRequest",
    "Deletion",
    "DeliveryStatus",
    "Device",
    "DeviceSyncAction",
    "DeviceSyncResult",
    "Direction",
    "DirectorySort",
    "ErrorBody",
    "FaceTimeCall",
    "FaceTimeCallRequest",
    "Group",
    "GroupIcon",
    "GroupIconSync",
    "GroupIconUpload",
    "GroupList",
    "GroupMember",
    "GroupMemberList",
    "JsonObject",
    "LastMessage",
    "LinkPreview",
    "Me",
    "Message",
    "MessageDetail",
    "MessageEffect",
    "MessageFormat",
    "MessageList",
    "MessagePart",
    "MessageStatus",
    "Organization",
    "OutgoingAttachment",
    "Pagination",
    "PhoneNumber",
    "PhoneNumberBatchRequest",
    "PhoneNumberList",
    "PhoneNumberLocation",
    "PhoneNumberLookup",
    "PhoneNumberLookupList",
    "PhoneNumberLookupRequest",
    "PhoneNumberType",
    "PlanKind",
    "Poll",
    "PollOption",
    "PollResults",
    "Protocol",
    "Reaction",
    "ReactionAction",
    "ReactionChange",
    "ReactionRequest",
    "ReadReceipt",
    "ReadStatus",
    "RemovedGroupMember",
    "ReplyParent",
    "ReplyTarget",
    "SendMessageRequest",
    "SendPollRequest",
    "SendStatus",
    "SentPoll",
    "SharedContactCard",
    "SortOrder",
    "TypingIndicator",
    "UpdateContactCardRequest",
    "UpdateContactRequest",
    "UpdatedContactCard",
    "UpdatedGroup",
    "UpdateGroupRequest",
    "UpdateWebhookRequest",
    "Usage",
    "Webhook",
    "WebhookEventPayload",
    "WebhookList",
    "WebhookLog",
    "WebhookLogList",
    "WebhookLogMetadata",
    "WebhookLogScope",
    "WebhookReplay",
    "WebhookReplayResponse",
    "WebhookScope",
    "WebhookSecret",
    "WebhookType",
]

if not TYPE_CHECKING:  # so that type checkers report unknown names

    def __getattr__(name):
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = globals()[name] = getattr(import_module(_HOME[name], __name__), name)
        return value

    def __dir__():
        return sorted(__all__)
