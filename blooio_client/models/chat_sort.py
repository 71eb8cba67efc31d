# Generated from openapi/ by `make generate`. Do not edit.
from ..types import OpenEnum


class ChatSort(OpenEnum):
    """ChatSort: one of the values below, or one that came after this version of the client."""

    OLDEST = "oldest"
    RECENT = "recent"
