# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ReactionAction(OpenEnum):
    """The `action` of ReactionChange."""

    ADD = "add"
    REMOVE = "remove"
