"""Results whose form on the wire is unkind to those who use them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from blooio_client.types import JsonObject, Secret

if TYPE_CHECKING:
    from blooio_client.models import SendStatus, WebhookScope, WebhookType


@attrs.frozen
class SentMessage:
    """What became of a send: the messages that the service accepted."""

    message_ids: list[str]
    """The ids of all messages, in order."""
    duplicate: bool | None
    """Whether the key was used before, so that nothing was sent now; None where nobody can tell."""
    idempotency_key: str
    """The key of this send: trying again with it cannot send a second message."""
    status: SendStatus | None = None
    """`queued` or `failed`."""
    group_id: str | None = None
    """The group that several recipients make."""
    group_created: bool | None = None
    """Whether that group is new."""
    participants: list[str] | None = None
    """Who is in that group."""
    raw: JsonObject = attrs.field(factory=dict[str, Any], repr=False)
    """The answer as it came."""

    @property
    def message_id(self) -> str:
        """The id of the first message."""
        return self.message_ids[0]


@attrs.frozen
class CreatedWebhook:
    """A webhook subscription, and whether it is new."""

    webhook_id: str
    created: bool
    """False where the URL was subscribed already; there is no secret then."""
    signing_secret: Secret | None = None
    """What deliveries are signed with. The service shows it only now: store what `reveal()` returns."""
    webhook_url: str | None = None
    webhook_type: WebhookType | None = None
    scope: WebhookScope | None = None
    created_at: datetime.datetime | None = None
    message: str | None = None


@attrs.frozen(repr=False)
class RawAnswer:
    """What the service answered, whatever it was."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    parsed: Any
    """The body as JSON; None where it is no JSON."""

    def __repr__(self) -> str:
        return f"<RawAnswer {self.status}, {len(self.body)} bytes>"


def is_duplicate(status: int, *, own_key: bool, uncertain: bool) -> bool | None:
    """Whether a send was a repeat of one before this call.

    Args:
        status: The status that the service answered: 202 for a new message, 200 for a key that it knows.
        own_key: Whether the key was made for this call, so that nobody can have used it before.
        uncertain: Whether an earlier attempt of this call had an unknown outcome.
    """
    if status != 200:  # noqa: PLR2004 - a status
        return False
    if not uncertain:
        return True
    return False if own_key else None
