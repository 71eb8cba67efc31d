# Generated from openapi/ by `make generate`. Do not edit.
from __future__ import annotations

import datetime
from typing import Any, ClassVar

from attrs import define

from ..types import (
    Codec,
    Hidden,
    Model,
    Moment,
    Required,
    Secret,
    hiding,
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

    @classmethod
    def _read(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        model: Any = cls.__new__(cls)
        model._json = hiding(data, "signing_secret")
        model._held = None
        get = data.get
        model.webhook_id = get("webhook_id")
        model.rotated_by = get("rotated_by")
        model.rotation_count = get("rotation_count")
        return model
