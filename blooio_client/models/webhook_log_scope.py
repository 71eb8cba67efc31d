# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class WebhookLogScope(OpenEnum):
    """The `scope` of WebhookLog."""

    API = "api"
    INTEGRATION = "integration"
    ORG = "org"
