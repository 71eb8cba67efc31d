# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class WebhookLogScope(OpenEnum):
    """WebhookLogScope: one of the values below, or one that came after this version of the client."""

    API = "api"
    INTEGRATION = "integration"
    ORG = "org"
