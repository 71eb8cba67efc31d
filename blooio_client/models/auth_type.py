# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class AuthType(OpenEnum):
    """AuthType: one of the values below, or one that came after this version of the client."""

    API_KEY = "api_key"
    DASHBOARD = "dashboard"
