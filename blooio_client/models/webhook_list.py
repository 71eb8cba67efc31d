# Generated from openapi/ by `make generate`. Do not edit.

from attrs import define

from ..models.webhook import Webhook
from ..types import Model


@define(kw_only=True, eq=False, repr=False)
class WebhookList(Model):
    """Response of listWebhooks: List webhooks."""

    webhooks: list[Webhook]
    """Your webhooks"""
