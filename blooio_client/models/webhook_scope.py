# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class WebhookScope(OpenEnum):
    """WebhookScope: one of the values below, or one that came after this version of the client."""

    API_KEY = "api_key"
    INTEGRATION = "integration"
    ORGANIZATION = "organization"
