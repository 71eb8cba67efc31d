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
    """The webhook's id"""
    webhook_url: str | None = None
    """The URL that events are delivered to"""
    scope: WebhookScope | None = None
    """The part of your account whose events are delivered"""
    message: str | None = None
    """A message from Blooio about it"""
    webhook_type: WebhookType | None = None
    """Which events are delivered: `message`, `status`, `poll` or `all`"""
    created_at: datetime.datetime | None = None
    """When it was created"""
    signing_secret: Secret | None = None
    """The webhook signing secret. Store this securely - it will not be shown again."""
