"""What a request to a webhook's URL deserves: which status, and which events. Nothing here waits or keeps anything."""

from __future__ import annotations

import hashlib
import json

import attrs

from ..errors import SignatureMalformedError, WebhookVerificationError
from . import signatures
from .events import Event
from .parsing import event_of, parse_many
from .signatures import Headers, Secrets

ACCEPTED, MALFORMED, UNTRUSTED, WRONG_METHOD, TOO_LARGE, UNAVAILABLE = 200, 400, 401, 405, 413, 503


@attrs.frozen
class Delivery:
    """A request as every web framework has it."""

    method: str
    headers: Headers
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Verdict:
    """The status that a delivery is answered with, and the events that it brings, each with its record."""

    status: int
    events: list[tuple[Event, str]] = attrs.field(factory=list[tuple[Event, str]], repr=False)


def judge(delivery: Delivery, *, secret: Secrets, tolerance: float | None) -> Verdict:
    """Decide on a delivery; a caller who cannot be trusted learns no more than the status."""
    if delivery.method != "POST":
        return Verdict(WRONG_METHOD)
    if len(delivery.body) > signatures.LARGEST_BODY:
        return Verdict(TOO_LARGE)
    try:
        signatures.verify(delivery.body, delivery.headers, secret=secret, tolerance=tolerance)
    except WebhookVerificationError:
        return Verdict(UNTRUSTED)
    try:
        events = parse_many(delivery.body, is_replay=signatures.is_replay(delivery.headers))
        return Verdict(ACCEPTED, [(event, record_of(event)) for event in events])
    except (SignatureMalformedError, RecursionError):
        return Verdict(MALFORMED)


def key_of(event: Event, headers: Headers, *, replays: bool) -> str:
    """Return what an event is recognised by when it comes again.

    Args:
        event: The event.
        headers: The headers that it came with.
        replays: Whether a replay counts as an event of its own. That it is one stands in no signature: its own
            signature then makes it itself, so that the same delivery cannot be repeated.
    """
    if not (replays and event.is_replay):
        return event.dedupe_key
    return f"{event.dedupe_key}:replay:{hashlib.sha256(signatures.signature_text(headers).encode()).hexdigest()}"


def record_of(event: Event) -> str:
    """Return an event as text."""
    return json.dumps({"raw": event.raw, "is_replay": event.is_replay})


def event_from(record: str) -> Event:
    """Return the event that a text was made of."""
    kept = json.loads(record)
    return event_of(kept["raw"], is_replay=kept["is_replay"])
