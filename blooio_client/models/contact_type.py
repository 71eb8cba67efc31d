# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ContactType(OpenEnum):
    """ContactType: one of the values below, or one that came after this version of the client."""

    EMAIL = "email"
    PHONE = "phone"
