# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class Protocol(OpenEnum):
    """Protocol: one of the values below, or one that came after this version of the client."""

    IMESSAGE = "imessage"
    NON_IMESSAGE = "non-imessage"
    RCS = "rcs"
    SMS = "sms"
