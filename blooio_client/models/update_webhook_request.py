# Generated from openapi/ by `make generate`. Do not edit.
import datetime

from attrs import define, field as described

from ..models.webhook_type import WebhookType
from ..types import UNSET, Model, Unset


@define(kw_only=True, eq=False, repr=False)
class UpdateWebhookRequest(Model):
    """Body of updateWebhook: Update a webhook."""

    webhook_type: WebhookType | str | Unset = UNSET
    """Type of events to receive"""
    valid_until: datetime.datetime | int | None | Unset = described(default=UNSET, metadata={"never": -1})
    """Expiration timestamp. Use -1 or null for no expiration."""
    deprecate: bool | Unset = UNSET
    """Set to true to deprecate, false to undeprecate"""
