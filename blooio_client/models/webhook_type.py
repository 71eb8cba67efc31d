# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class WebhookType(OpenEnum):
    """WebhookType: one of the values below, or one that came after this version of the client."""

    ALL = "all"
    MESSAGE = "message"
    POLL = "poll"
    STATUS = "status"
