"""Webhook deliveries: verify signatures, and parse bodies into typed events.

event = webhooks.unwrap(body, headers, secret="whsec_...")
match event:
    case webhooks.MessageReceived(text=text, chat_id=chat_id): ...
"""

from .adapters.aiohttp import aiohttp
from .adapters.asgi import asgi
from .adapters.aws_lambda import from_lambda
from .adapters.wsgi import django, flask
from .attachments import Attachment
from .events import (
    Burst,
    ChatEvent,
    ContactShared,
    Event,
    GroupIconChanged,
    GroupNameChanged,
    MessageDelivered,
    MessageEvent,
    MessageFailed,
    MessageQueued,
    MessageReaction,
    MessageRead,
    MessageReceived,
    MessageSent,
    PollCreated,
    PollEvent,
    PollReceived,
    PollVoted,
    ReplyTo,
    TypingStarted,
    TypingStopped,
    UnknownEvent,
)
from .examples import example
from .parsing import parse, parse_many
from .receiver import Receiver
from .signatures import Body, Headers, Secrets, hidden_secrets, is_replay, sign, verify, verify_hidden
from .stores import BurstEffect, Claim, Counts, DeadLetter, Entry, Store
from .stores.database import SQLStore
from .stores.sqlite import MemoryStore, SQLiteStore
from .work import Delivery, Status

__all__ = [
    "Attachment",
    "Burst",
    "BurstEffect",
    "ChatEvent",
    "Claim",
    "ContactShared",
    "Counts",
    "DeadLetter",
    "Delivery",
    "Entry",
    "Event",
    "GroupIconChanged",
    "GroupNameChanged",
    "MemoryStore",
    "MessageDelivered",
    "MessageEvent",
    "MessageFailed",
    "MessageQueued",
    "MessageReaction",
    "MessageRead",
    "MessageReceived",
    "MessageSent",
    "PollCreated",
    "PollEvent",
    "PollReceived",
    "PollVoted",
    "Receiver",
    "ReplyTo",
    "SQLStore",
    "SQLiteStore",
    "Status",
    "Store",
    "TypingStarted",
    "TypingStopped",
    "UnknownEvent",
    "aiohttp",
    "asgi",
    "django",
    "example",
    "flask",
    "from_lambda",
    "parse",
    "parse_many",
    "sign",
    "unwrap",
    "unwrap_many",
    "verify",
]


def unwrap(body: Body, headers: Headers, *, secret: Secrets, tolerance: float | None = 300) -> Event:
    """Verify a delivery, and return its event; if it may hold several, use `unwrap_many`.

    Args:
        body: The raw body, byte for byte.
        headers: The headers of the delivery; case does not matter.
        secret: The webhook's signing secret, or several during a rotation.
        tolerance: The most seconds between the signature's time and this clock; None for no limit.

    Raises:
        WebhookVerificationError: It cannot be trusted: respond 401, and do not use its contents.
        InvalidArgumentError: The body is not the raw body, or a secret is missing or invalid.

    Source: docs.blooio.com/api-reference/webhook-events
    """
    keys, secret = hidden_secrets(secret), ()
    verify_hidden(body, headers, keys, tolerance)
    return parse(body, is_replay=is_replay(headers))


def unwrap_many(body: Body, headers: Headers, *, secret: Secrets, tolerance: float | None = 300) -> list[Event]:
    """Verify a delivery, and return all its events; takes the arguments and raises the errors of `unwrap`.

    Source: docs.blooio.com/api-reference/webhook-events
    """
    keys, secret = hidden_secrets(secret), ()
    verify_hidden(body, headers, keys, tolerance)
    return parse_many(body, is_replay=is_replay(headers))
