# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class WebhookScope(OpenEnum):
    """The `scope` of CreatedWebhook."""

    API_KEY = "api_key"
    INTEGRATION = "integration"
    ORGANIZATION = "organization"
