# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class Protocol(OpenEnum):
    """The `protocol` of Message."""

    IMESSAGE = "imessage"
    NON_IMESSAGE = "non-imessage"
    PENDING = "pending"
    RCS = "rcs"
    SMS = "sms"
    UNKNOWN = "unknown"
