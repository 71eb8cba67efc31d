"""Track the delivery of accepted messages, and opt-outs, through webhooks or by polling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from blooio_client import Blooio, InvalidArgumentError, NotFoundError, webhooks
from blooio_overrides.webhooks.opt_out import plain_word

if TYPE_CHECKING:
    from .outbox import Outbox

Reported = Literal["delivered", "read", "failed"]


def confirm(outbox: Outbox, receiver: webhooks.Receiver, opt_out_words: Iterable[str] | None) -> None:
    """Register handlers with a receiver."""
    if isinstance(opt_out_words, str):  # its letters would be the words
        raise InvalidArgumentError("opt_out_words must be a list of words, such as ['STOP']")
    words = None if opt_out_words is None else frozenset(map(plain_word, opt_out_words))
    if words is not None and "" in words:  # every long message would count as one
        raise InvalidArgumentError("each of opt_out_words must have 1 to 64 characters")

    @receiver.on(webhooks.MessageReceived)
    def opt_out_or_in(event: webhooks.MessageReceived) -> None:
        # In a group, the sender opts out, not the group.
        sender = event.sender or event.chat_id
        if sender is None:
            return
        # Deliveries may arrive late and in any order: an old START must not revoke a newer STOP.
        written = event.received_at or event.timestamp
        if event.opt_out if words is None else plain_word(event.text) in words:
            outbox.opt_out(sender, at=written)
        elif event.opt_in:
            outbox.opt_in(sender, at=written)

    @receiver.on(webhooks.MessageEvent)
    def record_status(event: webhooks.MessageEvent) -> None:
        reported = _status_of(event)
        if reported is not None and event.message_id is not None:
            outbox.note_status(event.message_id, reported)


def _status_of(event: webhooks.MessageEvent) -> Reported | None:
    if isinstance(event, webhooks.MessageDelivered):
        return "delivered"
    if isinstance(event, webhooks.MessageRead):
        return "read"
    return "failed" if isinstance(event, webhooks.MessageFailed) else None


def refresh(outbox: Outbox, client: Blooio, messages: Iterable[tuple[str, str]]) -> int:
    """Ask for the status of messages; return how many changed."""
    changed = 0
    for recipient, message_id in messages:
        try:
            status = client.chat(recipient).messages.status(message_id).status
        except NotFoundError:  # expired or deleted at Blooio: keep the last known status
            continue
        reported = _status_named(str(status))
        if reported is not None:
            changed += outbox.note_status(message_id, reported)
    return changed


def _status_named(status: str) -> Reported | None:
    match status:
        case "delivered" | "read" | "failed":
            return status
        case _:
            return None
