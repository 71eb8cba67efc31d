# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ChatType(OpenEnum):
    """ChatType: one of the values below, or one that came after this version of the client."""

    EMAIL = "email"
    GROUP = "group"
    PHONE = "phone"
