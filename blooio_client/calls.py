# Generated from openapi/ by `make generate`. Do not edit.
"""Every operation of the API as a function that describes a request; nothing is sent here.

Pass the result to `client.call`, which sends it with the client's retries and errors.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from . import models
from .types import (
    Call,
    File,
    describe,
)

# account


def get_me() -> Call[models.Me]:
    """Get current authentication context.

    Returns details about the authenticated API key or dashboard user, including organization info, devices, and
    usage statistics.

    Source: GET /me
    """
    return describe(
        models.Me,
        "getMe",
        "GET",
        "/me",
    )


# numbers


def list_numbers() -> Call[models.PhoneNumberList]:
    """List phone numbers.

    List all phone numbers bound to this API key with their availability status. Use the returned phone numbers
    as the `:number` path parameter for other `/me/numbers/` endpoints.

    Source: GET /me/numbers
    """
    return describe(
        models.PhoneNumberList,
        "listNumbers",
        "GET",
        "/me/numbers",
    )


def request_call_forwarding(
    number: str,
    *,
    body: models.CallForwardingRequest | Mapping[str, Any],
) -> Call[models.CallForwardingTicket]:
    """Request call forwarding.

    Ask Blooio to forward calls to one of your numbers. This opens a support request; the change typically takes
    effect within one business day. Dedicated and inbound US numbers only.

    Args:
        number: Phone number in E.164 format
        body: A CallForwardingRequest, or a dict in the API's format.

    Source: POST /me/numbers/{number}/call-forwarding
    """
    return describe(
        models.CallForwardingTicket,
        "requestCallForwarding",
        "POST",
        "/me/numbers/{number}/call-forwarding",
        {
            "number": number,
        },
        body=body,
    )


# contact card


def get_my_contact_card(
    number: str,
) -> Call[models.ContactCard]:
    """Get contact card (Coming Soon).

    ⚠️ **COMING SOON** - This endpoint is temporarily disabled while we stabilize this feature.

    Get the personal contact card (Name & Photo) for the specified phone number. This is the identity that gets
    shared with contacts in iMessage.

    Args:
        number: Phone number in E.164 format

    Source: GET /me/numbers/{number}/contact-card
    """
    return describe(
        models.ContactCard,
        "getMyContactCard",
        "GET",
        "/me/numbers/{number}/contact-card",
        {
            "number": number,
        },
    )


def update_my_contact_card(
    number: str,
    *,
    body: models.UpdateContactCardRequest | Mapping[str, Any],
) -> Call[models.UpdatedContactCard]:
    """Update contact card.

    Update the personal contact card (Name & Photo) for the specified phone number. All fields are optional —
    only provided fields are updated.

    Args:
        number: Phone number in E.164 format
        body: A UpdateContactCardRequest, or a dict in the API's format.

    Source: PUT /me/numbers/{number}/contact-card
    """
    return describe(
        models.UpdatedContactCard,
        "updateMyContactCard",
        "PUT",
        "/me/numbers/{number}/contact-card",
        {
            "number": number,
        },
        body=body,
    )


def share_contact_card(
    chat_id: str,
) -> Call[models.SharedContactCard]:
    """Share contact card.

    Stage the contact card (Name & Photo) for sharing in a chat. The contact card will be piggybacked onto the
    next outgoing message (text or attachment) sent to this chat. This is idempotent — calling it multiple times
    is harmless.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat

    Source: POST /chats/{chatId}/contact-card
    """
    return describe(
        models.SharedContactCard,
        "shareContactCard",
        "POST",
        "/chats/{chatId}/contact-card",
        {
            "chatId": chat_id,
        },
    )


# contacts


def list_contacts(
    *,
    limit: int | None = None,
    offset: int | None = None,
    q: str | None = None,
    sort: models.DirectorySort | str | None = None,
) -> Call[models.ContactList]:
    """List contacts.

    List all contacts for the organization with optional search and pagination.

    Args:
        limit: Maximum number of items to return (1-200)
        offset: Number of items to skip
        q: Search query (matches identifier or name)
        sort: Sort order

    Source: GET /contacts
    """
    return describe(
        models.ContactList,
        "listContacts",
        "GET",
        "/contacts",
        params={
            "limit": limit,
            "offset": offset,
            "q": q,
            "sort": sort,
        },
    )


def create_contact(
    *,
    body: models.CreateContactRequest | Mapping[str, Any],
) -> Call[models.Contact]:
    """Create a contact.

    Create a new contact with a phone number (E.164 format) or email address.

    Args:
        body: A CreateContactRequest, or a dict in the API's format.

    Source: POST /contacts
    """
    return describe(
        models.Contact,
        "createContact",
        "POST",
        "/contacts",
        body=body,
    )


def get_contact(
    contact_id: str,
) -> Call[models.Contact]:
    """Get a contact.

    Get details for a specific contact by phone number or email.

    Args:
        contact_id: Contact identifier (phone number in E.164 format or email)

    Source: GET /contacts/{contactId}
    """
    return describe(
        models.Contact,
        "getContact",
        "GET",
        "/contacts/{contactId}",
        {
            "contactId": contact_id,
        },
    )


def delete_contact(
    contact_id: str,
) -> Call[models.Deletion]:
    """Delete a contact.

    Soft-delete a contact.

    Args:
        contact_id: Contact identifier (phone number in E.164 format or email)

    Source: DELETE /contacts/{contactId}
    """
    return describe(
        models.Deletion,
        "deleteContact",
        "DELETE",
        "/contacts/{contactId}",
        {
            "contactId": contact_id,
        },
    )


def update_contact(
    contact_id: str,
    *,
    body: models.UpdateContactRequest | Mapping[str, Any],
) -> Call[models.Contact]:
    """Update a contact.

    Update a contact's name.

    Args:
        contact_id: Contact identifier (phone number in E.164 format or email)
        body: A UpdateContactRequest, or a dict in the API's format.

    Source: PATCH /contacts/{contactId}
    """
    return describe(
        models.Contact,
        "updateContact",
        "PATCH",
        "/contacts/{contactId}",
        {
            "contactId": contact_id,
        },
        body=body,
    )


def get_contact_capabilities(
    contact_id: str,
) -> Call[models.ContactCapabilities]:
    """Check contact capabilities.

    Check if a contact supports iMessage and/or SMS.

    Args:
        contact_id: Contact identifier (phone number in E.164 format or email)

    Source: GET /contacts/{contactId}/capabilities
    """
    return describe(
        models.ContactCapabilities,
        "getContactCapabilities",
        "GET",
        "/contacts/{contactId}/capabilities",
        {
            "contactId": contact_id,
        },
    )


def list_contact_tags(
    contact_id: str,
) -> Call[models.ContactTagList]:
    """List contact tags.

    List all tags assigned to a contact.

    Args:
        contact_id: Contact identifier (phone number in E.164 format or email)

    Source: GET /contacts/{contactId}/tags
    """
    return describe(
        models.ContactTagList,
        "listContactTags",
        "GET",
        "/contacts/{contactId}/tags",
        {
            "contactId": contact_id,
        },
    )


def add_contact_tags(
    contact_id: str,
    *,
    body: models.AddContactTagsRequest | Mapping[str, Any],
) -> Call[models.AddedContactTags]:
    """Add tags to a contact.

    Add one or more tags to a contact. If a tag already exists on the contact, it is re-activated (idempotent).
    Tags are free-form strings.

    Args:
        contact_id: Contact identifier (phone number in E.164 format or email)
        body: A AddContactTagsRequest, or a dict in the API's format.

    Source: POST /contacts/{contactId}/tags
    """
    return describe(
        models.AddedContactTags,
        "addContactTags",
        "POST",
        "/contacts/{contactId}/tags",
        {
            "contactId": contact_id,
        },
        body=body,
    )


def remove_contact_tag(
    contact_id: str,
    tag: str,
) -> Call[models.Deletion]:
    """Remove a tag from a contact.

    Remove a specific tag from a contact. The tag is soft-deleted and can be re-added later.

    Args:
        contact_id: Contact identifier (phone number in E.164 format or email)
        tag: The tag to remove

    Source: DELETE /contacts/{contactId}/tags/{tag}
    """
    return describe(
        models.Deletion,
        "removeContactTag",
        "DELETE",
        "/contacts/{contactId}/tags/{tag}",
        {
            "contactId": contact_id,
            "tag": tag,
        },
    )


# location


def list_location_contacts() -> Call[models.ContactLocationList]:
    """List contact locations.

    Returns cached FindMy contact locations available through your blooio account. Each entry includes the
    contact's handle (phone/email), coordinates, and last update time.

    Source: GET /location/contacts
    """
    return describe(
        models.ContactLocationList,
        "listLocationContacts",
        "GET",
        "/location/contacts",
    )


def get_location_contact(
    handle: str,
) -> Call[models.ContactLocation]:
    """Get contact location.

    Returns the cached location for a specific contact identified by phone number or email.

    Args:
        handle: Contact's phone number (E.164) or email address

    Source: GET /location/contacts/{handle}
    """
    return describe(
        models.ContactLocation,
        "getLocationContact",
        "GET",
        "/location/contacts/{handle}",
        {
            "handle": handle,
        },
    )


def refresh_location_contacts() -> Call[models.ContactLocationList]:
    """Refresh contact locations.

    Triggers a refresh of cached FindMy contact locations. Updated results may take 15-20 seconds to appear.

    Source: POST /location/contacts/refresh
    """
    return describe(
        models.ContactLocationList,
        "refreshLocationContacts",
        "POST",
        "/location/contacts/refresh",
    )


# face time


def call_face_time(
    *,
    body: models.FaceTimeCallRequest | Mapping[str, Any],
) -> Call[models.FaceTimeCall]:
    """Initiate a FaceTime call (Coming Soon).

    **Coming Soon** -- This endpoint is temporarily disabled while we stabilize the FaceTime call flow.

    Initiates a FaceTime call to the specified phone number or email address. Returns a shareable FaceTime link
    that anyone can use to join the call. The call will ring the contact and auto-admit the first person who
    joins via the link.

    Args:
        body: A FaceTimeCallRequest, or a dict in the API's format.

    Source: POST /facetime/calls
    """
    return describe(
        models.FaceTimeCall,
        "callFaceTime",
        "POST",
        "/facetime/calls",
        body=body,
    )


# groups


def list_groups(
    *,
    limit: int | None = None,
    offset: int | None = None,
    q: str | None = None,
    sort: models.DirectorySort | str | None = None,
) -> Call[models.GroupList]:
    """List groups.

    List all groups for the organization with optional search and pagination.

    Args:
        limit: Maximum number of items to return (1-200)
        offset: Number of items to skip
        q: Search query (matches group name)
        sort: Sort order

    Source: GET /groups
    """
    return describe(
        models.GroupList,
        "listGroups",
        "GET",
        "/groups",
        params={
            "limit": limit,
            "offset": offset,
            "q": q,
            "sort": sort,
        },
    )


def create_group(
    *,
    body: models.CreateGroupRequest | Mapping[str, Any],
) -> Call[models.CreatedGroup]:
    """Create a group.

    Create a new group. There are two modes:

    **1. Link to existing iMessage chat:** Provide `chat_guid` to join an existing group chat that was created
    outside the API. The `members` list records who is in the group but does NOT add them to the linked iMessage
    chat. Multiple groups can have the same participants if they have different `chat_guid`s.

    **2. Create new group:** Omit `chat_guid` to create a new group. When you send the first message, a new
    iMessage chat will be created. Note: iMessage only allows one chat per unique participant set when created
    via API.

    Args:
        body: A CreateGroupRequest, or a dict in the API's format.

    Source: POST /groups
    """
    return describe(
        models.CreatedGroup,
        "createGroup",
        "POST",
        "/groups",
        body=body,
    )


def get_group(
    group_id: str,
) -> Call[models.Group]:
    """Get a group.

    Get details for a specific group.

    Args:
        group_id: Group ID

    Source: GET /groups/{groupId}
    """
    return describe(
        models.Group,
        "getGroup",
        "GET",
        "/groups/{groupId}",
        {
            "groupId": group_id,
        },
    )


def delete_group(
    group_id: str,
) -> Call[models.Deletion]:
    """Delete a group.

    Soft-delete a group. Members are automatically removed. If the group is linked to an existing iMessage chat,
    the number also leaves that chat.

    Args:
        group_id: Group ID

    Source: DELETE /groups/{groupId}
    """
    return describe(
        models.Deletion,
        "deleteGroup",
        "DELETE",
        "/groups/{groupId}",
        {
            "groupId": group_id,
        },
    )


def update_group(
    group_id: str,
    *,
    body: models.UpdateGroupRequest | Mapping[str, Any],
) -> Call[models.UpdatedGroup]:
    """Update a group.

    Update a group's name. If the group has a linked `chat_guid`, the display name will also be updated in the
    linked iMessage chat. Note: iMessage only allows one chat per unique participant set, so renaming simply
    changes the display name on the existing chat thread.

    Args:
        group_id: Group ID
        body: A UpdateGroupRequest, or a dict in the API's format.

    Source: PATCH /groups/{groupId}
    """
    return describe(
        models.UpdatedGroup,
        "updateGroup",
        "PATCH",
        "/groups/{groupId}",
        {
            "groupId": group_id,
        },
        body=body,
    )


def set_group_icon(
    group_id: str,
    *,
    body: models.GroupIconUpload | Mapping[str, File],
) -> Call[models.GroupIcon]:
    """Set group icon.

    Set the group icon/photo. Requires the group to have a linked chat_guid. Uses multipart/form-data.

    The uploaded image is stored in Blooio storage and synced to the linked iMessage chat before the request
    returns.

    Args:
        group_id: Group ID
        body: A GroupIconUpload, or a dict in the API's format.

    Source: POST /groups/{groupId}/icon
    """
    return describe(
        models.GroupIcon,
        "setGroupIcon",
        "POST",
        "/groups/{groupId}/icon",
        {
            "groupId": group_id,
        },
        files=body,
    )


def remove_group_icon(
    group_id: str,
) -> Call[models.GroupIcon]:
    """Remove group icon.

    Remove the group icon/photo. Requires the group to have a linked chat_guid.

    The icon is removed from both Blooio storage and the linked iMessage chat before the request returns.

    Args:
        group_id: Group ID

    Source: DELETE /groups/{groupId}/icon
    """
    return describe(
        models.GroupIcon,
        "removeGroupIcon",
        "DELETE",
        "/groups/{groupId}/icon",
        {
            "groupId": group_id,
        },
    )


# group members


def list_group_members(
    group_id: str,
    *,
    limit: int | None = None,
    offset: int | None = None,
) -> Call[models.GroupMemberList]:
    """List group members.

    List all members of a group.

    Args:
        group_id: Group ID
        limit: Maximum number of items to return (1-200)
        offset: Number of items to skip

    Source: GET /groups/{groupId}/members
    """
    return describe(
        models.GroupMemberList,
        "listGroupMembers",
        "GET",
        "/groups/{groupId}/members",
        {
            "groupId": group_id,
        },
        params={
            "limit": limit,
            "offset": offset,
        },
    )


def add_group_member(
    group_id: str,
    *,
    body: models.AddGroupMemberRequest | Mapping[str, Any],
) -> Call[models.AddedGroupMember]:
    """Add a member to a group (Coming Soon).

    ⚠️ **COMING SOON** - This endpoint is temporarily disabled while we stabilize this feature.

    Add an existing contact to a group. If the group is linked to an existing iMessage chat, also adds the
    participant to that chat.

    Args:
        group_id: Group ID
        body: A AddGroupMemberRequest, or a dict in the API's format.

    Source: POST /groups/{groupId}/members
    """
    return describe(
        models.AddedGroupMember,
        "addGroupMember",
        "POST",
        "/groups/{groupId}/members",
        {
            "groupId": group_id,
        },
        body=body,
    )


def remove_group_member(
    group_id: str,
    contact_id: str,
) -> Call[models.RemovedGroupMember]:
    """Remove a member from a group (Coming Soon).

    ⚠️ **COMING SOON** - This endpoint is temporarily disabled while we stabilize this feature.

    Remove a contact from a group. If the group is linked to an existing iMessage chat, also removes the
    participant from that chat. If the contact being removed is the organization's own phone number, leaves the
    group chat instead.

    Args:
        group_id: Group ID
        contact_id: Contact identifier (phone number in E.164 format or email)

    Source: DELETE /groups/{groupId}/members/{contactId}
    """
    return describe(
        models.RemovedGroupMember,
        "removeGroupMember",
        "DELETE",
        "/groups/{groupId}/members/{contactId}",
        {
            "groupId": group_id,
            "contactId": contact_id,
        },
    )


# webhooks


def list_webhooks() -> Call[models.WebhookList]:
    """List webhooks.

    List all webhooks for the organization.

    Source: GET /webhooks
    """
    return describe(
        models.WebhookList,
        "listWebhooks",
        "GET",
        "/webhooks",
    )


def create_webhook(
    *,
    body: models.CreateWebhookRequest | Mapping[str, Any],
) -> Call[models.CreatedWebhook]:
    """Create a webhook.

    Create a new webhook subscription.

    Args:
        body: A CreateWebhookRequest, or a dict in the API's format.

    Source: POST /webhooks
    """
    return describe(
        models.CreatedWebhook,
        "createWebhook",
        "POST",
        "/webhooks",
        body=body,
    )


def get_webhook(
    webhook_id: str,
) -> Call[models.Webhook]:
    """Get a webhook.

    Get details for a specific webhook.

    Args:
        webhook_id: Webhook ID

    Source: GET /webhooks/{webhookId}
    """
    return describe(
        models.Webhook,
        "getWebhook",
        "GET",
        "/webhooks/{webhookId}",
        {
            "webhookId": webhook_id,
        },
    )


def delete_webhook(
    webhook_id: str,
) -> Call[models.Deletion]:
    """Delete a webhook.

    Permanently delete a webhook.

    Args:
        webhook_id: Webhook ID

    Source: DELETE /webhooks/{webhookId}
    """
    return describe(
        models.Deletion,
        "deleteWebhook",
        "DELETE",
        "/webhooks/{webhookId}",
        {
            "webhookId": webhook_id,
        },
    )


def update_webhook(
    webhook_id: str,
    *,
    body: models.UpdateWebhookRequest | Mapping[str, Any],
) -> Call[models.Webhook]:
    """Update a webhook.

    Update a webhook's configuration.

    Args:
        webhook_id: Webhook ID
        body: A UpdateWebhookRequest, or a dict in the API's format.

    Source: PATCH /webhooks/{webhookId}
    """
    return describe(
        models.Webhook,
        "updateWebhook",
        "PATCH",
        "/webhooks/{webhookId}",
        {
            "webhookId": webhook_id,
        },
        body=body,
    )


def rotate_webhook_secret(
    webhook_id: str,
) -> Call[models.WebhookSecret]:
    """Rotate webhook signing secret.

    Generate a new signing secret for the webhook. The new secret is returned only once in this response - store
    it securely. The old secret becomes invalid immediately.

    Args:
        webhook_id: Webhook ID

    Source: POST /webhooks/{webhookId}/secret/rotate
    """
    return describe(
        models.WebhookSecret,
        "rotateWebhookSecret",
        "POST",
        "/webhooks/{webhookId}/secret/rotate",
        {
            "webhookId": webhook_id,
        },
    )


# webhook logs


def list_webhook_logs(
    webhook_id: str,
    *,
    limit: int | None = None,
    offset: int | None = None,
    sort: models.SortOrder | str | None = None,
    status: int | None = None,
    min_status: int | None = None,
    max_status: int | None = None,
) -> Call[models.WebhookLogList]:
    """List webhook logs.

    List delivery logs for a specific webhook.

    Args:
        webhook_id: Webhook ID
        limit: Maximum number of items to return (1-200)
        offset: Number of items to skip
        sort: Sort order by attempted time
        status: Filter by exact HTTP status code
        min_status: Minimum HTTP status code
        max_status: Maximum HTTP status code

    Source: GET /webhooks/{webhookId}/logs
    """
    return describe(
        models.WebhookLogList,
        "listWebhookLogs",
        "GET",
        "/webhooks/{webhookId}/logs",
        {
            "webhookId": webhook_id,
        },
        params={
            "limit": limit,
            "offset": offset,
            "sort": sort,
            "status": status,
            "min_status": min_status,
            "max_status": max_status,
        },
    )


def replay_webhook_event(
    webhook_id: str,
    event_id: str,
) -> Call[models.WebhookReplay]:
    """Replay a webhook event.

    Re-send a webhook event to the configured URL.

    Args:
        webhook_id: Webhook ID
        event_id: Event ID to replay

    Source: POST /webhooks/{webhookId}/logs/{eventId}/replay
    """
    return describe(
        models.WebhookReplay,
        "replayWebhookEvent",
        "POST",
        "/webhooks/{webhookId}/logs/{eventId}/replay",
        {
            "webhookId": webhook_id,
            "eventId": event_id,
        },
    )


# chats


def list_chats(
    *,
    limit: int | None = None,
    offset: int | None = None,
    q: str | None = None,
    sort: models.ChatSort | str | None = None,
) -> Call[models.ChatList]:
    """List chats.

    List all unique conversations for the organization, sorted by most recent message.

    Args:
        limit: Maximum number of items to return (1-200)
        offset: Number of items to skip
        q: Search query (matches phone/email or contact name)
        sort: Sort order

    Source: GET /chats
    """
    return describe(
        models.ChatList,
        "listChats",
        "GET",
        "/chats",
        params={
            "limit": limit,
            "offset": offset,
            "q": q,
            "sort": sort,
        },
    )


def get_chat(
    chat_id: str,
) -> Call[models.ChatDetail]:
    """Get a chat.

    Get details for a specific conversation.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat

    Source: GET /chats/{chatId}
    """
    return describe(
        models.ChatDetail,
        "getChat",
        "GET",
        "/chats/{chatId}",
        {
            "chatId": chat_id,
        },
    )


# messages


def list_chat_messages(
    chat_id: str,
    *,
    limit: int | None = None,
    offset: int | None = None,
    sort: models.SortOrder | str | None = None,
    direction: models.Direction | str | None = None,
    since: datetime.datetime | int | None = None,
    until: datetime.datetime | int | None = None,
) -> Call[models.MessageList]:
    """List messages in a chat.

    List all messages in a conversation with optional filtering.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        limit: Maximum number of items to return (1-200)
        offset: Number of items to skip
        sort: Sort order by time
        direction: Filter by message direction
        since: Only messages sent after this timestamp (ms). An aware datetime, or epoch milliseconds
        until: Only messages sent before this timestamp (ms). An aware datetime, or epoch milliseconds

    Source: GET /chats/{chatId}/messages
    """
    return describe(
        models.MessageList,
        "listChatMessages",
        "GET",
        "/chats/{chatId}/messages",
        {
            "chatId": chat_id,
        },
        params={
            "limit": limit,
            "offset": offset,
            "sort": sort,
            "direction": direction,
            "since": since,
            "until": until,
        },
    )


def send_message(
    chat_id: str,
    *,
    body: models.SendMessageRequest | Mapping[str, Any],
    idempotency_key: str | None = None,
) -> Call[models.AcceptedMessage]:
    """Send a message.

    Send a message to a chat. The chatId can be: (1) E.164 phone number, (2) email address, (3) group ID
    (grp_xxxx), or (4) comma-separated list of phone/email for multi-recipient chats. For multi-recipient, an
    unnamed group is automatically created or reused if the exact participant combination already exists. For
    explicit groups, the group must be linked to an existing iMessage chat.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        body: A SendMessageRequest, or a dict in the API's format.
        idempotency_key: Unique key to prevent duplicate message sends. If the same key is used again, the
            original message_id and status are returned.

    Source: POST /chats/{chatId}/messages
    """
    return describe(
        models.AcceptedMessage,
        "sendMessage",
        "POST",
        "/chats/{chatId}/messages",
        {
            "chatId": chat_id,
        },
        headers={
            "Idempotency-Key": idempotency_key,
        },
        body=body,
    )


def get_message(
    chat_id: str,
    message_id: str,
) -> Call[models.MessageDetail]:
    """Get a message.

    Get details for a specific message.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        message_id: Message ID

    Source: GET /chats/{chatId}/messages/{messageId}
    """
    return describe(
        models.MessageDetail,
        "getMessage",
        "GET",
        "/chats/{chatId}/messages/{messageId}",
        {
            "chatId": chat_id,
            "messageId": message_id,
        },
    )


def cancel_message(
    chat_id: str,
    message_id: str,
) -> Call[models.CancelledMessage]:
    """Cancel a message.

    Cancel a message that is still queued or pending; one that was already sent gets a 409.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        message_id: Message ID

    Source: DELETE /chats/{chatId}/messages/{messageId}
    """
    return describe(
        models.CancelledMessage,
        "cancelMessage",
        "DELETE",
        "/chats/{chatId}/messages/{messageId}",
        {
            "chatId": chat_id,
            "messageId": message_id,
        },
    )


def get_message_status(
    chat_id: str,
    message_id: str,
) -> Call[models.MessageStatus]:
    """Get message status.

    Get delivery status for a specific message.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        message_id: Message ID

    Source: GET /chats/{chatId}/messages/{messageId}/status
    """
    return describe(
        models.MessageStatus,
        "getMessageStatus",
        "GET",
        "/chats/{chatId}/messages/{messageId}/status",
        {
            "chatId": chat_id,
            "messageId": message_id,
        },
    )


# reactions


def add_reaction(
    chat_id: str,
    message_id: str,
    *,
    body: models.ReactionRequest | Mapping[str, Any],
) -> Call[models.ReactionChange]:
    """Add or remove a reaction.

    Add or remove a reaction to a message. Supports classic iMessage tapbacks (love, like, dislike, laugh,
    emphasize, question) and emoji reactions (e.g. +😂, -😂).

    The messageId can be an explicit message ID (e.g., msg_xxx) or a relative index (-1 for last message, -2 for
    second-to-last, etc.). When using relative indices, you can optionally filter by message direction
    (inbound/outbound only).

    Emoji reactions require macOS 14 (Sonoma) or later on the device.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        message_id: Message ID (e.g., msg_xxx) or relative index (-1, -2, etc.)
        body: A ReactionRequest, or a dict in the API's format.

    Source: POST /chats/{chatId}/messages/{messageId}/reactions
    """
    return describe(
        models.ReactionChange,
        "addReaction",
        "POST",
        "/chats/{chatId}/messages/{messageId}/reactions",
        {
            "chatId": chat_id,
            "messageId": message_id,
        },
        body=body,
    )


# polls


def send_poll(
    chat_id: str,
    *,
    body: models.SendPollRequest | Mapping[str, Any],
) -> Call[models.SentPoll]:
    """Send a poll.

    Send a native iMessage poll to a chat. The poll appears as an interactive ballot that recipients can vote
    on.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        body: A SendPollRequest, or a dict in the API's format.

    Source: POST /chats/{chatId}/polls
    """
    return describe(
        models.SentPoll,
        "sendPoll",
        "POST",
        "/chats/{chatId}/polls",
        {
            "chatId": chat_id,
        },
        body=body,
    )


def get_poll_results(
    chat_id: str,
    poll_id: str,
) -> Call[models.PollResults]:
    """Get poll results.

    Retrieve a poll's definition and aggregated vote counts. The pollId is the poll_id returned in the
    poll.received or poll.created webhook event.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        poll_id: The poll ID

    Source: GET /chats/{chatId}/polls/{pollId}
    """
    return describe(
        models.PollResults,
        "getPollResults",
        "GET",
        "/chats/{chatId}/polls/{pollId}",
        {
            "chatId": chat_id,
            "pollId": poll_id,
        },
    )


# typing indicators


def start_typing(
    chat_id: str,
) -> Call[models.TypingIndicator]:
    """Start typing indicator.

    Start the typing indicator for a chat. The indicator shows the recipient that you are typing.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat

    Source: POST /chats/{chatId}/typing
    """
    return describe(
        models.TypingIndicator,
        "startTyping",
        "POST",
        "/chats/{chatId}/typing",
        {
            "chatId": chat_id,
        },
    )


def stop_typing(
    chat_id: str,
) -> Call[models.TypingIndicator]:
    """Stop typing indicator.

    Stop the typing indicator for a chat.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat

    Source: DELETE /chats/{chatId}/typing
    """
    return describe(
        models.TypingIndicator,
        "stopTyping",
        "DELETE",
        "/chats/{chatId}/typing",
        {
            "chatId": chat_id,
        },
    )


# read receipts


def mark_chat_read(
    chat_id: str,
) -> Call[models.ReadReceipt]:
    """Mark chat as read.

    Mark all messages in a chat as read. This sends a read receipt to the sender.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat

    Source: POST /chats/{chatId}/read
    """
    return describe(
        models.ReadReceipt,
        "markChatRead",
        "POST",
        "/chats/{chatId}/read",
        {
            "chatId": chat_id,
        },
    )


# chat background


def get_chat_background(
    chat_id: str,
) -> Call[models.ChatBackground]:
    """Get chat background.

    Get the current background image metadata for a conversation. Works for both 1-on-1 and group chats.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat

    Source: GET /chats/{chatId}/background
    """
    return describe(
        models.ChatBackground,
        "getChatBackground",
        "GET",
        "/chats/{chatId}/background",
        {
            "chatId": chat_id,
        },
    )


def set_chat_background(
    chat_id: str,
    *,
    body: models.ChatBackgroundUpload | Mapping[str, File],
) -> Call[models.ChatBackground]:
    """Set chat background.

    Set or update the background image for a conversation. Works for both 1-on-1 and group chats.

    The uploaded image is converted into a PosterKit-compatible archive and applied to the iMessage conversation
    on the linked device. Supported formats: JPEG, PNG, GIF, WebP, HEIC/HEIF. Maximum file size: 10 MB.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat
        body: A ChatBackgroundUpload, or a dict in the API's format.

    Source: PUT /chats/{chatId}/background
    """
    return describe(
        models.ChatBackground,
        "setChatBackground",
        "PUT",
        "/chats/{chatId}/background",
        {
            "chatId": chat_id,
        },
        files=body,
    )


def remove_chat_background(
    chat_id: str,
) -> Call[models.ChatBackground]:
    """Remove chat background.

    Remove the background image from a conversation, reverting to the default appearance.

    Args:
        chat_id: Chat identifier: a phone number in E.164 format (+15551234567), an email address, a group ID
            (grp_xxxx), or several phone numbers and email addresses separated by commas, for a group chat

    Source: DELETE /chats/{chatId}/background
    """
    return describe(
        models.ChatBackground,
        "removeChatBackground",
        "DELETE",
        "/chats/{chatId}/background",
        {
            "chatId": chat_id,
        },
    )


# phone numbers


def lookup_phone_number(
    *,
    number: str,
) -> Call[models.PhoneNumberLookup]:
    """Look up a phone number.

    Returns detailed information about a phone number including validation, formatting (E.164, national,
    international), number type, and NANPA geocoding (city, state/province) for North American numbers. The
    geocoding data is sourced from different database with 240,000+ NPA-NXX entries.

    **Requires an Enterprise plan** (Dedicated Enterprise). Returns 403 if your organization does not have an
    active enterprise subscription.

    Args:
        number: Phone number to look up. Can be E.164 format (+12125551234), national format (2125551234), or
            with formatting ((212) 555-1234).

    Source: GET /phone-numbers/lookup
    """
    return describe(
        models.PhoneNumberLookup,
        "lookupPhoneNumber",
        "GET",
        "/phone-numbers/lookup",
        params={
            "number": number,
        },
    )


def lookup_phone_number_post(
    *,
    body: models.PhoneNumberLookupRequest | Mapping[str, Any],
) -> Call[models.PhoneNumberLookup]:
    """Look up a phone number.

    Same as the GET endpoint, but accepts the phone number in the request body. Useful when the number contains
    characters that are difficult to URL-encode.

    **Requires an Enterprise plan** (Dedicated Enterprise).

    Args:
        body: A PhoneNumberLookupRequest, or a dict in the API's format.

    Source: POST /phone-numbers/lookup
    """
    return describe(
        models.PhoneNumberLookup,
        "lookupPhoneNumberPost",
        "POST",
        "/phone-numbers/lookup",
        body=body,
    )


def batch_lookup_phone_numbers(
    *,
    body: models.PhoneNumberBatchRequest | Mapping[str, Any],
) -> Call[models.PhoneNumberLookupList]:
    """Batch look up phone numbers.

    Look up multiple phone numbers in a single request. Returns the same detailed information as the single
    lookup endpoint for each number. Maximum 100 numbers per request.

    **Requires an Enterprise plan** (Dedicated Enterprise).

    Args:
        body: A PhoneNumberBatchRequest, or a dict in the API's format.

    Source: POST /phone-numbers/batch
    """
    return describe(
        models.PhoneNumberLookupList,
        "batchLookupPhoneNumbers",
        "POST",
        "/phone-numbers/batch",
        body=body,
    )
