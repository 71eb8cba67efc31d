# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class Direction(OpenEnum):
    """The parameter direction of listChatMessages."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
