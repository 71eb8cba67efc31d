# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ContactType(OpenEnum):
    """The `type` of Contact."""

    EMAIL = "email"
    PHONE = "phone"
