# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ReactionAction(OpenEnum):
    """ReactionAction: one of the values below, or one that came after this version of the client."""

    ADD = "add"
    REMOVE = "remove"
