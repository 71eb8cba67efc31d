# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class AuthType(OpenEnum):
    """The `auth_type` of Me."""

    API_KEY = "api_key"
    DASHBOARD = "dashboard"
