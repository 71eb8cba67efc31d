# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class Direction(OpenEnum):
    """The `last_message_direction` of CreatedGroup."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
