# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class WebhookType(OpenEnum):
    """The `webhook_type` of CreateWebhookRequest."""

    ALL = "all"
    MESSAGE = "message"
    POLL = "poll"
    STATUS = "status"
