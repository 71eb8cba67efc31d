# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import ClassVar

from attrs import define

from ..types import (
    Codec,
    Hidden,
    Model,
    Moment,
    Required,
    Secret,
)


@define(kw_only=True, eq=False, repr=False)
class WebhookSecret(Model):
    """WebhookSecret, as the API has it."""

    _codecs: ClassVar[dict[str, Codec]] = {"signing_secret": Hidden(), "rotated_at": Moment("milliseconds")}
    _required: ClassVar[Required] = {"signing_secret": None}

    signing_secret: Secret
    """The new signing secret. Store this securely - it will not be shown again."""
    webhook_id: str | None = None
    rotated_at: datetime.datetime | None = None
    """Timestamp when the secret was rotated"""
    rotated_by: str | None = None
    """Identifier of who rotated the secret"""
    rotation_count: int | None = None
    """Total number of times this secret has been rotated"""
