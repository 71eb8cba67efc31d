# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define

from ..types import Model, Secret


@define(kw_only=True, eq=False, repr=False)
class WebhookSecret(Model):
    """Response of rotateWebhookSecret: Rotate webhook signing secret."""

    signing_secret: Secret
    """The new signing secret. Store this securely - it will not be shown again."""
    webhook_id: str | None = None
    """The webhook's id"""
    rotated_at: datetime.datetime | None = None
    """Timestamp when the secret was rotated"""
    rotated_by: str | None = None
    """Identifier of who rotated the secret"""
    rotation_count: int | None = None
    """Total number of times this secret has been rotated"""
