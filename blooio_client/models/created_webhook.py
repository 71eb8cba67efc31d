# Generated from openapi/ by `make generate`. Do not edit.
import datetime
from typing import ClassVar

from attrs import define

from ..models.webhook_scope import WebhookScope
from ..models.webhook_type import WebhookType
from ..types import Model, Secret


@define(kw_only=True, eq=False, repr=False)
class CreatedWebhook(Model):
    """Response of createWebhook: Create a webhook."""

    _identity: ClassVar[str | None] = "webhook_id"

    webhook_id: str
    webhook_url: str | None = None
    scope: WebhookScope | None = None
    message: str | None = None
    webhook_type: WebhookType | None = None
    created_at: datetime.datetime | None = None
    signing_secret: Secret | None = None
    """The webhook signing secret. Store this securely - it will not be shown again."""
