"""The result of a send."""

from __future__ import annotations

from typing import Any

from blooio_client.models import SendStatus

from .answers import message_ids
from .exchange import Exchange
from .results import SentMessage, is_duplicate


def sent_message(exchange: Exchange, key: str, *, own_key: bool) -> SentMessage:
    """Return what became of a send.

    Args:
        exchange: How the call ended.
        key: The idempotency key of the send.
        own_key: Whether the key was made for this call.

    Raises:
        BlooioError: It was not accepted, or nobody can know.
    """
    answer = exchange.successful_answer()
    data: dict[str, Any] = answer.json
    used = exchange.journey.idempotency_key or key
    is_ours = own_key and used == key  # a header may have replaced it
    return SentMessage(
        message_ids=message_ids(data),
        duplicate=is_duplicate(answer.status, own_key=is_ours, uncertain=exchange.journey.uncertain),
        idempotency_key=used,
        status=SendStatus.read(data.get("status")),
        group_id=data.get("group_id"),
        group_created=data.get("group_created"),
        participants=data.get("participants"),
        raw=data,
    )
