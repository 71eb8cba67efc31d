# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class Direction(OpenEnum):
    """Direction: one of the values below, or one that came after this version of the client."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
