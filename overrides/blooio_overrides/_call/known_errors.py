"""Every known error of the API: its class, its meaning, whether anything was done, and what to do next."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

import attrs

from .. import errors

KEY_REUSED: Final = "idempotency_key_reused"


@attrs.frozen
class KnownError:
    """What is known about a status, or about a code with this status."""

    status: int
    code: str | None
    """The code, in which `*` stands for any text; None for the status without a code, or with an unknown one."""
    kind: type[errors.APIError]
    meaning: str
    advice: str
    sent: bool | None = False
    """Whether the request was carried out if this is the response to the first attempt; None if it is unknown."""
    operation: str | None = None
    """The only operation that this applies to."""


_REPLY: Final = "or send without reply_to."
_REVIEW: Final = "Check the number in the Blooio dashboard."

KNOWN: Final = (
    KnownError(
        400,
        "attachment_first_message_not_allowed",
        errors.BadRequestError,
        "The first message of a conversation has attachments only. Apple drops such messages.",
        "Start the conversation with a text.",
    ),
    KnownError(
        400,
        "reply_target_invalid",
        errors.BadRequestError,
        "`reply_to` has no message id, or the message has no iMessage id.",
        f"Pass the id of an iMessage, {_REPLY}",
    ),
    KnownError(
        400,
        "reply_target_chat_mismatch",
        errors.BadRequestError,
        "The message that `reply_to` names is in another chat.",
        f"Reply in that chat, {_REPLY}",
    ),
    KnownError(
        400,
        "reply_target_device_mismatch",
        errors.BadRequestError,
        "Another of your numbers sent or received the message that `reply_to` names.",
        f"Pass that number as from_number, {_REPLY}",
    ),
    KnownError(
        400,
        "reply_target_expired",
        errors.BadRequestError,
        "The message that `reply_to` names is older than 30 days.",
        "Send without reply_to.",
    ),
    KnownError(
        400,
        "reply_target_not_supported",
        errors.BadRequestError,
        "Replies are not supported here: over SMS or Twilio, or with several messages at once.",
        f"Send a single text over iMessage, {_REPLY}",
    ),
    KnownError(
        400,
        "reply_target_not_found",
        errors.BadRequestError,
        "The message that `reply_to` names does not exist.",
        f"Check the id, {_REPLY}",
    ),
    KnownError(
        400,
        "format_unsupported_for_channel_type",
        errors.BadRequestError,
        "The channel of this chat does not support the format.",
        "Send plain text.",
    ),
    KnownError(
        400,
        "invalid_content",
        errors.BadRequestError,
        "The text or its format is invalid, or exceeds 20,000 characters or 256 formatted ranges.",
        "Correct or shorten the text.",
    ),
    KnownError(
        400,
        None,
        errors.BadRequestError,
        "The request is invalid.",
        "Correct the request; see error.message.",
    ),
    KnownError(
        401,
        None,
        errors.AuthenticationError,
        "The API key is missing, wrong or no longer valid.",
        "Check the API key (api_key= or BLOOIO_API_KEY) and base_url.",
    ),
    KnownError(
        402,
        None,
        errors.PaymentRequiredError,
        "The plan or trial does not cover this.",
        "Check your plan.",
    ),
    KnownError(
        403,
        "inbound_only_no_prior_inbound",
        errors.PermissionDeniedError,
        "The number is on an inbound plan, and the recipient has not written to it yet.",
        "Wait until the recipient writes first, or send from another number.",
    ),
    KnownError(
        403,
        "conversation_content_restricted",
        errors.PermissionDeniedError,
        "Links and media are not allowed before the recipient replies.",
        "Send plain text first.",
    ),
    KnownError(
        403,
        "safety_new_conversations_paused",
        errors.PermissionDeniedError,
        "Blooio paused new conversations of this number to protect it.",
        f"Send only in existing conversations. {_REVIEW}",
    ),
    KnownError(
        403,
        "safety_reply_only",
        errors.PermissionDeniedError,
        "Blooio limited this number to replies to protect it.",
        f"Send only to people who wrote to you. {_REVIEW}",
    ),
    KnownError(
        403,
        "safety_account_review",
        errors.PermissionDeniedError,
        "Blooio is reviewing the account.",
        "Contact Blooio.",
    ),
    KnownError(
        403,
        "feature_not_enabled",
        errors.PermissionDeniedError,
        "The feature is not enabled for this account.",
        "Check your plan, or contact Blooio.",
    ),
    KnownError(
        403,
        None,
        errors.PermissionDeniedError,
        "Your organization cannot open support requests, or the number is not yours.",
        "Check the number, or contact Blooio.",
        operation="requestCallForwarding",
    ),
    KnownError(
        403,
        None,
        errors.PermissionDeniedError,
        "The API key, plan or number does not allow this.",
        "Check your plan and the number that you send from.",
    ),
    KnownError(
        404,
        "reply_target_not_found",
        errors.NotFoundError,
        "The message that `reply_to` names does not exist.",
        f"Check the id, {_REPLY}",
    ),
    KnownError(
        404,
        None,
        errors.NotFoundError,
        "The chat, message, contact, group, webhook or number does not exist.",
        "Check the ids.",
    ),
    KnownError(
        408,
        None,
        errors.APIError,
        "Blooio gave up waiting for the request.",
        "",
        sent=None,
    ),
    KnownError(
        409,
        "*_exists",
        errors.ConflictError,
        "It already exists (`contact_exists`, `group_exists`).",
        "Use the existing one; see error.details.",
    ),
    KnownError(
        409,
        KEY_REUSED,
        errors.ConflictError,
        "The idempotency key was used for another message.",
        "A message with this key was accepted. Use a new key only if this is another message.",
    ),
    KnownError(
        409,
        "message_not_cancellable",
        errors.ConflictError,
        "The message was sent already, so it can no longer be cancelled.",
        "Check the message's status.",
    ),
    KnownError(
        409,
        "webhook_limit_reached",
        errors.ConflictError,
        "The organization already has 64 webhooks, the maximum.",
        "Delete a webhook first.",
    ),
    KnownError(
        409,
        None,
        errors.ConflictError,
        "The request conflicts with an existing object or an earlier use of its idempotency key.",
        "See error.message and error.details.",
        sent=None,
    ),
    KnownError(
        410,
        None,
        errors.APIError,
        "Registration of webhooks moved to v4 of the API.",
        "Register the webhook in the Blooio dashboard or with POST /v4/webhooks; existing webhooks keep working.",
        operation="createWebhook",
    ),
    KnownError(
        410,
        None,
        errors.APIError,
        "Blooio removed this endpoint.",
        "Check Blooio's documentation for its replacement.",
    ),
    KnownError(
        425,
        None,
        errors.APIError,
        "The request came too early.",
        "Try again later.",
    ),
    KnownError(
        429,
        "outbound_limit_reached",
        errors.QuotaExceededError,
        "The limit of new contacts in your settings is reached.",
        "Wait until the limit resets, or raise it in your settings; see error.details.",
    ),
    KnownError(
        429,
        "new_conversation_limit_reached",
        errors.QuotaExceededError,
        "The plan's daily limit of new conversations is reached.",
        "Send in existing conversations, or wait until tomorrow; see error.details.",
    ),
    KnownError(
        429,
        "conversation_awaiting_reply",
        errors.QuotaExceededError,
        "The conversation is waiting for the recipient's reply.",
        "Wait for a reply; time alone does not help.",
    ),
    KnownError(
        429,
        "conversation_streak_limit",
        errors.QuotaExceededError,
        "Too many messages in a row without a reply.",
        "Wait for a reply; time alone does not help.",
    ),
    KnownError(
        429,
        "conversation_inactive_paused",
        errors.QuotaExceededError,
        "The conversation is paused because the recipient has been inactive.",
        "Wait for a reply; time alone does not help.",
    ),
    KnownError(
        429,
        "*",
        errors.QuotaExceededError,
        "Another limit of the plan or the conversation is reached.",
        "Retrying soon does not help; see error.code and error.details.",
    ),
    KnownError(
        429,
        None,
        errors.RateLimitError,
        "Too many requests.",
        "Wait, then try again.",
    ),
    KnownError(
        500,
        None,
        errors.ServerError,
        "Blooio failed.",
        "",
        sent=None,
    ),
    KnownError(
        501,
        None,
        errors.ComingSoonError,
        "Blooio does not offer this yet.",
        "Wait until Blooio offers it.",
    ),
    KnownError(
        502,
        None,
        errors.DeviceUnreachableError,
        "Blooio cannot reach the device that sends for this number.",
        "Check the device.",
        sent=None,
    ),
    KnownError(
        503,
        None,
        errors.NoActiveNumberError,
        "No number of this API key is active. Its device may be offline or locked.",
        "Check the number and its device.",
        sent=None,
    ),
)

_REDIRECT: Final = KnownError(
    300, None, errors.RedirectError, "", "The client does not follow redirects; check base_url.", sent=None
)
_SERVER: Final = KnownError(500, None, errors.ServerError, "", "", sent=None)
_OTHER: Final = KnownError(400, None, errors.APIError, "", "")


def known_error(status: int, code: str | None, operation: str = "") -> KnownError:
    """Return what is known about an error response, by its status and code or else by its status alone."""
    for known in KNOWN:
        if known.status == status and known.operation in (None, operation) and _has(known, code):
            return known
    return _REDIRECT if status < 400 else _SERVER if status >= 500 else _OTHER  # noqa: PLR2004 - statuses


def _has(known: KnownError, code: str | None) -> bool:
    # Codes come before their status alone, so the first match is the most specific.
    return known.code is None or (code is not None and fnmatchcase(code, known.code))
