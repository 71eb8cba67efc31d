# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ChatType(OpenEnum):
    """The `type` of Chat."""

    EMAIL = "email"
    GROUP = "group"
    PHONE = "phone"
